"""Single responses of a pack say nothing of the order in which they were stored, and every way of not answering."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from analysis.archive.single_responses import NO_PLACE, Single, _numbered, response_files, single_responses
from survey.core.cells import clean
from survey.store import Store
from tests.tools.stores.sampled_town import make_sampled_town

COLUMNS = ("mode", "sample_type", "weight", "fpc", "fpc2", "sex", "age", "age_band")


def rows(order: np.ndarray) -> Single:
    """Twelve responses of two communities and two years, of which the second names PSUs; stored in this order."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "year": [2013] * 6 + [2014] * 6,
            "community": ["A/1", "..", "A/1"] * 4,
            "questionnaire": "q",
            "version": 1,
            **dict.fromkeys(COLUMNS),
            "stratum": [None] * 6 + ["s1", "s2"] * 3,
            "psu": [None] * 6 + ["p9", "p3", "p9", "p3", "p5", "p3"],
            "ssu": None,
            "q_A": rng.choice(["1", "2", ".refused"], 12),
            "q_B": rng.choice(["1", "2", "3", ".blank"], 12),
        }
    )
    return Single(frame.iloc[order].reset_index(drop=True), 0)


def test_the_same_responses_stored_in_another_order_give_the_same_bytes():
    one = dict(response_files(rows(np.arange(12))))
    for seed in range(5):
        assert dict(response_files(rows(np.random.default_rng(seed).permutation(12)))) == one


def test_folders_are_named_by_what_they_hold_and_never_lead_elsewhere():
    names = [name for name, _ in response_files(rows(np.arange(12)))]
    assert names == [
        "responses/by_community/community=../responses.parquet",
        "responses/by_community/community=A%2F1/responses.parquet",
        "responses/overall/year=2013/responses.parquet",
        "responses/overall/year=2014/responses.parquet",
    ]


def test_units_are_numbers_of_their_own_and_what_names_none_is_empty():
    files = dict(response_files(rows(np.arange(12))))
    found = pd.read_parquet(io.BytesIO(files["responses/overall/year=2014/responses.parquet"]))
    assert sorted(found["stratum"].unique()) == [1, 2, 3, 4]  # two a community
    assert sorted(found.groupby("psu").size()) == [1, 1, 2, 2]
    assert found["ssu"].isna().all()
    assert not pd.read_parquet(io.BytesIO(files["responses/overall/year=2013/responses.parquet"]))["psu"].notna().any()


def test_nobody_asked_gives_no_file():
    assert list(response_files(Single(pd.DataFrame(), 0))) == []


def test_numbers_last_over_years_and_say_nothing_of_the_names(sqlite_store: Store):
    """One name is one number in both years and however it is written; households and people only where a score needs them."""
    panel = single_responses(make_sampled_town(sqlite_store, "panel"), [2013, 2014]).frame
    again = panel.groupby(["community", "person"])["year"].nunique()
    assert (again == 2).sum() == 30 * 5
    assert panel["home"].isna().all()
    names = [f"楼{i}" for i in range(60)]
    found = _numbered(pd.Series([*names, "楼１", None]), clean)
    assert sorted(found[:60]) == list(range(1, 61))
    assert found[60] == found[1]
    assert pd.isna(found[61])
    assert abs(np.corrcoef(found[:60].astype(float), np.arange(60))[0, 1]) < 0.4


def test_households_are_told_where_weights_rest_on_their_adults(sqlite_store: Store):
    frame = single_responses(make_sampled_town(sqlite_store, "adults"), [2013]).frame
    assert frame["home"].notna().all()
    assert frame["person"].isna().all()


def test_a_stratum_of_one_sample_reaches_over_communities(sqlite_store: Store):
    """Two strata a year, not two a community; without a community a row has the folder that readers of partitions know."""
    single = single_responses(make_sampled_town(sqlite_store, "overall"), [2013])
    files = dict(response_files(single))
    found = pd.read_parquet(io.BytesIO(files["responses/overall/year=2013/responses.parquet"]))
    assert sorted(found["stratum"].unique()) == [1, 2]
    assert f"responses/by_community/community={NO_PLACE}/responses.parquet" in files
    assert found["age_band"].isna().all()
    assert found["age_band"].dtype == "string"
