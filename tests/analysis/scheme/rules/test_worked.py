"""Points worked out step by step: the formula a spreadsheet computes gives what the rule gives, for every rule."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scheme.rules.rules import RULES, parse_rule
from analysis.scheme.rules.worked import Worked, counts_of
from survey.core.lang import LANGUAGES
from tests.analysis.scheme.rules.test_rules import CASES

FUNCTIONS = {
    "MIN": min,
    "MAX": max,
    "IF": lambda test, yes, no: yes if test else no,
    "EXACT": lambda a, b: str(a) == str(b),
}


def computed(worked: Worked, points: float) -> float:
    """The formula as a spreadsheet program computes it; both branches of an IF are computed here, which none divides in."""
    names = tuple(f"t{i}" for i in range(len(worked.terms)))
    cells = {name: term.value for name, term in zip(names, worked.terms, strict=True)}
    return eval(worked.at("full", names), {"__builtins__": {}}, {**FUNCTIONS, **cells, "full": points})


@pytest.mark.parametrize(("name", "parameters", "value", "points", "expected"), CASES)
def test_the_formula_gives_the_points_counted_by_hand(name, parameters, value, points, expected):
    assert computed(parse_rule(name, parameters).worked(value), points) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        *(("ratio_linear", text) for text in ("zero=30 full=90", "zero=10 full=2")),
        ("ratio_banded", "98:1 95:0.9 90:0.75 else:0.2"),
        ("count_target", "target=7"),
        *(("off_target", text) for text in ("target=90 each=0.5 step=3", "limit=3 each=2")),
        ("deduct_per_case", "case=2 cap=9"),
        ("judged_levels", "k_of=4"),
        ("checklist", "spots=9"),
        ("manual", ""),
    ],
)
@given(value=st.floats(0, 120), points=st.sampled_from([0.5, 7.0, 20.0, 25.0]))
def test_the_formula_follows_the_rule_everywhere(name, parameters, value, points):
    rule = parse_rule(name, parameters)
    assert computed(rule.worked(value), points) == pytest.approx(rule.score(value, points), abs=1e-9)


def test_kinds_of_case_with_caps_of_their_own():
    rule = parse_rule("deduct_per_case", "major=10 order=5 cap=20 cap_order=8")
    for major in range(4):
        for order in range(5):
            counts = {"major": float(major), "order": float(order)}
            assert computed(rule.worked(counts), 30) == rule.score(counts, 30)
    assert counts_of("major=1 order=2.5") == {"major": 1.0, "order": 2.5}


def test_every_rule_is_tried_here():
    assert {name for name, *_ in CASES} | {"off_target"} == set(RULES)


def test_names_of_the_scheme_stand_in_cells_and_never_in_a_formula():
    worked = parse_rule("judged_levels", "优:1 SUM:0.5 差:0").worked("差")
    assert re.fullmatch(r"[A-Z{}()0-9,*points]+", worked.formula)
    assert all(term.name(lang) for term in worked.terms for lang in LANGUAGES)


def test_a_formula_no_spreadsheet_takes_is_not_written():
    grades = " ".join(f"g{i}:{1 - i / 100}" for i in range(70))
    assert not parse_rule("judged_levels", grades).worked("g3").writable
