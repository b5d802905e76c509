"""What may be shown of a questionnaire's responses is decided once for a data version, and again when they move on."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import update

from analysis.disclosure.decision import Decision
from analysis.publication.kept_decisions import NAME, kept_decisions
from analysis.tables.stored_estimates import estimate_for
from survey.core.errors import Surroundings
from survey.store import Store
from survey.store.engine import tables
from survey.store.year import analyses
from tests.tools.towns import two_years
from tests.tools.towns.two_years import bring

town = two_years.town
ASKED = '{"questionnaire": "q"}'


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many blocks were decided for an item."""
    count: Counter[str] = Counter()
    usual = Decision._decide_item

    def counted(self: Decision, block: int) -> None:
        count["blocks"] += 1
        usual(self, block)

    monkeypatch.setattr(Decision, "_decide_item", counted)
    return count


def table(store: Store) -> str:
    return str(estimate_for(store, "q", ["A"], ["community", "year", "mode"]).to_csv())


def test_decided_once_and_again_when_the_data_move(town: Store, decided: Counter[str]) -> None:
    first = table(town)
    times = decided["blocks"]
    assert times > 0
    assert table(town) == first
    assert decided["blocks"] == times
    bring(town, 2014, offset=100)
    table(town)
    assert decided["blocks"] > times


def test_only_what_rests_on_the_newest_data_is_left(town: Store) -> None:
    table(town)
    with kept_decisions(town, "q", [2013, 2014]) as kept:
        before = set(kept)
    bring(town, 2014, offset=100)
    table(town)
    with kept_decisions(town, "q", [2013, 2014]) as kept:
        assert kept
        assert not before & set(kept)


def test_what_two_tables_decided_is_kept_of_both(town: Store) -> None:
    with kept_decisions(town, "q", [2014]) as kept:
        kept["one:A1"] = {"block 0 0": "gA=="}
        with kept_decisions(town, "q", [2014]) as meanwhile:
            meanwhile["one:A2"] = {"block 0 0": "gA=="}
    with kept_decisions(town, "q", [2014]) as kept:
        assert set(kept) == {"one:A1", "one:A2"}


def test_nothing_is_kept_of_a_table_that_failed(town: Store) -> None:
    def failed() -> None:
        with kept_decisions(town, "q", [2014]) as kept:
            kept["one:A1"] = {"block 0 0": "gA=="}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failed()
    with town.read() as conn:
        assert analyses.get(conn, 2014, NAME, ASKED) is None


def test_what_no_program_of_ours_wrote_is_damage(town: Store) -> None:
    table(town)
    with town.write() as conn:
        conn.execute(update(tables.analyses).values(payload="[]"))
    with pytest.raises(Surroundings) as found:
        table(town)
    assert found.value.key == "store.damaged"
