"""What 1 … 5 mean is taken from the file's own words, never from habit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.form.model import Choice, Question
from survey.intake.answers import inspect
from survey.matching.code_legends import legend_in, match_codes
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.books.office_sheets import FORM, answers, asked, grid, look, prepare, renamed, store_all, with_cells
from tests.tools.forms import form, item

Q = item("Q1")
CODES = ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("text", "legend"),
    [
        ("满意度（5=很满意，1=很不满意）", {"5": "很满意", "1": "很不满意"}),
        ("1=很满意 2=满意 3=一般", {"1": "很满意", "2": "满意", "3": "一般"}),
        ("Q1 (1 = very satisfied; 5 = very dissatisfied)", {"1": "very satisfied", "5": "very dissatisfied"}),
        ("1分代表很不满意，5分代表很满意", {"1": "很不满意", "5": "很满意"}),
        ("很满意=5，满意=4", {"5": "很满意", "4": "满意"}),
        ("满意程度（1很不满意-5很满意）", {"1": "很不满意", "5": "很满意"}),
        ("1：很满意；2：满意；8：不清楚", {"1": "很满意", "2": "满意", "8": "不清楚"}),
        ("1=很不满意…5=很满意", {"1": "很不满意", "5": "很满意"}),
        ("3、到社区办事的方便程度", {}),
        ("5=很满意", {}),
        ("1=好 1=差 2=一般", {}),
        ("2013-2014年", {}),
        ("12:30-13:30", {}),
        ("第1题和第2题", {}),
        ("", {}),
    ],
)
def test_legends_in_headers(text, legend):
    assert legend_in(text) == legend


def test_a_legend_that_runs_the_other_way_is_noticed():
    legend = legend_in("5=很满意 4=满意 3=一般 2=不满意 1=很不满意")
    found = match_codes(CODES, Q, legend)
    assert found.pairs == dict(zip(CODES, ["5", "4", "3", "2", "1"], strict=True))
    assert found.reversed
    assert (found.certainty, set(found.overruled)) == (0.95, {"1", "2", "4", "5"})


def test_the_same_direction_is_certain():
    found = match_codes(
        [*CODES, "9"], Q, dict(zip(CODES, ["很满意", "满意", "一般", "不满意", "很不满意"], strict=True))
    )
    assert (found.certainty, found.reversed, found.pairs["9"]) == (1.0, False, "9")


def test_two_ends_explain_what_lies_between():
    found = match_codes(CODES, Q, {"1": "很不满意", "5": "很满意"})
    assert found.pairs["2"] == "4"
    assert (found.certainty, found.why, found.reversed) == (0.85, "scales.legend_ends", True)
    seven = match_codes(CODES, Q, {"1": "很不满意", "7": "很满意"}).pairs
    assert [seven[str(n)] for n in range(1, 8)] == ["5", "5", "4", "3", "3", "2", "1"]
    assert match_codes(["1", "2"], Q, {"1": "很不满意", "3": "一般"}).unmatched == ("2",)


def test_value_labels_of_another_wording_are_a_whole_scale():
    labels = dict(zip(CODES, ["不满意", "不太满意", "基本满意", "满意", "很满意"], strict=True))
    found = match_codes(CODES, Q, labels)
    assert found.pairs == dict(zip(CODES, ["5", "4", "3", "2", "1"], strict=True))
    assert found.reversed
    assert found.unbalanced
    assert found.certainty == 0.95


def test_without_a_legend_nothing_is_said_about_direction():
    own = match_codes(CODES, Q, {})
    assert (own.certainty, own.why, own.reversed) == (1.0, "scales.codes", False)
    named = Question("X", "select_one", {}, "x", (Choice("good", {"zh": "好"}, 1), Choice("bad", {"zh": "差"}, 2)))
    other = match_codes(["1", "2"], named, {})
    assert (other.certainty, other.why, other.unmatched) == (0.0, "scales.no_legend", ("1", "2"))
    assert match_codes(["1", "2"], named, {"1": "差", "2": "好"}).reversed


HEADS = "编号,社区,年度,{},环境卫生\n"
ROWS = "1,甲,2014,5,很满意\n2,甲,2014,1,满意\n"


def read(tmp_path, text, confirm=True):
    store = Store.open(tmp_path / f"{len(text)}{confirm}.db", create=True)
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",))])
        questionnaires.add(conn, "q", form())
    given = (Decision("confirm", code="scales.legend_ask"),) if confirm else ()
    found = inspect(store, "a.csv", text.encode(), ImportOptions("q", decisions=given))
    store.close()
    return found, found.coded.codes[:, form().position["Q1"]].tolist()


@pytest.mark.parametrize(
    "text",
    [
        HEADS.format('"办事方便（5=很满意，1=很不满意）"') + ROWS,
        "说明：5=很满意 4=满意 3=一般 2=不满意 1=很不满意,,,,\n" + HEADS.format("办事方便") + ROWS,
    ],
)
def test_codes_are_read_as_the_sheet_itself_explains_them_once_confirmed(tmp_path, text):
    asked, codes = read(tmp_path, text, confirm=False)
    (question,) = asked.questions
    assert (question.code, question.header[:4]) == ("scales.legend_ask", "办事方便")
    assert "5=很满意" in question.word("zh")
    assert "5=very satisfied" in question.word("en")
    assert codes == [0, 4]  # very satisfied, very dissatisfied: as the sheet says
    assert read(tmp_path, text)[0].questions == []


def test_an_explanation_that_agrees_needs_no_question(tmp_path):
    found, codes = read(tmp_path, HEADS.format('"办事方便（1=很满意，5=很不满意）"') + ROWS, confirm=False)
    assert (found.questions, codes) == ([], [4, 0])


def test_a_legend_in_an_upper_header_reaches_over_its_columns(tmp_path):
    text = "编号,社区,年度,满意度（5=很满意，1=很不满意）,\n,,,办事方便,环境卫生\n1,甲,2014,5,1\n2,甲,2014,1,5\n"
    found, codes = read(tmp_path, text)
    assert codes == [0, 4]
    assert found.coded.codes[:, form().position["Q2"]].tolist() == [4, 0]
    assert [f.params["columns"] for f in found.findings if f.code == "scales.legend_ask"] == [2]


def test_a_legend_of_the_header_beside_it_is_not_taken(tmp_path):
    found, codes = read(
        tmp_path, "编号,社区,年度,办事（5=很满意，1=很不满意）,其他\n,,,办事方便,环境卫生\n1,甲,2014,5,1\n", False
    )
    assert codes == [0]
    assert found.coded.codes[:, form().position["Q2"]].tolist() == [0]


@pytest.mark.parametrize(
    ("text", "legend"),
    [
        ("评价题打分：10分为很满意，1分为很不满意", {"10": "很满意", "1": "很不满意"}),
        ("1分最差，10分最好", {"1": "很差", "10": "很好"}),
        ("100分为最满意，0分为最不满意", {"100": "很满意", "0": "很不满意"}),
        ("0-10分，分数越高越满意", {"0": "很不满意", "10": "很满意"}),
        ("请打1至5分，分数越低越好", {"1": "很好", "5": "很不好"}),
        ("打1~10分，分越高越不满意", {"10": "很不满意", "1": "很满意"}),
        ("分数越高越满意", {}),
    ],
)
def test_legends_that_name_the_ends(text, legend):
    assert legend_in(text) == legend


TEN = dict(
    zip(
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
        ["5", "5", "4", "4", "3", "3", "2", "2", "1", "1"],
        strict=True,
    )
)


@pytest.mark.parametrize(
    "said",
    ["10分为很满意，1分为很不满意", "1分最差，10分最好", "1-10分，分数越高越满意", "10=很满意 5=一般 1=很不满意"],
)
def test_ends_of_ten_are_one_question_for_all_columns_and_no_mix_of_two_scales(tmp_path, said):
    rows = "".join(f"{i},甲,2014,{a},{b}\n" for i, (a, b) in enumerate([(10, 8), (9, 9), (1, 3), (8, 2)], 1))
    text = f'"{said}",,,,\n' + "编号,社区,年度,办事方便,环境卫生\n" + rows
    asked, _ = read(tmp_path, text, confirm=False)
    (question,) = asked.questions
    assert (question.code, question.params["columns"]) == ("scales.legend_ask", 2)
    found, codes = read(tmp_path, text)
    assert codes == [int(TEN[c]) - 1 for c in ("10", "9", "1", "8")]
    assert found.coded.codes[:, form().position["Q2"]].tolist() == [int(TEN[c]) - 1 for c in ("8", "9", "3", "2")]


def test_ends_of_which_the_best_is_the_first_turn_the_scale():
    found = match_codes(["1", "10"], Q, legend_in("1分最好，10分最差"))
    assert (found.pairs["1"], found.pairs["2"], found.pairs["9"], found.pairs["10"]) == ("1", "1", "5", "5")


def test_choices_that_stand_behind_their_numbers_in_a_header_explain_its_codes(sqlite_store):
    been = (Choice("y", {"zh": "去过"}), Choice("n", {"zh": "没去过"}))
    asks = Question("stay", "select_one", {"zh": "党群中心"}, "been", been)
    rows = tuple(asks if q.name == "stay" else q for q in FORM.rows)
    store = prepare(sqlite_store, replace(FORM, rows=rows, lists={**FORM.lists, "been": been}))
    sheet = with_cells(renamed(grid(), stay="党群中心（1没去过 2去过）"), "stay", lambda v, i: i % 2 + 1)
    assert asked(look(store, sheet)) == []
    assert store_all(store, sheet) == 12
    assert answers(store, "stay") == [1, 0] * 6
    only = with_cells(renamed(grid(), stay="党群中心（1去过）"), "stay", lambda v, i: i % 2 + 1)
    assert asked(look(store, with_cells(only, "no", lambda v, i: f"X{i}"), file="b.xlsx")) != []


def test_codes_that_are_words_are_explained_as_numbers_are():
    """As a file of SPSS explains those of our own export: yes = 是."""
    question = Question("s", "select_one", choices=(Choice("yes", {"zh": "是"}), Choice("no", {"zh": "否"})))
    assert match_codes(["yes", "no", ""], question, {"yes": "是", "no": "否"}).pairs == {"yes": "yes", "no": "no"}
    assert match_codes(["--1", "2"], question, {"--1": "是", "2": "否"}).pairs == {"--1": "yes", "2": "no"}


@pytest.mark.parametrize("behind", ["", "，下同", "（下同）", " 以下相同"])
@pytest.mark.parametrize("typed", [int, str])
def test_a_legend_over_the_first_column_of_a_list_holds_for_the_others_that_say_nothing(sqlite_store, behind, typed):
    prepare(sqlite_store)
    first = f"办事公道（5很满意 4满意 3一般 2不满意 1很不满意）{behind}"
    rows = renamed(grid(), A1=first)
    for name in ("A1", "B1", "C1", "D1", "E1"):
        rows = with_cells(rows, name, lambda _, i: typed(1 + i % 5))
    (question,) = look(sqlite_store, rows).questions
    assert (question.code, question.params["columns"]) == ("scales.legend_ask", 5)
