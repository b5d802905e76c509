"""Several years along unbroken lines, counted by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from analysis.scoring.rating import rate
from analysis.scoring.results import Results
from analysis.tables.trends import TREND_COLUMNS, trend_frame
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.towns.fake_results import YEARS, fake_results
from tests.tools.towns.scores import frame, snapshot
from tests.tools.towns.survey_toys import scheme

run, town = commands.run, commands.town
results = commands.results


def years(*rows: list[dict[str, Any]], first: int = 2011, versions: tuple[int, ...] = (1, 1, 1, 1)) -> list[Results]:
    """One list of community rows a year."""
    return [
        snapshot(
            scheme(),
            rate(scheme(), frame(*({"year": first + i, **r} for r in mine))),
            year=first + i,
            scheme="toy",
            scheme_version=versions[i],
        )
        for i, mine in enumerate(rows)
    ]


def test_since_the_line_began() -> None:
    """250, 255, 270: +20 since 2011 with sqrt(72); the second year's change against the year before says the same."""
    found = trend_frame(years([{}], [{"subjective": 255.0}], [{"subjective": 270.0, "objective": 507.0}]))
    assert list(found.columns) == list(TREND_COLUMNS.names)
    assert found["line"].tolist() == [1, 1, 1]
    assert found["since"].tolist() == [2011] * 3
    np.testing.assert_array_equal(found["since_subjective"], [np.nan, np.nan, 20])
    last = found.iloc[2]
    assert (last["since_objective"], last["since_subjective_se"]) == (7, pytest.approx(np.sqrt(72)))
    assert last["since_p"] == last["since_q"] == pytest.approx(0.018943, abs=1e-4)
    assert last["since_word"] == "up"


def test_a_break_begins_a_new_line() -> None:
    note = "area_changed:甲社区"
    found = trend_frame(years([{}], [{}], [{"note": note}], [{}]))
    assert found["line"].tolist() == [1, 1, 2, 2]
    assert found["since"].tolist() == [2011, 2011, 2013, 2013]
    assert found["broken_by"].tolist() == [None, None, note, None]
    assert found["since_subjective"].isna().all()


def test_missing_years_break_only_under_another_scheme() -> None:
    here, away = [{}, {}], [{"community_code": "C0"}]
    for versions, lines in (((1, 1, 1), [1, 1]), ((1, 1, 2), [1, 2])):
        found = trend_frame(years(here, away, here, versions=versions))
        assert found[found["community_code"] == "C1"]["line"].tolist() == lines


def test_nothing_and_one_year() -> None:
    assert trend_frame([]).empty
    assert trend_frame(years([{}]))["line"].tolist() == [1]


def test_every_year_of_the_invented_results() -> None:
    found = trend_frame([fake_results(y) for y in YEARS])
    assert len(found) == 36
    assert found["community_code"].tolist()[:3] == ["SL01"] * 3
    assert found.loc[found["year"] < 2014, "since_word"].isna().all()


def test_the_command(results):
    status, out, _ = results("trend", "南塔社区", "--json")
    found = json.loads(out)
    assert status == 0
    assert [r["year"] for r in found["rows"]] == list(YEARS)
    assert len(table(results("trend")[1])) == 36
    assert results("trend", "无此社区")[0] == 3
