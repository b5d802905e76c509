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
from survey.store.engine.failures import Unreadable
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


def read_back(text: str) -> Results:
    """A snapshot as it was kept; raises Unreadable, which the store's transaction words, for what no program of ours wrote."""
    try:
        return Results.from_json(text)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"results: {type(error).__name__}") from error


def changed(newest: Results, fixed: Mapping[str, Results]) -> frozenset[str]:
    """Communities whose numbers are others in the newest results than in those that were fixed for them (code → results).

    Results of the same data and scheme differ in nothing, whichever program computed them.
    """
    rests_on = ("scheme", "scheme_version", "data_version")
    now = [newest.meta[key] for key in rests_on]
    older = {code: found for code, found in fixed.items() if [found.meta[key] for key in rests_on] != now}
    if not older:
        return frozenset()
    today = digests(newest)
    then = {id(found): digests(found) for found in {id(f): f for f in older.values()}.values()}
    return frozenset(code for code, found in older.items() if then[id(found)].get(code) != today.get(code))


def moved(conn: Connection, year: int, fixed: Mapping[str, int]) -> frozenset[str]:
    """Communities whose numbers are others now than in the snapshot that was fixed for them (``fixed``: code → its id).

    Where the year's current numbers are not computed yet, every community fixed on older data counts as moved: whoever takes
    a step computes them first.
    """
    known = {s.id: s for s in stored_results.versions(conn, year)}
    version = years.data_version(conn, year)
    scheme = schemes.applicable(conn, year)
    now = stored_results.current_snapshot(conn, year, scheme.code)
    rests_on = (version, scheme.id)
    older = {c: n for c, n in fixed.items() if (known[n].data_version, known[n].scheme_id) != rests_on}
    if not older or now is None or (now.data_version, now.scheme_id) != rests_on:
        return frozenset(older)
    then = {n: read_back(stored_results.get(conn, n)) for n in sorted({*older.values()})}
    return changed(read_back(stored_results.get(conn, now.id)), {code: then[n] for code, n in older.items()})
