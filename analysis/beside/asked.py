"""What a community is asked to be set beside: another community, the mean of its street or of its type, an earlier year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.beside.lines import Side, left_out, same_measure, side, side_by_side, telling_first
from analysis.scoring.results import Results
from analysis.tables.community_types import kinds, with_types
from survey.core.errors import Refused
from survey.core.lang import say

#: words that stand for a mean, in commands and addresses
STREET, TYPE = "street", "type"


@dataclass(frozen=True)
class Compared:
    """``own`` beside ``others``: one of them, or with ``mean`` all others of the group whose mean is meant.

    ``kind``: ``community``, ``year``, ``street`` or ``type``; ``name`` what the other side is called (the community, the
    year, the street, the type).
    """

    own: Side
    others: tuple[Side, ...]
    kind: str
    name: str

    @property
    def mean(self) -> bool:
        """Whether the other side is the mean of several communities."""
        return self.kind in (STREET, TYPE)

    def lines(self) -> pd.DataFrame:
        """``lines.SIDE_COLUMNS``, what tells most first."""
        return telling_first(side_by_side(self.own, self.others, mean=self.mean))

    def left_out(self) -> tuple[int, int]:
        """As ``lines.left_out``."""
        return left_out(self.own, self.others)

    def same_measure(self) -> bool:
        """Whether points mean the same on both sides."""
        return same_measure([self.own, *self.others])

    def other_words(self, lang: str) -> str:
        """What the other side is called in a heading: 锦园社区, 示例街道平均, 同类平均（混合型）, 2013 年."""
        key = {"community": "", "year": "beside.of_year"}.get(self.kind, f"beside.of_{self.kind}")
        return say(lang, key, name=self.name) if key else self.name


def compared(
    results: Callable[[int], Results],
    years: Sequence[int],
    year: int,
    code: str,
    against: str,
    sees: Callable[[str], bool] = lambda _: True,
) -> Compared:
    """The two sides; ``against``: the code of a community, ``street``, ``type``, or a year of ``years``.

    ``sees``: which communities the reader sees; the mean of a group of which one is not seen is no number of theirs.
    Raises Refused where there is no such side, naming what there is instead.
    """
    found = results(year)
    own = side(found, code)
    if own is None or not sees(code):
        raise Refused("beside.unknown", found=code, year=year)
    if against in (STREET, TYPE):
        group = _group(found, code, against)
        if len(group) < 2 or not all(map(sees, group)):
            raise Refused(f"beside.no_{against}", community=str(own.row["community"]))
        others = tuple(one for c in group if c != code and (one := side(found, c)) is not None)
        name = str(own.row["sub_district"] if against == STREET else own.row.get("type") or "")
        return Compared(own, others, against, name)
    if against.isascii() and against.isdigit() and int(against) in years and int(against) != year:
        before = side(results(int(against)), code)
        if before is None:
            raise Refused("beside.no_year", community=str(own.row["community"]), year=int(against))
        return Compared(own, (before,), "year", against)
    other = side(found, against) if against != code and sees(against) else None
    if other is None:
        raise Refused("beside.unknown", found=against, year=year)
    return Compared(own, (other,), "community", str(other.row["community"]))


def choices(found: Results, years: Sequence[int], code: str, sees: Callable[[str], bool]) -> tuple[str, ...]:
    """What this community can be set beside, as ``against`` says it: means, earlier and later years, communities of its street."""
    scores = found.scores
    means = tuple(word for word in (STREET, TYPE) if len(g := _group(found, code, word)) > 1 and all(map(sees, g)))
    mine = scores.loc[scores["community_code"] == code, "sub_district"].fillna("")
    of_street = scores.loc[scores["sub_district"].fillna("").isin(mine), "community_code"]
    others = tuple(str(c) for c in of_street if c != code and sees(str(c)))
    this = int(found.meta["year"])
    return (*means, *(str(y) for y in sorted(years, reverse=True) if y != this), *others)


def _group(found: Results, code: str, against: str) -> list[str]:
    """The codes of the group that a community belongs to; empty where it belongs to none."""
    rows = with_types(found.scores)
    key = rows["sub_district"].fillna("").astype(str) if against == STREET else kinds(rows)
    mine = key[rows["community_code"] == code]
    if mine.empty or not mine.iloc[0]:
        return []
    return [str(c) for c in rows.loc[key == mine.iloc[0], "community_code"]]
