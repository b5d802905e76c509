"""What every page needs to know of a year: its streets, communities, stars, dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cycle.stages import NO_NUMBER
from analysis.publication.fixed_versions import late_codes
from analysis.scoring.results import Results
from analysis.tables.trends import break_of
from dashboard.data.results import Source
from dashboard.web.access import Viewer, may, require
from survey.core.errors import Refused
from survey.core.lazily import cached_property

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Year:
    """One year's results as one viewer may see them."""

    results: Results
    viewer: Viewer
    source: Source

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Score rows of the communities in the viewer's scope, in the order of the register."""
        return tuple(r for r in self.results.rows("scores") if self.viewer.sees(r["community_code"]))

    @cached_property
    def streets(self) -> tuple[str, ...]:
        """Names of the sub-districts that have a community in scope."""
        return tuple(dict.fromkeys(r["sub_district"] or "" for r in self.rows))

    def street(self, asked: str = "") -> str:
        """The sub-district to show: the one asked for, else the year's first, also where only other years have that one.

        An address keeps its street from year to year.  Raises Refused for one that no year has.
        """
        if asked and asked not in self.streets and not self._other_years_have(asked):
            raise Refused("dash_errors.unknown_street", street=asked)
        return asked if asked in self.streets else next(iter(self.streets), "")

    def _other_years_have(self, street: str) -> bool:
        others = (year for year in self.source.years() if year != self.meta["year"])
        return any(street in Year(self.source.results(year), self.viewer, self.source).streets for year in others)

    def of_street(self, street: str) -> tuple[Row, ...]:
        """The score rows of one sub-district."""
        return tuple(r for r in self.rows if (r["sub_district"] or "") == street)

    def street_row(self, street: str) -> Row | None:
        """The aggregate of one sub-district; None where the viewer does not see all of it."""
        if not may(self.viewer, "see_all"):
            return None
        return next((r for r in self.results.rows("streets") if (r["sub_district"] or "") == street), None)

    def archived(self, street: str) -> bool:
        """Whether a sub-district's year is archived: with the whole year, or before the others."""
        cycle = self.results.extra.get("cycle", {})
        return bool(cycle.get("closed")) or street in cycle.get("archived", ())

    def community(self, code: str) -> Row:
        """One community's score row; raises Refused for an unknown one or one outside the scope."""
        for row in self.rows:
            if row["community_code"] == code:
                return row
        raise Refused("dash_errors.unknown_community", community=code, year=self.meta["year"])

    @property
    def meta(self) -> Mapping[str, Any]:
        """Meta of the results."""
        return self.results.meta

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """Minimum totals of the stars, ascending."""
        return tuple(sorted(float(s["minimum"]) for s in self.meta["stars"]))

    @cached_property
    def method_changes(self) -> frozenset[str]:
        """Codes of the communities whose star the answer scale or weights alone would change."""
        starred = any(r["star"] is not None for r in self.rows)
        found = self.source.method_changes(self.results.meta["year"]) if starred else frozenset()
        return found - self.late.keys()  # that was tried with data which the published star does not count

    @cached_property
    def late(self) -> Mapping[str, str]:
        """The communities in scope (code → name) with newer data than their published version counts."""
        return {code: name for code, name in late_codes(self.results).items() if self.viewer.sees(code)}

    def changes(self, row: Row) -> bool:
        """Whether the answer scale or weights alone would change this row's star."""
        return row["community_code"] in self.method_changes

    @cached_property
    def provisional(self) -> bool:
        """Whether the year is still being collected."""
        return any(r["provisional"] for r in self.rows)


def read_year(viewer: Viewer, source: Source, year: int) -> Year:
    """The year as the viewer may see it; raises Refused for a year without results, and who sees none."""
    require(viewer, "see", year=year)
    if year not in source.years():
        raise Refused("dash_errors.unknown_year", year=year, years=list(map(str, source.years())))
    return Year(source.results(year), viewer.at(year), source)


def state_of(row: Row, minimum: int) -> str:
    """Why a community has no valid star, or ``rated``: vetoed, decided without a number (``NO_NUMBER``), no_objective,
    too_few, no_subjective.
    """
    if row["status"] == "vetoed":
        return "vetoed"
    if row["total"] is not None:
        return "rated"
    if row["status"] in NO_NUMBER:
        return str(row["status"])
    if row["objective"] is None:
        return "no_objective"
    if (row["n"] or 0) < minimum:
        return "too_few"
    return "no_subjective"


def notes_of(row: Row) -> tuple[str, ...]:
    """The stable codes of a row's notes."""
    return tuple(n for n in str(row.get("note") or "").split(";") if n)


def broken(row: Row) -> bool:
    """Whether the year before was measured otherwise, or another area."""
    return break_of(row.get("note")) is not None


def area_from(row: Row) -> str:
    """Names of the communities whose area came to this one this year, joined by commas; '' where none did."""
    return next((n.partition(":")[2] for n in notes_of(row) if n.startswith("area_changed:")), "")


def common_items(row: Row) -> str:
    """``8/12``: over how many of its items a year is compared where its questions are others; '' where it is not."""
    return next((n.partition(":")[2] for n in notes_of(row) if n.startswith("common_items:")), "")


def name_of(dimension: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """A dimension's name in two parts, 自治型 and 民主公平感; the second may be empty."""
    whole = dimension[f"name_{lang}"] or dimension["name_zh"] or dimension["code"]
    for separator in ("·", "•", "/", "："):
        head, found, tail = whole.partition(separator)
        if found:
            return head.strip(), tail.strip()
    return whole, ""


def require_whole(viewer: Viewer, source: Source, year: int) -> None:
    """Money and targets are the street's: nobody sees them who may see only some communities."""
    read_year(viewer, source, year)
    require(viewer, "see_all", year=year)
