"""A table as SPSS (.sav) and Stata (.dta) read it: labels of columns and codes, numbers as numbers, empty as missing.

The header of both formats holds a clock; it is set to the time that is handed in, so that the same table gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from analysis.exports.data_set.tables import DataTable, Described
from survey.core.columns import COUNTED, FLAG, WHOLE
from survey.core.lang import say
from survey.files.waiting import READING, Held

#: bytes of a name and of a label in an SPSS file; characters of both, and bytes of a fixed text, in a Stata file
SAV_NAME, SAV_LABEL, DTA_NAME, DTA_LABEL, DTA_TEXT = 64, 255, 32, 80, 2045
#: where the header of a .sav file has the date and the time of its making (PSPP developers' guide, system file header)
_SAV_CLOCK = 92
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
#: words that Stata keeps for itself
_STATA_WORDS = frozenset(
    [
        "_all",
        "_b",
        "_coef",
        "_cons",
        "_n",
        "_N",
        "_pi",
        "_pred",
        "_rc",
        "_skip",
        "byte",
        "double",
        "float",
        "if",
        "in",
        "int",
        "long",
        "strL",
        "using",
        "with",
    ]
)
#: words that SPSS keeps for itself, in any case
_SPSS_WORDS = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])


def to_sav(table: DataTable, lang: str, when: datetime) -> bytes:
    """The table as an SPSS system file; its columns carry their names in the language ``lang``."""
    names = spss_names(c.name for c in table.columns)
    labels: list[str | None] = [cut_bytes(c.label[lang], SAV_LABEL) for c in table.columns]
    values = {n: _flags(lang) for n, c in zip(names, table.columns, strict=True) if c.kind is FLAG}
    return write_sav(
        _plain(table, names),
        when,
        column_labels=labels,
        variable_value_labels=values,
        variable_format={n: "F8.0" for n, c in zip(names, table.columns, strict=True) if c.kind in (WHOLE, FLAG)},
    )


def write_sav(frame: pd.DataFrame, when: datetime, **said: Any) -> bytes:
    """A frame of numbers and texts as an SPSS system file whose clock is ``when``; ``said`` as ``pyreadstat.write_sav`` takes it."""
    import pyreadstat  # who writes no such file does not wait for it

    folder = Held(READING)  # the library writes to a path only
    try:
        path = folder.path / "table.sav"
        pyreadstat.write_sav(frame, str(path), row_compress=True, **said)
        data = bytearray(path.read_bytes())
    finally:
        folder.drop()
    clock = f"{when.day:02d} {_MONTHS[when.month - 1]} {when.year % 100:02d}{when:%H:%M:%S}".encode("ascii")
    data[_SAV_CLOCK : _SAV_CLOCK + len(clock)] = clock
    return bytes(data)


def write_dta(frame: pd.DataFrame, when: datetime, **said: Any) -> bytes:
    """The same as a Stata 14 file; ``said`` as ``pyreadstat.write_dta`` takes it, letters in ``missing_user_values`` included."""
    import pyreadstat

    folder = Held(READING)
    try:
        path = folder.path / "table.dta"
        pyreadstat.write_dta(frame, str(path), version=14, **said)
        data = path.read_bytes()
    finally:
        folder.drop()
    # <timestamp>, one byte for its length, 17 characters (Stata's description of format 118, 5.1.4)
    at = data.index(b"<timestamp>") + len(b"<timestamp>")
    clock = f"{when.day:02d} {_MONTHS[when.month - 1]} {when.year:04d} {when:%H:%M}".encode("ascii")
    if data[at] != len(clock):
        raise ValueError("a .dta file whose clock lies elsewhere")
    return data[: at + 1] + clock + data[at + 1 + len(clock) :]


def to_dta(table: DataTable, lang: str, when: datetime) -> bytes:
    """The table as a Stata 14 file (UTF-8); its columns carry their names in the language ``lang``."""
    names = stata_names(c.name for c in table.columns)
    frame = _plain(table, names)
    labels = {n: c.label[lang][:DTA_LABEL] for n, c in zip(names, table.columns, strict=True)}
    flags = {n: _flags(lang) for n, c in zip(names, table.columns, strict=True) if c.kind is FLAG}
    long = [n for n in names if frame[n].dtype == object and _longest(frame[n]) > DTA_TEXT]
    out = BytesIO()
    frame.to_stata(
        out,
        write_index=False,
        time_stamp=when.replace(tzinfo=None),
        variable_labels=labels,
        value_labels={n: {int(k): v for k, v in words.items()} for n, words in flags.items()},
        version=118,
        convert_strl=long,
    )
    return out.getvalue()


def spss_names(names: Iterable[str]) -> list[str]:
    """Names that SPSS takes, all different in any case: letters, digits and ``_``, at most 64 bytes, no word of its own."""
    return _different(names, _spss, SAV_NAME)


def stata_names(names: Iterable[str]) -> list[str]:
    """Names that Stata takes, all different in any case: letters, digits and ``_``, at most 32 characters."""
    return _different(names, _stata, DTA_NAME)


def _spss(name: str) -> str:
    name = re.sub(r"\W", "_", name)
    name = name if name[:1].isalpha() and name.casefold() not in _SPSS_WORDS else f"v_{name}"
    return name.rstrip("_") or "v"


def _stata(name: str) -> str:
    name = re.sub(r"\W", "_", name)
    return name if (name[:1].isalpha() or name[:1] == "_") and name not in _STATA_WORDS else f"v_{name}"


def _different(names: Iterable[str], allowed: Callable[[str], str], most: int) -> list[str]:
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        new = cut_bytes(allowed(name), most)
        if new != allowed(name) or new.casefold() in taken:  # a mark made of the whole name keeps the cut ones apart
            mark = f"_{sha256(name.encode()).hexdigest()[:6]}"
            new = cut_bytes(new, most - len(mark)).rstrip("_") + mark
        taken.add(new.casefold())
        found.append(new)
    return found


def cut_bytes(text: str, most: int) -> str:
    """So much of a text as fits into ``most`` bytes."""
    return text.encode()[:most].decode("utf-8", "ignore")


def _flags(lang: str) -> dict[float, str]:
    return {0.0: say(lang, "data_set.no"), 1.0: say(lang, "data_set.yes")}


def _plain(table: DataTable, names: Sequence[str]) -> pd.DataFrame:
    """Numbers as float64 with NaN, texts as str with ``""`` (neither format has an empty text beside a missing one)."""
    cells: dict[str, Any] = {}
    for name, column in zip(names, table.columns, strict=True):
        held = table.frame[column.name]
        cells[name] = (
            held.to_numpy("float64", na_value=np.nan)
            if _is_number(column)
            else pd.Series([v if isinstance(v, str) else "" for v in held], dtype=object)
        )
    return pd.DataFrame(cells, columns=list(names))


def _is_number(column: Described) -> bool:
    return column.kind in COUNTED or column.kind is FLAG


def _longest(cells: pd.Series) -> int:
    return max((len(str(v).encode()) for v in cells), default=0)
