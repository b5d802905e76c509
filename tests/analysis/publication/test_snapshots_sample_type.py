"""How respondents were chosen, said at the import, reaches every number that rests on them (docs/results.md, “Samples that are not drawn at random”)."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publication import snapshots
from analysis.tables.stored_estimates import estimate_for
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store.intake import batches, questionnaires
from survey.store.year import register
from survey.store.year.register import Community
from tests.tools.forms import form
from tests.tools.templates import initialised

ERRORS = ["subjective_se", "subjective_low", "subjective_high", "rank_low", "rank_high", "star_probability"]


@pytest.fixture
def ready(sqlite_store):
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(conn, [Community("C1", "甲社区", (), "街道"), Community("C2", "乙社区", (), "街道")])
        questionnaires.add(conn, "q", form())
    return sqlite_store


def bring(store, community, sample_type, start=0):
    rows = [f"{i},{community},2014,{1 + i % 5},{1 + i % 3}" for i in range(start, start + 60)]
    text = "编号,社区,年度,办事方便,环境卫生\n" + "\n".join(rows)
    options = ImportOptions("q", sample_type=sample_type)
    return commit(store, inspect(store, f"{community}{sample_type}{start}.csv", text.encode(), options))


def test_open_and_quota_reach_score_and_estimate(ready):
    receipts = [bring(ready, "甲社区", "open"), bring(ready, "乙社区", "quota", start=300)]
    with ready.read() as conn:
        assert [batches.get(conn, r.batch).sample_type for r in receipts] == ["open", "quota"]
    scores = snapshots.results(ready, 2014).scores.set_index("community_code")
    assert "open_sample" in scores.loc["C1", "note"].split(";")
    assert "quota_sample" in scores.loc["C2", "note"].split(";")
    assert scores.loc["C1", ERRORS].isna().all()
    table = estimate_for(ready, "q", ["Q1"], ["community"])
    rows = table[table["choice"].fillna("") == ""].set_index("community_code")
    assert rows.loc["C1", "note"] == "open_sample"
    assert rows.loc["C2", "note"] == "quota_sample"
    assert pd.isna(rows.loc["C1", "se"])
    assert rows.loc["C2", "se"] > 0
    assert rows.loc["C1", "mean"] == rows.loc["C2", "mean"]


def test_a_few_self_selected_answers_make_the_whole_open(ready):
    bring(ready, "甲社区", "probability")
    with_error = estimate_for(ready, "q", ["Q1"], ["community"])
    assert with_error.loc[with_error["choice"].fillna("") == "", "se"].notna().all()
    bring(ready, "甲社区", "open", start=100)
    table = estimate_for(ready, "q", ["Q1"], ["community"])
    assert set(table.loc[table["choice"].fillna("") == "", "note"]) == {"open_sample"}
    assert table["se"].isna().all()
