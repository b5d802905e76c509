"""The form to print: every question with its code, its boxes and its condition, nothing of it broken by a page."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest

from survey.form.default import default_questionnaire
from survey.form.model import Choice, Question, Questionnaire, with_conditions
from survey.form.printed.questionnaire_form import left_out, printed_form
from survey.form.printed.word_document import WIDTH
from tests.tools.books.word_books import W

NAMES = {"w": W}
YES = (Choice("1", {"zh": "是", "en": "Yes"}), Choice("2", {"zh": "否", "en": "No"}))
SCALE = tuple(Choice(str(n), {"zh": word}) for n, word in enumerate(("好", "一般", "差"), 1))


def form(*rows: Question) -> Questionnaire:
    lists = {row.list_name: row.choices for row in rows if row.list_name}
    return Questionnaire(rows=with_conditions(rows), title="小问卷", form_id="small", lists=lists)


def body(made: Questionnaire, lang: str = "zh"):
    with zipfile.ZipFile(BytesIO(printed_form(made, lang))) as archive:
        parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    return parts["word/document.xml"].find("w:body", NAMES)


def words(element) -> str:
    return "".join(
        "\n" if part.tag.endswith("}br") else "\t" if part.tag.endswith("}tab") and not part.attrib else part.text or ""
        for part in element.iter()
        if part.tag.endswith(("}t", "}br", "}tab"))
    )


def lines(made: Questionnaire, lang: str = "zh") -> list[str]:
    return [words(p) for p in body(made, lang).findall("w:p", NAMES) if words(p)]


def rows_of(made: Questionnaire, lang: str = "zh") -> list[list[str]]:
    return [[words(cell) for cell in row.findall("w:tc", NAMES)] for row in body(made, lang).iter(f"{{{W}}}tr")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_question_and_choice_stands_on_it(lang):
    made = default_questionnaire()
    said = words(body(made, lang))
    unprinted = left_out(made)
    for question in made.questions:
        assert question.name in unprinted or question.label(lang) in said
        if question.name not in unprinted and question.role != "community":
            assert all(choice.label(lang) in said for choice in question.choices)
    assert set(unprinted) == {"mode", "start", "end", "duration", "submitted"}


def test_no_page_breaks_a_question():
    found = body(default_questionnaire())
    assert all(row.find("w:trPr/w:cantSplit", NAMES) is not None for row in found.iter(f"{{{W}}}tr"))
    inner = [p for p in found.findall("w:p", NAMES) if words(p)]
    assert all(p.find("w:pPr/w:keepLines", NAMES) is not None for p in inner)
    stems = [p for p in inner if p.find("w:r/w:rPr/w:b", NAMES) is not None][1:]
    assert len(stems) > 20
    assert all(p.find("w:pPr/w:keepNext", NAMES) is not None for p in stems)
    page = found.find("w:sectPr/w:pgSz", NAMES)
    assert (page.get(f"{{{W}}}w"), page.get(f"{{{W}}}h")) == ("11906", "16838")
    widths = [sum(int(g.get(f"{{{W}}}w")) for g in t.iter(f"{{{W}}}gridCol")) for t in found.iter(f"{{{W}}}tbl")]
    assert set(widths) == {WIDTH}


def test_a_line_of_choices_keeps_with_the_next_but_the_last():
    many = tuple(Choice(str(n), {"zh": f"第{n}个选项的文字比较长"}) for n in range(1, 6))
    found = body(form(Question("A", "select_one", {"zh": "问"}, "l", many)))
    kept = [p.find("w:pPr/w:keepNext", NAMES) is not None for p in found.findall("w:p", NAMES) if words(p)][2:]
    assert kept == [True, *[True] * (len(kept) - 2), False]


def test_questions_of_one_scale_are_one_table():
    rows = [Question(name, "select_one", {"zh": f"题{name}"}, "s", SCALE) for name in ("A", "B")]
    made = form(
        *rows,
        Question("C", "select_one", {"zh": "题C"}, "y", YES),
        Question("D", "select_one", {"zh": "题D"}, "s", SCALE),
    )
    assert rows_of(made) == [["每行选一项", "1\n好", "2\n一般", "3\n差"], ["A  题A", *"□□□"], ["B  题B", *"□□□"]]
    assert lines(made)[2:] == ["C  题C", "□ 1 是\t□ 2 否", "D  题D", "□ 1 好\t□ 2 一般\t□ 3 差"]


def test_where_each_kind_of_answer_goes():
    made = form(
        Question("place", "select_one", {"zh": "社区"}, "p", SCALE * 7, role="community"),
        Question("who", "text", {"zh": "编号"}, role="respondent"),
        Question("R", "range", {"zh": "打分"}, start=0, end=10, step=1, missing_values={"99": "refused"}),
        Question("N", "integer", {"zh": "年龄"}, minimum=18, maximum=110),
        Question("M", "select_multiple", {"zh": "哪些"}, "y", YES, extra={"hint::中文 (zh)": "最多两项"}),
        Question("D", "date", {"zh": "日期"}),
        Question("T", "text", {"zh": "建议<b>！</b>见${N}"}),
        Question("x", "calculate"),
        Question("w", "decimal", {"zh": "权重"}, role="weight"),
    )
    assert rows_of(made) == [["社区", ""], ["编号", ""]]
    steps = "\t".join(f"□ {n}" for n in range(11))
    assert lines(made)[2:] == [
        "R  打分",
        steps,
        "□ 99 拒答",
        "N  年龄 （18 至 110）",
        "□□□",
        "M  哪些 （可选多项） 最多两项",
        "□ 1 是\t□ 2 否",
        "D  日期",
        "□□□□ 年 □□ 月 □□ 日",
        "T  建议！见〔N〕",
        "_" * 56,
    ]
    assert left_out(made) == ["w"]


def test_groups_repeats_and_conditions():
    made = form(
        Question("A", "select_one", {"zh": "住满半年"}, "y", YES),
        Question("g", "begin_group", {"zh": "以下"}, relevant="${A} = '1'"),
        Question("B", "text", {"zh": "意见"}, relevant="${A} != '2' and ${N} > 3"),
        Question("", "end_group"),
        Question("r", "begin_repeat", {"zh": "家庭成员"}),
        Question("N", "integer", {"zh": "年龄"}),
        Question("", "end_repeat"),
        Question("n", "note", {"zh": "谢谢。"}),
    )
    said = lines(made)
    assert "以下（A 选“是”时回答）" in said
    assert "B  意见 （A 没有选“否”，且 N 大于 3时回答）" in said
    assert "家庭成员（不止一个的，另附纸填写）" in said
    assert said[-1] == "谢谢。"


def test_the_same_form_gives_the_same_bytes_and_holds_what_xml_cannot():
    made = form(Question("A", "text", {"zh": "甲\x0b乙<&>"}))
    assert printed_form(made) == printed_form(made)
    assert "A  甲乙" in words(body(made))
