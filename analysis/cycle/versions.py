"""Whether a community's numbers still are those that were fixed: its rows of two snapshots, held against each other.

What belongs to the list of all (ranks, tiers, q of changes) and what is laid over the calculation (status, reviews) is left
out: data of one community never make the fixed version of another an old one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from analysis.scoring.results import Results, plain
from survey.store.year import results as stored_results
from survey.store.year import schemes, years

#: the columns of a community's own numbers; dimensions follow from items and indicators
OWN: Mapping[str, tuple[str, ...]] = {
    "scores": ("n", "n_partial", "n_excluded", "objective", "subjective", "subjective_se", "total", "star"),
    "items": ("item", "n", "n_asked", "score", "se", "points", "points_got"),
    "indicators": ("indicator", "points", "points_got", "value", "state"),
}
#: digits that count: a sum in another order is no other number
_DIGITS = 8


def digests(results: Results) -> dict[str, str]:
    """Community → its own numbers as one text: equal texts, equal versions."""
    found: dict[str, list[Any]] = defaultdict(list)
    for name, wanted in OWN.items():
        frame = getattr(results, name)
        columns = [frame[c].tolist() for c in ("community_code", *wanted)]
        for code, *values in zip(*columns, strict=True):
            found[str(code)].append([name, *(_told(v) for v in values)])
    return {code: json.dumps(rows, ensure_ascii=False, sort_keys=True) for code, rows in found.items()}


def _told(value: Any) -> Any:
    told = plain(value)
    if isinstance(told, bool) or not isinstance(told, (int, float)):
        return told
    return float(f"{told:.{_DIGITS}g}")


def moved(conn: Connection, year: int, fixed: Mapping[str, int]) -> frozenset[str]:
    """Communities whose numbers are others now than in the snapshot that was fixed for them (``fixed``: code → its id).

    Where the year's current numbers are not computed yet, every community fixed on older data counts as moved: whoever takes
    a step computes them first.
    """
    known = {s.id: s for s in stored_results.versions(conn, year)}
    version = years.data_version(conn, year)
    now = stored_results.current_snapshot(conn, year, schemes.applicable(conn, year).code)
    older = {code: result for code, result in fixed.items() if known[result].data_version != version}
    if not older or now is None or now.data_version != version:
        return frozenset(older)
    today = digests(Results.from_json(stored_results.get(conn, now.id)))
    then = {
        result: digests(Results.from_json(stored_results.get(conn, result))) for result in sorted({*older.values()})
    }
    return frozenset(code for code, result in older.items() if then[result].get(code) != today.get(code))
