"""Sums that stand beside what is typed: points so far against full marks, as formulas with the value they have now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from analysis.scheme.layout import TABLES
from analysis.scheme.model import Scheme
from analysis.scheme.words import PREPARED
from survey.addresses import column_letters


def add_sums(sheet: Any, table: str, keys: Sequence[str], scheme: Scheme, of_indicators: Sequence[str]) -> None:
    """Write them into ``dimensions`` (a row each) or beside the first rows of ``indicators``.

    ``keys``: columns of this sheet; ``of_indicators``: those of the sheet of indicators.
    """
    last = len(scheme.indicators) + PREPARED + 1
    points, own = (column_letters(of_indicators.index(key)) for key in ("points", "row_dimension"))
    there = f"'{TABLES['indicators'].title}'!" if table == "dimensions" else ""

    def so_far(code: str, name: str) -> str:
        kinds = f"{there}${own}$2:${own}${last}"
        values = f"{there}${points}$2:${points}${last}"
        return f"SUMIF({kinds},{code},{values})+SUMIF({kinds},{name},{values})"

    if table == "dimensions":
        _beside_dimensions(sheet, keys, scheme, so_far)
    else:
        _beside_indicators(sheet, keys, scheme, so_far, last)


def _now(scheme: Scheme, code: str) -> float:
    return math.fsum(i.points for i in scheme.indicators if i.points is not None and i.dimension == code)


def _beside_dimensions(sheet: Any, keys: Sequence[str], scheme: Scheme, so_far: Any) -> None:
    code, name, full = (column_letters(keys.index(key)) for key in ("code", "name_zh", "objective_points"))
    now, left = keys.index("points_now"), keys.index("points_left")
    for row, dimension in enumerate(scheme.dimensions, 1):
        value = _now(scheme, dimension.code)
        formula = so_far(f"${code}{row + 1}", f"${name}{row + 1}")
        sheet.write_formula(row, now, f"={formula}", None, value)
        difference = dimension.objective_points - value
        sheet.write_formula(row, left, f"={full}{row + 1}-{column_letters(now)}{row + 1}", None, difference)


def _beside_indicators(sheet: Any, keys: Sequence[str], scheme: Scheme, so_far: Any, last: int) -> None:
    at = {key: keys.index(key) for key in keys}
    letter = {key: column_letters(column) for key, column in at.items()}
    for row, dimension in enumerate(scheme.dimensions, 1):
        there = f"'{TABLES['dimensions'].title}'!"
        value = _now(scheme, dimension.code)
        sheet.write_formula(row, at["check_dimension"], f"={there}B{row + 1}", None, dimension.names["zh"])
        formula = so_far(f"{there}$A${row + 1}", f"{there}$B${row + 1}")
        sheet.write_formula(row, at["check_points"], f"={formula}", None, value)
        sheet.write_formula(row, at["check_full"], f"={there}D{row + 1}", None, dimension.objective_points)
        left = f"={letter['check_full']}{row + 1}-{letter['check_points']}{row + 1}"
        sheet.write_formula(row, at["check_left"], left, None, dimension.objective_points - value)
    own, dimension_at = at["row_dimension"], letter["dimension"]
    for row in range(1, last):
        above = f"{letter['row_dimension']}{row}" if row > 1 else '""'
        said = scheme.indicators[row - 1].dimension if row <= len(scheme.indicators) else _last(scheme)
        cell = f"{dimension_at}{row + 1}"
        sheet.write_formula(row, own, f'=IF({cell}="",{above},{cell})', None, said)
    sheet.set_column(own, own, None, None, {"hidden": True})


def _last(scheme: Scheme) -> str:
    return scheme.indicators[-1].dimension if scheme.indicators else ""
