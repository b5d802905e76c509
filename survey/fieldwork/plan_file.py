"""A file that says how many responses are wanted: community, year, mode, number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.core.cells import answer_key, as_number, clean
from survey.core.findings import Finding, blocking
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register, mode_of
from survey.files.own_workbooks import Column, Record, read_table
from survey.files.read import read_sheets
from survey.store.year.plans import Plan
from survey.store.year.register import Community

COLUMNS = (
    Column("community", ("社区", "社区名称", "社区编号")),
    Column("year", ("年度", "年份")),
    Column("mode", ("方式", "调查方式")),
    Column(
        "wanted", ("应收", "应收份数", "份数", "样本量", "计划数", "目标样本量", "target", "sample size"), required=True
    ),
)
#: a community cell that means every community
_EVERY = frozenset({"", "全部", "所有", "各社区", "all", "*"})
MOST = 1_000_000


def read_plan(
    file: str, data: bytes, communities: Sequence[Community], year: int | None = None
) -> tuple[list[Plan], list[Finding]]:
    """The plan of a file and all findings; no plan where any of them refuses.

    A blank community is every community, a blank mode all modes together; ``year`` fills a blank year.  A line about
    one community goes before a line about all.  Raises Refused where the file can't be read at all.
    """
    sheet = read_sheets(file, data)[0]
    findings: list[Finding] = list(sheet.findings)
    records = read_table(sheet, COLUMNS, findings)
    if blocking(findings):
        return [], findings
    reader = _Reader(sheet.name, Register(communities), year, findings)
    every: dict[tuple[int, str, str], Plan] = {}
    single: dict[tuple[int, str, str], Plan] = {}
    for record in records:
        found = reader.plan(record)
        if found is None:
            continue
        code, plan_year, mode, wanted = found
        for each in [code] if code else [c.code for c in communities]:
            key = (plan_year, each, mode)
            plans = single if code else every
            if key in plans:
                reader.complain(record, "coverage.plan.twice", "community")
                break
            plans[key] = Plan(plan_year, each, mode, wanted)
    if not records and not blocking(findings):
        findings.append(Finding("coverage.plan.no_rows", scope="sheet", sheet=sheet.name))
    return ([] if blocking(findings) else list({**every, **single}.values())), findings


class _Reader:
    def __init__(self, sheet: str, register: Register, year: int | None, findings: list[Finding]) -> None:
        self.sheet, self.register, self.year, self.findings = sheet, register, year, findings

    def complain(self, record: Record, code: str, key: str, **params: Any) -> None:
        address = record.addresses.get(key) or next(iter(record.addresses.values()))
        self.findings.append(Finding(code, "refuse", "cell", self.sheet, address, record.number, key, params))

    def plan(self, record: Record) -> tuple[str, int, str, int] | None:
        """Community code ('' for all), year, mode and number; None where any of them is wrong."""
        before = len(self.findings)
        number_cell = record.values.get("wanted")
        code, year, mode = "", self.year, ""
        wanted = None if number_cell is None else as_number(number_cell)
        word = record.values.get("community")
        if answer_key(word or "") not in _EVERY:
            place = self.register.find(word)
            if place is None:
                self.complain(record, "register.unknown_community", "community", found=clean(word))
            else:
                code = self.register.communities[place].code
        said = record.values.get("year")
        if said is not None:
            number = as_number(clean(said).removesuffix("度").removesuffix("年"))
            year = (
                int(number)
                if number is not None and number.is_integer() and FIRST_YEAR <= number <= LAST_YEAR
                else None
            )
        if year is None:
            self.complain(record, "register.bad_year", "year", found=clean(said or ""))
        how = record.values.get("mode")
        if how is not None:
            known = mode_of(how)
            if known is None:
                self.complain(record, "checking.not_a_mode", "mode", found=clean(how))
            mode = known or ""
        if wanted is None or not wanted.is_integer() or not 0 <= wanted <= MOST:
            self.complain(
                record, "coverage.plan.bad_number", "wanted", found="" if number_cell is None else clean(number_cell)
            )
        if len(self.findings) > before or year is None or wanted is None:
            return None
        return code, year, mode, int(wanted)
