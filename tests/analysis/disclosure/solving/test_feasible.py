"""What a few can have answered stays a level wide, whoever solves all that is shown as one system."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import street_sums
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import STEPS
from analysis.disclosure.decision import Decision
from analysis.disclosure.solving.feasible import WIDE, Told, _opened
from analysis.sample.grouping import Grouping
from analysis.sample.pooled_sample import Pool, pool
from tests.analysis.disclosure.test_audit import audited, people_of, places, town
from tests.tools.attack import Attack, Rule
from tests.tools.soak import SEED
from tests.tools.towns.survey_toys import block, form, item

#: a town in which a group of few was known exactly by programmes alone, and another one to less than a level
KNOWN = (4,)

#: a cell of one, one of five, and both together
COLUMNS = np.array([[1.0, 0, 1], [0, 1, 1]])
COST = np.ones(3)


def told(one: list[int], five: list[int], totals: list[bool], spread: list[bool]) -> Told:
    """What is shown of answers on levels 0 to 2."""
    return Told(COLUMNS, np.array([one, five], dtype=float), np.array(totals), np.array(spread), COST)


def test_a_sum_of_nothing_leaves_one_answer_to_everybody() -> None:
    assert told([1, 0, 0], [5, 0, 0], [False, False, True], [False] * 3).width(0) == pytest.approx(0)


def test_an_answer_in_between_is_wide_open() -> None:
    """Six with 6 of 12 levels: whatever one of them said is possible."""
    shown = told([0, 1, 0], [2, 1, 2], [False, False, True], [False] * 3)
    assert shown.width(0) == np.inf


def test_what_is_left_of_two_distributions_is_known_and_rests_on_both() -> None:
    shown = told([0, 1, 0], [2, 1, 2], [False, True, True], [False, True, True])
    assert shown.narrow(np.array([0])).tolist() == [0]
    assert shown.width(0) == pytest.approx(0)
    assert shown.opens(np.ones(3, dtype=bool), np.zeros(3, dtype=bool)).tolist() in ([1], [2])
    assert shown.opens(np.array([True, True, False]), np.zeros(3, dtype=bool)).tolist() == [1]
    assert shown.opens(np.zeros(3, dtype=bool), np.zeros(3, dtype=bool)).tolist() == []


def test_a_level_that_nobody_gave_rests_on_whatever_says_so() -> None:
    """Both the six and the five say that nobody gave the last; the one is known to have given the first or the second."""
    shown = told([1, 0, 0], [2, 3, 0], [False, True, True], [False, True, True])
    shown.width(0)
    assert shown.opens(np.array([False, False, True]), np.zeros(3, dtype=bool)).tolist() == [2]


@pytest.mark.parametrize("number", KNOWN)
def test_no_few_of_a_town_are_known_within_a_level(number: int) -> None:
    """By the attacker's own programmes, of what the decision says, whichever of its programmes found it wide."""
    sample = town(SEED * 100_000 + 10 * number)
    attack = Attack(sample, places(sample, "q1"), audited(sample))
    widths = [attack.width(group) for group in list(attack.few)[::4] if not attack.excepted(group)]
    assert len(widths) > 10
    assert min(widths) >= WIDE - 1e-6


def test_what_lay_in_a_group_that_went_later_is_looked_at_again() -> None:
    """One who lies in a shown group of four that all answer alike is not looked at, and another one follows from that group:
    everybody (of five), less the four.  So the four are held back, and now the first one follows: of six, less five.

    Rows: the first, the other, three beside the first, five beside the first.  By hand: [1 0 0], [0 0 1], [3 0 0], [2 1 2].
    """
    first, other, four, _, six, five = range(6)
    columns = np.zeros((4, 6))
    for cell, rows in enumerate(([0], [1], [0, 2], [0, 1, 2], [0, 3], [3])):
        columns[rows, cell] = 1
    answers = np.array([[1.0, 0, 0], [0, 0, 1], [3, 0, 0], [2, 1, 2]])
    shown = np.array([False, False, True, True, True, True])
    few, cost = ~shown, np.array([0.0, 0, 1, 100, 10, 5])
    totals, spread = _opened(columns, answers, shown, shown, few, cost, [np.ones(6, dtype=bool)])
    left = Told(columns, answers, totals, spread, cost)
    assert not spread[four]
    assert (~spread[[six, five]]).any()
    assert left.width(first) >= WIDE
    assert left.width(other) >= WIDE


