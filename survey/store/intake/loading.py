"""Responses from the store to columns.

What costs time here is the Python value of every cell, so a run of responses (what one ``append`` brought)
keeps the columns that hold one value throughout, and those are not read row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Row, Table, func, or_, select

from survey.form.answer_codes import DESIGN_COLUMNS, Codes, ResponseBlock, by_columns
from survey.form.model import Questionnaire
from survey.store.engine import bulk, frames
from survey.store.engine import tables as t
from survey.store.engine.failures import Unreadable
from survey.store.intake import questionnaires, replicates
from survey.store.intake.questionnaires import StoredForm
from survey.store.settled import Held

PACKED = np.dtype("<i2")
FLOATS = ("weight", "fpc", "fpc2", "age", "duration")
#: columns that no response has unless its form asks for them; runs of older versions don't say so
SECOND_STAGE = ("ssu", "fpc2")
#: whole numbers; ``row`` is 0 where unknown
WHOLE = ("id", "batch_id", "year", "row")
Ids = npt.NDArray[np.int64]


def answers_sum(answers: Iterable[bytes]) -> str:
    """SHA-256 over the packed answers of a run, in the order of the responses' numbers: what ``doctor`` holds them against."""
    made = sha256()
    for one in answers:
        made.update(one)
    return made.hexdigest()


@dataclass(frozen=True)
class Wanted:
    """Which responses: of these years and communities (None: all); ``held``: shown otherwise than they are; ``standing``: the
    condition that no other one took their place, where that may be (``settled.standing``)."""

    years: tuple[int, ...] | None = None
    community_ids: tuple[int, ...] | None = None
    held: Held | None = None
    standing: tuple[ColumnElement[bool], ...] = ()

    def of(self, table: Table) -> list[ColumnElement[bool]]:
        """The conditions on a table that has ``year`` and ``community_id``."""
        found: list[ColumnElement[bool]] = [] if self.years is None else [table.c.year.in_(self.years)]
        if self.held is not None and table is t.responses:
            found.append(self.held.shown())
        if table is t.responses:
            found.extend(self.standing)
        return found if self.community_ids is None else [*found, table.c.community_id.in_(self.community_ids)]


