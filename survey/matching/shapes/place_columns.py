"""Which columns hold communities, by what stands in their cells and not by what stands over them."""

from __future__ import annotations

import numpy as np

from survey.fieldwork.register import Register
from survey.files.own_workbooks import plain_text
from survey.files.readers.distinct_values import Cells

#: share of a column's cells that are names of the register before it is a column of communities
SHARE = 0.5
#: different texts of a column, and their length, up to which other spellings of names are looked for in it
MOST_SPELT, LONGEST = 200, 30


def places_in(cells: Cells, register: Register, *, spelt: bool = False) -> dict[str, int]:
    """Name of each community of the register that a column names → its cells; {} where fewer than half of the cells are such.

    ``spelt``: other spellings of a name count, too (西街, 西街社区居委会).
    """
    often: dict[str, int] = {}
    total = 0
    spelt = spelt and len(cells.values) <= MOST_SPELT
    counts = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values)).tolist()
    for value, n in zip(cells.values, counts, strict=True):
        total += n
        if not n or not isinstance(value, str) or not plain_text(value):
            continue
        place = register.find(value)
        name = register.communities[place].name if place is not None else ""
        if spelt and not name and len(value) <= LONGEST:
            name = register.meant(value)
        if name:
            often[name] = often.get(name, 0) + n
    return often if total and sum(often.values()) >= SHARE * total else {}


def names_of_places(cells: Cells, register: Register) -> bool:
    """Whether most cells of a column name a community of the register, in whichever spelling."""
    return bool(places_in(cells, register, spelt=True))
