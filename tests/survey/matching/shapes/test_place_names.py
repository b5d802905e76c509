"""One sheet a community, blocks with titles, tables of another shape: read whole and confirmed once, or named."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.decisions.finding_rows import found as cell_text
from survey.intake.answers import commit, commit_all, inspect, refusal
from survey.intake.sheets_together import asked_once, parts
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.books.office_sheets import workbook_of
from tests.tools.forms import form

HEADER = ["编号", "办事方便", "环境卫生"]
PLACES = {"甲社区": [["1", "满意", "一般"], ["2", "很满意", "满意"]], "乙社区": [["3", "一般", "一般"]]}


@pytest.fixture
def ready(store):
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区"), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form())
    return store


def look(store, data, *codes, **options):
    given = tuple(Decision("confirm", sheet, code=code) for sheet, code in codes)
    said = ImportOptions("q", **{"year": 2026, "decisions": given, **options})
    return [inspect(store, "a.xlsx", data, part) for part in parts(store, "a.xlsx", data, said)]


def placed(inspections):
    return [(r, p) for i in inspections for r, p in i.coded.keys[["respondent", "place"]].to_numpy().tolist() if r]


SHEETS = [("填表说明", [["每个社区一张"]]), *((name, [HEADER, *rows]) for name, rows in PLACES.items())]


def test_one_sheet_a_community_is_asked_about_once_and_stored_as_one(ready):
    data = workbook_of(*SHEETS)
    found = look(ready, data)
    assert [q.code for i in found for q in i.questions] == ["intake.sheets_together"]
    assert placed(found) == [("1", "甲社区"), ("2", "甲社区"), ("3", "乙社区")]
    with pytest.raises(Refused):
        commit_all(ready, found)
    confirmed = look(ready, data, ("甲社区", "intake.sheets_together"))
    assert [receipt.stored for receipt in commit_all(ready, confirmed)] == [2, 1]


def test_a_sheet_that_was_named_is_read_alone(ready):
    (found,) = look(ready, workbook_of(*SHEETS), sheet="乙社区")
    assert (found.sheet, [q.code for q in found.questions]) == ("乙社区", ["intake.community_by_sheet"])
    (note,) = (f for f in found.findings if f.code == "intake.sheets_not_named")
    assert note.word("zh") == "还有 1 张工作表没有读取：甲社区（只读取指定的“乙社区”）。"


def blocks(*, header_again=True):
    rows = []
    for name, people in PLACES.items():
        rows += [[f"{name}居民问卷"], *([HEADER] if header_again or not rows else []), *people, [None]]
    return workbook_of(("Sheet1", rows))


@pytest.mark.parametrize("header_again", [True, False])
def test_blocks_with_titles_are_of_the_communities_that_they_name(ready, header_again):
    (found,) = look(ready, blocks(header_again=header_again))
    (asked,) = found.questions
    assert asked.code == "intake.community_by_title"
    assert asked.params["found"]["zh"] == "甲社区 2 行、乙社区 1 行"
    (confirmed,) = look(ready, blocks(header_again=header_again), ("Sheet1", "intake.community_by_title"))
    assert placed([confirmed]) == [("1", "甲社区"), ("2", "甲社区"), ("3", "乙社区")]
    assert commit(ready, confirmed).stored == 3


def test_a_community_that_titles_contradict_is_asked_about(ready):
    (found,) = look(ready, blocks(), community="甲社区")
    (asked,) = found.questions
    assert asked.code == "intake.community_title"
    assert refusal(found, accept_partial=True) is not None


def first_without_a_title():
    people = list(PLACES.values())
    return [HEADER, *people[0], ["以下为乙社区"], *people[1]]


@pytest.mark.parametrize(("sheet", "file", "of"), [("甲社区", "a.xlsx", "sheet"), ("录入", "甲社区答卷.xlsx", "file")])
def test_a_first_block_without_a_title_is_of_the_community_that_the_name_says(ready, sheet, file, of):
    code = f"intake.community_by_title_{of}"
    said = ImportOptions("q", year=2026, decisions=(Decision("confirm", sheet, code=code),))
    found = inspect(ready, file, workbook_of((sheet, first_without_a_title())), ImportOptions("q", year=2026))
    assert [(q.code, q.params["found"]["zh"]) for q in found.questions] == [(code, "甲社区 2 行、乙社区 1 行")]
    assert not found.refusals
    confirmed = inspect(ready, file, workbook_of((sheet, first_without_a_title())), said)
    assert placed([confirmed]) == [("1", "甲社区"), ("2", "甲社区"), ("3", "乙社区")]
    assert commit(ready, confirmed).stored == 3


def test_a_first_block_without_a_title_or_a_name_is_refused_row_by_row(ready):
    (found,) = look(ready, workbook_of(("录入", first_without_a_title())))
    assert [q.code for q in found.questions] == ["intake.community_by_title"]
    assert {f.row for f in found.refusals} == {2, 3}


def test_all_titles_that_contradict_the_chosen_community_are_named_in_one_question(ready):
    with ready.write() as conn:
        register.save(conn, [register.Community("C3", "丙社区")])
    rows = [*first_without_a_title(), ["以下为丙社区"], ["9", "满意", "一般"]]
    (found,) = look(ready, workbook_of(("甲社区", rows)), community="甲社区")
    (asked,) = found.questions
    assert (asked.code, asked.params["names"]) == ("intake.community_title", ["乙社区", "丙社区"])
    assert asked.params["found"] == ["以下为乙社区", "以下为丙社区"]


def test_a_column_of_communities_goes_before_titles(ready):
    rows = [["甲社区问卷"], ["编号", "社区", "办事方便", "环境卫生"], ["1", "乙社区", "满意", "一般"]]
    (found,) = look(ready, workbook_of(("Sheet1", rows)))
    assert (found.questions, placed([found])) == ([], [("1", "乙社区")])


def test_the_unit_that_reports_is_named_above_the_table(ready):
    rows = [
        ["居民问卷录入表"],
        ["填报单位：乙社区", None, "填报人：示例"],
        ["编号", "办事方便", "环境卫生"],
        ["1", "满意", "一般"],
    ]
    (found,) = look(ready, workbook_of(("Sheet1", rows)))
    assert ([f.code for f in found.questions], placed([found])) == (["intake.community_by_title"], [("1", "乙社区")])


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([["题目", "很满意", "满意", "一般"], ["办事方便", 12, 30, 8], ["环境卫生", 9, 31, 10]], "intake.counts"),
        ([["社区", "很满意", "满意", "一般"], ["甲社区", "12%", "30%", "58%"]], "intake.counts"),
        (
            [
                ["社区", "编号", "办事方便", None, None],
                [None, None, "很满意", "满意", "一般"],
                ["甲社区", "1", 12, 30, 8],
            ],
            "intake.counts",
        ),
    ],
)
def test_what_is_no_table_of_answers_is_named_in_one_sentence(ready, rows, key):
    with pytest.raises(Refused) as error:
        look(ready, workbook_of(("Sheet1", rows)))
    assert error.value.key == key


@pytest.mark.parametrize("header", ["办事方便-{}", "办事方便（{}）", "办事方便/{}", "Q1_{}"])
def test_one_column_a_choice_in_one_header_row(ready, header):
    words = ["很满意", "满意", "一般"] if "Q1" not in header else [1, 2, 3]
    rows = [["编号", "社区", *(header.format(w) for w in words)], ["1", "甲社区", None, "√", None]]
    (found,) = look(ready, workbook_of(("Sheet1", rows)))
    assert found.coded.codes[0, form().position["Q1"]] == 1
    assert "intake.tick_columns" in [f.code for f in found.findings]


def test_a_sheet_of_answers_whose_headers_are_worded_otherwise_is_none_of_those_left_out(ready):
    other = [["编号", "对办事方便的评价", "环境卫生"], *PLACES["乙社区"]]
    data = workbook_of(("甲社区", [HEADER, *PLACES["甲社区"]]), ("乙社区", other))
    found = look(ready, data)
    assert [i.sheet for i in found] == ["甲社区", "乙社区"]
    assert "intake.columns_proposed" in [f.code for f in found[1].questions]


YEARLY = [(f"{name}{2024 + n}年", [HEADER, *rows]) for n, (name, rows) in enumerate(PLACES.items())]


def test_sheets_named_after_other_years_are_asked_about_once_with_all_their_names(store):
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区"), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form(year=2026))
    found = asked_once(look(store, workbook_of(*YEARLY), year=None))
    (question,) = (f for i in found for f in i.questions if f.code == "intake.year_named")
    assert question.word("zh").startswith("“甲社区2024年、乙社区2025年”里写的是 2024、2025 年，答卷却按 2026 年入库。")
    both = [("甲社区2024年", code) for code in ("intake.sheets_together", "intake.year_named")]
    assert [q for i in asked_once(look(store, workbook_of(*YEARLY), *both, year=None)) for q in i.questions] == []


def test_the_list_of_findings_holds_no_cell_text_where_a_sentence_counts(ready):
    (together,) = look(ready, workbook_of(*SHEETS))[0].questions
    assert isinstance(together.params["found"], dict)
    assert cell_text(together) == ""
