"""What is stored of a year's indicator values, by what it is about: to compare a new row with, and to fill forms in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.indicators.file import IndicatorValues
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key
from survey.store.engine import frames
from survey.store.year import indicators, reviews
from survey.store.year.reviews import Standing

Row = Mapping[str, Any]
_WORDS = ("method", "date", "evidence", "note")
#: what is asked or noted of a cell that only says again what is stored
_ANSWERED = ("indicator.percent_or_share", "indicator.percent_read")


@dataclass
class Stored:
    """What counts of a year; assessors are compared without case and width.

    ``reports`` by (community, indicator, kind, assessor): a row with its figure or grade; ``exempt`` by (community,
    indicator, assessor): the evidence; ``scores`` by (community, indicator, assessor) and ``selves`` by (community,
    indicator): points, what these rest on in ``grounds``; ``words`` by (community, indicator, assessor): every text that counts, by column.
    """

    reports: dict[tuple[str, str, str, str], Row] = field(default_factory=dict)
    exempt: dict[tuple[str, str, str], str] = field(default_factory=dict)
    scores: dict[tuple[str, str, str], float] = field(default_factory=dict)
    selves: dict[tuple[str, str], float] = field(default_factory=dict)
    grounds: dict[tuple[str, str], str] = field(default_factory=dict)
    words: dict[tuple[str, str, str], dict[str, list[str]]] = field(default_factory=dict)
    assessors: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    standings: Mapping[tuple[str, str], Standing] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take in one row of ``survey.store.year.indicators.current``, empty cells as None."""
        place = (row["community_code"], row["indicator"])
        who = header_key(row["assessor"])
        if row["value"] is not None or row["value_text"]:
            self.reports[(*place, row["kind"] or "", who)] = row
        if row["exempt"]:
            self.exempt[(*place, who)] = row["evidence"] or ""
        if row["assessor_score"] is not None:
            self.scores[(*place, who)] = row["assessor_score"]
        if row["self_score"] is not None:
            self.selves[place], self.grounds[place] = row["self_score"], row["evidence"] or ""
        if who:
            self.assessors.setdefault(place, {})[who] = row["assessor"]
        said = self.words.setdefault((*place, who), {name: [] for name in _WORDS})
        for name in _WORDS:
            if row[name] and not says_again(row[name], said[name]):
                said[name].append(row[name])

    def word(self, place: tuple[str, str], who: str, name: str) -> str:
        """The newest text of a column."""
        return next(reversed(self.words.get((*place, header_key(who)), {}).get(name, [])), "")

    def reported_as(self, row: Row) -> bool:
        """Whether what points rest on (figure, grade, exemption, assessor's score) stands in the store as in the row."""
        place, who = (row["community_code"], row["indicator"]), header_key(row["assessor"])
        if row["value"] is not None or row["value_text"]:
            known = self.reports.get((*place, row["kind"] or "", who))
            if known is None or known["value"] != row["value"]:
                return False
            if row["value_text"] and row["value_text"] != known["value_text"]:
                return False
            if not row["exempt"] and (*place, who) in self.exempt:
                return False
        if row["exempt"] and (*place, who) not in self.exempt:
            return False
        return row["assessor_score"] is None or self.scores.get((*place, who)) == row["assessor_score"]

    def holds(self, row: Row) -> bool:
        """Whether the store says all that the row says."""
        place, who = (row["community_code"], row["indicator"]), header_key(row["assessor"])
        said = self.words.get((*place, who), {})
        own = () if row["self_score"] is None else (self.grounds.get(place, ""),)
        return (
            self.reported_as(row)
            and (row["self_score"] is None or self.selves.get(place) == row["self_score"])
            and all(
                not row[name] or says_again(row[name], [*said.get(name, ()), *(own if name == "evidence" else ())])
                for name in _WORDS
            )
        )

    def needs_reason(self, row: Row) -> bool:
        """Whether the row would change what somebody has reviewed and approved."""
        standing = self.standings.get((row["community_code"], row["indicator"]))
        says = row["value"] is not None or row["value_text"] or row["exempt"] or row["assessor_score"] is not None
        return standing is not None and standing.state == "reviewed" and bool(says) and not self.reported_as(row)

    def says_reason_again(self, row: Row) -> bool:
        """Whether the row gives the reason for which its value was last changed."""
        place, who = (row["community_code"], row["indicator"]), header_key(row["assessor"])
        before = self.reports.get((*place, row["kind"] or "", who), {}).get("reason")
        return says_again(row["reason"], [str(before)] if before else [])


def says_again(text: str, known: Iterable[str]) -> bool:
    """Whether one of the known texts says the same: width and spaces aside.  A text that is known in its compared form
    only, as older programs kept it, is not said yet, so that what was typed can be brought in again."""
    folded = clean(text)
    return any(clean(one) == folded and (one != folded or text == folded) for one in known)


def stored(conn: Connection, year: int, community: str | None = None, indicator: str | None = None) -> Stored:
    """What counts in a year (of one community, of one indicator), with its reviews."""
    current = indicators.current(conn, year, community, indicator)
    found = Stored(standings=reviews.standings(conn, year, community, current))
    for row in plain_rows(current):
        found.add(row)
    return found


def plain_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows as dicts with None for empty."""
    return frames.records(frame)


def only_new(
    values: IndicatorValues, known: Stored, *, from_workbook: bool = False
) -> tuple[IndicatorValues, list[Finding], set[tuple[str, str]]]:
    """Without the rows that say nothing new, with a question for each that changes a reviewed value and says no reason.

    ``from_workbook``: the reason of the change before, which a workbook carries, is none for another one.  Returns the values, the questions, and the (sheet, cell) of what is stored already.
    """
    kept, cells, questions, same = [], [], [], set()
    for (index, row), cell in zip(enumerate(plain_rows(values.frame)), values.cells, strict=True):
        if known.holds(row):
            same.add((cell.page.sheet.name, cell.address))
            continue
        kept.append(index)
        cells.append(cell)
        reason = row["reason"] and not (from_workbook and known.says_reason_again(row))
        if known.needs_reason(row) and not reason:
            questions.append(_question(row, known, cell.page.sheet.name, cell.address, cell.row, cell.key))
    counts = {**values.counts, "values": len(kept), "unchanged": len(same)}
    frame = values.frame if len(kept) == len(values.frame) else values.frame.iloc[kept].reset_index(drop=True)
    return IndicatorValues(frame, counts, tuple(cells)), questions, same


def settled(findings: list[Finding], same: set[tuple[str, str]]) -> list[Finding]:
    """The findings without those about how to read a cell that only says again what is stored."""
    return [f for f in findings if f.code not in _ANSWERED or (f.sheet, f.cell) not in same]


def _question(row: Row, known: Stored, sheet: str, cell: str, number: int, header: str) -> Finding:
    standing = known.standings[row["community_code"], row["indicator"]]
    params = {
        "community": row["community_code"],
        "code": row["indicator"],
        "who": standing.reviewed_by,
        "at": standing.reviewed_at,
    }
    return Finding("indicator.reason_needed", "ask", "row", sheet, cell, number, header, params)
