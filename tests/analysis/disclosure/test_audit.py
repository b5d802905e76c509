"""Nothing follows from what is shown: the attack of an outsider on the demonstration and on random towns."""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.audit import Audit
from analysis.sample.grouping import AREAS, Grouping
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.pooled_sample import Pool, pool
from analysis.sample.small_groups import too_few, with_complements
from survey.store import Store
from survey.store.intake import questionnaires, responses
from tests.tools.attack import Attack, Rule, grouping, tables
from tests.tools.soak import SEED, rounds
from tests.tools.towns.survey_toys import block, form, item

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo_0_1_0" / "store.db.xz"


def audited(sample: Pool) -> Rule:
    """What the program shows."""
    audit = Audit(sample)

    def rule(table: Grouping, answered: Any, levels: Any) -> tuple[Any, Any]:
        shown = audit.table(table).shown(answered, levels)
        return shown.hidden, shown.spread_hidden

    return rule


@pytest.fixture(scope="module")
def shown(demo: Pool) -> Rule:
    """What the program shows of the demonstration, decided once."""
    return audited(demo)


def table_by_table(table: Grouping, answered: Any, levels: Any) -> tuple[Any, Any]:
    """What it showed before: each table kept its own small groups, and the next smallest of their line."""
    n, keys = table.groups.count(answered).astype(float), table.groups.keys
    along = [name for name in table.factors if name not in AREAS]
    hidden = with_complements(keys, n, along)
    return hidden, hidden | with_complements(keys, n, along, None, 10) | too_few(n, 10)


