"""How the interviews were held, told by a column that the questionnaire does not ask for, or by a name."""

from __future__ import annotations

import pytest

from survey.fieldwork.register import mode_within
from survey.matching.shapes.modes_told import named_mode, says_modes
from survey.matching.year_community_mode import Names
from tests.tools.books.office_sheets import asked, grid, look, prepare, workbook


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def test_a_column_of_modes_needs_such_a_header_and_such_words():
    assert says_modes("调查方式", ["纸质", "电话", None])
    assert not says_modes("意见", ["电话", "电话"])
    assert not says_modes("方式", ["步行", "骑车", "电话"])


def test_a_word_that_may_ask_for_other_things_needs_several_modes_and_nothing_else():
    assert says_modes("渠道", ["入户", "微信", "电话", None])
    assert says_modes("访问形式", ["面访", "扫码", "电访"])
    assert not says_modes("渠道", ["微信", "微信"])
    assert not says_modes("了解社区的渠道", ["微信", "电话", "公告栏"])
    assert not says_modes("意见", ["微信", "电话"])


@pytest.mark.parametrize(
    ("sheet", "file", "mode"),
    [
        ("电话", "a.xlsx", "phone"),
        ("Sheet1", "入户问卷.xlsx", "paper"),
        ("Sheet1", "a.xlsx", None),
        ("网络", "电话.xlsx", "web"),
    ],
)
def test_the_nearest_name_tells_the_mode(store, sheet, file, mode):
    said = named_mode(Names(file, sheet))
    assert (said and said[0]) == mode
    found = look(store, workbook(grid(), sheet), file=file)
    assert (set(found.coded.modes), asked(found)) == ({mode or "paper"}, [])
    assert ("intake.mode_by_name" in [f.code for f in found.findings]) == (mode is not None)


def test_what_was_said_goes_before_names(store):
    found = look(store, workbook(grid(), "电话"), mode="web")
    assert set(found.coded.modes) == {"web"}


def test_a_column_goes_before_names(store):
    rows = [[*row, "调查方式" if i == 0 else "网络"] for i, row in enumerate(grid())]
    found = look(store, workbook(rows, "电话"))
    assert set(found.coded.modes) == {"web"}


def test_further_words_of_offices_for_the_mode_are_read(store):
    rows = [[*row, "问卷方式" if i == 0 else ("线上", "线下", "电访")[i % 3]] for i, row in enumerate(grid())]
    found = look(store, rows)
    assert (sorted(set(found.coded.modes)), asked(found), found.refusals) == (["paper", "phone", "web"], [], [])


def with_column(header, *cells):
    return [
        [*row, value] for row, value in zip(grid(), (header, *(cells[i % len(cells)] for i in range(12))), strict=True)
    ]


@pytest.mark.parametrize(
    "header",
    ["调查方式（1纸质 2网络 3电话）", "调查方式(1=纸质,2=网络,3=电话)", "访问形式（1.入户 2.网上填写 3.电访）"],
)
def test_codes_that_the_header_explains_are_the_modes(store, header):
    found = look(store, with_column(header, 1, 2, 3))
    assert (asked(found), found.coded.modes[:3]) == ([], ["paper", "web", "phone"])
    assert "scales.legend_read" in {f.code for f in found.findings}


def test_codes_that_nothing_explains_are_a_question_and_never_paper_unsaid(store):
    rows = with_column("调查方式", 1, 2, 3)
    assert asked(look(store, rows)) == ["intake.mode_codes"]
    assert asked(look(store, rows, mode="phone")) == []
    assert asked(look(store, with_column("满意度问卷类型", 1, 2))) == []


def test_a_legend_of_other_things_explains_no_mode(store):
    assert asked(look(store, with_column("出行方式（1步行 2骑车）", 1, 2))) == []


@pytest.mark.parametrize(
    ("word", "mode"),
    [
        ("扫码网络", "web"),
        ("网络扫码", "web"),
        ("微信扫码填写", "web"),
        ("纸质问卷（代填）", "paper"),
        ("微信/纸质", None),
        ("非纸质", None),
        ("社区电子台账", None),
        ("自填", None),
    ],
)
def test_a_word_made_of_words_for_one_mode_is_that_mode(word, mode):
    assert mode_within(word) == mode


@pytest.mark.parametrize("words", [("纸质问卷", "扫码网络"), ("纸质", "微信扫码")])
def test_longer_words_for_a_mode_are_read_row_by_row(store, words):
    found = look(store, with_column("问卷类型", *words))
    assert (asked(found), found.refusals, found.coded.modes[:2]) == ([], [], ["paper", "web"])


def test_other_words_beside_modes_are_a_question_and_never_paper_unsaid(store):
    rows = with_column("问卷类型", "纸质", "某某方式")
    found = look(store, rows)
    (question,) = [f for f in found.findings if f.code == "intake.mode_codes"]
    assert (asked(found), question.params["words"]) == (["intake.mode_codes"], ["某某方式"])
    said = look(store, rows, mode="web")
    assert (asked(said), set(said.coded.modes)) == ([], {"web"})


def test_words_of_which_none_is_a_mode_are_no_column_of_modes(store):
    found = look(store, with_column("问卷类型", "自填", "代填"))
    assert (asked(found), set(found.coded.modes)) == ([], {"paper"})
    assert "intake.columns_ignored" in [f.code for f in found.findings]


def test_a_word_that_is_not_known_among_modes_stops_the_column_from_going_unsaid(store):
    rows = with_column("问卷回收方式", "邮寄", "网络", "电话", "某某法")
    (question,) = [f for f in look(store, rows).findings if f.code == "intake.mode_codes"]
    assert question.params["words"] == ["某某法"]
    known = look(store, with_column("问卷回收方式", "Mail", "Web", "Tel", "Face-to-face"))
    assert (asked(known), known.coded.modes[:4]) == ([], ["paper", "web", "phone", "paper"])
    others = look(store, with_column("出行方式", "步行", "骑车", "电话", "网络"))
    assert asked(others) == []
