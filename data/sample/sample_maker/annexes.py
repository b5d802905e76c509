"""Annexes 2 and 3 of the invented street: the star each community aims at, and the pilots of the five types."""

from __future__ import annotations

from dataclasses import replace

from analysis.scheme import default_scheme
from analysis.scheme.model import Scheme
from analysis.scheme.workbook.writing import write_scheme

from .street import PLACES

#: the star that each community aims at by 2015, in the order of the register
GOALS = (5, 5, 5, 4, 4, 4, 3, 3, 3, 3, 3, 2)
#: one pilot a type
PILOTS = (("SL01", "autonomy"), ("SL02", "ecology"), ("SL06", "service"), ("SL03", "culture"), ("SL07", "harmony"))


def sample_scheme() -> Scheme:
    """The shipped scheme with the annexes of the invented street."""
    names = {p.code: p.name for p in PLACES}
    return replace(
        default_scheme(),
        community_targets=tuple((p.name, 2015, goal) for p, goal in zip(PLACES, GOALS, strict=True)),
        pilots=tuple((names[code], dimension) for code, dimension in PILOTS),
    )


def scheme_workbook() -> bytes:
    """It as the workbook that ``xingfu scheme add`` takes."""
    return write_scheme(sample_scheme(), "zh")
