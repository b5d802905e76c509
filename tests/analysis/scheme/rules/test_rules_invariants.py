"""What always holds of a rating (docs/methods.md, “What always holds”), for any rule, parameters, values and history.

The others stand where their room is tested: what is paid never exceeds the award of the highest star
(``tests/analysis/awards/test_payments.py``), targets nest (``test_targets.py``), the calculated star follows the total
(``tests/analysis/scoring/test_rating.py``), under a veto no star is awarded (``tests/analysis/cycle/test_cycle_properties.py``).
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from analysis.cycle.title_rules import rules_of
from analysis.scheme import default_scheme
from analysis.scheme.rules.rule import Rule, Value
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import marks
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from survey.core.lang import LANGUAGES, say
from tests.tools.soak import examples

SCHEME = default_scheme()
POINTS = st.integers(1, 200).map(float)
NUMBERS = st.floats(-50, 250, allow_nan=False).map(lambda x: round(x, 3))
EDGES = st.integers(0, 100)


@st.composite
def falling(draw, low=0, high=100, size=4):
    """Different numbers, highest first."""
    return sorted(draw(st.lists(st.integers(low, high), min_size=1, max_size=size, unique=True)), reverse=True)


@st.composite
def ratio_linear(draw):
    zero, full = draw(st.lists(EDGES, min_size=2, max_size=2, unique=True))
    return parse_rule("ratio_linear", f"zero={zero} full={full}"), 1 if full > zero else -1


@st.composite
def ratio_banded(draw):
    cuts = draw(falling())
    shares = sorted(draw(st.lists(EDGES, min_size=len(cuts) + 1, max_size=len(cuts) + 1)), reverse=True)
    bands = " ".join(f"{cut}:{share}%" for cut, share in zip(cuts, shares, strict=False))
    return parse_rule("ratio_banded", f"{bands} else:{shares[-1]}%"), 1


def numeric(name: str, parameter: str) -> st.SearchStrategy[tuple[Rule, int]]:
    return st.integers(1, 40).map(lambda n: (parse_rule(name, f"{parameter}={n}"), 1))


RULES = st.one_of(
    ratio_linear(),
    ratio_banded(),
    numeric("count_target", "target"),
    numeric("judged_levels", "k_of"),
    numeric("checklist", "spots"),
    st.just((parse_rule("manual", ""), 1)),
)


def explained(rule: Rule, value: Value, points: float) -> None:
    """The score and the rule as one sentence each, with full marks and points in it."""
    for key, params in (rule.explain(value, points, "次"), rule.describe(points, "次")):
        for lang in LANGUAGES:
            text = say(lang, key, **params)
            assert f"{points:g}" in text
            assert "{" not in text
            assert "nan" not in text
    key, params = rule.explain(value, points, "次")
    assert params["got"] == marks(rule.score(value, points))


@given(RULES, POINTS, NUMBERS, NUMBERS)
def test_a_score_rises_with_its_value_in_the_good_direction(made, points, one, other):
    rule, direction = made
    low, high = sorted((one, other))
    worse, better = (low, high) if direction > 0 else (high, low)
    assert 0 <= rule.score(worse, points) <= rule.score(better, points) <= points


@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=3),
    st.one_of(st.none(), st.integers(1, 40)),
    POINTS,
    st.lists(st.integers(0, 30), min_size=3, max_size=3),
    st.integers(0, 2),
    st.integers(0, 5),
    st.booleans(),
)
def test_more_cases_never_score_more(units, cap, points, counts, which, more, own_cap):
    words = " ".join(f"k{i}={unit}" for i, unit in enumerate(units))
    words += f" cap={cap}" if cap else ""
    words += f" cap_k0={units[0]}" if own_cap else ""
    rule = parse_rule("deduct_per_case", words)
    few = {f"k{i}": float(counts[i]) for i in range(len(units))}
    many = {**few, f"k{which % len(units)}": few[f"k{which % len(units)}"] + more}
    assert 0 <= rule.score(many, points) <= rule.score(few, points) <= points
    explained(rule, many, points)


@given(st.lists(EDGES, min_size=1, max_size=6), POINTS)
def test_a_better_grade_never_scores_less(shares, points):
    grades = {f"G{i}": share for i, share in enumerate(sorted(shares, reverse=True))}
    rule = parse_rule("judged_levels", " ".join(f"{g}:{s}%" for g, s in grades.items()))
    scores = [rule.score(grade, points) for grade in grades]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= points for score in scores)
    explained(rule, "G0", points)


@given(RULES, POINTS, NUMBERS)
def test_every_score_explains_itself_in_both_languages(made, points, value):
    explained(made[0], value, points)


@examples(6)
@given(st.data())
def test_full_marks_are_1000_or_the_scheme_is_refused(data):
    place = data.draw(st.integers(0, len(SCHEME.indicators) - 1))
    change = data.draw(st.integers(-10, 10))
    changed = [replace(i, points=i.points + change) if at == place else i for at, i in enumerate(SCHEME.indicators)]
    read, findings = read_scheme("s.xlsx", write_scheme(replace(SCHEME, indicators=tuple(changed))))
    assert (read is None) == (change != 0)
    assert [f.code for f in findings] == (["scheme.points_sum"] if change else [])
    if read is not None:
        assert read.full_marks == sum(i.points for i in read.scored_indicators) + read.subjective_points == 1000


@given(st.floats(0, 1000), st.floats(0, 1000), st.integers(0, 5), st.sampled_from(["match", "one_step"]))
def test_a_star_never_falls_with_the_total(one, other, held, demotion):
    rules = rules_of(replace(SCHEME, settings={"demotion": demotion}))
    low, high = sorted((round(one, 2), round(other, 2)))
    assert rules.star_for(low, held) <= rules.star_for(high, held)
