"""Tables that hold other things than one row a respondent are named in one sentence."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.sheets_together import parts
from tests.tools.books.office_sheets import ITEMS, grid, look, prepare, workbook_of


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def refused(store, rows):
    with pytest.raises(Refused) as error:
        look(store, rows)
    return error.value.key


def test_one_row_an_answer_is_named_with_the_column_of_questions(store):
    plain = grid()
    rows = [["编号", "社区", "题目", "答案"]]
    rows += [[r[0], r[1], zh, r[5 + k]] for r in plain[1:] for k, zh in enumerate(ITEMS.values())]
    assert refused(store, rows) == "intake.one_row_an_answer"


def test_two_tables_side_by_side_are_named(store):
    plain = grid()
    rows = [[*plain[0], None, *plain[0]], *([*a, None, *b] for a, b in zip(plain[1:7], plain[7:], strict=True))]
    assert refused(store, rows) == "intake.side_by_side"


def test_one_question_twice_is_no_second_table(store):
    rows = [[*row, row[7]] for row in grid()]
    assert "checking.answered_twice" not in [f.code for f in look(store, rows).findings if f.level == "refuse"]


def test_a_remark_that_names_questions_is_no_column_of_questions(store):
    rows = grid()
    for i, row in enumerate(rows[1:]):
        row[12] = list(ITEMS.values())[i % 5]
    assert look(store, rows).counts.storable == 12


def test_counts_by_community_and_question_are_no_answers_one_below_the_other(store):
    rows = [["社区", "题目", "很满意", "满意", "一般", "不满意", "很不满意", "合计"]]
    rows += [[place, zh, 3, 9, 4, 2, 1, 19] for place in ("东街社区", "西街社区", "南街社区") for zh in ITEMS.values()]
    assert refused(store, rows) == "intake.counts"


@pytest.mark.parametrize(
    ("heads", "key"),
    [
        (("很满意", "满意", "一般", "不满意", "很不满意", "合计"), "intake.counts"),
        (("东街社区", "西街社区", "南街社区"), "intake.totals"),
        (("平均分", "满意率"), "intake.totals"),
    ],
)
def test_questions_down_the_side_of_communities_and_means_are_a_summary(store, heads, key):
    rows = [["序号", "题目", *heads]]
    rows += [[n, zh, *(1 + (n * k) % 5 for k in range(1, len(heads) + 1))] for n, zh in enumerate(ITEMS.values(), 1)]
    assert refused(store, rows) == key


def read_together(store, data):
    parts(store, "a.xlsx", data, ImportOptions("small", year=2026))
    look(store, data)


@pytest.mark.parametrize("cut", [5, 8])
def test_two_sheets_of_the_same_people_are_named_with_the_way_out(store, cut):
    plain = grid()
    data = workbook_of(("基本情况", [row[:cut] for row in plain]), ("满意度", [[row[0], *row[cut:]] for row in plain]))
    with pytest.raises(Refused) as error:
        read_together(store, data)
    assert error.value.key == "intake.joined_sheets"


def test_a_roster_of_the_same_people_is_no_part_of_the_questions(store):
    plain = grid()
    roster = [["编号", "姓名", "性别", "年龄"], *([row[0], "某", "男", 30] for row in plain[1:])]
    assert look(store, workbook_of(("答卷", plain), ("成员", roster))).counts.storable == 12


@pytest.mark.parametrize("value", ["85.3%", 85.31, 92.5])
def test_points_of_communities_are_no_answers(store, value):
    rows = [["社区", *ITEMS.values()]]
    rows += [[place, *[value] * 5] for place in ("东街社区", "西街社区", "南街社区")]
    assert refused(store, rows) == "intake.means"
