"""Removed for good: one respondent who asks for it, or a whole batch, with a reason and a line in the log.

Undo takes a batch out of every result and keeps its rows.  This deletes them: answers, numbers, contacts, calls, what
was found in their rows, and the file they came in.  An open year is computed again.  The results of a closed year stay
as they were decided, and say from then on that responses were removed since.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from survey.answers.phones import read_phones
from survey.answers.respondents import folded, of_mode
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import say
from survey.people.contacts import AREA_CODE
from survey.store import Store, audit, keyring, settings
from survey.store.engine.base import now
from survey.store.intake import batches, contacts, originals, questionnaires
from survey.store.intake.batches import Batch
from survey.store.upkeep import removals
from survey.store.upkeep.removals import Held, Kind, Line
from survey.store.year import register, years

#: call records are of the telephone
CALLED = "phone"
#: places named where a number was found in several
_FIRST_PLACES = 6


@dataclass(frozen=True)
class Wanted:
    """Whom or what to remove: a whole batch; a row of its sheet; a respondent by number or telephone number, and where
    that is several people's, the year, community and mode."""

    batch: int | None = None
    row: int | None = None
    respondent: str = ""
    phone: str = ""
    year: int | None = None
    community: str = ""
    mode: str = ""

    @property
    def whole(self) -> bool:
        """Whether a batch is meant with all that it brought."""
        return self.batch is not None and self.row is None and not self.respondent and not self.phone


