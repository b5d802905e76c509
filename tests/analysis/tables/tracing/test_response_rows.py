"""From a file to what it changed: contributions of rows add up to the score, cells are named, and few are never told."""

import pytest

from analysis.publication import snapshots
from analysis.tables.tracing.response_rows import Responses
from survey.core.errors import Refused
from tests.tools.stores.read_town import BIG, FEW, make_read_town

YEAR = 2014


@pytest.fixture
def town(sqlite_store):
    return make_read_town(sqlite_store)


def points_of(town, code=BIG):
    return {r["item"]: r["points"] for r in snapshots.results(town, YEAR).rows("items", code)}


def test_what_the_rows_add_is_the_score_item_by_item(town):
    results = snapshots.results(town, YEAR)
    with town.read() as conn:
        found = Responses(conn, BIG, YEAR)
    lines = found.lines("A")
    assert len(lines) == 60
    rows = [found.one(line.id, points_of(town)) for line in lines]
    for item in results.rows("items", BIG):
        told = sum(c.points or 0.0 for r in rows for c in r.cells if c.question.name == item["item"])
        assert told == pytest.approx(item["points_got"], abs=1e-9)
    (score,) = results.rows("scores", BIG)
    assert sum(r.points for r in rows) == pytest.approx(score["subjective"], abs=1e-9)


def test_a_row_stands_where_it_stood_in_the_file_with_the_cells_of_its_answers(town):
    """编号,社区,年度,办事方便,环境卫生,A,B,D,E: A is column F; the first response of 甲社区 is row 2."""
    with town.read() as conn:
        found = Responses(conn, BIG, YEAR)
    first = found.lines("A")[0]
    assert (first.row, first.cells, first.said) == (2, "F2", "1")
    row = found.one(first.id, points_of(town))
    assert (row.batch.file, row.row, row.state, row.counts, row.weight) == ("2014_0.csv", 2, "complete", True, 1.0)
    assert {c.question.name: c.cells for c in row.cells}["E"] == "I2"
    assert not any(c.question.role for c in row.cells)


def test_how_each_batch_answered_adds_up_to_the_rows(town):
    with town.read() as conn:
        found = Responses(conn, BIG, YEAR)
    told = found.by_batch("A")
    assert [sum(answers.values()) for answers in told.values()] == [60]
    (batch,) = told
    assert len(found.lines("A", batch)) == 60
    assert found.lines("A", batch + 1) == []


def test_of_few_respondents_no_row_is_told(town):
    with town.read() as conn:
        found = Responses(conn, FEW, YEAR)
    assert (found.small, found.lines("A"), found.by_batch("A")) == (True, [], {})
    with pytest.raises(Refused) as caught:
        found.one(1, {})
    assert caught.value.key == "tracing.few"


def test_a_row_of_another_community_is_not_here(town):
    with town.read() as conn:
        mine, other = Responses(conn, BIG, YEAR), Responses(conn, "C2", YEAR)
    with pytest.raises(Refused) as caught:
        mine.one(other.lines("A")[0].id, {})
    assert caught.value.key == "tracing.no_row"
