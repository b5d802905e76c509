"""What the papers of a street are made from: the published numbers of its communities, what was decided, the money, the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.awards.disbursements import ledger
from analysis.awards.ledger import Line
from analysis.awards.payments import Payment
from analysis.awards.year import Targets, paid, targets
from analysis.exports.files import codes_of
from analysis.exports.workbook import notices
from analysis.exports.workbook_writer import Column
from analysis.improvement.lost_points import lines_of, loss_frame, scored_lines
from analysis.papers.diagnosis import Sources
from analysis.scoring.results import Results, records
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.lazily import cached_property
from survey.store import Store

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Street:
    """One street (``name`` ``""``: all of the year together).

    ``base``: results of the years, what was decided, whose star the method alone would change; ``payments``: what the titles of
    the year pay; ``lines``: due and paid by community and payer; ``names``: code → name; ``goals``: None where the scheme has none.
    """

    base: Sources
    name: str
    payments: tuple[Payment, ...] = ()
    lines: tuple[Line, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    goals: Targets | None = None

    @property
    def results(self) -> Results:
        """Those of the year."""
        return self.base.results

    @property
    def year(self) -> int:
        """The year."""
        return int(self.results.meta["year"])

    @cached_property
    def codes(self) -> frozenset[str]:
        """The communities of the street."""
        return frozenset(codes_of(self.results, self.name))

    @cached_property
    def rows(self) -> list[Row]:
        """Their score rows, street by street: the ranked first in their order, then by total, those without one as registered."""
        streets = streets_in(self.results)
        mine = [r for r in records(self.results.scores) if str(r["community_code"]) in self.codes]

        def place(row: Row) -> tuple[int, bool, float, bool, float]:
            rank, total = row["rank"], row["total"]
            return (
                streets.index(str(row["sub_district"] or "")),
                rank is None,
                float(rank or 0),
                total is None,
                -float(total or 0),
            )

        return sorted(mine, key=place)

    @cached_property
    def losses(self) -> list[dict[str, Any]]:
        """``loss_frame`` of these communities, a row a loss."""
        return self._mine(loss_frame(self.results))

    @cached_property
    def scored(self) -> list[dict[str, Any]]:
        """``scored_lines`` of these communities: won and lost points by indicator and item."""
        return self._mine(scored_lines(self.results))

    def _mine(self, frame: pd.DataFrame) -> list[dict[str, Any]]:
        return lines_of(frame[frame["community_code"].isin(self.codes)])

    @property
    def provisional(self) -> bool:
        """Whether any of them is still open."""
        return any(bool(row["provisional"]) for row in self.rows)

    def title(self, lang: str) -> str:
        """The street, or that it is all of them."""
        return self.name or say(lang, "street_papers.everywhere")

    def notices(self, lang: str) -> list[str]:
        """What must stand on every sheet."""
        return notices(self.results, {"provisional": self.provisional}, lang)


def street_of(store: Store, base: Sources, name: str) -> Street:
    """A street with its money and targets out of the store, as the year is published; raises Refused for an unknown one."""
    year = int(base.results.meta["year"])
    codes = set(codes_of(base.results, name))
    everything = paid(store)
    known = ledger(store)
    try:
        goals = targets(store, year, name)
    except Refused:  # no scheme applies: there is nothing to reach
        goals = None
    return Street(
        base=base,
        name=name,
        payments=tuple(p for p in everything.of_year(year) if p.community_code in codes),
        lines=tuple(line for line in known.of_year(year) if line.community in codes),
        names={**everything.names, **known.names},
        goals=goals,
    )


def streets_in(results: Results) -> list[str]:
    """The streets of a year, in the order of the register; one without a name is ``""``, all of them together."""
    return list(dict.fromkeys(results.scores["sub_district"].fillna("").astype(str)))


def headed(lang: str, room: str, head: Sequence[tuple[str, str, int]], summed: Sequence[str] = ()) -> list[Column]:
    """The columns of a table (key, how it shows, width), their headings those of ``street_papers.<room>``; ``summed``: keys."""
    return [Column(k, say(lang, f"street_papers.{room}.{k}"), s, w, summed=k in summed) for k, s, w in head]
