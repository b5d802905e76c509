"""A year scored some communities at a time says the same of each: weights, PSUs, replicates, small groups and both years."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.publication import snapshots
from analysis.sample.pooled_sample import Part
from analysis.scheme.model import Scheme
from analysis.scoring import in_parts
from analysis.scoring.in_parts import apart, joined, score_shares, shares
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from survey.form.model import Question
from tests.tools.towns import replicates, two_years
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme
from tests.tools.towns.two_sexes import SEX, people

scored_town = two_years.scored_town
PEOPLE = people(("男", "18-44", 400), ("女", "18-44", 600))
PLACES = [f"C{i}" for i in range(1, 8)]


def sampled(n: int = 600) -> list[Part]:
    """Seven communities of two years, one of four people: strata, PSUs with their population, weights, a second questionnaire."""
    first = form(item("q1", "a"), item("q2", "b"), SEX, *(Question(r, "text", role=r) for r in ("psu", "stratum")))
    second = form(item("q1", "a"), item("q3", "b"), SEX, Question("w", "decimal", role="weight"))
    u = lcg(n * 6, 5).reshape(-1, 6)
    places = ["C7" if i < 4 else PLACES[int(6 * v)] for i, v in enumerate(u[:, 0])]
    design: dict[str, Any] = {
        "community_code": places,
        "year": [2013 + int(2 * v) for v in u[:, 1]],
        "sex": ["男" if v < 0.4 else "女" for v in u[:, 2]],
    }
    answers = {f"q{j}": [None if v < 0.03 else str(1 + int(5 * v)) for v in u[:, j + 2]] for j in (1, 2, 3)}
    units = {"psu": [f"p{int(9 * v)}" for v in u[:, 5]], "stratum": [f"s{int(2 * v)}" for v in u[:, 4]]}
    lonely = {"psu": ["p1" if p == "C3" else one for p, one in zip(places, units["psu"], strict=True)]}
    one = block(first, {k: answers[k] for k in ("q1", "q2")}, **design, **units | lonely, fpc=[400.0] * n)
    own = {name: answers[name] for name in ("q1", "q3")}
    two = block(second, own, **design, weight=[0.5 + v for v in u[:, 3]])
    weighs = np.isin(places, ["C1", "C2"])
    odd = np.arange(n) % 2 == 1  # C6 holds both kinds, which have no common scale
    mine, theirs = ~weighs & ~(odd & np.isin(places, ["C6"])), weighs | (odd & np.isin(places, ["C6"]))
    return [(first, one.take(np.flatnonzero(mine))), (second, two.take(np.flatnonzero(theirs)))]


def split(parts: list[Part], sets: list[list[str]]) -> list[list[Part]]:
    """The parts with the responses of some communities only."""
    return [[(f, b.take(np.flatnonzero(b.design["community_code"].isin(some)))) for f, b in parts] for some in sets]


def same(found: SubjectiveScores | None, told: SubjectiveScores) -> None:
    assert found is not None
    for name in (f.name for f in fields(SubjectiveScores)):
        one, other = getattr(found, name), getattr(told, name)
        pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-12, atol=1e-12, obj=name)


SCHEMES = [
    scheme(),
    scheme(lonely_psu="adjust"),
    scheme(lonely_psu="average"),
    scheme(weighting="rake", margins=("sex",)),
    scheme(weighting="poststratify", margins=("sex",), trim=1.2),
]


@pytest.mark.parametrize("rules", SCHEMES, ids=lambda s: f"{s.weighting}-{s.lonely_psu}")
@pytest.mark.parametrize("sets", [[[p] for p in PLACES], [PLACES[4:], PLACES[:4]]], ids=["each alone", "two shares"])
def test_communities_apart_are_those_together(rules: Scheme, sets: list[list[str]]) -> None:
    population = pd.concat([PEOPLE.assign(community=p) for p in PLACES], ignore_index=True)
    parts = sampled()
    whole = score_subjective(rules, parts, population)
    assert whole.communities["note"].eq("suppressed").any()
    assert whole.communities["note"].eq("mixed_weights").any()
    assert whole.communities["subjective_se"].notna().sum() > 6
    same(score_shares(rules, split(parts, sets), population), whole)


def test_replicate_weights_are_a_community_s_own() -> None:
    plain, weights = replicates.responses(90, 3)
    parts: list[Part] = [replicates.with_replicates(plain, weights)]
    sets = [["C2"], ["C0"], ["C1"]]
    same(score_shares(scheme(), split(parts, sets)), score_subjective(scheme(), parts))


def test_shares_hold_so_many_responses_or_one_community() -> None:
    assert list(shares({1: 3, 2: 3, 3: 9, 4: 1, 5: 4}, most=6)) == [[1, 2], [3], [4, 5]]
    assert list(shares({})) == []
    assert [len(some) for some in shares(dict.fromkeys(range(in_parts.NAMED + 1), 0))] == [in_parts.NAMED, 1]


def test_one_sample_of_the_whole_area_is_never_taken_apart() -> None:
    alone = form(item("q1", "a"))
    assert apart([alone, alone])
    assert not apart([alone, replace(alone, sampling="overall")])
    assert joined([]) is None


def test_a_large_year_of_the_store_is_scored_in_parts_alike(scored_town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both years: 120 responses in two shares; the change of a panel is that of both years side by side."""
    calls: list[int] = []
    monkeypatch.setattr(in_parts, "AT_ONCE", 60)
    monkeypatch.setattr(
        in_parts,
        "score_subjective",
        lambda s, parts, p: calls.append(len(parts[0][1])) or score_subjective(s, parts, p),
    )
    for year in (2013, 2014):
        found = snapshots.recount(scored_town, year)
        assert found is not None
        kept, again = found
        pd.testing.assert_frame_equal(again.scores, kept.scores, rtol=1e-12)
        pd.testing.assert_frame_equal(again.items, kept.items, rtol=1e-12)
        pd.testing.assert_frame_equal(again.flow, kept.flow)
        timeless = [{**r.meta, "computed_at": ""} for r in found]
        assert timeless[0] == timeless[1]
    assert calls == [60] * 4
