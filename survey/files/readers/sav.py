"""SPSS data (.sav, .zsav): codes as they stand, with the labels and user-missing values that the file declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePath
from typing import Any

from survey.core.cells import as_number, clean
from survey.core.errors import Refused
from survey.files.preflight.caps import Limits
from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.sheet import Sheet, Variable


def read_sav(file: str, data: bytes, *, limits: Limits | None = None) -> Sheet:
    """One sheet of codes below the names of the variables; ``variables`` holds what the file says of each.

    Rows are counted as SPSS counts cases: the header stands above row 1.  Raises Refused for damage and beyond the
    caps.
    """
    # it takes as long to start as a small file to be read
    limits = limits or Limits()
    from pyreadstat import PyreadstatError, ReadstatError
    from pyreadstat import read_sav as read

    try:
        width = len(read(BytesIO(data), metadataonly=True, output_format="dict")[1].column_names)
        if width > limits.columns:
            raise Refused("sources.many_columns", file=file, columns=width, cap=limits.columns)
        columns, meta = read(
            BytesIO(data), user_missing=True, output_format="dict", row_limit=min(limits.rows, limits.area) + 1
        )
    except (ReadstatError, PyreadstatError, UnicodeError, OverflowError, ValueError) as error:
        raise Refused("preflight.bad_sav", file=file) from error
    cases = max(map(len, columns.values()), default=0)
    if cases > limits.rows:
        raise Refused("sources.many_rows", file=file, cap=limits.rows)
    if cases * width > limits.area:
        raise Refused("preflight.wide_area", file=file, cells=cases * width, cap=limits.area)
    return Sheet(
        file=file,
        name=PurePath(file.replace("\\", "/")).stem,
        rows=Rows(tuple(Cells.of([name, *values], blank="") for name, values in columns.items())),
        top=-1,
        variables=tuple(_variable(name, values, meta) for name, values in columns.items()),
        kind="sav",
    )


def _variable(name: str, values: Sequence[Any], meta: Any) -> Variable:
    labels = {clean(code): label for code, label in meta.variable_value_labels.get(name, {}).items()}
    ranges: Sequence[Mapping[str, Any]] = meta.missing_ranges.get(name, ())
    codes: set[str] = set()
    if ranges:
        codes = {*labels, *(clean(v) for v in set(values) if v is not None)} - {""}
    return Variable(
        name=name,
        label=meta.column_names_to_labels.get(name) or "",
        labels=labels,
        missing=tuple(sorted(code for code in codes if any(_within(code, r) for r in ranges))),
        set=_tick_set(name, meta),
    )


def _within(code: str, declared: Mapping[str, Any]) -> bool:
    low, high = declared["lo"], declared["hi"]
    if isinstance(low, str) or isinstance(high, str):
        return code == clean(low)
    number = as_number(code)
    return number is not None and low <= number <= high


def _tick_set(name: str, meta: Any) -> str:
    """Label of the multiple response set in which a 1 in this variable ticks an option; ``''`` where there is none."""
    for key, told in (meta.mr_sets or {}).items():
        if told["is_dichotomy"] and name in told["variable_list"] and clean(told["counted_value"]) == "1":
            return str(told["label"] or key.lstrip("$"))
    return ""