def every_sum_of_a_street(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: a street shows all from which no sum of few follows, and nobody solves it with its communities."""
    monkeypatch.setattr(street_sums, "worth_solving", lambda key: True)
    monkeypatch.setattr(Decision, "_widen", lambda *_: None)


@pytest.mark.parametrize("number", [3, 10])
def test_no_few_are_known_by_all_tables_of_a_small_street_together(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In these towns of five communities one of few was known exactly, by the street's sums and its communities' as one system."""

    def narrow() -> int:
        sample = town(SEED * 100_000 + 10 * number)
        attack = Attack(sample, places(sample, "q1"), audited(sample))
        few = [group for group in attack.few if not attack.excepted(group)][::6]
        assert len(few) > 50
        return sum(attack.width(g, street=True) < WIDE - 1e-6 <= attack.width(g, street=True, always=True) for g in few)

    assert narrow() == 0
    every_sum_of_a_street(monkeypatch)
    assert narrow() > 0


def test_no_few_are_known_by_all_tables_of_a_long_street_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nine small communities: two of few were known exactly."""

    def narrow() -> int:
        sample = town(SEED * 100_000, (9, 14), 60)
        attack = Attack(sample, places(sample, "q1"), audited(sample))
        widths = attack.widths([g for g in attack.few if not attack.excepted(g)], street=True)
        assert len(widths) > 300
        return sum(width < WIDE - 1e-6 for width in widths.values())

    assert narrow() == 0
    every_sum_of_a_street(monkeypatch)
    assert narrow() > 0


@pytest.mark.parametrize("number", [11, 21])
def test_nobody_is_put_where_nobody_answered(number: int) -> None:
    """In these towns one of few was known by the tables of a community, unless those who left the item out might have
    answered it: their number in each finest cell is known."""
    sample = town(SEED * 100_000 + number)
    attack = Attack(sample, places(sample, "q1"), audited(sample))
    for street in (False, True):
        widths = attack.widths([group for group in attack.few if not attack.excepted(group)], street)
        narrow = [group for group, width in widths.items() if width < WIDE - 1e-6]
        assert [group for group in narrow if attack.width(group, always=True, street=street) >= WIDE - 1e-6] == []


@pytest.mark.parametrize("number", [0, 2])
def test_no_few_are_known_by_a_street_in_whole_respondents(number: int) -> None:
    """By an integer search over the street and its communities together, of every twelfth group."""
    sample = town(SEED * 100_000 + number, (2, 5), 60)
    attack = Attack(sample, places(sample, "q1"), audited(sample))
    widths = [attack.whole_width(group, street=True) for group in [*attack.few][::12] if not attack.excepted(group)]
    assert len(widths) >= 10
    assert min(widths) >= WIDE - 1e-6


def test_no_few_are_known_by_a_streets_sums_and_tables_of_a_question_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this town women by phone were known to less than a level by the tables of one item by another in their community,
    and the street's sums of sex, age and mode."""
    sample = two_questions(77_000_016)
    beside = places(sample, "q2")

    def narrow() -> int:
        rule = audited(sample)
        factor = (beside, pd.Index(range(int(beside.max()) + 1)))
        attack = Attack(sample, places(sample, "q1"), in_the_family(rule), q2=factor)
        widths = attack.widths([g for g in attack.few if not attack.excepted(g)], street=True)
        return sum(width < WIDE - 1e-6 for width in widths.values())

    assert narrow() == 0
    usual = Decision._widen

    def alone(self: Decision, area: int, blocks: list[int], answers: np.ndarray) -> None:
        if self._plain is None:
            usual(self, area, blocks, answers)

    monkeypatch.setattr(Decision, "_widen", alone)
    assert narrow() > 0


def in_the_family(rule: Rule) -> Rule:
    """The same without tables of a question beside a variable, which the guarantee does not cover."""

    def only(table: Grouping, answered: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hidden, spread = rule(table, answered, levels)
        return (
            (hidden, spread)
            if "q2" not in table.factors or len(table.factors) == 3
            else (np.ones_like(hidden), np.ones_like(spread))
        )

    return only


def two_questions(seed: int) -> Pool:
    """Two to four communities of 50 to 110 people, two items, in one of them or both some answers left out."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(50, 110, rng.integers(2, 5))
    columns = people_of(rng, sizes)
    n = len(columns["sex"])

    def answers() -> list[str | None]:
        chances = rng.dirichlet(rng.choice([0.3, 1.0, 3.0]) * np.array([4.0, 3, 2, 1, 0.5]))
        blank = rng.choice([0.0, 0.03])
        return [str(k) if rng.random() > blank else None for k in rng.choice(5, n, p=chances) + 1]

    questions = form(item("q1", "a"), item("q2", "a"))
    return pool([(questions, block(questions, {"q1": answers(), "q2": answers()}, **columns))])


@pytest.mark.parametrize("number", KNOWN)
def test_little_more_is_held_back_for_it(number: int) -> None:
    """Beside what sums alone hold back; everybody, and both sexes, stay."""
    sample = town(SEED * 100_000 + 10 * number)
    levels, everybody = places(sample, "q1"), Audit(sample).decision(None)
    sums = Decision(everybody.family, levels >= 0, everybody)
    item = Decision(everybody.family, levels >= 0, everybody, levels=levels)
    lost = 0
    for b in range(len(everybody.family.area)):
        for step in STEPS:
            before, after = sums.block(b, step).shown, item.block(b, step).shown
            assert not (after & ~before).any()
            assert not (before & ~after & everybody.family.cells(b).stays).any()
            lost += int((before & ~after).sum())
    assert lost > 0
