"""Whether a community's numbers still are those that were fixed: its rows of two snapshots, held against each other.

What belongs to the list of all (ranks, tiers, q of changes) and what is laid over the calculation (status, reviews) is left
out: data of one community never make the fixed version of another an old one.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from analysis.keeping.packed import scores_of, unpack
from analysis.scoring.results import Results, plain
from survey.core import limits
from survey.store.engine.failures import Unreadable
from survey.store.year import results as stored_results
from survey.store.year import schemes, years
from survey.store.year.results import Snapshot

#: the columns of a community's own numbers; dimensions follow from items and indicators
OWN: Mapping[str, tuple[str, ...]] = {
    "scores": ("n", "n_partial", "n_excluded", "objective", "subjective", "subjective_se", "total", "star"),
    "items": ("item", "n", "n_asked", "score", "se", "points", "points_got"),
    "indicators": ("indicator", "points", "points_got", "value", "state"),
}
#: digits that count: a sum in another order is no other number
_DIGITS = 8
#: snapshots whose digests are remembered
_REMEMBERED = 64
_guard = threading.Lock()
K = TypeVar("K")
V = TypeVar("V")
#: (store, snapshot, when it was kept) → its digests, the last asked for at the end
_told_apart: OrderedDict[tuple[str, int, datetime], Mapping[str, str]] = OrderedDict()
#: digest of a snapshot's text → all of it, the last asked for at the end
_parsed: OrderedDict[bytes, Results] = OrderedDict()
#: (store, snapshot, when it was kept) → what it says of itself
_marked: OrderedDict[tuple[str, int, datetime], Mapping[str, Any]] = OrderedDict()


def digests(results: Results) -> dict[str, str]:
    """Community → a digest of its own numbers: equal digests, equal versions."""
    found: dict[str, list[Any]] = defaultdict(list)
    for name, wanted in OWN.items():
        frame = getattr(results, name)
        columns = [frame[c].tolist() for c in ("community_code", *wanted)]
        for code, *values in zip(*columns, strict=True):
            found[str(code)].append([name, *(_told(v) for v in values)])
    texts = {code: json.dumps(rows, ensure_ascii=False, sort_keys=True) for code, rows in found.items()}
    return {code: hashlib.sha256(text.encode()).hexdigest() for code, text in texts.items()}


def _told(value: Any) -> Any:
    told = plain(value)
    if isinstance(told, bool) or not isinstance(told, (int, float)):
        return told
    return float(f"{told:.{_DIGITS}g}")


def read_back(text: str) -> Results:
    """A snapshot as it was kept; raises Unreadable, which the store's transaction words, for what no program of ours wrote."""
    return _made(unpack, text)


def read_scores(text: str) -> Results:
    """The same without a row of items and indicators, which costs a twentieth of it; raises as ``read_back``."""
    return _made(scores_of, text)


def _made(reading: Callable[[str], Results], text: str) -> Results:
    try:
        return reading(text)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Unreadable(f"results: {type(error).__name__}") from error


def read_kept(conn: Connection, snapshot: Snapshot) -> Results:
    """A snapshot: the same text is parsed once while it is asked for, whatever asks for it next.

    Whoever asks gets results of their own, so that what one of them writes into is not what the next one reads; raises as
    ``read_back``.
    """
    text = stored_results.get(conn, snapshot.id)
    key = hashlib.sha256(text.encode()).digest()  # by what it says: a store that was damaged or exchanged is read anew
    found = _once(_parsed, key, limits.KEPT_YEARS, lambda: read_back(text)).apart()
    _once(_marked, _key(conn, snapshot), _REMEMBERED, lambda: found.meta)  # asked for before the next one is computed
    return found


def kept_digests(conn: Connection, snapshot: Snapshot) -> Mapping[str, str]:
    """``digests`` of a snapshot, which is never changed: read once a process, whatever asks for it next."""
    return _kept(_told_apart, conn, snapshot, lambda text: digests(read_back(text)))


def kept_marks(conn: Connection, snapshot: Snapshot) -> Mapping[str, Any]:
    """What a snapshot says of itself (``Results.meta``), read once a process as ``kept_digests`` is."""
    return _kept(_marked, conn, snapshot, lambda text: read_scores(text).meta)


def _kept(
    held: OrderedDict[tuple[str, int, datetime], Mapping[str, V]],
    conn: Connection,
    snapshot: Snapshot,
    made_of: Callable[[str], Mapping[str, V]],
) -> Mapping[str, V]:
    """What is made of a snapshot, remembered in ``held``."""
    return _once(
        held,
        _key(conn, snapshot),
        _REMEMBERED,
        lambda: made_of(stored_results.get(conn, snapshot.id)),
    )


def _key(conn: Connection, snapshot: Snapshot) -> tuple[str, int, datetime]:
    return str(conn.engine.url), snapshot.id, snapshot.created_at


def _once(held: OrderedDict[K, V], key: K, most: int, make: Callable[[], V]) -> V:
    """What is remembered in ``held``, else made; of more than ``most`` the one asked for longest ago is forgotten first."""
    with _guard:
        if key in held:
            held.move_to_end(key)
            return held[key]
    found = make()  # not under the lock: whoever asks for another one need not wait
    with _guard:
        held[key] = found
        held.move_to_end(key)  # another thread may have made it meanwhile
        while len(held) > most:
            held.popitem(last=False)
    return found


def changed(conn: Connection, newest: Results, number: int | None, fixed: Mapping[str, Snapshot]) -> frozenset[str]:
    """Communities whose numbers are others in the newest results than in the snapshot that was fixed for them.

    ``number``: the snapshot that ``newest`` is kept as, None if it is not.  Results of the same data and scheme differ in
    nothing, whichever program computed them.
    """
    rests_on = tuple(newest.meta[key] for key in ("scheme", "scheme_version", "data_version"))
    older = {c: s for c, s in fixed.items() if (s.scheme_code, s.scheme_version, s.data_version) != rests_on}
    if not older:
        return frozenset()
    kept = next((s for s in stored_results.versions(conn, newest.meta["year"]) if s.id == number), None)
    return _apart(conn, kept_digests(conn, kept) if kept else digests(newest), older)


def _apart(conn: Connection, today: Mapping[str, str], older: Mapping[str, Snapshot]) -> frozenset[str]:
    then = {s.id: kept_digests(conn, s) for s in {s.id: s for s in older.values()}.values()}
    return frozenset(code for code, s in older.items() if then[s.id].get(code) != today.get(code))


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
    older = {c: known[n] for c, n in fixed.items() if (known[n].data_version, known[n].scheme_id) != rests_on}
    if not older or now is None or (now.data_version, now.scheme_id) != rests_on:
        return frozenset(older)
    return _apart(conn, kept_digests(conn, now), older)
