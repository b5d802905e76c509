"""Who answered: the identities by which a response is known again (questionnaire, community, year, respondent)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import pandas as pd
from sqlalchemy import ColumnElement, Connection, func, select

from survey.answers.respondents import folded
from survey.core.cells import clean
from survey.store import settled
from survey.store.engine import bulk, frames
from survey.store.engine import tables as t

COLUMNS = ("year", "community_id", "respondent", "answers_hash", "batch_id", "sheet", "row", "mode", "id")
_TYPES = {"year": "int64", "community_id": "Int64", "batch_id": "int64", "row": "int64", "id": "int64"}
#: active batches, names in the register (id, name), the newest removal
Mark: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, str], ...], int]


def active(conn: Connection, questionnaire: str, years: Iterable[int]) -> pd.DataFrame:
    """``COLUMNS`` of the active responses to any version of a questionnaire that name their respondent."""
    forms = select(t.questionnaires.c.id).where(t.questionnaires.c.name == questionnaire)
    batches = select(t.batches.c.id).where(t.batches.c.state == "active")
    c = t.responses.c
    wanted = (c.form_id.in_(forms), c.batch_id.in_(batches), c.year.in_(sorted({int(y) for y in years})))
    return _read(conn, *wanted, *settled.standing(conn))


def corrected(conn: Connection, questionnaire: str, years: Iterable[int]) -> pd.DataFrame:
    """The same of those that active batches corrected: of single responses and of whole batches whose place one took."""
    taken = settled.places_taken(conn)
    b = t.batches.c
    of = select(b.options).where(b.state == "active", b.kind == "answers", b.target == questionnaire)
    whole = {int(number) for options in conn.execute(of).scalars() for number in options.get("replaces", ())}
    if taken is None and not whole:
        return pd.DataFrame(columns=list(COLUMNS))
    found = ever(conn, questionnaire, years)
    single = set() if taken is None else set(conn.execute(taken).scalars())
    return found[found["id"].isin(single) | found["batch_id"].isin(whole)]


def ever(conn: Connection, questionnaire: str, years: Iterable[int]) -> pd.DataFrame:
    """The same of all batches, taken back or not, and of those whose place another one took."""
    forms = select(t.questionnaires.c.id).where(t.questionnaires.c.name == questionnaire)
    c = t.responses.c
    return _read(conn, c.form_id.in_(forms), c.year.in_(sorted({int(y) for y in years})))


def unnamed(conn: Connection, questionnaire: str, years: Iterable[int]) -> pd.DataFrame:
    """``batch_id, year, community_id, answers_hash`` of the active responses that name no respondent, as they were stored."""
    forms = select(t.questionnaires.c.id).where(t.questionnaires.c.name == questionnaire)
    active_batches = select(t.batches.c.id).where(t.batches.c.state == "active")
    c = t.responses.c
    columns = ("batch_id", "year", "community_id", "answers_hash")
    wanted = (c.form_id.in_(forms), c.batch_id.in_(active_batches), c.year.in_(sorted({int(y) for y in years})))
    query = select(*(c[name] for name in columns)).where(c.respondent.is_(None), *wanted, *settled.standing(conn))
    query = query.order_by(c.id)
    data = pd.DataFrame([row for chunk in bulk.chunks(conn, query) for row in chunk], columns=list(columns))
    return data.astype({"batch_id": "int64", "year": "int64", "community_id": "Int64", "answers_hash": frames.TEXT})


def of_batch(conn: Connection, batch_id: int) -> pd.DataFrame:
    """The same of one batch, active or not, but for those whose place an active one took."""
    return _read(conn, t.responses.c.batch_id == batch_id, *settled.standing(conn))


def mark(conn: Connection) -> Mark:
    """Changes whenever a file might be held against other people: a batch of answers or calls came, went or came back, somebody
    was removed, a community is called otherwise.  Values of indicators, which somebody enters all day, do not move it."""
    b, c = t.batches.c, t.communities.c
    active = select(b.id).where(b.state == "active", b.kind.in_(("answers", "calls"))).order_by(b.id)
    names = conn.execute(select(c.id, c.name).order_by(c.id))
    removed = conn.execute(select(func.max(t.removals.c.id))).scalar() or 0
    return tuple(conn.execute(active).scalars()), tuple((int(i), str(name)) for i, name in names), int(removed)


def _read(conn: Connection, *wanted: ColumnElement[bool]) -> pd.DataFrame:
    c = t.responses.c
    query = select(*(c[name] for name in COLUMNS)).where(c.respondent.is_not(None), *wanted).order_by(c.id)
    rows = [row for chunk in bulk.chunks(conn, query) for row in chunk]
    text = dict.fromkeys(("respondent", "answers_hash", "sheet", "mode"), frames.TEXT)
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    data["row"] = data["row"].fillna(0)
    return data.astype({**_TYPES, **text})


# ── Communities in which the same people or the same PSUs were asked in two years, found without reading answers


UNITS = ("psu", "respondent")
#: so many communities are named in a question to the database
_LISTED = 500


def overlaps(conn: Connection, year: int) -> dict[str, frozenset[int]]:
    """``psu`` and ``respondent`` → ids of the communities with one of the same name in ``year`` and the year before.

    A column that no batch fills is not looked at.  A response without a community belongs to none.
    """
    return {unit: frozenset(_both(conn, year, unit)) if filled(conn, unit) else frozenset() for unit in UNITS}


def filled(conn: Connection, unit: str) -> bool:
    """Whether an active batch has the column; runs know the columns that are empty throughout."""
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    runs = conn.execute(select(t.response_runs.c.constants).where(t.response_runs.c.batch_id.in_(active))).scalars()
    return any(unit not in constants or constants[unit] is not None for constants in runs)


def _both(conn: Connection, year: int, unit: str) -> set[int]:
    """Only communities that name somebody in both years are read, and only those are folded where no name is typed alike:
    a town whose people were numbered anew is told apart without a look at each."""
    c = t.responses.c
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    wanted = (c.batch_id.in_(active), c[unit].is_not(None), c.community_id.is_not(None), *settled.standing(conn))
    asked = [{*conn.scalars(select(c.community_id).where(c.year == y, *wanted).distinct())} for y in (year - 1, year)]
    there = asked[0] & asked[1]
    if not there:
        return set()
    named = select(c.community_id, c[unit]).where(*wanted)
    if len(there) <= _LISTED:
        named = named.where(c.community_id.in_(sorted(there)))
    before, now = (
        {(place, name) for place, name in conn.execute(named.where(c.year == y).distinct()) if place in there}
        for y in (year - 1, year)
    )
    alike = {place for place, _ in before & now}
    compared = folded if unit == "respondent" else clean  # both are stored as typed
    before, now = ({(place, compared(name)) for place, name in one if place not in alike} for one in (before, now))
    return alike | {place for place, _ in before & now}
