"""An undone batch brought back, unless its file, its respondents or its calls came in again meanwhile; and single answers whose
place those of a later batch take, which count again when that batch is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from survey.answers.respondents import respondent_keys
from survey.core.errors import Refused
from survey.store.engine import tables as t
from survey.store.intake import batches, calls, identities, questionnaires
from survey.store.intake.batches import Batch, State
from survey.store.year import years

#: what makes two answers those of one person
_PERSON = ["year", "community_id", "number"]


def undo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Take a batch back, as ``batches.undo`` does; those whose place it had taken come back, unless somebody in them came in
    again meanwhile."""
    batch = batches.get(conn, batch_id)
    touched = set(batches.undo(conn, batch_id, who))
    for old in _replaced(conn, batch):
        if old.state == "undone" and _clash(conn, old) is None:
            touched |= set(batches.switch(conn, old, "active", who))
    _settle_freed(conn, batch)
    return tuple(sorted(touched))


def set_aside(conn: Connection, numbers: Iterable[int], who: str = "") -> tuple[int, ...]:
    """Take those of these batches back that are active: another one takes their place.  Returns the years that changed."""
    found = [batches.get(conn, number) for number in numbers]
    return tuple(y for b in found if b.state == "active" for y in batches.switch(conn, b, "undone", who))


def _replaced(conn: Connection, batch: Batch) -> list[Batch]:
    return [batches.get(conn, number) for number in batch.options.get("replaces", ())]


