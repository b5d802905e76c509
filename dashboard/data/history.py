"""A community's totals over the years, as far as one viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.data.results import Source
from dashboard.data.year import area_from, broken, read_year
from dashboard.web.access import Viewer


@dataclass(frozen=True)
class Moment:
    """The total of one year; ``low`` and ``high`` None without an error.

    ``broken``: not comparable with the year before, so that no line leads here; ``area`` names those whose area came.
    """

    year: int
    total: float | None
    low: float | None
    high: float | None
    star: int | None
    broken: bool
    area: str = ""


def history(viewer: Viewer, source: Source, code: str) -> tuple[Moment, ...]:
    """The community's total in every year that knows it."""
    moments: list[Moment] = []
    scheme: tuple[Any, Any] | None = None
    last = 0
    for number in source.years():
        found = read_year(viewer, source, number)
        row = next((r for r in found.rows if r["community_code"] == code), None)
        if row is None:
            continue
        this = (found.meta["scheme"], found.meta["scheme_version"])
        other = scheme is not None and this != scheme and last != number - 1
        scheme, last = this, number
        star = None if row["star"] is None else int(row["star"])
        cut = bool(moments) and (other or broken(row))
        moments.append(Moment(number, row["total"], row["total_low"], row["total_high"], star, cut, area_from(row)))
    return tuple(moments)
