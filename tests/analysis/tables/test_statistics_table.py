"""``estimate --stat``: values are those of the kernel, whose golden numbers are R's; what is shown, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.sample.pooled_sample import pool
from analysis.tables.asked_statistics import asked_statistics
from analysis.tables.estimates import lay_table
from analysis.tables.statistics_table import statistics_table
from survey.core.errors import Refused
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item, scheme

SEX = Question("sex", "select_one", choices=(Choice("f", {}), Choice("m", {})), role="sex")
COLOUR = Question("colour", "select_one", choices=(Choice("red", {}), Choice("blue", {})))
NUMBERED = Question("car", "select_one", choices=(Choice("0", {}), Choice("1", {}), Choice("2", {})))
AGE, HOURS = Question("years", "integer"), Question("hours", "integer")
FORM = form(item("q1", "a"), SEX, COLOUR, NUMBERED, AGE, HOURS)


def table(n=60, *, by=("community", "year"), where=(), populations=None, form_=FORM, **more):
    i = np.arange(n)
    answers = {
        "q1": [str(k % 5 + 1) for k in i],
        "sex": ["f" if k % 3 else "m" for k in i],
        "colour": ["red" if k % 2 else "blue" for k in i],
        "car": [str(k % 3) for k in i],
        "years": [float(20 + k) for k in i],
        "hours": [float(1 + k % 4) for k in i],
    }
    design = {"sex": answers["sex"], "year": [2013 + int(k >= n // 2) for k in i], **more}
    parts = [(form_, block(form_, answers, **design))]
    return lay_table(pool(parts), by=by, populations=populations or {}, scheme=scheme(), where=where)


def asked(*stats, items=None, difference=None, populations=None, **more):
    laid = table(populations=populations, **more)
    found = statistics_table(laid, items, asked_statistics(stats), difference)
    return found.set_index(["year", "stat", "choice"]) if "year" in found else found


def test_one_row_a_statistic_in_the_columns_of_estimate():
    found = asked("mean", "total", "sd", "median", "quantile:0.25", items=["years"], populations={"C1": 3000.0})
    first = found.loc[2013]
    x = np.arange(20, 50)
    assert first["value"].tolist() == pytest.approx([x.mean(), x.mean() * 3000, x.std(ddof=1), 34, 27])
    assert first.loc[("mean", ""), "mean"] == x.mean()
    assert first["mean"].isna().tolist() == [False, True, True, True, True]
    assert first["low"].notna().all()
    assert [note for note in found["note"] if note] == []


def test_shares_and_totals_of_choices():
    found = asked("share", "total", items=["colour"], populations={"C1": 3000.0})
    assert found.loc[(2013, "share", "red"), "value"] == 0.5
    assert found.loc[(2013, "total", "red"), "value"] == pytest.approx(1500)
    assert found.loc[(2013, "share", "red"), "share"] == 0.5


def test_a_total_without_a_population_is_empty_and_says_so():
    found = asked("total", "mean", items=["years"])
    assert np.isnan(found.loc[(2013, "total", ""), "value"])
    assert found.loc[(2013, "total", ""), "note"] == "no_population"
    assert found.loc[(2013, "mean", ""), "value"] == 34.5


def test_a_list_whose_codes_are_numbers_has_a_mean():
    assert asked("mean", items=["car"]).loc[(2013, "mean", ""), "value"] == 1


def test_a_ratio_is_of_those_who_answered_both_and_never_for_publication():
    found = asked("ratio:years/hours")
    x, y = np.arange(20, 50), 1 + np.arange(30) % 4
    assert found.loc[(2013, "ratio:years/hours", ""), "value"] == pytest.approx(x.sum() / y.sum())
    assert set(found["note"]) == {"not_for_publication"}


def test_differences_of_two_years_and_of_two_groups():
    found = asked(
        "mean", "share", "total", items=["years", "colour"], difference="year=2014,2013", populations={"C1": 9.0}
    )
    row = found.loc[(2014, "mean", "")]
    assert row["difference"] == pytest.approx(30)
    assert row["difference_low"] < 30 < row["difference_high"]
    assert row["difference_p"] < 0.001
    assert np.isnan(found.loc[(2013, "mean", ""), "difference"].item())
    assert found.loc[(2014, "share", "red"), "difference"] == pytest.approx(0)
    women = asked("mean", items=["years"], by=("community", "year", "sex"), difference="sex=f,m")
    men = women[women["sex"] == "m"].loc[(2013, "mean", ""), "value"]
    row = women[women["sex"] == "f"].loc[(2013, "mean", "")]
    assert row["difference"] == pytest.approx(row["value"] - men)


def test_few_on_either_side_of_a_quantile_hide_it():
    found = asked("quantile:0.1", "median", items=["years"])
    assert found.loc[(2013, "quantile:0.1", ""), "note"] == "quantile_few"
    assert np.isnan(found.loc[(2013, "quantile:0.1", ""), "value"])
    assert found.loc[(2013, "median", ""), "value"] == 34


@pytest.mark.parametrize(("n", "mean", "median"), [(8, False, False), (14, True, False), (40, True, True)])
def test_small_groups_show_what_their_means_and_distributions_may(n, mean, median):
    """4, 7 and 20 a year: nothing, totals only, all."""
    found = asked("mean", "sd", "total", "median", "share", items=["years"], n=n, populations={"C1": 9.0})
    shown = {
        stat: bool(np.isfinite(found.loc[(2013, stat, ""), "value"])) for stat in ("mean", "sd", "total", "median")
    }
    assert shown == {"mean": mean, "sd": mean, "total": mean, "median": median}


def test_a_ratio_that_a_few_did_not_answer_both_of_is_held_back():
    laid = table(40)
    ((form_, one),) = laid.sample.parts
    one.numbers["hours"][:3] = np.nan
    one.codes[:3, form_.position["hours"]] = -1
    found = statistics_table(laid, None, asked_statistics(["ratio:years/hours"])).set_index("year")
    assert found.loc[2013, "note"] == "complement;not_for_publication"
    assert np.isnan(found.loc[2013, "value"])
    assert np.isfinite(found.loc[2014, "value"])


def test_an_open_sample_has_no_errors():
    found = asked("mean", "median", items=["years"], sample_type=["open"] * 60, difference=None)
    assert found[["se", "low", "high", "df"]].isna().all(axis=None)
    assert set(found["note"]) == {"open_sample"}
    assert found["value"].notna().all()


@pytest.mark.parametrize(
    ("stats", "more", "key"),
    [
        (["mode"], {}, "estimation.unknown_stat"),
        (["quantile:0"], {}, "estimation.bad_quantile"),
        (["quantile:x"], {}, "estimation.bad_quantile"),
        (["ratio:years"], {}, "estimation.unknown_stat"),
        (["median"], {"items": ["colour"]}, "estimation.no_values"),
        (["median"], {"items": ["place"]}, "estimation.unknown_item"),
        (["ratio:years/colour"], {}, "estimation.no_values"),
        (["ratio:years/car"], {"n": 1}, "estimation.ratio_zero"),
        (["sd"], {"items": ["years"], "difference": "year=2013,2014"}, "estimation.difference_stat"),
        (["mean"], {"difference": "sex=f,m"}, "estimation.difference_by"),
        (["mean"], {"difference": "year=2013"}, "estimation.difference_two"),
    ],
)
def test_what_can_not_be_given_is_one_sentence(stats, more, key):
    with pytest.raises(Refused) as refused:
        asked(*stats, **more)
    assert refused.value.key == key
    for lang in ("zh", "en"):
        assert refused.value.word(lang)


def test_a_filter_is_a_domain_of_the_design_not_a_cut_file():
    """The error of women is that of a domain, whose size is not fixed: R svymean(~x, subset(design, sex == "f"))."""
    by_sex = asked(
        "total", items=["years"], by=("year", "sex"), weight=[1.0] * 60, psu=[str(k // 2) for k in range(60)]
    )
    where = asked(
        "total", items=["years"], by=("year",), where=["sex=f"], weight=[1.0] * 60, psu=[str(k // 2) for k in range(60)]
    )
    mine = by_sex[by_sex["sex"] == "f"]
    for column in ("n", "value", "se", "df"):
        pd.testing.assert_series_equal(mine[column], where[column])


def test_no_difference_from_a_group_that_has_no_value():
    """Women are of C1 only; men are of two communities, of which C2 has no adults in the register."""
    codes = ["C2" if k % 6 == 0 else "C1" for k in range(60)]
    given = {"items": ["years"], "by": ("year", "sex"), "difference": "sex=f,m", "community_code": codes}
    for adults, known in (({"C1": 9.0, "C2": 5.0}, True), ({"C1": 9.0}, False)):
        found = asked("mean", populations=adults, **given).set_index("sex", append=True).xs(2014)
        women, men = found.xs("f", level="sex").iloc[0], found.xs("m", level="sex").iloc[0]
        assert not np.isnan(women["value"])
        assert (np.isnan(men["value"]), np.isnan(women["difference"])) == (not known, not known)