@dataclass
class _Parts:
    """Columns as they come, in pieces."""

    names: Sequence[str]
    columns: dict[str, list[Any]] = field(default_factory=dict)
    packed: list[bytes] = field(default_factory=list)

    def add(self, varying: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Rows of the varying columns and the packed answers."""
        *values, answers = zip(*rows, strict=True)
        self.packed.append(b"".join(answers))
        for name, column in zip(varying, values, strict=True):
            self.columns.setdefault(name, []).append(_array(name, column))

    def repeat(self, constants: Mapping[str, Any], n: int) -> None:
        """The columns that are the same in all n rows of a run."""
        for name, value in constants.items():
            self.columns.setdefault(name, []).append(_repeated(name, value, n))

    def joined(self) -> dict[str, Any]:
        """Every column as one array."""
        return {name: _joined(name, self.columns.get(name, [])) for name in self.names}


def load(conn: Connection, form: StoredForm, wanted: Wanted, columns: Sequence[str], *, weights: bool) -> ResponseBlock:
    """The block of ``responses.load`` with these design columns (``year`` and ``community_id`` among them); with
    ``weights`` also its replicate weights.

    Raises Unreadable where the packed answers of a run, of which nothing is left out, are not those that were stored.
    """
    names = ["id", "batch_id", *columns]
    parts = _Parts(names)
    runs = _runs(conn, form.id, wanted)
    c = t.responses.c
    absent = {name: None for name in SECOND_STAGE if name not in form.form.roles}
    for run in runs:
        constants = {k: v for k, v in {**absent, **run.constants, "batch_id": run.batch_id}.items() if k in names}
        varying = [name for name in names if name not in constants]
        query = select(*(c[name] for name in varying), c.answers).where(c.id.between(run.first_id, run.last_id))
        n, began = 0, len(parts.packed)
        for rows in bulk.chunks(conn, query.where(*wanted.of(t.responses)).order_by(c.id)):
            parts.add(varying, rows)
            n += len(rows)
        whole = n == run.last_id - run.first_id + 1
        if whole and run.answers_sum and answers_sum(parts.packed[began:]) != run.answers_sum:
            raise Unreadable(f"SHA-256: batch {run.batch_id}")
        parts.repeat(constants, n)
    design = parts.joined()
    ids: Ids = design.pop("id")
    width = len(form.form.questions)
    codes = by_columns(np.frombuffer(b"".join(parts.packed), PACKED).reshape(len(ids), width))
    frame = pd.DataFrame({"response_id": ids, **design, **_context(conn, design)}, copy=False)
    width = len(form.form.replicates) if weights else 0
    brought = replicates.read(conn, runs, wanted.of(t.responses), len(ids), width) if width else None
    loose = _Loose(conn, form.form, ids, codes, runs, wanted).read()
    return ResponseBlock(frame, codes, **loose, replicates=brought)


def _runs(conn: Connection, form_id: int, wanted: Wanted) -> Sequence[Row[Any]]:
    """The runs of active batches in which there may be wanted responses, in the order they were stored."""
    r, counts = t.response_runs, t.response_counts
    holding = select(counts.c.batch_id).where(counts.c.form_id == form_id, *wanted.of(counts))
    shown: ColumnElement[bool] = t.batches.c.state == "active"
    if wanted.held is not None:
        shown = or_(shown, r.c.batch_id.in_(wanted.held.batches))
    query = select(r).join_from(r, t.batches).where(r.c.form_id == form_id, shown, r.c.batch_id.in_(holding))
    return conn.execute(query.order_by(r.c.first_id)).all()


def _array(name: str, values: Sequence[Any]) -> Any:
    if name in FLOATS or name == "community_id":
        return np.array(values, np.float64)  # None becomes NaN
    if name in WHOLE:
        return np.array([v or 0 for v in values] if None in values else values, np.int64)
    return pa.array(values, pa.large_string())


def _repeated(name: str, value: Any, n: int) -> Any:
    if name in FLOATS or name == "community_id":
        return np.full(n, np.nan if value is None else value, np.float64)
    if name in WHOLE:
        return np.full(n, value or 0, np.int64)
    return pa.repeat(pa.scalar(value, pa.large_string()), n)


def _joined(name: str, parts: list[Any]) -> Any:
    if name in WHOLE:
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)
    if name in FLOATS or name == "community_id":
        numbers = np.concatenate(parts) if parts else np.zeros(0)
        return numbers if name in FLOATS else _nullable(numbers)
    return frames.text_array(parts)


def _nullable(numbers: npt.NDArray[np.float64]) -> Any:
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)


def _context(conn: Connection, design: Mapping[str, Any]) -> dict[str, Any]:
    """What the batch and the register say about each response."""
    kinds = bulk.pairs(conn, select(t.batches.c.id, t.batches.c.sample_type))
    c = t.communities.c
    register = conn.execute(select(c.id, c.code, c.name, c.sub_district)).all()
    ids = design["community_id"].to_numpy(np.int64, na_value=-1)
    looked_up = {"sample_type": _looked_up(design["batch_id"], kinds)}
    for i, name in enumerate(("community_code", "community", "sub_district"), 1):
        looked_up[name] = _looked_up(ids, {row[0]: row[i] for row in register})
    return looked_up


def _looked_up(ids: Ids, words: Mapping[int, str]) -> Any:
    """The word of each id as a text column, missing for an id without one."""
    known = np.array(sorted(words), np.int64)
    place = np.searchsorted(known, ids)
    missing = np.append(known, -1)[place] != ids if len(known) else np.ones(len(ids), bool)
    labels = pa.array([words[int(k)] for k in known], pa.large_string())
    return frames.text_array([labels.take(pa.array(place, mask=missing))])


@dataclass(frozen=True)
class _Loose:
    """The answers that have tables of their own, for the loaded responses (``ids``, ascending)."""

    conn: Connection
    form: Questionnaire
    ids: Ids
    codes: Codes
    runs: Sequence[Row[Any]]
    wanted: Wanted

    def read(self) -> dict[str, Any]:
        """The ``numbers, texts, multiple`` of the block."""
        names = [q.name for q in self.form.questions]
        numbers = {name: np.full(len(self.ids), np.nan) for name in self._named("number")}
        texts: dict[str, list[Any]] = {name: [None] * len(self.ids) for name in self._named("text", "date")}
        ticked: dict[str, list[Any]] = {name: self._unticked(name) for name in self._named("multiple")}
        for place, question, values in self._rows(t.response_numbers, numbers):
            for k in np.unique(question):
                numbers[names[k]][place[question == k]] = np.array(values)[question == k]
        for place, question, values in self._rows(t.response_texts, texts):
            for i, k, value in zip(place.tolist(), question.tolist(), values, strict=True):
                texts[names[k]][i] = value
        for place, question, values in self._rows(t.response_choices, ticked):
            for i, k, value in zip(place.tolist(), question.tolist(), values, strict=True):
                ticked[names[k]][i] += (value,)
        return {"numbers": numbers, "texts": texts, "multiple": ticked}

    def _named(self, *codings: str) -> list[str]:
        return [q.name for q in self.form.questions if q.coding in codings]

    def _unticked(self, name: str) -> list[tuple[int, ...] | None]:
        answered = self.codes[:, self.form.position[name]] >= 0
        return [() if yes else None for yes in answered.tolist()]

    def _rows(self, table: Table, questions: Mapping[str, Any]) -> Iterator[tuple[Ids, Ids, Sequence[Any]]]:
        """Pieces of a table: the place of each row among ``ids``, its question, its value."""
        c = table.c
        limits = self.wanted.of(t.responses)
        for run in self.runs if questions else ():
            query = select(c.response_id, c.question, c.value).where(c.response_id.between(run.first_id, run.last_id))
            if limits:
                query = query.join_from(table, t.responses).where(*limits)
            for rows in bulk.chunks(self.conn, query.order_by(c.response_id, c.question, c.value)):
                response, question, values = zip(*rows, strict=True)
                yield np.searchsorted(self.ids, np.array(response, np.int64)), np.array(question, np.int64), values


# ── One stored response, found by the row that it came from


def of_row(conn: Connection, batch_id: int, row: int) -> tuple[Questionnaire, ResponseBlock] | None:
    """The questionnaire version and the response of a batch's row (1-based, of its sheet), if it brought one."""
    c = t.responses.c
    query = select(c.id, c.form_id, c.answers, *(c[name] for name in DESIGN_COLUMNS))
    found = conn.execute(query.where(c.batch_id == batch_id, c.row == row)).mappings().first()
    if found is None:
        return None
    form = questionnaires.by_id(conn, found["form_id"]).form
    codes = np.frombuffer(found["answers"], PACKED).astype(np.int16).reshape(1, -1)
    names = [q.name for q in form.questions]

    def loose(table: Table) -> list[tuple[str, Any]]:
        pairs = select(table.c.question, table.c.value).where(table.c.response_id == found["id"])
        return [(names[question], value) for question, value in conn.execute(pairs.order_by(*table.primary_key))]

    chosen: dict[str, list[tuple[int, ...] | None]] = {}
    for name, value in loose(t.response_choices):
        chosen[name] = [(*((chosen.get(name) or [None])[0] or ()), int(value))]
    return form, ResponseBlock(
        pd.DataFrame({name: [found[name]] for name in DESIGN_COLUMNS}),
        codes,
        {name: np.array([float(value)]) for name, value in loose(t.response_numbers)},
        {name: [str(value)] for name, value in loose(t.response_texts)},
        chosen,
    )


def some_codes(
    conn: Connection, ids: Iterable[int], of: Iterable[int] = (), most: int = 0
) -> dict[int, tuple[int, Codes]]:
    """Response → (questionnaire version, its codes in form order): of these ids, or the first ``most`` of these batches."""
    c = t.responses.c
    query = select(c.id, c.form_id, c.answers)
    wanted, held = list(ids), list(of)
    query = query.where(c.batch_id.in_(held)).order_by(c.id).limit(most) if held else query.where(c.id.in_(wanted))
    return {number: (form, np.frombuffer(packed, PACKED)) for number, form, packed in conn.execute(query)}


@dataclass(frozen=True)
class BatchAnswers:
    """What one batch brought, without who said it: ``codes`` (n, q) in form order; ``ticks``: (place of the question, of the
    choice) → how many chose it."""

    form: StoredForm
    codes: Codes
    ticks: Mapping[tuple[int, int], int]


def of_batch(conn: Connection, batch: int) -> BatchAnswers | None:
    """The answers of a batch, whatever its state; None where it brought none."""
    c, k = t.responses.c, t.response_choices.c
    form_id = conn.execute(select(c.form_id).where(c.batch_id == batch).limit(1)).scalar()
    if form_id is None:
        return None
    form = questionnaires.by_id(conn, form_id)
    query = select(c.answers).where(c.batch_id == batch)
    packed = b"".join(row[0] for rows in bulk.chunks(conn, query) for row in rows)
    codes = np.frombuffer(packed, PACKED).astype(np.int16).reshape(-1, len(form.form.questions))
    counted = select(k.question, k.value, func.count()).join_from(t.response_choices, t.responses)
    counted = counted.where(c.batch_id == batch).group_by(k.question, k.value)
    return BatchAnswers(form, codes, {(int(q), int(v)): int(n) for q, v, n in conn.execute(counted)})
