"""Papers read the year as it is published, and the years before it that the store has."""

from contextlib import closing

from analysis.papers.year_sources import year_sources
from analysis.publication import snapshots
from survey.store import Store
from tests.tools.towns.cycle_town import make_town


def test_the_years_before_come_from_the_store(tmp_path):
    with closing(Store.open(tmp_path / "x.db", create=True)) as store:
        make_town(store)
        results = snapshots.results(store, 2014)
        sources = year_sources(store, results)
    assert [int(r.meta["year"]) for r in sources.years] == [2014]
    assert sources.results is results
