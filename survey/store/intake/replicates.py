"""Replicate weights: one packed value a response, so that hundreds of columns cost one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, select

from survey.form.answer_codes import Floats, ResponseBlock
from survey.form.model import Questionnaire
from survey.store.engine import bulk
from survey.store.engine import tables as t

PACKED = np.dtype("<f8")


def require_fit(form: Questionnaire, block: ResponseBlock) -> None:
    """Raise ValueError where a block lacks a replicate weight of the form or has one that it does not know."""
    found = (len(block), 0) if block.replicates is None else block.replicates.shape
    if found != (len(block), len(form.replicates)):
        raise ValueError(f"replicate weights {found} do not fit {len(block)} responses to {len(form.replicates)}")


def append(conn: Connection, block: ResponseBlock, first: int) -> None:
    """Store the replicate weights of responses that are numbered from ``first`` on."""
    if block.replicates is None or not block.replicates.shape[1]:
        return
    data = np.ascontiguousarray(block.replicates, PACKED).tobytes()
    step = block.replicates.shape[1] * PACKED.itemsize
    rows = ((first + i, data[i * step : (i + 1) * step]) for i in range(len(block)))
    bulk.copy_in(conn, t.response_replicates, ("response_id", "weights"), rows)


def read(
    conn: Connection, runs: Sequence[Row[Any]], limits: Sequence[ColumnElement[bool]], n: int, width: int
) -> Floats:
    """(n, width) replicate weights of the responses of these runs under these conditions, in their order."""
    c = t.response_replicates.c
    weights = np.empty((n, width), np.float64)
    place = 0
    for run in runs:
        query = select(c.weights).where(c.response_id.between(run.first_id, run.last_id))
        if limits:
            query = query.join_from(t.response_replicates, t.responses).where(*limits)
        for rows in bulk.chunks(conn, query.order_by(c.response_id)):
            packed = np.frombuffer(b"".join(row[0] for row in rows), PACKED).reshape(len(rows), width)
            weights[place : place + len(rows)] = packed
            place += len(rows)
    return weights
