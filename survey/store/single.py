"""One stored response, found by the row that it came from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, select

from survey.answers import DESIGN_COLUMNS, ResponseBlock
from survey.form.model import Questionnaire
from survey.store import questionnaires
from survey.store import tables as t
from survey.store.loading import PACKED


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
        pd.DataFrame({name: [found[name]] for name in DESIGN_COLUMNS}), codes,
        {name: np.array([float(value)]) for name, value in loose(t.response_numbers)},
        {name: [str(value)] for name, value in loose(t.response_texts)}, chosen,
    )  # fmt: skip
