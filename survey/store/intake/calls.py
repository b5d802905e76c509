"""Call records: one row an attempt, with its file, sheet and row; of active batches, for who only reads as ``settled`` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, select

from survey.answers.respondents import folded
from survey.core.errors import Refused
from survey.form.dispositions import Outcomes
from survey.store import settled
from survey.store.engine import bulk, frames
from survey.store.engine import tables as t
from survey.store.year import register, years

#: what ``append`` reads of a frame; ``community`` is a code
COLUMNS = (
    "year",
    "community",
    "respondent",
    "attempt",
    "numbered",
    "at",
    "duration",
    "interviewer",
    "outcome",
    "sheet",
    "row",
)
_STORED = ("batch_id", "questionnaire", "community_id", *(c for c in COLUMNS if c != "community"))
_TEXT = ("questionnaire", "community", "respondent", "at", "interviewer", "outcome", "sheet", "file")
CASE_COLUMNS = ("questionnaire", "community", "respondent", "outcome", "aapor", "at", "interviewer", "batch_id")
OUTCOME_COLUMNS = ("questionnaire", "community_code", "community", "outcome", "aapor", "n")


def append(conn: Connection, batch_id: int, questionnaire: str, frame: pd.DataFrame) -> int:
    """Store attempts (``COLUMNS``) under a batch; returns how many.

    What was kept of their years is out of date, as after undo: response rates rest on them.  Raises Refused if one of their years is closed or a community is not in the register.
    """
    years.require_open(conn, frame["year"].unique().tolist())
    ids = register.codes(conn)
    rows = []
    for row in frame.reindex(columns=list(COLUMNS)).astype(object).to_dict("records"):
        plain: dict[str, Any] = {str(k): None if pd.isna(v) or v == "" else v for k, v in row.items()}
        code = plain.pop("community")
        if code is not None and code not in ids:
            raise Refused("store.unknown_community", community=code)
        plain |= {"year": int(plain["year"]), "attempt": int(plain["attempt"]), "numbered": bool(plain["numbered"])}
        plain["row"] = None if plain["row"] is None else int(plain["row"])
        rows.append((batch_id, questionnaire, ids.get(code), *(plain[name] for name in _STORED[3:])))
    years.require_open_in(conn, {(int(row[3]), row[2]) for row in rows if row[2] is not None})
    bulk.copy_in(conn, t.calls, _STORED, rows)
    years.bump(conn, {int(row[3]) for row in rows})
    return len(rows)


def attempts(conn: Connection, year: int | None = None, questionnaire: str | None = None) -> pd.DataFrame:
    """Stored attempts in the order of their cases: ``questionnaire, community`` (code) and the rest of ``COLUMNS``,
    with ``batch_id, file``; empty texts are ''."""
    c, b, p = t.calls.c, t.batches.c, t.communities.c
    query: Select[Any] = (
        select(
            c.batch_id,
            b.file,
            c.questionnaire,
            p.code.label("community"),
            *(c[name] for name in COLUMNS if name != "community"),
        )
        .join_from(t.calls, t.batches)
        .outerjoin(t.communities, p.id == c.community_id)
        .where(settled.counted(conn, t.calls))
        .order_by(c.questionnaire, c.year, p.position, c.respondent, c.attempt, c.id)
    )
    if year is not None:
        query = query.where(c.year == year)
    if questionnaire is not None:
        query = query.where(c.questionnaire == questionnaire)
    frame = frames.frame(conn, query, _TEXT)
    texts = {name: frame[name].fillna("") for name in _TEXT}
    return frame.assign(**texts).astype({"numbered": bool, "duration": "float64", "row": "Int64"})


def cases(conn: Connection, year: int, table: Outcomes | None = None) -> pd.DataFrame:
    """Cases of a year (``CASE_COLUMNS``): each person called is one, by the final outcome of all attempts
    (``Outcomes.decides``), with time, interviewer and batch of the attempt that decides; a number is the same however it is
    written, and called as it was written first; a call without a respondent is a case of its own.  ``aapor`` is '' where the table does not know the outcome."""
    table = table or Outcomes()
    rows = attempts(conn, year)
    names = ("questionnaire", "community", "respondent", "at", "outcome", "interviewer", "batch_id")
    whole: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for number, call in enumerate(zip(*(rows[k].tolist() for k in names), strict=True)):
        who = folded(call[2]) if call[2] else number
        whole.setdefault((*call[:2], who), []).append(call)
    found = []
    for (name, community, _), calls in whole.items():
        respondent = calls[0][2]
        if all(call[3] for call in calls):
            calls.sort(key=lambda call: call[3])
        place = table.decides([call[4] for call in calls])
        at, code, interviewer, batch = calls[-1 if place is None else place][3:7]
        aapor = table.by_code[code].aapor if code in table.by_code else ""
        found.append((name, community, respondent, code, aapor, at, interviewer, batch))
    return pd.DataFrame(found, columns=list(CASE_COLUMNS))


def outcomes(conn: Connection, year: int, table: Outcomes | None = None) -> pd.DataFrame:
    """``cases`` of a year counted by what they came to (``OUTCOME_COLUMNS``)."""
    names = register.names(conn, year)
    keys = ["questionnaire", "community", "outcome", "aapor"]
    counts = Counter(cases(conn, year, table)[keys].itertuples(index=False, name=None))
    found = [
        (name, community, names.get(community, ""), code, aapor, n)
        for (name, community, code, aapor), n in counts.items()
    ]
    return pd.DataFrame(found, columns=list(OUTCOME_COLUMNS)).astype({"n": "int64"})


def clash(conn: Connection, batch_id: int) -> int | None:
    """Another active batch that holds an attempt of this one, if any: the same person, number and time."""
    c = t.calls.c
    known = select(c.batch_id, c.respondent, c.questionnaire, c.year, c.community_id, c.attempt, c.at)
    mine = [*conn.execute(known.where(c.batch_id == batch_id, c.respondent.is_not(None)))]
    if not mine:
        return None
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    others = known.where(
        c.batch_id.in_(active),
        c.batch_id != batch_id,
        c.respondent.is_not(None),
        c.questionnaire.in_({row.questionnaire for row in mine}),
        c.year.in_({row.year for row in mine}),
    )
    here = {(folded(row.respondent), *row[2:]) for row in mine}
    return next((row.batch_id for row in conn.execute(others) if (folded(row.respondent), *row[2:]) in here), None)


def years_with_calls(conn: Connection) -> list[int]:
    """The years that have call records, ascending."""
    active = select(t.batches.c.id).where(t.batches.c.state == "active")
    found: Iterable[int] = conn.execute(
        select(t.calls.c.year).where(t.calls.c.batch_id.in_(active)).distinct()
    ).scalars()
    return sorted(found)
