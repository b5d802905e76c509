"""Nobody's row of answers follows from the tables of a community, in whole respondents and over several items at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from analysis.sample.grouping import Grouping
from analysis.sample.pooled_sample import Pool, pool
from tests.analysis.disclosure.test_audit import audited, demo, places, table_by_table, three_years
from tests.tools.attack import Rule, WholeRows
from tests.tools.soak import SEED, rounds
from tests.tools.towns.survey_toys import block, form, item

__all__ = ["demo", "three_years"]


def drawn(rng: np.random.Generator, n: int, **more: list[str]) -> Pool:
    """So many people, two items of which one answer in thirty is left out; ``more``: columns of the sample."""
    mode = rng.choice(["paper", "phone"], n, p=[0.7, 0.3])
    columns = {
        **more,
        "mode": list(mode),
        "batch_id": np.where(mode == "paper", 1, 2).tolist(),
        "interviewer": [f"{m[:2]}{i}" for m, i in zip(mode, rng.integers(0, 2, n), strict=True)],
        "sex": list(rng.choice(["f", "m"], n)),
        "age_band": list(rng.choice(["18-44", "45-59", "60+"], n)),
    }
    chances = rng.dirichlet([2, 2, 1, 0.5, 0.3])
    questions = form(item("q1", "a"), item("q2", "a"))
    answers = {
        q: [str(k + 1) if rng.random() > 0.03 else None for k in rng.choice(5, n, p=chances)] for q in ("q1", "q2")
    }
    return pool([(questions, block(questions, answers, **columns))])


def small(seed: int) -> Pool:
    """Two or three communities of 6 to 24 people, two items of which one answer in thirty is left out."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(6, 25, rng.integers(2, 4))
    return drawn(rng, int(sizes.sum()), community_code=[f"C{i}" for i, size in enumerate(sizes) for _ in range(size)])


def rows_of(sample: Pool, rule: Rule) -> Counter[bool | None]:
    """How many respondents that are alone in their finest cell have a row that follows, or not, or (None) wasn't settled."""
    attack = WholeRows(sample, {name: places(sample, name) for name in ("q1", "q2")}, rule)
    return Counter(attack.determined(int(cell)) for cell in attack.alone())


def test_the_attack_finds_what_tables_by_themselves_gave_away() -> None:
    found = sum((rows_of(small(seed), table_by_table) for seed in range(3)), Counter[bool | None]())
    assert found[True] > 0


@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_no_row_follows_in_a_small_town(seed: int) -> None:
    sample = small(seed)
    found = rows_of(sample, audited(sample))
    assert found[True] == 0
    assert found[False] > 0


def test_a_question_beside_a_variable_gave_rows_away() -> None:
    """In a community of 62: two questions, each split by the other and a variable, as both were tables of the family."""
    rng = np.random.default_rng(1)
    sample = drawn(rng, int(rng.integers(55, 71)))
    items = {name: places(sample, name) for name in ("q1", "q2")}

    def rows(rule: Rule) -> Counter[bool | None]:
        attack = WholeRows(sample, items, rule, beside=True)
        return Counter(attack.determined(int(cell)) for cell in attack.alone()[:4])

    assert rows(audited(sample))[True] == 0

    def every_question_beside(table: Grouping, answered: np.ndarray, levels: np.ndarray) -> tuple[Any, Any]:
        n = table.groups.count(answered)
        few = table_by_table(table, answered, levels)
        return (few[0], few[1]) if len(table.factors) < 4 else (n < 5, n < 10)

    assert rows(every_question_beside)[True] > 0


def test_no_row_follows_in_the_smallest_community_of_the_demonstration(demo: Pool) -> None:
    """Of two items that nine in ten answer alike, of everybody who is alone in sex, age band, mode, batch and interviewer."""
    codes = demo.factor("community_code")[0]
    smallest = int(np.bincount(codes[codes >= 0]).argmin())
    attack = WholeRows(demo, {name: places(demo, name) for name in ("A1", "C2")}, audited(demo))
    alone = [int(cell) for cell in attack.alone() if attack.block[cell] == smallest]
    found = Counter(attack.determined(cell) for cell in alone[:12])
    assert found[True] == 0
    assert found[False] >= 8


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_no_row_follows_in_a_thousand_small_towns(part: int) -> None:
    total: Counter[bool | None] = Counter()
    for seed in range(part * rounds(100), (part + 1) * rounds(100)):
        sample = small(SEED * 100_000 + seed)
        found = rows_of(sample, audited(sample))
        assert found[True] == 0, (SEED, seed)
        total += found
    print(f"{total[False]} rows do not follow, {total[None]} are excepted or not settled")
