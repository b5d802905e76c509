"""What is removed for good: every row of some responses and calls deleted, and a line kept of when, by whom and why.

The line holds nothing that was answered.  A respondent is known again by a mark, so that a file that comes in later
does not bring the same person back: HMAC-SHA256 of the number under a random secret of the store.  It says that
somebody of this number was removed, to whoever has the store and tries numbers, and no more.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, update

from survey.answers.respondents import folded
from survey.store import settings
from survey.store.engine import tables as t
from survey.store.upkeep import sums

Kind = Literal["respondent", "batch"]
#: the store's setting that holds the secret of the marks
SECRET = "removal_secret"
#: how many ids go into one statement: databases take no more variables than some thousand
_AT_ONCE = 500
_PARTS = (t.response_numbers, t.response_texts, t.response_choices, t.response_replicates, t.coded_answers, t.replaced)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored response: of which batch, questionnaire, year, community, who answered it, and where it stood."""

    id: int
    batch_id: int
    questionnaire: str
    year: int
    community_id: int | None
    mode: str | None
    form_id: int
    respondent: str | None
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Line:
    """What was removed of a batch, community and year.  ``closed``: the year was closed then, so its results stay."""

    at: datetime
    who: str
    reason: str
    kind: Kind
    batch_id: int
    questionnaire: str
    year: int
    community_id: int | None
    mark: bytes | None
    responses: int
    calls: int
    contacts: int
    closed: bool


def held(
    conn: Connection,
    *,
    batch_id: int | None = None,
    row: int | None = None,
    respondent: str | None = None,
    ids: Iterable[int] | None = None,
) -> list[Held]:
    """The responses of a batch, of a row of its sheet, of a respondent's number or with these ids; of batches that were
    taken back, too."""
    c, form = t.responses.c, t.questionnaires.c
    columns = (c.batch_id, form.name, c.year, c.community_id, c.mode, c.form_id, c.respondent, c.sheet, c.row)
    query = select(c.id, *columns).join_from(t.responses, t.questionnaires, form.id == c.form_id).order_by(c.id)
    for column, value in ((c.batch_id, batch_id), (c.row, row), (c.respondent, respondent)):
        if value is not None:
            query = query.where(column == value)
    if ids is not None:
        query = query.where(c.id.in_(sorted(set(ids))))
    return [Held(*line[:8], line[8] or "", line[9] or 0) for line in conn.execute(query)]


def with_corrected(conn: Connection, ids: Iterable[int]) -> set[int]:
    """These responses, those whose place they took, and those that took theirs: what one person said, however often."""
    c, found, new = t.replaced.c, set[int](), {*ids}
    while new:
        found |= new
        lines = conn.execute(select(c.response_id, c.by_id).where(or_(c.response_id.in_(new), c.by_id.in_(new))))
        new = {number for pair in lines for number in pair} - found
    return found


def alike(conn: Connection, same: Callable[[str], bool]) -> list[str]:
    """Respondents' numbers that a comparison takes for the one that is looked for."""
    c = t.responses.c.respondent
    return [who for who in conn.execute(select(c).where(c.is_not(None)).distinct().order_by(c)).scalars() if same(who)]


def calls_of(conn: Connection, questionnaire: str, year: int, community_id: int | None, respondent: str) -> list[int]:
    """Ids of the attempts to reach a respondent, however the number is written there."""
    c, wanted = t.calls.c, folded(respondent)
    place = _is(c.community_id, community_id)
    query = select(c.id, c.respondent).where(c.questionnaire == questionnaire, c.year == year, place)
    found = conn.execute(query.where(c.respondent.is_not(None)))
    return [number for number, who in found if folded(who) == wanted]


def calls_of_batch(conn: Connection, batch_id: int) -> list[tuple[int, int, int | None]]:
    """(id, year, community) of the attempts that a batch brought."""
    c = t.calls.c
    return [
        (number, year, place)
        for number, year, place in conn.execute(select(c.id, c.year, c.community_id).where(c.batch_id == batch_id))
    ]


