"""Outcome rates: AAPOR's formulas, the test vector of R outcomerate, and groups of which nothing can be said."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from analysis.statistics.descriptive.outcome_rates import CLASSES, RATES, outcome_rates

#: R: x <- c(I=4, P=2, R=1, NC=1, O=1, UH=1, UO=1, NE=1); outcomerate::outcomerate(x, e = 0.9)
VECTOR = (4, 2, 1, 1, 1, 1, 1, 1)
ALL, E = 9, Fraction(9, 10)
EXPECTED = {
    "RR1": Fraction(4, 11),
    "RR2": Fraction(6, 11),
    "RR3": 4 / (ALL + 2 * E),
    "RR4": 6 / (ALL + 2 * E),
    "RR5": Fraction(4, 9),
    "RR6": Fraction(6, 9),
    "COOP1": Fraction(4, 8),
    "COOP2": Fraction(6, 8),
    "COOP3": Fraction(4, 7),
    "COOP4": Fraction(6, 7),
    "REF1": Fraction(1, 11),
    "REF2": 1 / (ALL + 2 * E),
    "REF3": Fraction(1, 9),
    "CON1": Fraction(8, 11),
    "CON2": 8 / (ALL + 2 * E),
    "CON3": Fraction(8, 9),
}


def test_the_test_vector_agrees_in_every_rate():
    found = outcome_rates(np.array([VECTOR]))
    assert found.e[0] == pytest.approx(0.9, abs=1e-15)
    assert set(RATES) == set(EXPECTED)
    for name, value in zip(RATES, found.value[0], strict=True):
        assert value == pytest.approx(float(EXPECTED[name]), abs=1e-15), name
    assert found.value == pytest.approx(found.numerator / found.denominator)


def test_a_group_without_cases_has_no_rate_and_one_without_known_cases_no_e():
    found = outcome_rates(np.array([(0,) * 8, (0, 0, 0, 0, 0, 3, 2, 0), (0, 0, 0, 0, 0, 0, 0, 4)]))
    assert np.isnan(found.value[0]).all()
    assert np.isnan(found.e[:2]).all()
    assert found.e[2] == 0
    known = dict(zip(RATES, found.value[1].tolist(), strict=True))
    assert (known["RR1"], known["REF1"], known["CON1"]) == (0, 0, 0)
    assert np.isnan([known["RR3"], known["RR5"], known["COOP1"], known["CON2"]]).all()
    assert np.isnan(found.value[2]).all()


def test_without_unknown_cases_the_first_rates_are_the_last():
    """With U = 0 eligibility does not matter: RR1 = RR3 = RR5."""
    counts = np.random.default_rng(3).integers(0, 30, (50, len(CLASSES))).astype(float)
    counts[:, 5:7] = 0
    found = dict(zip(RATES, outcome_rates(counts).value.T, strict=True))
    for one, two, three in (("RR1", "RR3", "RR5"), ("REF1", "REF2", "REF3"), ("CON1", "CON2", "CON3")):
        assert np.array_equal(found[one], found[three], equal_nan=True)
        assert np.array_equal(found[one], found[two], equal_nan=True)
