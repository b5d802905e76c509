"""What is computed after data of some communities came is what computing everything anew gives, to the last bit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.indicators.imports import import_indicators
from analysis.keeping import taken_over
from analysis.publication import inputs, new_store, scheme_versions, snapshots
from analysis.scheme import default_scheme
from analysis.scoring.results import FRAMES, Results
from survey.coding.options import ImportOptions
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.engine.base import to_json
from survey.store.intake import batches, questionnaires
from survey.store.year import register, results
from tests.tools.forms import form, item

PLACES = [f"{i}社区" for i in range(7)]
OTHERS = zip("ABDE", ("autonomy", "ecology", "culture", "harmony"), strict=True)
ITEMS = [item(name, dimension=d) for name, d in OTHERS]
ROLES = [
    Question("w", "decimal", {"zh": "权重"}, role="weight"),
    Question("s", "text", {"zh": "层"}, role="stratum"),
    Question("u", "text", {"zh": "点"}, role="psu"),
    Question("g", "text", {"zh": "性别"}, role="sex"),
]
SCHEME = default_scheme()


def answers(store: Store, year: int, places: Sequence[str], rows: int, seed: int, extra: str = "") -> int:
    """Answers of invented residents with weights, strata and PSUs; the batch."""
    rng = np.random.default_rng(seed)
    lines = []
    for place in places:
        told = rng.integers(1, 6, (rows, 6))
        for i, levels in enumerate(told):
            drawn = f"{rng.lognormal(0, 0.5):.3f},{i % 2},{i % 6},{'男女'[i % 2]}"
            lines.append(f"{extra}{seed}{place}{i},{place},{year},{','.join(map(str, levels))},{drawn}\n")
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E,权重,层,点,性别\n" + "".join(lines)).encode()
    receipt = commit(store, inspect(store, f"{seed}_{year}.csv", data, ImportOptions("q")), accept_partial=False)
    assert receipt.batch is not None
    return receipt.batch


def values(store: Store, places: Sequence[str], score: float = 1) -> None:
    lines = [f"{p},{i.code},{score}\n" for p in places for i in SCHEME.scored_indicators]
    import_indicators(store, f"{score}{len(places)}.csv", ("社区,指标,考评分\n" + "".join(lines)).encode(), 2014)


@pytest.fixture
def town(store: Store) -> Store:
    """Seven communities in two streets, one of them with few answers and one with none, over two years."""
    new_store.initialise(store)
    with store.write() as conn:
        told = [
            register.Community(f"C{i}", place, sub_district=f"{i % 2}街道", adult_population=1000 + i)
            for i, place in enumerate(PLACES)
        ]
        register.save(conn, told)
        questionnaires.add(conn, "q", form(*ITEMS, *ROLES))
        people = [(c.code, 2014, sex, "", 400.0) for c in told for sex in ("male", "female")]
        register.save_population(
            conn, pd.DataFrame(people, columns=["community", "year", "sex", "age_band", "population"])
        )
    for year in (2013, 2014):
        answers(store, year, PLACES[:5], 60, year)
        answers(store, year, PLACES[5:6], 7, year + 10)
    values(store, PLACES[:4])
    for year in (2013, 2014):
        snapshots.results(store, year)
    return store


def told(found: Results) -> str:
    """All that results say but for when they were computed."""
    said = json.loads(found.to_json())
    said["meta"].pop("computed_at")
    return json.dumps(said, ensure_ascii=False)


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """The communities that were scored from their responses, one set each time."""
    seen: list[frozenset[str]] = []
    plain = inputs.score_subjective

    def watched(scheme, parts, population=None):
        seen.append(frozenset(code for _, block in parts for code in block.design["community_code"]))
        return plain(scheme, parts, population)

    monkeypatch.setattr(inputs, "score_subjective", watched)
    return seen


def like_anew(store: Store, year: int = 2014) -> Results:
    """What is kept now, having been held against all of it computed anew."""
    kept = snapshots.calculated(store, year)
    snapshots.renew(store, year)
    anew = snapshots.calculated(store, year)
    assert told(kept) == told(anew)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(kept, name), getattr(anew, name))
    return kept


def test_answers_of_one_community(town: Store, scored: list[frozenset[str]]):
    before = snapshots.calculated(town, 2014)
    answers(town, 2014, PLACES[2:3], 9, 7)
    assert snapshots.recompute(town, [2014]) == [2014]
    assert scored == [{"C2"}]
    after = like_anew(town)
    assert told(after) != told(before)
    rank = [f.scores.set_index("community_code")["rank_high"].notna().sum() for f in (before, after)]
    assert rank == [4, 4]


def test_the_first_answers_of_one_more_are_taken_back_again(town: Store, scored: list[frozenset[str]]):
    first = snapshots.calculated(town, 2014)
    batch = answers(town, 2014, PLACES[5:], 20, 8)
    snapshots.recompute(town, [2014])
    assert scored == [{"C5", "C6"}]
    like_anew(town)
    scored.clear()
    with town.write() as conn:
        batches.undo(conn, batch, "")
    snapshots.recompute(town, [2014])
    assert scored == [{"C5"}]  # of the other nothing is left to score
    again, before = (json.loads(told(found)) for found in (like_anew(town), first))
    again["meta"]["data_version"] = before["meta"]["data_version"]
    assert again == before


def test_values_of_indicators(town: Store, scored: list[frozenset[str]]):
    values(town, PLACES[3:5], 2)
    snapshots.recompute(town, [2014])
    assert scored == [{"C3", "C4"}]
    found = like_anew(town)
    assert found.community("C4")["objective"] == 2 * len(SCHEME.scored_indicators)


def test_what_moves_nobody_and_what_moves_all(town: Store, scored: list[frozenset[str]]):
    answers(town, 2013, PLACES[:1], 9, 9)
    snapshots.recompute(town, [2013])  # and the year after it, for the change
    assert scored == [{"C0"}]
    like_anew(town)
    scored.clear()
    scheme_versions.put(town, replace(SCHEME, min_responses=61), reason="试")
    snapshots.recompute(town, [2014])
    assert scored == [{f"C{i}" for i in range(6)}] * 2  # of the year before, too: it has the same scheme
    assert like_anew(town).community("C0")["total"] is None


def test_a_register_that_names_and_places_otherwise(town: Store):
    with town.write() as conn:
        register.save(conn, [register.Community("C1", "新名", sub_district="0街道", adult_population=9)])
        register.save(conn, [register.Community("C9", "新区", sub_district="1街道")])
    snapshots.recompute(town, [2014])
    found = like_anew(town)
    assert found.community("C1")["community"] == "新名"
    assert found.community("C9")["status"] == "incomplete"


@pytest.mark.parametrize("weighting", ["poststratify", "rake"])
def test_weighted_to_the_population(town: Store, scored: list[frozenset[str]], weighting: str):
    scheme = replace(SCHEME, weighting=weighting, margins=("sex",))
    scheme_versions.put(town, scheme, reason="试")
    snapshots.recompute(town, [2014])
    scored.clear()
    answers(town, 2014, PLACES[1:3], 11, 5)
    snapshots.recompute(town, [2014])
    assert scored == [{"C1", "C2"}]
    like_anew(town)


def test_a_large_year_some_communities_at_a_time(
    town: Store, scored: list[frozenset[str]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(inputs.in_parts, "AT_ONCE", 100)
    answers(town, 2014, PLACES[2:3], 9, 7)
    snapshots.recompute(town, [2014])
    assert scored == [{"C2"}]
    like_anew(town)


def test_one_sample_of_the_whole_area_is_never_taken_apart(town: Store, scored: list[frozenset[str]]):
    overall = form(*ITEMS, *ROLES, sampling="overall")
    with town.write() as conn:
        questionnaires.add(conn, "q", overall)
    answers(town, 2014, PLACES[2:3], 9, 7)
    snapshots.recompute(town, [2014])
    assert scored == []  # scored as one, where all is read
    like_anew(town)


def test_kept_results_that_say_nothing_of_communities_are_not_gone_on_with(town: Store):
    with town.read() as conn:
        kept = results.get(conn, results.current_snapshot(conn, 2014).id)
    assert taken_over.earlier(kept) is not None
    whole = snapshots.calculated(town, 2014)
    assert taken_over.earlier(whole.to_json()) is None
    for odd in ("", "\n", "{}\n", "[]\n", '{"own": 3}\n', to_json({"own": {"frames": {}, "keys": {}}}) + "\n"):
        assert taken_over.earlier(odd) is None
