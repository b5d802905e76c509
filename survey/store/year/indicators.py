"""Values of objective indicators: every one kept with who, when, why, and its file, sheet and row.

Nothing is overwritten.  A row may hold several things, and of each the newest active batch counts, by itself:

- the **report** (a figure, a grade, a count, or an exemption) of a community, indicator, kind and assessor; an exemption
  gives way to any newer report of the same assessor, whatever its kind;
- an **assessor's score** of a community, indicator and assessor;
- the **self-score** of a community and indicator;
- **evidence or a remark alone**, of a community, indicator, kind and assessor.

So a self-score that comes later never hides a figure, and neither does a remark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias, cast
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Select, func, insert, select

from survey.core.errors import Refused
from survey.files.own_workbooks import header_key
from survey.store import settings
from survey.store.engine import frames, migrations
from survey.store.engine import tables as t
from survey.store.year import register, years

NUMBERS = ("value", "self_score", "assessor_score")
WORDS = ("kind", "value_text", "assessor", "method", "date", "evidence", "note", "sheet", "reason")
#: what ``append`` reads of a frame; only ``community_code`` and ``indicator`` must be there
COLUMNS = (
    "community_code",
    "indicator",
    "kind",
    "value",
    "value_text",
    "self_score",
    "assessor",
    "assessor_score",
    "method",
    "date",
    "evidence",
    "exempt",
    "note",
    "sheet",
    "row",
    "reason",
)
_TEXT = ("community_code", "indicator", *WORDS, "file", "who", "state", "batch_kind")
_TYPES = {"exempt": "bool", "row": "Int64", "batch_id": "int64", **dict.fromkeys(NUMBERS, "float64")}
_PLACE = ("community_code", "indicator")
#: (rows,) bool
Marks: TypeAlias = npt.NDArray[np.bool_]


def append(conn: Connection, batch_id: int, year: int, frame: pd.DataFrame) -> int:
    """Store the values of a year (columns of ``COLUMNS``) under a batch; returns how many.

    Raises Refused if the year or a street of it is closed, or a community is not in the register.
    """
    years.require_open(conn, [year])
    ids = register.codes(conn)
    rows = []
    for values in frames.records(frame):
        row: dict[str, Any] = {name: values.get(name) for name in COLUMNS}
        code = str(row.pop("community_code"))
        if code not in ids:
            raise Refused("store.unknown_community", community=code)
        row |= {"kind": row["kind"] or "", "assessor": row["assessor"] or "", "exempt": bool(row["exempt"])}
        row |= {k: None if row[k] is None else float(row[k]) for k in NUMBERS}
        row["row"] = None if row["row"] is None else int(row["row"])
        rows.append({"batch_id": batch_id, "year": year, "community_id": ids[code], **row})
    years.require_open_in(conn, {(year, row["community_id"]) for row in rows})
    if rows:
        conn.execute(insert(t.indicator_values), rows)
        years.bump(conn, [year])
    return len(rows)


def current(
    conn: Connection,
    year: int,
    community_code: str | Collection[str] | None = None,
    indicator: str | None = None,
) -> pd.DataFrame:
    """What counts in a year (of one community, or of these; of one indicator): ``COLUMNS`` with ``batch_id, file, who, at``.

    Rows that count for nothing are left out, and of the others what a newer row has replaced is empty.
    """
    return what_counts(history(conn, year, community_code, indicator))


def what_counts(past: pd.DataFrame) -> pd.DataFrame:
    """Of rows as ``history`` gives them, what counts, as ``current`` says."""
    data = past[past["current"]]
    report, score, own = (data[f"counts_{name}"] for name in ("report", "score", "self"))
    data = data.assign(
        value=data["value"].where(report),
        value_text=data["value_text"].where(report),
        exempt=data["exempt"] & report,
        assessor_score=data["assessor_score"].where(score),
        self_score=data["self_score"].where(own),
    )
    return data[[*COLUMNS, "batch_id", "file", "who", "at"]].reset_index(drop=True)


def history(
    conn: Connection,
    year: int,
    community_code: str | Collection[str] | None = None,
    indicator: str | None = None,
    *,
    undone: bool = False,
) -> pd.DataFrame:
    """All values of active batches, superseded ones too, oldest first; with ``undone`` those taken back as well.

    ``COLUMNS`` with ``year, batch_id, batch_kind, file, who, created_at, state`` (of the batch), ``at`` (local time),
    ``counts_report, counts_score, counts_self, counts_words`` (what of the row counts) and ``current`` (whether any does).
    """
    c = t.communities.c
    query = _query(year)
    if not undone:
        query = query.where(t.batches.c.state == "active")
    if community_code is not None:
        query = query.where(c.code.in_([community_code] if isinstance(community_code, str) else community_code))
    if indicator is not None:
        query = query.where(t.indicator_values.c.indicator == indicator)
    data = frames.frame(conn, query, _TEXT, _TYPES)
    zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    stamps = {moment: f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in data["created_at"].unique()}
    return _with_counting(data).assign(at=data["created_at"].map(stamps).astype(frames.TEXT))


def newest_of(conn: Connection, year: int, community_code: str, indicator: str, who: str) -> int:
    """The newest batch in which this person said something of a value, taken back or not; 0 for none."""
    v, b, c = t.indicator_values.c, t.batches.c, t.communities.c
    query = select(func.max(b.id)).join_from(t.indicator_values, t.batches).join(t.communities, c.id == v.community_id)
    query = query.where(v.year == year, v.indicator == indicator, c.code == community_code, b.who == who)
    return int(conn.execute(query).scalar() or 0)


def counting_anew(past: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``history`` told anew what of each counts, after some were left out or had their ``state`` changed."""
    return _with_counting(past.reset_index(drop=True))


