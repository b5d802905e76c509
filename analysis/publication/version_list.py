"""The versions of a year, numbered: of each community its calculations, of each street the lists that were published.

A community has a version for every calculation that reached it; a street has a list for every publication that reached one of
its communities, and the list rests on the version of each that was published last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.stages import NO_NUMBER
from analysis.cycle.step_log import Log
from analysis.cycle.stored_steps import published_results, read_steps
from analysis.cycle.versions import kept_digests, read_back
from analysis.publication.fixed_versions import Sentence, some
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import FRAMES, Results
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import settings
from survey.store.year import arrivals
from survey.store.year import results as stored_results
from survey.store.year.arrivals import Arrival
from survey.store.year.cycle import Event
from survey.store.year.results import Snapshot

#: ``state``: ``current`` (the version that is published), ``published`` (was, before it), ``calculated`` (never was)
VERSION_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("version", WHOLE),
    Column("state", CODE),
    Column("calculated_at", DATE),
    Column("who", TEXT),
    Column("reason", TEXT),
    Column("published_from", DATE),
    Column("published_to", DATE),
    Column("decided_by", CODE),
    Column("decided_total", NUMBER),
    Column("decided", DATE),
    Column("total", NUMBER),
    Column("star", WHOLE),
    Column("differs", TEXT),
)
#: ``community``: whose correction made the list, empty where all were published; ``versions``: code:version of each
LIST_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("year", WHOLE),
    Column("list", WHOLE),
    Column("published_at", DATE),
    Column("published_from", DATE),
    Column("published_to", DATE),
    Column("document", TEXT),
    Column("who", TEXT),
    Column("community", TEXT),
    Column("communities", WHOLE),
    Column("versions", TEXT),
)


@dataclass(frozen=True)
class Version:
    """One calculation of a community, the publication and the decision that followed on it, if they did.

    ``differs``: what came in, went or changed since the version before; empty for the first.
    """

    number: int
    calculated: Event
    published: Event | None
    decided: Event | None
    state: str
    differs: tuple[Sentence, ...] = ()

    @property
    def result(self) -> int:
        """The snapshot that it is a row of."""
        return self.calculated.result or 0


@dataclass(frozen=True)
class Listed:
    """A list of a street: the publication that made it, and community → number of the version that it rests on."""

    street: str
    number: int
    published: Event
    versions: Mapping[str, int]


@dataclass(frozen=True)
class YearVersions:
    """All of a year: ``versions`` by community, ``lists`` by street, the snapshots that they rest on and their score rows."""

    log: Log
    versions: Mapping[str, tuple[Version, ...]]
    lists: Mapping[str, tuple[Listed, ...]]
    streets: Mapping[str, str]
    kept: Mapping[int, Results]
    rows: Mapping[int, Mapping[str, Mapping[str, Any]]]

    def row(self, code: str, version: Version) -> Mapping[str, Any]:
        """The score row of a version; empty where the snapshot does not know the community."""
        return self.rows[version.result].get(code, {})


def year_versions(
    conn: Connection, year: int, codes: Iterable[str] | None = None, log: Log | None = None
) -> YearVersions:
    """The versions of these communities (None: all) and the lists of all streets of a year (``log``: if it is read already)."""
    log = log or read_steps(conn, year)
    chosen = None if codes is None else {*codes}
    places = {c.code: c.sub_district for c in communities_in(conn, year)}
    numbered = {code: _numbered(log, code) for code in log.codes}
    wanted = [code for code in log.codes if chosen is None or code in chosen]
    kept = {n: read_back(stored_results.get(conn, n)) for n in sorted({v.result for c in wanted for v in numbered[c]})}
    told = _told(conn, year, kept, {code: numbered[code] for code in wanted})
    rows = {n: {str(row["community_code"]): row for row in found.rows("scores")} for n, found in kept.items()}
    return YearVersions(log, told, _lists(log, places, numbered), places, kept, rows)


def _numbered(log: Log, code: str) -> tuple[Version, ...]:
    """The calculations that reached a community, in order."""
    steps = log.steps_of(code)
    starts = [e for e in steps if e.kind == "calculated" and e.result is not None]
    stands = published_results(log).get(code)
    found = []
    for number, event in enumerate(starts, 1):
        end = starts[number].id if number < len(starts) else None
        after = [e for e in steps if e.id > event.id and (end is None or e.id < end)]
        published = next((e for e in reversed(after) if e.kind == "publicised"), None)
        decided = next((e for e in reversed(after) if e.kind in ("decided", "decision_withdrawn")), None)
        if decided is not None and (decided.kind != "decided" or decided.outcome in NO_NUMBER):
            decided = None
        state = "published" if published else "calculated"
        found.append(Version(number, event, published, decided, state))
    last = next((v for v in reversed(found) if v.published is not None), None)
    return tuple(replace(v, state="current") if v is last and v.result == stands else v for v in found)


def _lists(
    log: Log, places: Mapping[str, str], numbered: Mapping[str, Sequence[Version]]
) -> dict[str, tuple[Listed, ...]]:
    """Street → its lists: one for every publication that reached one of its communities."""
    streets: dict[str, list[str]] = {}
    for code in log.codes:
        streets.setdefault(places.get(code, ""), []).append(code)
    out = {code: _came_out(log, code, numbered[code]) for code in log.codes}
    found: dict[str, tuple[Listed, ...]] = {}
    for street, codes in streets.items():
        told = {e.id: e for code in codes for e in log.steps_of(code) if e.kind == "publicised"}
        mine = [told[number] for number in sorted(told)]
        found[street] = tuple(
            Listed(street, number, event, {c: known[0] for c in codes if (known := _by_then(out[c], event.id))})
            for number, event in enumerate(mine, 1)
        )
    return found


def _came_out(log: Log, code: str, versions: Sequence[Version]) -> list[tuple[int, int]]:
    """(publication, number of the version that it published) of a community, newest first; one may be published twice."""
    told = [e.id for e in reversed(log.steps_of(code)) if e.kind == "publicised"]
    newest_first = [*reversed(versions)]
    pairs = ((at, next((v.number for v in newest_first if v.calculated.id < at), 0)) for at in told)
    return [(at, number) for at, number in pairs if number]


def _by_then(out: Sequence[tuple[int, int]], event: int) -> list[int]:
    """The versions that were published when a publication was entered, newest first."""
    return [number for at, number in out if at <= event]


# ── What differs from the version before, in words


def _told(
    conn: Connection, year: int, kept: Mapping[int, Results], numbered: Mapping[str, tuple[Version, ...]]
) -> dict[str, tuple[Version, ...]]:
    known = {s.id: s for s in stored_results.versions(conn, year)}
    several = any(len(versions) > 1 for versions in numbered.values())
    came = arrivals.arrivals(conn, year) if several else ()
    own = {n: kept_digests(conn, known[n]) for n in kept} if several else {}
    return {
        code: tuple(
            v
            if i == 0
            else replace(v, differs=_differs(code, known[versions[i - 1].result], known[v.result], own, came))
            for i, v in enumerate(versions)
        )
        for code, versions in numbered.items()
    }


def _differs(
    code: str, before: Snapshot, after: Snapshot, own: Mapping[int, Mapping[str, str]], came: Sequence[Arrival]
) -> tuple[Sentence, ...]:
    told: list[Sentence] = []
    for batch in came:
        then, now = batch.counted(before.created_at), batch.counted(after.created_at)
        for what, held in (("answers", batch.answers), ("values", batch.values)):
            if then != now and held.get(code):
                key = f"cycle_versions.{what}_{'came' if now else 'went'}"
                told.append((key, {"n": held[code], "batch": batch.id, "file": batch.file}))
    if (before.scheme_code, before.scheme_version) != (after.scheme_code, after.scheme_version):
        told.append(("cycle_versions.scheme", {"before": before.scheme_version, "after": after.scheme_version}))
    same = own[before.id].get(code) == own[after.id].get(code)
    if not told:
        told.append(("cycle_versions.same" if same else "cycle_versions.other", {}))
    return tuple(told)


def worded(differs: Iterable[Sentence], lang: str) -> str:
    """What differs, in one line; what was typed came in no file."""
    typed = {"file": say(lang, "cycle_versions.typed")}
    told = [(key, {**values, **typed} if values.get("file") == "" else values) for key, values in differs]
    return ("；" if lang == "zh" else "; ").join(say(lang, key, **values) for key, values in told)


# ── As tables


def versions_frame(conn: Connection, found: YearVersions, lang: str) -> pd.DataFrame:
    """``VERSION_COLUMNS``, one row a version, by community in register order."""
    rows = [
        {
            "sub_district": found.streets.get(code),
            "community_code": code,
            "community": found.log.name(code),
            "year": found.log.year,
            "version": v.number,
            "state": v.state,
            "calculated_at": settings.local(conn, v.calculated.at) if v.calculated.at else None,
            "who": v.calculated.who,
            "reason": v.calculated.reason,
            "published_from": v.published.date if v.published else None,
            "published_to": v.published.until if v.published else None,
            "decided_by": v.decided.body if v.decided else None,
            "decided_total": v.decided.total if v.decided else None,
            "decided": v.decided.date if v.decided else None,
            "total": row.get("total"),
            "star": row.get("star"),
            "differs": worded(v.differs, lang),
        }
        for code, versions in found.versions.items()
        for v in versions
        for row in [found.row(code, v)]
    ]
    typed: pd.DataFrame = VERSION_COLUMNS.typed(pd.DataFrame(rows, columns=list(VERSION_COLUMNS.names)))
    return typed


def lists_frame(conn: Connection, found: YearVersions) -> pd.DataFrame:
    """``LIST_COLUMNS``, one row a list, by street in register order."""
    rows = [
        {
            "sub_district": one.street,
            "year": found.log.year,
            "list": one.number,
            "published_at": settings.local(conn, one.published.at) if one.published.at else None,
            "published_from": one.published.date,
            "published_to": one.published.until,
            "document": one.published.document,
            "who": one.published.who,
            "community": found.log.name(one.published.community) if one.published.community else None,
            "communities": len(one.versions),
            "versions": "、".join(f"{code}:{number}" for code, number in one.versions.items()),
        }
        for lists in found.lists.values()
        for one in lists
    ]
    typed: pd.DataFrame = LIST_COLUMNS.typed(pd.DataFrame(rows, columns=list(LIST_COLUMNS.names)))
    return typed


def shown(found: YearVersions, code: str, number: int) -> Results:
    """The results that a version of a community is a row of, with that row only; raises Refused where there is none."""
    versions = found.versions.get(code, ())
    if not 1 <= number <= len(versions):
        name, year = found.log.name(code), found.log.year
        raise Refused("cycle_versions.none", community=name, year=year, number=number, n=len(versions))
    kept = found.kept[versions[number - 1].result]
    return replace(kept, scores=kept.scores[kept.scores["community_code"] == code])


def list_shown(found: YearVersions, number: int, street: str = "") -> Results:
    """The rows of a street's list of this number (of every street that has one, if none is said), ranked as they stood in it.

    ``found`` holds the versions of all communities.  Raises Refused for a street that the year does not have, and where there
    is no such list.
    """
    if street and street not in found.lists:
        raise Refused("cycle.unknown_street", street=street, year=found.log.year, known=list(filter(None, found.lists)))
    lists = found.lists.values() if not street else [found.lists[street]]
    wanted = [mine[number - 1] for mine in lists if 1 <= number <= len(mine)]
    if not wanted:
        raise Refused("cycle_versions.no_list", year=found.log.year, number=number, n=max(map(len, lists), default=0))
    parts = [_ranked(found, one) for one in wanted]
    last = found.kept[max(found.kept)]
    return replace(last, scores=pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0])


def _ranked(found: YearVersions, one: Listed) -> pd.DataFrame:
    """The score rows of a list; ranks and q are the list's own where it rests on several snapshots."""
    held = {code: found.versions[code][number - 1].result for code, number in one.versions.items()}
    pieces = [
        scores[scores["community_code"].map(held) == n]
        for n in sorted({*held.values()})
        for scores in [found.kept[n].scores]
    ]
    if len(pieces) == 1:
        return pieces[0].reset_index(drop=True)
    # what ranks a list takes long to import: only who looks at one that was laid together waits for it
    from analysis.scoring.change import add_q
    from analysis.scoring.rating import add_ranks, noted

    place = {code: i for i, code in enumerate(found.log.codes)}
    rows = pd.concat(pieces, ignore_index=True)
    rows = rows.sort_values("community_code", key=lambda c: c.map(place), kind="stable", ignore_index=True)
    rows = pd.DataFrame(FRAMES["scores"].floats(rows))
    ranked = rows["total"].notna() & (rows["status"] != "vetoed") & ~noted(rows, "open_sample")
    add_ranks(rows, ranked.to_numpy())
    add_q(rows)
    return rows


def rests_on(one: Listed, names: Mapping[str, str]) -> Sequence[tuple[int, str]]:
    """(number of a version, the communities that a list takes in it) of those that are named, for a sentence."""
    by_number: dict[int, list[str]] = {}
    for code, number in one.versions.items():
        if code in names:
            by_number.setdefault(number, []).append(names[code])
    return [(number, some(by_number[number])) for number in sorted(by_number)]
