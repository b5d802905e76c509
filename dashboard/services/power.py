"""Which changes so many responses a community will show, going by the spread of the year that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.power import USUAL, power_table, usual_spread
from dashboard.services.street import Year


@dataclass(frozen=True)
class Line:
    """``points``: change by itself, change among all communities, difference among all; ``share`` 0–1."""

    n: int
    points: tuple[float, float, float]
    share: float


@dataclass(frozen=True)
class Detectable:
    """``sd`` of a person's 300 points, how many ``communities`` are compared, one line a number of responses."""

    sd: float
    communities: int
    rows: tuple[Line, ...]


def detectable(found: Year) -> Detectable | None:
    """None where the year knows no sampling error."""
    spread = usual_spread(found.results)
    if spread is None:
        return None
    communities = max(2, *(len(found.of_street(s)) for s in found.streets))
    frame = power_table(USUAL, spread, communities).set_index(["n", "measure"])
    rows = []
    for n in USUAL:
        alone, among = frame.loc[(n, "years"), ["detectable", "detectable_among"]].astype(float)
        pair, share = float(frame.loc[(n, "pair"), "detectable_among"]), float(frame.loc[(n, "share"), "detectable"])
        rows.append(Line(n, (alone, among, pair), share))
    return Detectable(spread, communities, tuple(rows))
