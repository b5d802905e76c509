"""A scheme for a later year, whatever it says otherwise, leaves every output of earlier years as it was, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.scheme.serial import to_dict
from dashboard.router import render
from survey.store import Store
from survey.store.year import schemes
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns import two_years
from tests.tools.towns.two_years import SCHEME, indicator_file

town, run = two_years.scored_town, two_years.run

#: commands that say something of earlier years, without the files they write
COMMANDS = (
    "score",
    "score --year 2013",
    "estimate --questionnaire q",
    "estimate --questionnaire q --by year,mode",
    "estimate --questionnaire q --by community,year --stat mean,median,share",
    "estimate --questionnaire q --by year --weighting poststratify",
    "estimate --questionnaire q --by year --stat mean --difference year=2014,2013",
    "trace C1 2014",
    "trace C1 2014 A",
    "coverage --year 2014",
    "compare --year 2014",
    "lift C1 --year 2014",
    "trend",
    "streets --year 2014",
    "drivers --year 2014 --questionnaire q",
    "sensitivity --year 2014",
    "targets --year 2014",
    "offices --year 2014",
    "quality reliability --year 2014",
    "awards forecast --year 2014",
    "cycle show 2014",
    "cycle versions 2014",
    "indicators list --year 2014",
    "scheme show 2014",
    "tasks list --year 2014",
    "awards show",
    "awards ledger",
    "todo --year 2014",
    "power --year 2014",
)
#: all but the page of schemes, which lists the later ones, too
PAGES = (
    "/",
    "/community/C1",
    "/compare",
    "/answers",
    "/estimates",
    "/drivers",
    "/awards",
    "/tasks",
    "/cycle",
)


def later(code: str, year: int) -> dict:
    """Scores, limits, weights, thresholds, awards and points other than those before."""
    points = [
        replace(d, objective_points=d.objective_points - 10, subjective_points=d.subjective_points + 10)
        for d in SCHEME.dimensions
    ]
    return to_dict(
        replace(
            SCHEME,
            code=code,
            first_year=year,
            dimensions=tuple(points),
            stars=tuple(replace(star, minimum=star.minimum - 100) for star in SCHEME.stars),
            preset=next(name for name in SCHEME.presets if name != SCHEME.preset),
            awards=(),
            min_responses=10,
            complete_share=0.2,
            weighting="rake",
            lonely_psu="average",
        )
    )


@pytest.fixture
def filled(town: Store, run, tmp_path, monkeypatch):
    """The town with all its indicators, which give totals, stars and tasks."""
    monkeypatch.chdir(tmp_path)
    Path("指标.csv").write_bytes(indicator_file())
    for year in ("2013", "2014"):
        assert run("indicators", "import", "指标.csv", "--year", year)[0] == 0
    return town


def said(run, store: Store) -> dict[str, object]:
    found: dict[str, object] = {line: run(*line.split())[:2] for line in COMMANDS}
    for year in (2013, 2014):
        for path in PAGES:
            page = render(ADMIN, source_of(store), store, None, path, f"?year={year}", {}).children
            found[f"{path} {year}"] = words(page)
    return found


@pytest.mark.slow
def test_a_scheme_for_a_later_year_changes_nothing_of_earlier_ones(filled, run):
    before = said(run, filled)
    wrong = {line: status for line, (status, _) in ((c, before[c]) for c in COMMANDS) if status not in (0, 3)}
    assert wrong == {}
    assert sum(len(str(text)) > 200 for text in before.values()) > 30
    with filled.write() as conn:
        for year in (2016, 2050):
            schemes.add(conn, f"y{year}", year, later(f"y{year}", year))
    after = said(run, filled)
    assert [line for line, text in before.items() if after[line] != text] == []
