"""Which changes so many responses a community will show, going by the spread of the year that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.exports.files import archive_of, safe_name
from analysis.exports.verification import FOLDER, year_verification
from analysis.publication import snapshots
from analysis.quality.power import USUAL, power_table, usual_df, usual_spread
from dashboard.data.files import ZIP, File
from dashboard.data.results import Source
from dashboard.data.year import Year, read_year
from dashboard.web.access import Viewer, may, require
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store


@dataclass(frozen=True)
class Line:
    """``points``: change by itself, change among all communities, difference among all; ``share`` 0–1."""

    n: int
    points: tuple[float, float, float]
    share: float


@dataclass(frozen=True)
class Detectable:
    """``sd`` of a person's 300 points, how many ``communities`` are compared, ``df`` of errors of clusters (None: people one by one), one line a number of responses."""

    sd: float
    communities: int
    df: float | None
    rows: tuple[Line, ...]


def detectable(found: Year) -> Detectable | None:
    """None where the year knows no sampling error."""
    spread = usual_spread(found.results)
    if spread is None:
        return None
    df = usual_df(found.results)
    communities = max(2, *(len(found.of_street(s)) for s in found.streets))
    frame = power_table(USUAL, spread, communities, df=df).set_index(["n", "measure"])
    rows = []
    for n in USUAL:
        alone, among = frame.loc[(n, "years"), ["detectable", "detectable_among"]].astype(float)
        pair, share = float(frame.loc[(n, "pair"), "detectable_among"]), float(frame.loc[(n, "share"), "detectable"])
        rows.append(Line(n, (alone, among, pair), share))
    return Detectable(spread, communities, df, tuple(rows))


# ── The independent check of a year in R: single responses, for those alone who answer for the whole register


def may_check(viewer: Viewer) -> bool:
    """Whether the viewer may have single responses."""
    return may(viewer, "take_responses")


def check(viewer: Viewer, source: Source, store: Store, year: int, lang: str) -> File:
    """The folder ``verify`` of a year as a .zip, with a line in the audit record; raises Refused for others and for a
    year without responses."""
    require(viewer, "take_responses")
    read_year(viewer, source, year)
    results = snapshots.results(store, year)
    found = year_verification(store, results, lang, viewer.user)
    if found is None:
        raise Refused("verification.no_responses", year=year)
    data = archive_of(results, [(f"{FOLDER}/{name}", found.files[name]) for name in sorted(found.files)])
    return f"{year}_{safe_name(say(lang, 'verification.file_name'))}.zip", data, ZIP
