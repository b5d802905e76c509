"""Papers read the year as it is published, and the years before it that the store has."""

from contextlib import closing

import pytest

from analysis.papers.paper_files import write_papers
from analysis.papers.street.book_of_street import street_workbook
from analysis.papers.street.one_street import street_of
from analysis.papers.year_sources import year_sources
from analysis.publication import snapshots
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.towns.cycle_town import make_town


def test_the_years_before_come_from_the_store(tmp_path):
    with closing(Store.open(tmp_path / "x.db", create=True)) as store:
        make_town(store)
        results = snapshots.results(store, 2014)
        sources = year_sources(store, results)
    assert [int(r.meta["year"]) for r in sources.years] == [2014]
    assert sources.results is results


def test_tasks_are_held_against_results_only_for_a_paper_that_tells_of_them(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr("analysis.papers.year_sources.tasks_before", lambda *of: asked.append(of))
    monkeypatch.setattr("analysis.papers.paper_files.diagnosis_pdf", lambda sources, *_: repr(sources.tasks).encode())
    monkeypatch.setattr("analysis.papers.paper_files.brief_pdf", lambda *_: b"brief")
    with closing(Store.open(tmp_path / "x.db", create=True)) as store:
        make_town(store)
        sources = year_sources(store, snapshots.results(store, 2014))
        street = street_of(store, sources, "")
        street_workbook(street, "zh")
        write_papers(sources, "zh", tmp_path / "a", ["C1"], one=False, streets=[street], papers=("brief",))
        with pytest.raises(Refused):  # nobody is named
            write_papers(sources, "zh", tmp_path / "b", ["C1"], one=False, papers=("notice",))
        assert asked == []
        write_papers(sources, "zh", tmp_path / "c", ["C1", "C2"], one=False, papers=("diagnosis",))
        assert len(asked) == 1
