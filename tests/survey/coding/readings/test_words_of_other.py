"""What was written beside 其他 is kept as the answer to the question that asks what else."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from survey.answers.mapping import ColumnMapping
from survey.coding.options import ImportOptions
from survey.coding.readings.words_of_other import KEPT, explaining, words_beside
from survey.form.model import Choice, Question
from survey.intake.answers import commit, inspect
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.survey.intake.test_answers_formats import WJX_HEAD, book, wjx
from tests.tools.forms import form

NEEDS = (
    Choice("a", {"zh": "看病,买药"}),
    Choice("b", {"zh": "停车"}),
    Choice("other", {"zh": "其他（请注明）", "en": "Other"}),
)
NEED = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", NEEDS)
ELSE = Question("W_other", "text", {"zh": "其他去处"}, relevant="selected(${W}, 'other')")
FORM = form(NEED, ELSE)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("其他：陪诊", "陪诊"),
        ("停车;其他:送餐", "送餐"),
        ("停车、其他：陪诊、送餐", "陪诊、送餐"),
        ("其他：陪诊、停车", "陪诊"),
        ("其他：陪诊，看病,买药", "陪诊"),
        ("停车┋其他（请注明）〖河边〗", "河边"),
        ("其他〖河边〗┋停车", "河边"),
        ("其他（陪诊）", "陪诊"),
        ("其他 - 陪诊", "陪诊"),
        ("Other: walking, parks", "walking, parks"),
        ("其他（请注明）：陪诊", "陪诊"),
        ("其他（请填写）_____", None),
        ("其它：陪诊", "陪诊"),
        ("other", None),
        ("其他（请注明）", None),
        ("其他", None),
        ("停车", None),
        ("", None),
        (3.0, None),
        ("另外其他人：甲", None),
    ],
)
def test_the_words_are_those_beside_it(cell, words):
    assert words_beside(cell, NEED) == words


def test_which_question_asks_what_else():
    assert explaining(FORM) == {"W": "W_other"}
    by_condition = Question("more", "text", {"zh": "请说明"}, relevant="${W} = 'other'")
    assert explaining(form(NEED, by_condition)) == {"W": "more"}
    assert explaining(form(NEED, Question("more", "text", {"zh": "意见"}))) == {}
    assert explaining(form(NEED)) == {}
    two = [Question(n, "text", {"zh": n}, relevant="selected(${W},'other')") for n in ("x", "y")]
    assert explaining(form(NEED, *two)) == {}  # nobody can say which


def looked(store, data, file="表.xlsx", **options):
    with store.write() as conn:
        if not register.communities(conn):
            register.save(conn, [register.Community("C1", "甲社区", ("甲",))])
            questionnaires.add(conn, "q", options.pop("of", FORM))
    return inspect(store, file, data, ImportOptions("q", **options))


def kept(store, file_form=FORM):
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "q"))
    at = file_form.position.get("W_other")
    return block.multiple["W"], block.texts.get("W_other"), None if at is None else block.codes[:, at].tolist()


def test_of_an_export_both_are_kept(sqlite_store):
    data = wjx(
        ["甲", 2014, "很满意", "满意", "停车┋其他（请注明）〖河边 13812345678〗"], ["甲", 2014, "满意", "满意", "停车"]
    )
    found = looked(sqlite_store, data, "123456789_按文本_调查_2_2.xlsx")
    assert found.refusals == []
    note = next(f for f in found.findings if f.code == KEPT)
    assert (note.params["n"], note.params["into"]) == (1, "其他去处")
    commit(sqlite_store, found)
    multiple, texts, codes = kept(sqlite_store)
    assert list(multiple) == [(1, 2), (1,)]
    assert texts == ["河边 138****5678", None]  # a number of a person is masked here, too
    assert codes[0] == 0
    assert codes[1] < 0


def test_of_a_typed_sheet_both_are_kept_after_the_one_question(sqlite_store):
    rows = [["编号", "社区", "年度", "办事方便", "环境卫生", "去过哪里"]]
    rows += [[i, "甲", 2014, "满意", "满意", w] for i, w in enumerate(("其他：陪诊", "停车", "停车、其他：送餐"), 1)]
    data = book(rows)
    said = ColumnMapping.of(values={"W": {"其他：陪诊": "other", "其他：送餐": "other"}})
    found = looked(sqlite_store, data, mapping=said)
    commit(sqlite_store, found)
    multiple, texts, codes = kept(sqlite_store)
    assert list(multiple) == [(2,), (1,), (1, 2)]
    assert texts == ["陪诊", None, "送餐"]
    assert [c >= 0 for c in codes] == [True, False, True]


def test_a_column_of_its_own_is_read_and_nothing_else(sqlite_store):
    head = [*WJX_HEAD, "6、其他去处"]
    data = wjx(["甲", 2014, "很满意", "满意", "其他（请注明）〖河边〗", "山上"])
    workbook = openpyxl.load_workbook(BytesIO(data))
    workbook.active.cell(1, len(head), head[-1])
    out = BytesIO()
    workbook.save(out)
    found = looked(sqlite_store, out.getvalue(), "123456789_按文本_调查_1_1.xlsx")
    assert KEPT not in {f.code for f in found.findings}
    commit(sqlite_store, found)
    assert kept(sqlite_store)[1] == ["山上"]


def test_without_such_a_question_the_choice_alone_is_kept(sqlite_store):
    data = wjx(["甲", 2014, "很满意", "满意", "其他（请注明）〖河边〗"])
    found = looked(sqlite_store, data, "123456789_按文本_调查_1_1.xlsx", of=form(NEED))
    assert KEPT not in {f.code for f in found.findings}
    commit(sqlite_store, found)
    assert list(kept(sqlite_store, form(NEED))[0]) == [(2,)]
