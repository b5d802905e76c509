"""English names in a register workbook: beside a community and its street, and on a sheet of their own for whatever else.

docs/files.md, “Register”.  Offices and types are named on the sheet ``names 英文名称``; nothing is computed from any of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.core.cells import INVISIBLE, clean
from survey.core.findings import Finding
from survey.files.own_workbooks import Column, Record, read_table
from survey.files.readers.sheet import Sheet

#: the columns beside a community: whose English name each holds
BESIDE = {"name_en": "name", "sub_district_en": "sub_district"}
NAMES = (
    Column("name", ("名称", "中文名称"), required=True),
    Column("name_en", ("英文名称", "英文名", "english name", "english"), required=True),
)
SHEET_NAMES = ("names", "英文名称", "英文名")


def english_names(
    sheet: str, records: Sequence[Record], names_sheet: Sheet | None, findings: list[Finding]
) -> dict[str, str]:
    """Name → English name, ``''`` where a column for it is there and empty; of one name two is a finding."""
    told: dict[str, str] = {}
    first: dict[str, str] = {}
    for record in records:
        for key, of in BESIDE.items():
            if key in record.headers:
                _take(sheet, record, of, key, told, first, findings)
    if names_sheet is not None:
        findings += [f for f in names_sheet.findings if f not in findings]
        for record in read_table(names_sheet, NAMES, findings):
            _take(names_sheet.name, record, "name", "name_en", told, first, findings)
    return told


def _take(
    sheet: str,
    record: Record,
    of: str,
    key: str,
    told: dict[str, str],
    first: dict[str, str],
    findings: list[Finding],
) -> None:
    name, english = (_as_text(record, one) for one in (of, key))
    if not name:
        return
    address = record.addresses.get(key, f"A{record.number}")
    if english and told.get(name) and told[name] != english:
        params = {"name": name, "found": english, "known": told[name], "first": first[name]}
        findings.append(
            Finding(
                "register.english_twice", "refuse", "cell", sheet, address, record.number, record.header(key), params
            )
        )
    elif english:
        told[name], first[name] = english, address
    else:
        told.setdefault(name, "")


def _as_text(record: Record, key: str) -> str:
    """A cell as it reads, without what nobody sees."""
    value = record.values.get(key)
    if not isinstance(value, str):
        return "" if value is None else clean(value)
    return " ".join(INVISIBLE.sub("", value).split())
