"""The smallest difference that so many responses show; R's own functions, solved to the last digit.

R::

    power.t.test(n = n, sd = sd, power = .8, sig.level = level, tol = 1e-13)$delta
    power.prop.test(n = n, p1 = p, power = .8, sig.level = level, tol = 1e-13)$p2 - p
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.quality import power
from analysis.quality.power import (
    COLUMNS,
    detectable_mean,
    detectable_pair,
    detectable_share,
    power_table,
    usual_spread,
)
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.dashboard_tools import show, words
from tests.tools.towns.fake_results import FakeSource, fake_results

run, town = commands.run, commands.town
results = commands.results


@pytest.mark.parametrize("df", [1, 3, 11, 98, 1000, 1e5])
@pytest.mark.parametrize("limit", [1.3, 1.96, 3.5])
def test_the_power_of_a_t_test_is_that_of_the_noncentral_t(df, limit):
    for x in np.linspace(0, 10, 21):
        assert power._shortfall(df, limit, 0.8)(x) == pytest.approx(stats.nct.sf(limit, df, x) - 0.8, abs=1e-13)


@pytest.mark.parametrize(
    ("n", "sd", "level", "expected"),
    [
        (100, 60, 0.05, 23.8883174924575),
        (200, 60, 0.05 / 12, 22.3566676838586),
        (50, 60 * 1.5**0.5, 0.05, 41.5837333527522),
    ],
)
def test_means_as_r(n, sd, level, expected):
    assert detectable_mean(n, sd, level=level) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("n", "share", "level", "expected"),
    [(100, 0.5, 0.05, 0.19322515092981), (200 / 1.5, 0.2, 0.05 / 12, 0.207566577451145)],
)
def test_shares_as_r(n, share, level, expected):
    assert detectable_share(n, share, level=level) == pytest.approx(expected, rel=1e-9)
    assert detectable_share(n, 1 - share, level=level) == pytest.approx(expected, rel=1e-9)


def test_two_of_two_by_hand():
    """(1.96 + 0.8416) · 60 · sqrt(2 / 200); c of a single pair is simulated."""
    assert detectable_pair(200, 60, 2) == pytest.approx((1.959964 + 0.841621) * 6, rel=0.02)
    assert detectable_pair(200, 60, 12) > detectable_pair(200, 60, 2)


def test_few_responses_need_more_than_their_number_says():
    """5 each: 4 df each, equal errors, so t with 8 df instead of 1.96.  R: qt(.975, 8) = 2.306004."""
    assert detectable_pair(5, 60, 2) == pytest.approx((2.306004 + 0.841621) * 60 * math.sqrt(2 / 5), rel=0.03)


def test_clusters_need_more_than_people_say():
    """Six clusters, 5 df each: by the ratio of the two variances between 5 and 10 df, so beyond R's power.t.test(n = 6,
    sd = sqrt(6/2)) = 3.092 (10 df) and within n = 3.5 (5 df) 3.4 … in units of the error of the difference."""
    unit = 60 * math.sqrt(2 / 200)
    assert 3.11 < detectable_mean(200, 60, df=5) / unit < 3.4
    assert detectable_mean(200, 60, df=199) == pytest.approx(detectable_mean(200, 60), rel=1e-3)
    assert detectable_share(200, 0.5, df=5) > 1.05 * detectable_share(200, 0.5)
    assert detectable_pair(200, 60, 12, 5) > 1.3 * detectable_pair(200, 60, 12)
    assert math.isnan(detectable_mean(200, 60, df=0.5))


def test_the_degrees_of_freedom_are_those_of_the_last_design(results):
    one_by_one = fake_results(2014)
    assert power.usual_df(one_by_one) is None
    clustered = type("R", (), {"scores": one_by_one.scores.assign(subjective_df=5.0)})
    assert power.usual_df(clustered) == 5
    frame = power_table((100, 4), 60, 12, df=5.0)
    assert frame["df"].tolist() == [5, 5, 5, 3, 3, 3]
    _, out, err = results("power", "--n", "100", "--clusters", "6")
    assert {row["df"] for row in table(out)} == {"5"}
    assert "自由度为 5" in err
    status, _, err = results("power", "--n", "100", "--clusters", "1")
    assert (status, "群数请填 2 以上" in err) == (2, True)


def test_too_few_to_say():
    assert math.isnan(detectable_mean(1, 60))
    assert math.isnan(detectable_share(2, 0.5))
    assert math.isnan(detectable_pair(1, 60, 12))


def test_the_spread_of_a_year():
    """Fake errors are about 3.1 · sqrt(200 / n) and more: a spread of 44 upwards."""
    assert 44 < usual_spread(fake_results(2014)) < 80
    nobody = fake_results(2014).scores.assign(subjective_low=float("nan"))
    assert usual_spread(type("R", (), {"scores": nobody})) is None


def test_the_table():
    frame = power_table((100, 200), 60, 12, deff=1.5)
    assert list(frame.columns) == list(COLUMNS.names)
    assert frame["measure"].tolist() == ["years", "pair", "share"] * 2
    assert (frame["detectable_among"] > frame["detectable"]).all()
    assert frame["detectable"][0] == frame["detectable"][1] == pytest.approx(detectable_mean(100, 60 * 1.5**0.5))


def test_the_command(results):
    status, out, err = results("power", "--n", "100,200")
    assert (status, len(table(out))) == (0, 6)
    assert "标准差按" in err
    assert table(results("power", "--n", "100", "--sd", "60", "--communities", "12")[1])[0]["detectable"].startswith(
        "23.888"
    )
    assert results("power", "--n", "很多")[0] == 2
    assert results("power", "--n", "1")[0] == 2


def test_without_data_the_spread_must_be_given(town):
    assert town("power", "--n", "100")[0] == 3
    assert town("power", "--n", "100", "--sd", "60", "--communities", "12")[0] == 0


def test_the_page_shows_it():
    text = words(show("/method", "?year=2014").children)
    assert "多少份答卷能看出多大的变化" in text
    assert "12 个社区中只有它变了" in text


def test_the_page_without_an_error():
    class Nobody(FakeSource):
        def results(self, year):
            found = super().results(year)
            return type(found)(
                found.meta,
                found.scores.assign(subjective_low=None),
                found.items,
                found.indicators,
                found.flow,
                found.streets,
            )

    assert "无从推算" in words(show("/method", "?year=2014", source=Nobody()).children)