def folded_to(conn: Connection) -> int:
    """The last batch whose texts an older program kept in the form they are compared by; 0 where none is."""
    return int(settings.get(conn, migrations.FOLDED_TO, "0"))


def with_more(past: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """History as it would be with these rows (columns of ``COLUMNS``) in a batch of their own; nothing is stored."""
    more = frame.reindex(columns=list(past.columns)).assign(
        batch_id=int(past["batch_id"].max()) + 1 if len(past) else 1, state="active"
    )
    words = {name: more[name].astype(object).where(more[name].notna(), "") for name in ("kind", "assessor")}
    more = more.assign(**words, exempt=more["exempt"].eq(True)).astype(dict.fromkeys(NUMBERS, "float64"))
    both = pd.concat([past.astype(object), more.astype(object)], ignore_index=True)
    return _with_counting(both.astype({"exempt": bool, "batch_id": "int64", **dict.fromkeys(NUMBERS, "float64")}))


def _with_counting(data: pd.DataFrame) -> pd.DataFrame:
    """What of each row counts: the newest active batch of each thing, each for itself."""
    active, exempt = (data["state"] == "active").to_numpy(bool), data["exempt"].to_numpy(bool)
    words = [_filled(data[name]) for name in ("evidence", "note", "method", "date")]
    report = active & (data["value"].notna().to_numpy() | _filled(data["value_text"]) | exempt)
    score = active & data["assessor_score"].notna().to_numpy()
    own = active & data["self_score"].notna().to_numpy()
    alone = active & ~report & ~score & ~own & np.logical_or.reduce(words)
    cells = {name: data[name].tolist() for name in (*_PLACE, "kind", "assessor", "batch_id")}
    folded = {name: header_key(name) for name in {*cells["assessor"]}}  # one person, however the name was typed
    cells["assessor"] = [folded[name] for name in cells["assessor"]]
    key = (*_PLACE, "kind", "assessor")
    stands = _newest(cells, report, key) & (~exempt | _newest(cells, report, (*_PLACE, "assessor")))
    counts = {
        "counts_report": stands,
        "counts_score": _newest(cells, score, (*_PLACE, "assessor")),
        "counts_self": _newest(cells, own, _PLACE),
        "counts_words": _newest(cells, alone, key),
    }
    return data.assign(**counts, current=np.logical_or.reduce(list(counts.values())) if len(data) else False)


def _newest(cells: Mapping[str, list[Any]], says: Marks, key: tuple[str, ...]) -> Marks:
    """Where a row says it, and no newer batch does for the same key: (rows,) bool."""
    marks, batches = says.tolist(), cells["batch_id"]
    keys = list(zip(*(cells[name] for name in key), strict=True))
    newest: dict[tuple[Any, ...], int] = {}
    for at, batch, said in zip(keys, batches, marks, strict=True):
        if said and batch > newest.get(at, 0):
            newest[at] = batch
    return np.array([s and newest[at] == b for at, b, s in zip(keys, batches, marks, strict=True)], dtype=bool)


def _filled(words: pd.Series) -> Marks:
    said = np.array([str(word) != "" for word in words.tolist()], dtype=bool)
    return cast(Marks, words.notna().to_numpy() & said)


def _query(year: int) -> Select[Any]:
    v, c, b = t.indicator_values.c, t.communities.c, t.batches.c
    return (
        select(
            v.year,
            c.code.label("community_code"),
            *(v[name] for name in COLUMNS[1:]),
            v.batch_id,
            b.kind.label("batch_kind"),
            b.file,
            b.who,
            b.created_at,
            b.state,
        )
        .join_from(t.indicator_values, t.batches)
        .join(t.communities, c.id == v.community_id)
        .where(v.year == year)
        .order_by(v.id)
    )
