"""A street of the demonstration as its year was closed: titles, awards, targets, payments."""

from contextlib import closing

import pytest

from analysis.papers.street.one_street import street_of
from analysis.papers.year_sources import year_sources
from analysis.publication import snapshots
from survey.store import Store
from tests.tools.stores.older_demo import unpacked


@pytest.fixture(scope="session")
def closed_year(tmp_path_factory):
    """The sources of 2013 and its street."""
    with closing(Store.open(unpacked(tmp_path_factory.mktemp("street")))) as store:
        base = year_sources(store, snapshots.results(store, 2013))
        [name] = dict.fromkeys(base.results.scores["sub_district"])
        yield street_of(store, base, name)
