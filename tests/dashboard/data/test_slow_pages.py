"""The slowest pages are kept, each once, and no more than so many."""

import pytest

from dashboard.data.slow_pages import SlowPages
from survey.core import limits


@pytest.fixture
def clock(monkeypatch):
    """What a clock says in turn."""
    said = []
    monkeypatch.setattr("dashboard.data.slow_pages.time.monotonic", lambda: said.pop(0))
    return said


def took(found, clock, page, seconds, year=2014):
    clock += [0.0, seconds]
    with found.timed(page, year):
        pass


def test_each_page_and_year_stands_once_with_its_slowest_call(clock):
    found = SlowPages()
    for page, seconds, year in (("tasks", 1.5, 2014), ("tasks", 3.0, 2014), ("tasks", 2.0, 2014), ("tasks", 4.0, None)):
        took(found, clock, page, seconds, year)
    assert [(s.page, s.year, s.seconds) for s in found.slowest()] == [("tasks", None, 4.0), ("tasks", 2014, 3.0)]


def test_only_the_slowest_stay_and_what_fails_counts_too(clock):
    found = SlowPages()
    for n in range(limits.SLOW_PAGES + 5):
        took(found, clock, f"page{n}", float(n))
    clock += [0.0, 99.0]
    with pytest.raises(RuntimeError), found.timed("broken", 2014):
        raise RuntimeError
    assert [s.page for s in found.slowest()[:2]] == ["broken", f"page{limits.SLOW_PAGES + 4}"]
    assert len(found.slowest()) == limits.SLOW_PAGES