@pytest.fixture(scope="module")
def three_years(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    """The responses of the demonstration."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    path.write_bytes(lzma.decompress(DEMO.read_bytes()))
    with Store.open(path).read() as conn:
        version = questionnaires.get(conn, "default")
        return pool([(version.form, responses.load(conn, version))])


@pytest.fixture(scope="module")
def demo(three_years: Pool) -> Pool:
    """The same of its last year."""
    ((questions, whole),) = three_years.parts
    rows = np.flatnonzero(whole.design["year"] == 2014)
    design = whole.design.iloc[rows].reset_index(drop=True)
    return pool([(questions, type(whole)(design, whole.codes[rows]))])


def places(sample: Pool, name: str) -> Any:
    found = answer_places(sample, name, (0,), best_first(sample, name, (0,)))
    return np.maximum(found, -1).astype(np.int64)


ITEMS = ("A1", "C2")


@pytest.mark.parametrize("name", ITEMS)
def test_table_by_table_gave_answers_away(demo: Pool, name: str) -> None:
    """The attack finds what it looks for: sums that are exactly those of the group."""
    attack = Attack(demo, places(demo, name), table_by_table)
    found = attack.found()
    assert len(found) > 10
    assert all(abs(value - attack.true(group)) < 1e-6 for group, value in found.items())


@pytest.mark.parametrize("name", ITEMS)
def test_no_sum_of_few_follows_in_the_demonstration(demo: Pool, shown: Rule, name: str) -> None:
    attack = Attack(demo, places(demo, name), shown)
    assert len(attack.few) > 250
    assert attack.found() == {}


def test_no_sum_of_few_follows_beside_a_question(demo: Pool, shown: Rule) -> None:
    """The same where every table may be crossed with a question, here with one that nearly all answer alike."""
    factor = places(demo, "S1")
    attack = Attack(demo, places(demo, "A1"), shown, S1=(factor, pd.Index(range(int(factor.max()) + 1))))
    assert len(attack.few) > 250
    assert attack.found() == {}


def test_no_answer_of_few_is_known_within_a_level(demo: Pool, shown: Rule) -> None:
    """By linear programmes: what the mean of a held-back group can be, of every eighth in all communities."""
    attack = Attack(demo, places(demo, "B3"), shown)
    widths = attack.widths([group for group in [*attack.few][::8] if not attack.excepted(group)])
    assert len(widths) >= 40
    assert min(widths.values()) >= 1 - 1e-6


@pytest.mark.parametrize("name", ITEMS)
def test_no_answer_of_few_is_known_by_the_street_and_its_communities_together(
    demo: Pool, shown: Rule, name: str
) -> None:
    """The street has twelve communities; every fourth group."""
    attack = Attack(demo, places(demo, name), shown)
    widths = attack.widths([group for group in [*attack.few][::4] if not attack.excepted(group)], street=True)
    assert len(widths) >= 60
    assert min(widths.values()) >= 1 - 1e-6


def test_what_is_held_back_is_little(demo: Pool, shown: Rule) -> None:
    """Of the groups of ten or more, four in five stay; no community of fifty loses its total or its table by sex."""
    levels, rule = places(demo, "A1"), shown
    many = {"all": 0, "totals": 0, "spread": 0}
    for columns in tables():
        table = grouping(demo, columns)
        hidden, spread = rule(table, levels >= 0, levels)
        n = table.groups.count(levels >= 0)
        for key, seen in (("all", n >= 10), ("totals", (n >= 10) & ~hidden), ("spread", (n >= 10) & ~spread)):
            many[key] += int(seen.sum())
        if columns == ["community_code", "year"] or columns == ["community_code", "year", "sex"]:
            whole = grouping(demo, ["community_code", "year"]).groups.count(levels >= 0)
            assert whole.min() < 50 < whole.max()
            large = table.groups.keys["community_code"].map(
                dict(zip(grouping(demo, ["community_code"]).groups.keys["community_code"], whole >= 50, strict=True))
            )
            assert not spread[large.to_numpy(dtype=bool)].any()
    assert many["all"] > 1000
    assert many["totals"] >= 0.8 * many["all"]
    assert many["spread"] >= 0.75 * many["all"]  # an item that nine in ten answer alike; 0.8 over all items


@pytest.mark.parametrize("name", ["D1", "D2", "D3", "D4", "D5"])
def test_a_street_keeps_its_age_groups_of_hundreds(demo: Pool, shown: Rule, name: str) -> None:
    """Small cells of single communities go rather than their means; of distributions by age two may go."""
    levels = places(demo, name)
    for split in (["sex"], ["age_band"], ["mode"]):
        table = grouping(demo, ["sub_district", "year", *split])
        hidden, spread = shown(table, levels >= 0, levels)
        large = table.groups.count(levels >= 0) >= 100
        assert large.sum() >= 2
        assert not hidden[large].any()
        assert spread[large].sum() <= (2 if split == ["age_band"] else 0)


@pytest.mark.parametrize("name", ITEMS)
def test_four_in_five_of_all_years_stay(three_years: Pool, name: str) -> None:
    """Means and distributions of the groups of ten or more."""
    levels, rule = places(three_years, name), audited(three_years)
    many = np.zeros(3, dtype=np.int64)
    for columns in tables():
        table = grouping(three_years, columns)
        hidden, spread = rule(table, levels >= 0, levels)
        large = table.groups.count(levels >= 0) >= 10
        many += [int(seen.sum()) for seen in (large, large & ~hidden, large & ~spread)]
    assert many[0] > 3000
    assert many[1] >= 0.8 * many[0]
    assert many[2] >= 0.78 * many[0]


# ── RANDOM TOWNS: whoever lives in them, answers or leaves out


def people_of(rng: np.random.Generator, sizes: np.ndarray) -> dict[str, list[Any]]:
    """Who lives in communities of these sizes, how they were asked and by whom; some of it blank."""
    community = np.repeat([f"C{i:02}" for i in range(len(sizes))], sizes)
    n = len(community)
    mode = rng.choice(["paper", "phone"], n, p=[0.7, 0.3])
    batch = np.where(mode == "paper", 1, rng.choice([2, 3], n))
    interviewer = [f"{m[:2]}{i}" for m, i in zip(mode, rng.integers(0, 4, n), strict=True)]
    return {
        "community_code": list(community),
        "mode": list(mode),
        "batch_id": batch.tolist(),
        "interviewer": [x if rng.random() > 0.05 else None for x in interviewer],
        "sex": [x if rng.random() > 0.05 else None for x in rng.choice(["f", "m"], n)],
        "age_band": list(rng.choice(["18-29", "30-44", "45-59", "60-74", "75+"], n, p=[0.1, 0.25, 0.35, 0.25, 0.05])),
    }


def town(seed: int, communities: tuple[int, int] = (2, 6), people: int = 90) -> Pool:
    """Some communities of some people, unevenly split, with blanks; answers lean to one end or the other."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(3, people, rng.integers(*communities))
    columns = people_of(rng, sizes)
    n = len(columns["sex"])
    chances = rng.dirichlet(rng.choice([0.3, 1.0, 3.0]) * np.array([4.0, 3, 2, 1, 0.5]))
    answers = [str(k) if rng.random() > rng.choice([0.0, 0.03]) else None for k in rng.choice(5, n, p=chances) + 1]
    questions = form(item("q1", "a"))
    return pool([(questions, block(questions, {"q1": answers}, **columns))])


@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_no_sum_of_few_follows_in_a_random_town(seed: int) -> None:
    sample = town(seed)
    assert Attack(sample, places(sample, "q1"), audited(sample)).found() == {}


@pytest.mark.soak
@pytest.mark.parametrize("hundred", range(10))
def test_nothing_follows_in_a_thousand_random_towns(hundred: int) -> None:
    """1,000 towns × SOAK_TIMES, a hundred at a time: sums by linear algebra, intervals by linear programmes of every community
    and of its whole street."""
    narrow, tried = [], 0
    for k in range(hundred * rounds(100), (hundred + 1) * rounds(100)):
        sample = town(SEED * 100_000 + k)
        attack = Attack(sample, places(sample, "q1"), audited(sample))
        assert attack.found() == {}, (SEED, k)
        groups = [g for g in attack.few if not attack.excepted(g)]
        tried += len(groups)
        for street in (False, True):
            narrow += [
                (k, group, street, round(width, 3))
                for group, width in attack.widths(groups, street).items()
                if width < 1 - 1e-6 <= attack.width(group, always=True, street=street)
            ]
    print(f"{tried} groups tried, {len(narrow)} known within a level, {sum(w < 1e-6 for *_, w in narrow)} exactly")
    assert narrow == []


@pytest.mark.soak
@pytest.mark.parametrize("ten", range(10))
def test_nothing_follows_in_a_hundred_long_streets(ten: int) -> None:
    """Of six to thirteen communities: no sum follows, and nothing is known within a level by whoever solves a street as one."""
    narrow, tried = [], 0
    for k in range(ten * rounds(10), (ten + 1) * rounds(10)):
        sample = town(SEED * 100_000 + k, (6, 14), 60)
        attack = Attack(sample, places(sample, "q1"), audited(sample))
        assert attack.found() == {}, (SEED, k)
        widths = attack.widths([g for g in attack.few if not attack.excepted(g)], street=True)
        tried += len(widths)
        narrow += [
            (k, group)
            for group, width in widths.items()
            if width < 1 - 1e-6 <= attack.width(group, always=True, street=True)
        ]
    print(f"{tried} groups tried, {len(narrow)} known within a level")
    assert narrow == []
