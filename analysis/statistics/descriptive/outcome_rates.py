"""Outcome rates: response, cooperation, refusal and contact rates of the cases of a survey.

AAPOR, Standard Definitions (10th ed. 2023), “Calculating outcome rates”; R ``outcomerate::outcomerate``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.design import Floats

#: complete, partial, refusal, non-contact, other; unknown household, unknown other; not eligible
CLASSES = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
RATES = (
    *(f"RR{i}" for i in range(1, 7)),
    *(f"COOP{i}" for i in range(1, 5)),
    *(f"REF{i}" for i in range(1, 4)),
    *(f"CON{i}" for i in range(1, 4)),
)


@dataclass(frozen=True)
class OutcomeRates:
    """``value`` = ``numerator`` / ``denominator``, each (G, 16) in the order of RATES; NaN where it has no denominator.

    ``e`` (G,) the share of cases of unknown eligibility that are taken as eligible.
    """

    value: Floats
    numerator: Floats
    denominator: Floats
    e: Floats


def outcome_rates(counts: Floats) -> OutcomeRates:
    """The rates of G groups of cases; ``counts`` (G, 8) cases by class, in the order of CLASSES.

    ``e`` is the eligible share of the cases that were resolved (AAPOR's “proportional allocation”, CASRO), NaN where none
    was.  R: ``outcomerate::outcomerate(c(I=, P=, R=, NC=, O=, UH=, UO=, NE=), e = eligibility_rate(...))``.
    """
    i, p, r, nc, o, uh, uo, ne = np.moveaxis(np.asarray(counts, dtype=np.float64), -1, 0)
    answered, known, unknown = i + p, i + p + r + nc + o, uh + uo
    with np.errstate(divide="ignore", invalid="ignore"):
        e = known / (known + ne)
        wide, likely = known + unknown, known + np.where(unknown > 0, e * unknown, 0.0)
        bases = (wide, likely, known)
        pairs = [(part, base) for base in bases for part in (i, answered)]
        pairs += [(part, base) for base in (answered + r + o, answered + r) for part in (i, answered)]
        pairs += [(r, base) for base in bases] + [(answered + r + o, base) for base in bases]
        numerator, denominator = (np.stack(side, axis=-1) for side in zip(*pairs, strict=True))
        value = np.where(denominator > 0, numerator / denominator, np.nan)
    return OutcomeRates(value, numerator, denominator, e)
