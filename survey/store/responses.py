"""Responses: columns in, columns out.

A response's closed answers are one value, int16 little-endian in form order; what does not fit has tables
of its own.  Texts come back as pandas' text type (missing: NaN).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Table, func, select

from survey.answers import DESIGN_COLUMNS, Codes, ResponseBlock
from survey.form.model import Questionnaire
from survey.store import bulk, identity, questionnaires
from survey.store import tables as t
from survey.store import years as year_states
from survey.store.questionnaires import StoredForm

WHOLE = ("year", "row")
NUMBERS = ("weight", "fpc", "age", "duration")
_PACKED = "<i2"
_COUNTED = ["year", "community_id", "mode"]
Ids = npt.NDArray[np.int64]


def append(conn: Connection, batch_id: int, form_id: int, block: ResponseBlock) -> int:
    """Store a block of responses to a form version under a batch; returns how many.

    Raises Refused if one of its years is closed, ValueError if the block does not fit the form.
    """
    form = questionnaires.by_id(conn, form_id).form
    n, width = len(block), len(form.questions)
    if block.codes.shape != (n, width):
        raise ValueError(f"answers {block.codes.shape} do not fit {n} responses to {width} questions")
    if n == 0:
        return 0
    touched = block.design["year"].unique().tolist()
    year_states.require_open(conn, touched)
    first = bulk.take(conn, "responses", n)
    names = [c for c in DESIGN_COLUMNS if c in block.design]
    columns = [range(first, first + n), [batch_id] * n, [form_id] * n, _packed(block.codes)]
    columns += [_plain(block.design[name]) for name in names]
    bulk.copy_in(conn, t.responses, ["id", "batch_id", "form_id", "answers", *names], zip(*columns, strict=True))
    _append_loose(conn, form, block, first)
    _append_counts(conn, batch_id, form_id, block.design)
    year_states.bump(conn, touched)
    return n


def load(
    conn: Connection,
    form: StoredForm,
    *,
    years: Iterable[int] | None = None,
    community_ids: Iterable[int] | None = None,
) -> ResponseBlock:
    """The responses to a form version in active batches, in the order they were stored.

    ``design`` has ``DESIGN_COLUMNS`` and ``response_id, batch_id, sample_type, community_code, community,
    sub_district``.
    """
    c = t.responses.c
    wanted = [c.form_id == form.id, c.batch_id.in_(_active())]
    if years is not None:
        wanted.append(c.year.in_(sorted({int(y) for y in years})))
    if community_ids is not None:
        wanted.append(c.community_id.in_(sorted({int(i) for i in community_ids})))
    names = ["id", "batch_id", *DESIGN_COLUMNS]
    parts: dict[str, list[Any]] = {name: [] for name in names}
    packed: list[bytes] = []
    for rows in bulk.chunks(conn, select(*(c[x] for x in names), c.answers).where(*wanted).order_by(c.id)):
        *values, answers = zip(*rows, strict=True)
        packed.append(b"".join(answers))
        for name, column in zip(names, values, strict=True):
            parts[name].append(_array(name, column))
    design = {name: _joined(name, parts[name]) for name in names}
    ids: Ids = design.pop("id")
    codes = np.frombuffer(b"".join(packed), _PACKED).reshape(len(ids), len(form.form.questions))
    frame = pd.DataFrame({"response_id": ids, **design, **_context(conn, design)}, copy=False)
    return ResponseBlock(frame, codes.astype(np.int16), **_load_loose(conn, form.form, ids, codes, wanted))


def identities(conn: Connection, questionnaire_name: str, years: Iterable[int]) -> pd.DataFrame:
    """Who already answered: ``year, community_id, respondent, answers_hash, batch_id, sheet, row``."""
    return identity.active(conn, questionnaire_name, years)


def years(conn: Connection) -> list[int]:
    """The years that have active responses."""
    c = t.response_counts.c
    return list(conn.execute(select(c.year).where(c.batch_id.in_(_active())).distinct().order_by(c.year)).scalars())


def forms_in(conn: Connection, year: int) -> list[int]:
    """Ids of the form versions that have active responses of a year."""
    c = t.response_counts.c
    query = select(c.form_id).where(c.batch_id.in_(_active()), c.year == year)
    return list(conn.execute(query.distinct().order_by(c.form_id)).scalars())


def counts(conn: Connection) -> pd.DataFrame:
    """``questionnaire, year, community_id, mode, n`` of the active responses."""
    c, name = t.response_counts.c, t.questionnaires.c.name.label("questionnaire")
    keys = (name, c.year, c.community_id, c.mode)
    query = select(*keys, func.sum(c.n).label("n")).join_from(t.response_counts, t.questionnaires)
    query = query.where(c.batch_id.in_(_active())).group_by(*keys).order_by(*keys)
    return bulk.frame(conn, query, ("questionnaire", "mode")).astype({"community_id": "Int64", "n": "int64"})


def _active() -> Any:
    return select(t.batches.c.id).where(t.batches.c.state == "active")


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def _packed(codes: Codes) -> list[bytes]:
    data = np.ascontiguousarray(codes, _PACKED).tobytes()
    step = codes.shape[1] * 2
    return [data[i : i + step] for i in range(0, len(data), step)] if step else [b""] * len(codes)


def _plain(column: pd.Series[Any]) -> list[Any]:
    """A column as Python values, None where missing."""
    missing = column.isna()
    if missing.all():
        return [None] * len(column)
    values = column.tolist()
    if missing.any():
        return [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]
    return values


def _append_loose(conn: Connection, form: Questionnaire, block: ResponseBlock, first: int) -> None:
    """Numbers, texts and multiple choices, each in its table."""
    columns = ("response_id", "question", "value")
    for name, numbers in block.numbers.items():
        rows = np.flatnonzero(~np.isnan(numbers))
        place = [form.position[name]] * len(rows)
        triples = zip((rows + first).tolist(), place, numbers[rows].tolist(), strict=True)
        bulk.copy_in(conn, t.response_numbers, columns, triples)
    for name, texts in block.texts.items():
        place_of = form.position[name]
        found = ((first + i, place_of, text) for i, text in enumerate(texts) if isinstance(text, str))
        bulk.copy_in(conn, t.response_texts, columns, found)
    for name, chosen in block.multiple.items():
        place_of = form.position[name]
        ticks = ((first + i, place_of, int(c)) for i, cs in enumerate(chosen) if cs for c in cs)
        bulk.copy_in(conn, t.response_choices, columns, ticks)


def _append_counts(conn: Connection, batch_id: int, form_id: int, design: pd.DataFrame) -> None:
    keys = design.reindex(columns=_COUNTED)
    sizes = keys.groupby(_COUNTED, dropna=False).size().reset_index(name="n")
    columns = [_plain(sizes[name]) for name in (*_COUNTED, "n")]
    rows = ((batch_id, form_id, *row) for row in zip(*columns, strict=True))
    bulk.copy_in(conn, t.response_counts, ("batch_id", "form_id", *_COUNTED, "n"), rows)


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────


def _array(name: str, values: Sequence[Any]) -> Any:
    if name in NUMBERS or name == "community_id":
        return np.array(values, np.float64)  # None becomes NaN
    if name in WHOLE or name in ("id", "batch_id"):
        return np.array([v or 0 for v in values] if name == "row" else values, np.int64)
    return pa.array(values, pa.large_string())


def _joined(name: str, parts: list[Any]) -> Any:
    if name in WHOLE or name in ("id", "batch_id"):
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)
    if name in NUMBERS or name == "community_id":
        numbers = np.concatenate(parts) if parts else np.zeros(0)
        return numbers if name in NUMBERS else _nullable(numbers)
    return bulk.text_array(parts)


def _nullable(numbers: npt.NDArray[np.float64]) -> Any:
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)


def _context(conn: Connection, design: dict[str, Any]) -> dict[str, Any]:
    """What the batch and the register say about each response."""
    kinds = bulk.pairs(conn, select(t.batches.c.id, t.batches.c.sample_type))
    c = t.communities.c
    register = conn.execute(select(c.id, c.code, c.name, c.sub_district)).all()
    ids = design["community_id"].to_numpy(np.int64, na_value=-1)
    looked_up = {"sample_type": _looked_up(design["batch_id"], kinds)}
    for i, name in enumerate(("community_code", "community", "sub_district"), 1):
        looked_up[name] = _looked_up(ids, {row[0]: row[i] for row in register})
    return looked_up


def _looked_up(ids: Ids, words: dict[int, str]) -> Any:
    """The word of each id as a text column, missing for an id without one."""
    known = np.array(sorted(words), np.int64)
    place = np.searchsorted(known, ids)
    hit = np.isin(ids, known)
    taken = pa.array([words[int(k)] for k in known], pa.large_string()).take(pa.array(place, mask=~hit))
    return bulk.text_array([taken])


def _load_loose(
    conn: Connection, form: Questionnaire, ids: Ids, codes: Codes, wanted: list[ColumnElement[bool]]
) -> dict[str, Any]:
    n = len(ids)
    of = {kind: [q.name for q in form.questions if q.coding == kind] for kind in ("number", "multiple")}
    words = [q.name for q in form.questions if q.coding in ("text", "date")]
    numbers = {name: np.full(n, np.nan) for name in of["number"]}
    texts: dict[str, list[str | None]] = {name: [None] * n for name in words}
    answered = {name: (codes[:, form.position[name]] >= 0).tolist() for name in of["multiple"]}
    chosen: dict[str, list[Any]] = {m: [() if yes else None for yes in answered[m]] for m in of["multiple"]}
    names = [q.name for q in form.questions]
    if numbers:
        for place, question, values in _loose(conn, t.response_numbers, ids, wanted):
            for k in np.unique(question):
                numbers[names[k]][place[question == k]] = np.array(values)[question == k]
    if words:
        for place, question, values in _loose(conn, t.response_texts, ids, wanted):
            for i, k, value in zip(place.tolist(), question.tolist(), values, strict=True):
                texts[names[k]][i] = value
    if chosen:
        for place, question, values in _loose(conn, t.response_choices, ids, wanted):
            for i, k, value in zip(place.tolist(), question.tolist(), values, strict=True):
                chosen[names[k]][i] = (*(chosen[names[k]][i] or ()), value)
    return {"numbers": numbers, "texts": texts, "multiple": chosen}


def _loose(
    conn: Connection, table: Table, ids: Ids, wanted: list[ColumnElement[bool]]
) -> Iterable[tuple[Ids, Ids, Sequence[Any]]]:
    """Chunks of a side table: the place of each row among the loaded responses, its question, its value."""
    c = table.c
    query = select(c.response_id, c.question, c.value).join_from(table, t.responses).where(*wanted)
    for rows in bulk.chunks(conn, query.order_by(c.response_id, c.question, c.value)):
        response, question, values = zip(*rows, strict=True)
        yield np.searchsorted(ids, np.array(response, np.int64)), np.array(question, np.int64), values
