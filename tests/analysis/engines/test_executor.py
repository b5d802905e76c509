"""What an executor is given in batches it scores by whole communities; a refusal goes home as a sentence."""

from __future__ import annotations

import pickle
import zlib

import pandas as pd
import pytest

from analysis.engines.executor import Task, Year, run, whole_groups
from analysis.sample.populations import no_population
from analysis.scheme import default_scheme
from tests.tools.forms import form


@pytest.mark.parametrize("batch", [1, 3, 7, 50])
@pytest.mark.parametrize("most", [1, 5, 100])
def test_no_community_is_divided(batch: int, most: int) -> None:
    rows = pd.DataFrame({"key": list("aaabccddddddde") + [None] * 3, "n": range(17)})
    pieces = list(whole_groups((rows.iloc[i : i + batch] for i in range(0, 17, batch)), "key", most))
    assert pd.concat(pieces)["n"].tolist() == rows["n"].tolist()
    keys = [{*piece["key"].fillna("")} for piece in pieces]
    assert sum(map(len, keys)) == len(set().union(*keys))


def test_nothing_gives_nothing() -> None:
    assert list(whole_groups(iter([]), "key")) == []


def test_a_refusal_is_told_with_its_words() -> None:
    year = Year(2013, default_scheme(), (("q", 1),))
    task = Task((year,), {("q", 1): form()}, {"C": ("", "")}, no_population(), "community")
    rows = pd.DataFrame({"year": [2013], "community": ["C"], "questionnaire": ["q"], "version": [1], "q_Q1": ["seven"]})
    (out,) = run(task, iter([rows]))
    assert out["kind"].tolist() == ["refused"]
    key, params = pickle.loads(zlib.decompress(out["payload"][0]))
    assert (key, params["question"]) == ("engines.unknown_answer", "Q1")