def batches_beside(conn: Connection, found: Iterable[Held]) -> set[int]:
    """Batches of answers whose file may hold somebody of these responses though nothing of it was stored: a row that was
    in already, refused or left out, of the same questionnaire, year and community, or of the year and no known community."""
    wanted = {(one.questionnaire, one.year, one.community_id) for one in found}
    years = {(questionnaire, year) for questionnaire, year, _ in wanted}
    b, s = t.batches.c, t.tallies.c
    query = (
        select(b.id, b.target, b.counts, s.year, s.community_id, s.received, s.refused, s.stored)
        .join_from(t.tallies, t.batches, b.id == s.batch_id)
        .where(b.kind == "answers", b.target.in_({questionnaire for questionnaire, _ in years}))
    )
    beside, placed, refused = set(), Counter[int](), dict[int, int]()
    for number, target, counts, year, place, received, told, stored in conn.execute(query):
        placed[number] += told
        if (target, year) in years:
            refused[number] = int(counts.get("refused_rows") or 0) + int(counts.get("left_out") or 0)
            if received > stored and (place is None or (target, year, place) in wanted):
                beside.add(number)
    return beside | {number for number, rows in refused.items() if rows > placed[number]}


def tokens(conn: Connection, response_ids: Iterable[int]) -> list[str]:
    """The contacts that lead to these responses."""
    c = t.contact_links.c
    return [
        token
        for part in _parts(response_ids)
        for token in conn.execute(select(c.token).where(c.response_id.in_(part))).scalars()
    ]


def erase(conn: Connection, found: Sequence[Held], calls: Sequence[int]) -> None:
    """Delete single responses with all their answers, contacts and links, and calls.

    What was said of their rows goes too: findings, and the cells of decisions.  Counts of their batches shrink.
    """
    ids = [one.id for one in found]
    _erase_answers(conn, ids)
    _split_runs(conn, ids)
    _delete(conn, t.responses, "id", ids)
    _delete(conn, t.calls, "id", calls)
    for one in found:
        _shrink(conn, one)
        for table, blank in ((t.findings, None), (t.decisions, {"before": "", "after": "", "reason": ""})):
            c = table.c
            at = (c.batch_id == one.batch_id, c.sheet.in_(("", one.sheet)), c.row == one.row)
            conn.execute(delete(table).where(*at) if blank is None else update(table).where(*at).values(blank))
    for batch, n in Counter(one.batch_id for one in found).items():
        _less_stored(conn, batch, n)


def erase_batch(conn: Connection, batch_id: int, response_ids: Sequence[int], calls: Sequence[int]) -> None:
    """Delete all that a batch brought and all that was found in it; its line stays and says so."""
    _erase_answers(conn, response_ids)
    conn.execute(delete(t.response_runs).where(t.response_runs.c.batch_id == batch_id))
    _delete(conn, t.responses, "id", response_ids)
    _delete(conn, t.calls, "id", calls)
    contacts = select(t.contacts.c.token).where(t.contacts.c.batch_id == batch_id)
    conn.execute(delete(t.contact_links).where(t.contact_links.c.token.in_(contacts)))
    for table in (t.contacts, t.findings, t.decisions, t.tallies, t.response_counts):
        conn.execute(delete(table).where(table.c.batch_id == batch_id))
    _less_stored(conn, batch_id, len(response_ids))
    conn.execute(update(t.batches).where(t.batches.c.id == batch_id).values(state="removed"))


def note(conn: Connection, lines: Iterable[Line]) -> None:
    """Keep what was removed."""
    rows = [{name: getattr(line, name) for name in Line.__dataclass_fields__} for line in lines]
    if rows:
        conn.execute(insert(t.removals), rows)


def listing(conn: Connection, year: int | None = None) -> list[Line]:
    """What was removed, oldest first; of one year, or of all."""
    c = t.removals.c
    query = select(*(c[name] for name in Line.__dataclass_fields__)).order_by(c.id)
    return [Line(**row) for row in conn.execute(query if year is None else query.where(c.year == year)).mappings()]


def last_id(conn: Connection) -> int:
    """Grows with every removal."""
    return int(conn.execute(select(func.coalesce(func.max(t.removals.c.id), 0))).scalar_one())


def whole_batch(conn: Connection, kinds: Sequence[str], target: str, file_hash: str, sheet: str) -> Line | None:
    """The removal of the batch that this file and sheet was, if it was removed as a whole and is not in again."""
    c, b = t.removals.c, t.batches.c
    query = (
        select(*(c[name] for name in Line.__dataclass_fields__))
        .join_from(t.removals, t.batches, b.id == c.batch_id)
        .where(c.kind == "batch", b.kind.in_(kinds), b.target == target, b.file_hash == file_hash, b.sheet == sheet)
        .order_by(c.id.desc())
    )
    found = conn.execute(query).mappings().first()
    return None if found is None else Line(**found)