@dataclass(frozen=True)
class Found:
    """What would go: ``responses``, ids of ``calls``, how many ``contacts`` and ``files``; ``copies`` made earlier, which
    still hold it; ``closed`` years, whose results stay."""

    kind: Kind
    responses: tuple[Held, ...]
    calls: tuple[tuple[int, int, int | None], ...]
    contacts: int
    files: frozenset[str]
    batches: tuple[int, ...]
    closed: tuple[int, ...]
    copies: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that it touches, ascending."""
        return tuple(sorted({r.year for r in self.responses} | {year for _, year, _ in self.calls}))

    @property
    def counts(self) -> dict[str, int]:
        """How much of each: ``responses, calls, contacts, originals``."""
        return {
            "responses": len(self.responses),
            "calls": len(self.calls),
            "contacts": self.contacts,
            "originals": len(self.files),
        }


def look(store: Store, wanted: Wanted) -> Found:
    """What would be removed; raises Refused where there is nothing, or where a number is that of several people."""
    with store.read() as conn:
        return _find(conn, store, wanted)


def remove(store: Store, wanted: Wanted, reason: str, who: str = "") -> Found:
    """Remove it for good, in one transaction, with a line in the audit record; raises WrongUsage without a reason."""
    reason = reason.strip()
    if not reason:
        raise WrongUsage("removal.needs_reason")
    with store.erasing() as conn:
        found = _find(conn, store, wanted)
        lines = _lines(conn, found, reason, who)
        calls = [number for number, _, _ in found.calls]
        if found.kind == "batch":
            removals.erase_batch(conn, found.batches[0], [one.id for one in found.responses], calls)
        else:
            removals.erase(conn, found.responses, calls)
        originals.drop(conn, found.files)
        removals.note(conn, lines)
        years.bump(conn, set(found.years) - set(found.closed))
        subject = "、".join(f"batch {number}" for number in found.batches)
        detail = {"kind": found.kind, "years": list(found.years), "closed": list(found.closed), **found.counts}
        audit.record(conn, who, "remove", subject, {**detail, "reason": reason})
    return found


def _find(conn: Connection, store: Store, wanted: Wanted) -> Found:
    batch = None if wanted.batch is None else batches.get(conn, wanted.batch)
    if batch is not None and wanted.whole:
        return _of_batch(conn, store, batch)
    found = _responses(conn, wanted)
    if not found:
        raise Refused("removal.nothing")
    who = {r.id: _who(conn, r) for r in found}
    cases = {(r.questionnaire, r.year, r.community_id, who[r.id]) for r in found}
    if len(cases) > 1 or (len(found) > 1 and any(r.respondent is None for r in found)):
        raise Refused("removal.several", n=len(cases), places=_places(conn, found))
    calls = []
    by_phone = [r for r in found if r.mode == CALLED or who[r.id] == folded(r.respondent or "")]
    for respondent in {r.respondent for r in by_phone if r.respondent}:
        one = found[0]
        attempts = removals.calls_of(conn, one.questionnaire, one.year, one.community_id, respondent)
        calls += [(number, one.year, one.community_id) for number in attempts]
    found = removals.held(conn, ids=removals.with_corrected(conn, [r.id for r in found]))
    numbers = removals.tokens(conn, [r.id for r in found])
    return _found(conn, store, "respondent", found, calls, len(numbers), {r.batch_id for r in found})


def _who(conn: Connection, one: Held) -> str:
    """What the person of a response is compared by: the number, with the mode where that is a part of who somebody is."""
    fold = folded(one.respondent or "")
    return of_mode(fold, one.mode) if questionnaires.by_id(conn, one.form_id).form.mode_in_key else fold


def _of_batch(conn: Connection, store: Store, batch: Batch) -> Found:
    if batch.kind not in ("answers", "calls"):
        raise Refused("removal.no_people", batch=batch.id)
    if batch.state == "removed":
        raise Refused("store.batch_removed", batch=batch.id)
    found = removals.held(conn, batch_id=batch.id)
    calls = removals.calls_of_batch(conn, batch.id)
    numbers = removals.tokens(conn, [r.id for r in found])
    return _found(conn, store, "batch", found, calls, len(numbers), {batch.id})


def _found(
    conn: Connection,
    store: Store,
    kind: Kind,
    found: Sequence[Held],
    calls: Sequence[tuple[int, int, int | None]],
    numbers: int,
    of: set[int],
) -> Found:
    hashes = {batches.get(conn, number).file_hash for number in of | removals.batches_beside(conn, found)}
    result = Found(
        kind=kind,
        responses=tuple(found),
        calls=tuple(calls),
        contacts=numbers,
        files=frozenset(h for h in hashes if originals.kept(conn, h)),
        batches=tuple(sorted(of)),
        closed=(),
        copies=copies_of(store),
    )
    return replace(result, closed=tuple(y for y in years.closed(conn) if y in result.years))


def _responses(conn: Connection, wanted: Wanted) -> list[Held]:
    if wanted.row is not None:
        if wanted.batch is None:
            raise WrongUsage("removal.row_of_what")
        return removals.held(conn, batch_id=wanted.batch, row=wanted.row)
    found = _by_phone(conn, wanted.phone) if wanted.phone else _by_number(conn, wanted.respondent)
    place = _community(conn, wanted.community)
    return [
        r
        for r in found
        if wanted.year in (None, r.year)
        and (not wanted.community or r.community_id == place)
        and wanted.batch in (None, r.batch_id)
        and wanted.mode in ("", r.mode)
    ]


def _by_number(conn: Connection, respondent: str) -> list[Held]:
    """All responses under a number as it is typed, else as it is said (case, leading zeros)."""
    if not respondent.strip():
        raise WrongUsage("removal.whom")
    exact = removals.held(conn, respondent=respondent.strip())
    said = folded(respondent.strip())
    same = [] if exact else removals.alike(conn, lambda stored: folded(stored) == said)
    return exact or [one for number in same for one in removals.held(conn, respondent=number)]


def _by_phone(conn: Connection, text: str) -> list[Held]:
    """All responses that a telephone number leads to, in any questionnaire and year."""
    ring = keyring.need()
    numbers = read_phones(text, settings.get(conn, AREA_CODE, "")).numbers
    if not numbers:
        raise WrongUsage("removal.no_number")
    forms = {b.target for b in batches.listing(conn, entries=False) if b.kind == "answers"}
    ids: set[int] = set()
    for target in sorted(forms):
        ids |= contacts.responses_of(conn, ring, target, numbers[0])
    return removals.held(conn, ids=ids) if ids else []


def _community(conn: Connection, text: str) -> int | None:
    """The community of this code or name; raises Refused for an unknown one."""
    if not text:
        return None
    for one in register.communities(conn):
        if text in (one.code, one.name):
            return one.id
    raise Refused("store.unknown_community", community=text)


def _places(conn: Connection, found: Iterable[Held]) -> str:
    names = {c.id: c.name for c in register.communities(conn)}
    said = [
        f"{r.year} {names.get(r.community_id, '–')} {r.mode or '–'} ({r.batch_id}: {r.sheet or '–'} {r.row})"
        for r in found
    ]
    return "；".join(said[:_FIRST_PLACES]) + (" …" if len(said) > _FIRST_PLACES else "")


def _lines(conn: Connection, found: Found, reason: str, who: str) -> list[Line]:
    """One line a batch, community and year; the closed years among them are marked."""
    answered = Counter((r.batch_id, r.questionnaire, r.year, r.community_id) for r in found.responses)
    batch = batches.get(conn, found.batches[0])
    called = Counter((batch.id, batch.target, year, place) for _, year, place in found.calls)
    first = next(iter(found.responses), None)
    mark = None
    if found.kind == "respondent" and first is not None and first.respondent:
        where = (first.questionnaire, first.year, first.community_id)
        mark = removals.mark(conn, *where, _who(conn, first))
    moment, said = now(), found.contacts
    lines = []
    for key in {**answered, **called}:
        number, questionnaire, year, place = key
        lines.append(
            Line(
                moment,
                who,
                reason,
                found.kind,
                number,
                questionnaire,
                year,
                place,
                mark,
                answered[key],
                called[key],
                said,
                year in found.closed,
            )
        )
        said = 0  # counted once, with the first line
    return lines


def sentences(found: Found, lang: str, *, done: bool, bare: bool = False) -> list[str]:
    """What would go (or went), what stays and where it may still be; copies by their ``bare`` names or with their place."""
    listed = "、".join(map(str, found.batches))
    years_ = "、".join(map(str, found.years)) or "–"
    said = [say(lang, "removal.done" if done else "removal.would", **found.counts, batches=listed, years=years_)]
    if found.closed:
        said.append(say(lang, "removal.closed", years=list(found.closed)))
    if found.kind == "respondent" and any(one.respondent is None for one in found.responses):
        said.append(say(lang, "removal.unnumbered"))
    files = [Path(path).name if bare else path for path in found.copies]
    said.append(say(lang, "removal.copies" if files else "removal.no_copies", files=files))
    return said


def copies_of(store: Store) -> tuple[str, ...]:
    """Files beside a SQLite store that are copies of it: backups under its name, and those made before an upgrade."""
    if store.file is None:
        return ()
    path = Path(store.file.path)
    pattern = re.compile(rf"{re.escape(path.stem)}(\.schema\d+)?-\d{{8}}-\d{{6}}{re.escape(path.suffix)}")
    return tuple(sorted(str(other) for other in path.parent.iterdir() if pattern.fullmatch(other.name)))


def plain(line: Line, names: dict[int | None, str]) -> dict[str, Any]:
    """A line of the list of what was removed."""
    return {
        "at": line.at,
        "who": line.who,
        "kind": line.kind,
        "batch": line.batch_id,
        "year": line.year,
        "community": names.get(line.community_id, ""),
        "responses": line.responses,
        "calls": line.calls,
        "contacts": line.contacts,
        "closed": "yes" if line.closed else "no",
        "reason": line.reason,
    }
