"""Which columns hold communities, by what stands in their cells and not by what stands over them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from survey.core.cells import seen
from survey.fieldwork.register import Register
from survey.files.own_workbooks import plain_text
from survey.files.readers.distinct_values import Cells

#: share of a column's cells that are names of the register before it is a column of communities
SHARE = 0.5
#: different texts of a column, and their length, up to which other spellings of names are looked for in it
MOST_SPELT, LONGEST = 200, 30
#: how names of communities and of their offices end, and how places end that go by the same name (东街村, 东街小区)
_OFFICES = ("社区居民委员会", "社区居委会", "居民委员会", "社区", "居委会", "村民委员会", "村委会")
_ENDINGS = (*_OFFICES, "小区", "居委", "新村", "村委", "村")
#: characters of a name that ends like an office's
LONGEST_NAME = 12
#: the letter of a choice before a name: A.东街社区
_LETTER = re.compile(r"^\s*[A-Za-zＡ-Ｚａ-ｚ]\s*[.．、,，:：)）]\s*(?=[\u4e00-\u9fff])")


def unlettered(value: str) -> str:
    """A name without the letter of a choice before it."""
    return _LETTER.sub("", value)


def places_in(cells: Cells, register: Register, *, spelt: bool = False) -> dict[str, int]:
    """Name of each community of the register that a column names → its cells; {} where fewer than half of the cells are such.

    ``spelt``: other spellings of a name count, too (西街, 西街社区居委会).
    """
    spelt = spelt and len(cells.values) <= MOST_SPELT

    def named(value: str) -> str:
        value = unlettered(value)
        place = register.find(value)
        name = register.communities[place].name if place is not None else ""
        return register.meant(value) if spelt and not name and len(value) <= LONGEST else name

    return _counted(cells, named)


def places_like(cells: Cells, register: Register) -> dict[str, int]:
    """Name of each place that a column names → its cells, those that resemble a community of the register (莲塘居委会, 莲塘村,
    莲塘 for 莲塘社区) under its name, those that merely end as such names do as they stand; {} as in ``places_in``."""
    known = {stem_of(c.name): c.name for c in reversed(register.communities)}
    few = len(cells.values) <= MOST_SPELT

    def named(value: str) -> str:
        value = unlettered(value)
        text = plain_text(value)
        if len(text) > LONGEST:
            return ""
        place = register.find(value)
        name = register.communities[place].name if place is not None else register.meant(value) if few else ""
        office = few and len(text) <= LONGEST_NAME and text.endswith(_OFFICES) and text not in _OFFICES
        return name or known.get(stem_of(text), "") or (text if office else "")

    return _counted(cells, named)


def _counted(cells: Cells, named: Callable[[str], str]) -> dict[str, int]:
    """Name of each place → the cells of a column that ``named`` gives it; {} where fewer than half of the cells get one."""
    often: dict[str, int] = {}
    counts = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values)).tolist()
    for value, n in zip(cells.values, counts, strict=True):
        if n and isinstance(value, str) and plain_text(value) and (name := named(value)):
            often[name] = often.get(name, 0) + n
    total = sum(counts)
    return often if total and sum(often.values()) >= SHARE * total else {}


def stem_of(name: str) -> str:
    """A community's name without what it ends with, by which its spellings are compared; the whole of a name that is no longer
    than its ending by two characters."""
    text = "".join(seen(name).split()).casefold()
    ending = next((e for e in _ENDINGS if text.endswith(e) and len(text) - len(e) > 1), "")
    return text.removesuffix(ending)


def names_of_places(cells: Cells, register: Register) -> bool:
    """Whether most cells of a column name a community of the register, in whichever spelling."""
    return bool(places_in(cells, register, spelt=True))