def mark(conn: Connection, questionnaire: str, year: int, community_id: int | None, folded: str) -> bytes:
    """What a removed respondent is known again by; the secret is made with the first."""
    secret = settings.get(conn, SECRET)
    if secret is None:
        secret = secrets.token_hex(32)
        settings.put(conn, SECRET, secret)
    return _mark(secret, questionnaire, year, community_id, folded)


def known(conn: Connection, questionnaire: str) -> Callable[[int, int | None, str], bool] | None:
    """Whether a respondent (year, community, folded number) of a questionnaire was removed; None where nobody was."""
    c = t.removals.c
    query = select(c.mark).where(c.questionnaire == questionnaire, c.mark.is_not(None))
    marks = set(conn.execute(query).scalars())
    if not marks:
        return None
    secret = settings.get(conn, SECRET) or ""
    return lambda year, place, folded: _mark(secret, questionnaire, year, place, folded) in marks


def _mark(secret: str, questionnaire: str, year: int, community_id: int | None, folded: str) -> bytes:
    about = f"{questionnaire}/{year}/{community_id or ''}/{folded}"
    return hmac.digest(bytes.fromhex(secret), about.encode(), "sha256")


def _parts(ids: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


def _delete(conn: Connection, table: Table, column: str, ids: Iterable[Any]) -> None:
    for part in _parts(ids):
        conn.execute(delete(table).where(table.c[column].in_(part)))


def _erase_answers(conn: Connection, ids: Sequence[int]) -> None:
    """Answers, contacts and links of responses, whose rows are still there."""
    known = tokens(conn, ids)
    _delete(conn, t.contact_links, "response_id", ids)
    _delete(conn, t.contacts, "token", known)
    for table in _PARTS:
        _delete(conn, table, "response_id", ids)
    _delete(conn, t.replaced, "by_id", ids)


def _split_runs(conn: Connection, ids: Sequence[int]) -> None:
    """Runs begin and end with a response that is there; one that lost all is none."""
    gone, r, c = set(ids), t.response_runs.c, t.responses.c
    for first, last in conn.execute(select(r.first_id, r.last_id)).all():
        if not any(first <= number <= last for number in gone):
            continue
        left = [n for n in conn.execute(select(c.id).where(c.id.between(first, last))).scalars() if n not in gone]
        where = r.first_id == first
        if left:
            made = sums.after_removal(conn, min(left), max(left), (first, last), gone)
            fresh = {"first_id": min(left), "last_id": max(left), "answers_sum": made}
            conn.execute(update(t.response_runs).where(where).values(fresh))
        else:
            conn.execute(delete(t.response_runs).where(where))


def _shrink(conn: Connection, one: Held) -> None:
    """One response less where responses are counted without being read."""
    c, s = t.response_counts.c, t.tallies.c
    counted = [_is(c.batch_id, one.batch_id), _is(c.form_id, one.form_id)]
    counted += [_is(c.year, one.year), _is(c.community_id, one.community_id), _is(c.mode, one.mode)]
    conn.execute(update(t.response_counts).where(*counted).values(n=c.n - 1))
    conn.execute(delete(t.response_counts).where(c.n <= 0))
    told = [_is(s.batch_id, one.batch_id), _is(s.year, one.year), _is(s.community_id, one.community_id)]
    told.append(_is(s.mode, one.mode))
    conn.execute(update(t.tallies).where(*told).values(received=s.received - 1, stored=s.stored - 1))


def _is(column: Any, value: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if value is None else column == value
    return found


def _less_stored(conn: Connection, batch_id: int, n: int) -> None:
    """The receipt of a batch says what is stored of it now, and how much was removed."""
    c = t.batches.c
    counts = dict(conn.execute(select(c.counts).where(c.id == batch_id)).scalar_one())
    counts |= {"stored": max(0, int(counts.get("stored") or 0) - n), "removed": int(counts.get("removed") or 0) + n}
    conn.execute(update(t.batches).where(c.id == batch_id).values(counts=counts))
