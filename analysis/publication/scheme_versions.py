"""Versions of schemes: who added one, why, what it changes; and what is settled once answers of a year come in.

What turns answers into points (presets, limits, weighting, points of the types, thresholds of the stars) must not be
chosen by somebody who has seen the answers.  A version that changes it for an open year with answers needs a reason;
it is kept with what it changed, and every result of that year then says ``scheme_changed_after_fieldwork``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from analysis.scheme.difference import Change, differences
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict, to_dict
from analysis.scheme.workbook.layout import TABLES
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.form.serial import reweighted
from survey.store import Store, audit, settings
from survey.store.engine.base import now
from survey.store.intake import questionnaires, responses
from survey.store.year import register, schemes, years
from survey.store.year.schemes import StoredScheme

VERSION_COLUMNS = columns(
    Column("code", CODE),
    Column("version", WHOLE),
    Column("first_year", WHOLE),
    Column("name", TEXT),
    Column("indicators", WHOLE),
    Column("points", NUMBER),
    Column("added_at", DATE),
    Column("author", TEXT),
    Column("reason", TEXT),
    Column("after_fieldwork", TEXT),
)


def put(
    store: Store, scheme: Scheme, data: bytes | None = None, *, file: str = "", author: str = "", reason: str = ""
) -> StoredScheme:
    """Keep a scheme as the newest version of its code.

    Raises Refused where it changes what is settled for a year with answers and no reason is given; nothing is stored.
    """
    with store.write() as conn:
        reason = reason.strip()
        settled = settled_changes(conn, scheme)
        if settled and not reason:
            raise Refused("scheme.locked", **_locked(conn, settled))
        kept = [{"year": year, "what": [c.plain() for c in changes]} for year, changes in settled.items()]
        stored = schemes.add(
            conn,
            scheme.code,
            scheme.first_year,
            to_dict(scheme),
            data,
            author=author.strip(),
            reason=reason,
            after_fieldwork=kept,
        )
        detail = {"version": stored.version, "file": file, "reason": reason, "after_fieldwork": sorted(settled)}
        audit.record(conn, author.strip(), "scheme add", stored.code, detail)
    return stored


def newest(conn: Connection, code: str) -> StoredScheme | None:
    """The newest version of a code, None where the code is new."""
    versions = [stored for stored in schemes.listing(conn) if stored.code == code]
    return max(versions, key=lambda stored: stored.version, default=None)


def strangers(conn: Connection, scheme: Scheme) -> list[Finding]:
    """Communities of annexes 2 and 3 that the register does not know, with the one they look like; a remark each."""
    known = {name for c in register.communities(conn) for name in (c.code, c.name, *c.aliases)}
    annexes = (
        ("community_targets", [c for c, _, _ in scheme.community_targets]),
        ("pilots", [c for c, _ in scheme.pilots]),
    )
    found = []
    for table, names in annexes:
        for name in dict.fromkeys(names) if known else ():
            if name not in known:
                near = next(iter(get_close_matches(name, sorted(known), 1, 0.5)), "—")
                params = {"found": name, "near": near}
                found.append(Finding("scheme.community_unknown", "note", "sheet", TABLES[table].title, params=params))
    return found


def settled_changes(conn: Connection, scheme: Scheme) -> dict[int, list[Change]]:
    """Year → what keeping this scheme would change of what is settled there; open years with answers only."""
    number = max((s.id for s in schemes.listing(conn)), default=0) + 1
    fresh = StoredScheme(number, scheme.code, 0, scheme.first_year, to_dict(scheme), now())
    found: dict[int, list[Change]] = {}
    for year in years.fieldwork(conn):
        known = schemes.readable(conn, year)
        before, after = schemes.among(known, year), schemes.among([*known, fresh], year)
        if before is None or after is None or before.id == after.id or years.state(conn, year) == "closed":
            continue
        old, new = from_dict(before.definition), from_dict(after.definition)
        used = tuple(f"{name} (" for name in {old.preset, new.preset})
        changes = [c for c in differences(old, new) if c.locked and (c.part != "preset" or c.code.startswith(used))]
        if changes:
            found[year] = changes
    return found


def _locked(conn: Connection, settled: Mapping[int, Sequence[Change]]) -> dict[str, Any]:
    """What the refusal says: the years, since when, and the first changes in both languages."""
    since = min(at for year, at in years.fieldwork(conn).items() if year in settled)
    first = list(dict.fromkeys(c for changes in settled.values() for c in map(_hashable, changes)))
    between = {"zh": "；", "en": "; "}
    what = {lang: between[lang].join(text[lang].rstrip("。.") for text in map(dict, first[:3])) for lang in between}
    return {"years": list(map(str, settled)), "since": clock(conn, since), "what": what, "n": len(first)}


def settled_of(conn: Connection, year: int, stored: StoredScheme) -> dict[str, Any]:
    """What results of a year say of their scheme: when it was added and settled, and what was changed after that.

    A what-if (a scheme that is not the year's own) has changed nothing.
    """
    own = schemes.among(schemes.readable(conn, year), year)
    changes = changed_after(conn, year) if own is not None and own.id == stored.id else []
    forms = (questionnaires.by_id(conn, form_id) for form_id in sorted(responses.forms_in(conn, year)))
    items = reweighted([(f.name, f.form) for f in forms])
    return {
        "scheme_added_at": clock(conn, stored.added_at),
        "scheme_author": stored.author,
        "fieldwork_since": settled_since(conn, year),
        "scheme_changes": changes,
        "item_weights_changed": items,
    }


def _hashable(change: Change) -> tuple[tuple[str, str], ...]:
    return tuple((lang, change.word(lang)) for lang in ("zh", "en"))


def clock(conn: Connection, moment: datetime) -> str:
    """A moment as the store's clock shows it, to the minute."""
    zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def settled_since(conn: Connection, year: int) -> str:
    """When the first answer of the year came in, from which on its scheme is settled; ``''`` before."""
    at = years.fieldwork(conn).get(year)
    return "" if at is None else clock(conn, at)


def changed_after(conn: Connection, year: int) -> list[dict[str, Any]]:
    """Versions that changed what was settled for this year: ``code, version, at, author, reason, what``."""
    return [
        {
            "code": s.code,
            "version": s.version,
            "at": clock(conn, s.added_at),
            "author": s.author,
            "reason": s.reason,
            "what": list(line["what"]),
        }
        for s in schemes.listing(conn)
        for line in s.after_fieldwork
        if line["year"] == year
    ]


def version_rows(conn: Connection, lang: str, code: str | None = None) -> list[dict[str, Any]]:
    """Every version (of one code) in the order they came: ``VERSION_COLUMNS``."""
    return [
        {
            "code": s.code,
            "version": s.version,
            "first_year": s.first_year,
            "name": read.names.get(lang, s.code),
            "indicators": len(read.scored_indicators),
            "points": read.full_marks,
            "added_at": clock(conn, s.added_at),
            "author": s.author,
            "reason": s.reason,
            "after_fieldwork": ", ".join(str(line["year"]) for line in s.after_fieldwork),
        }
        for s, read in ((s, from_dict(s.definition)) for s in schemes.listing(conn))
        if code in (None, s.code)
    ]


def named(conn: Connection, text: str) -> StoredScheme:
    """A version by ``CODE`` (the newest) or ``CODE@2``; raises Refused naming those that exist."""
    code, _, number = text.rpartition("@") if "@" in text else (text, "", "")
    if number and not number.isdigit():
        raise Refused("scheme.bad_version", found=text)
    return schemes.get(conn, code, int(number) if number else None)


def between(conn: Connection, one: str, other: str) -> list[Change]:
    """What the second version has otherwise than the first."""
    return differences(*(from_dict(named(conn, text).definition) for text in (one, other)))


def from_plain(values: Mapping[str, Any]) -> Change:
    """A change that ``Change.plain`` wrote."""
    return Change(**values)