def redo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Bring an undone batch back.  Returns the years that changed.

    Raises Refused as ``undo`` does, and if its file or one of its respondents came in again meanwhile.
    """
    batch = batches.get(conn, batch_id)
    touched: set[int] = set()
    if batch.state == "undone":
        touched |= set(set_aside(conn, batch.options.get("replaces", ()), who))
        refused = _clash(conn, batch)
        if refused is not None:
            raise refused
    return tuple(sorted(touched | set(batches.switch(conn, batch, "active", who))))


def set_state(conn: Connection, batch_id: int, state: State, who: str = "") -> tuple[int, ...]:
    """``undo`` or ``redo`` by the state that is wanted."""
    return redo(conn, batch_id, who) if state == "active" else undo(conn, batch_id, who)


def _clash(conn: Connection, batch: Batch) -> Refused | None:
    """Why an undone batch cannot come back: its file is in again, a respondent would answer or a call be counted twice."""
    try:
        batches.refuse_twin(conn, "store.redo_same_file", batch.kind, batch.target, batch.file_hash, batch.sheet)
    except Refused as refused:
        return refused
    other = calls.clash(conn, batch.id)
    if other is not None:
        return Refused("calls.redo_clash", batch=other)
    mine = identities.of_batch(conn, batch.id)
    others = identities.active(conn, batch.target, set(mine["year"]))
    others = others[~others["id"].isin(_taken_by(conn, batch.id))]  # they make room again
    for frame in (mine, others):
        frame["number"] = _numbers(conn, batch, frame)
    both = mine.merge(others, on=_PERSON, suffixes=("", "_other"))
    if batch.kind != "answers" or both.empty:
        return None
    first = both.iloc[0]
    return Refused(
        "store.redo_clash",
        n=len(both),
        batch=int(first["batch_id_other"]),
        respondent=first["respondent"],
        sheet=first["sheet_other"],
        row=int(first["row_other"]),
    )


# ── Single answers whose place others take


def take_places(
    conn: Connection, batch_id: int, rows: Mapping[int, Sequence[int]], replaces: Iterable[int] = ()
) -> None:
    """Note which answers those of a batch stand for from now on.

    ``rows``: row of its sheet → ids of the responses whose place its response takes; all that the same person said before counts
    no more while this batch is active, whatever becomes of the others.  ``replaces``: batches whose place it takes as a whole;
    what these stood for, it stands for.  Raises Refused where a street of the year is archived already.
    """
    batch, c, r = batches.get(conn, batch_id), t.responses.c, t.replaced.c
    stood_for = select(r.response_id, r.year, r.community_id).where(r.batch_id.in_(list(replaces)))
    inherited = conn.execute(stood_for).all()
    if not rows and not inherited:
        return
    made = conn.execute(select(c.id, c.row, c.year, c.community_id).where(c.batch_id == batch_id)).all()
    by_row = {one.row: (one.id, one.year, one.community_id) for one in made}
    taken = {old: by_row[row] for row, ids in rows.items() if row in by_row for old in ids}
    if taken:
        taken |= _said_before(conn, batch, taken)
    for before in inherited:
        if made:  # whoever it was stands in this batch, too, or was left out by a person
            taken.setdefault(before.response_id, (made[0].id, before.year, before.community_id))
    _note(conn, batch_id, taken)


def _said_before(
    conn: Connection, batch: Batch, taken: Mapping[int, tuple[int, int, int | None]]
) -> dict[int, tuple[int, int, int | None]]:
    """The other responses, of whatever batch, of the people whose places are taken."""
    ever = identities.ever(conn, batch.target, {year for _, year, _ in taken.values()})
    ever = ever[ever["batch_id"] != batch.id]
    people = list(zip(ever["year"], ever["community_id"].fillna(-1), _numbers(conn, batch, ever), strict=True))
    ids = ever["id"].tolist()
    by = {person: taken[old] for old, person in zip(ids, people, strict=True) if old in taken}
    places = {(int(y), int(p)) for y, p, _ in by if p != -1}
    years.require_open_in(conn, sorted(places))
    return {old: by[person] for old, person in zip(ids, people, strict=True) if person in by}


def _note(conn: Connection, batch_id: int, taken: Mapping[int, tuple[int, int, int | None]]) -> None:
    lines = [
        {"response_id": old, "batch_id": batch_id, "by_id": by, "year": year, "community_id": place}
        for old, (by, year, place) in sorted(taken.items())
    ]
    if lines:
        conn.execute(insert(t.replaced), lines)


def _taken_by(conn: Connection, batch_id: int) -> set[int]:
    r = t.replaced.c
    return set(conn.execute(select(r.response_id).where(r.batch_id == batch_id)).scalars())


def _settle_freed(conn: Connection, batch: Batch) -> None:
    """Nobody counts twice since a batch was taken back: who came in again meanwhile stands there, else in the newest batch."""
    freed = _taken_by(conn, batch.id)
    if not freed:
        return
    now = identities.active(conn, batch.target, years.with_data(conn, batch_id=batch.id))
    now["number"] = _numbers(conn, batch, now)
    now["back"] = now["id"].isin(freed)
    now = now.sort_values(["back", "batch_id"], ascending=[False, True])  # whoever stays comes last
    stays = now.drop_duplicates(_PERSON, keep="last")
    goes = now[now["back"] & now.duplicated(_PERSON, keep="last")]
    both = goes.merge(stays, on=_PERSON, suffixes=("", "_by"))
    columns = ["id", "batch_id_by", "id_by", "year", "community_id"]
    for old, by_batch, by, year, place in both[columns].itertuples(index=False, name=None):
        at = None if pd.isna(place) else int(place)
        line = {"response_id": int(old), "batch_id": int(by_batch), "by_id": int(by), "year": int(year)}
        c = t.replaced.c
        conn.execute(delete(t.replaced).where(c.response_id == int(old), c.batch_id == int(by_batch)))
        conn.execute(insert(t.replaced).values(**line, community_id=at))


def _numbers(conn: Connection, batch: Batch, frame: pd.DataFrame) -> Sequence[str]:
    """What each respondent of a frame of identities is compared by, as the questionnaire of a batch says."""
    asked = questionnaires.newest(conn, batch.target) if batch.kind == "answers" else None
    with_mode = asked is not None and asked.form.mode_in_key
    return [str(key) for key in respondent_keys(frame["respondent"], frame["mode"], with_mode=with_mode)]
