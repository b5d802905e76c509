"""A small questionnaire with every way an answer is stored, and blocks of answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from survey.form.answer_codes import DESIGN_COLUMNS, ResponseBlock
from survey.form.model import Choice, Question, Questionnaire
from survey.store import Store
from survey.store.intake import batches, contacts, questionnaires, responses
from survey.store.intake.questionnaires import StoredForm
from survey.store.keyring import Key, Keyring
from survey.store.year import indicators, register
from survey.store.year.register import Community

CHOICES = tuple(Choice(str(i), {"zh": f"选项{i}", "en": f"choice {i}"}, level=i) for i in range(1, 6))
FORM = Questionnaire(
    rows=(
        Question("q1", "select_one", {"zh": "满意吗"}, "l", CHOICES, dimension="service"),
        Question("q2", "range", {"zh": "几分"}, start=0, end=10, step=1),
        Question("income", "decimal", {"zh": "收入"}),
        Question("comment", "text", {"zh": "意见"}),
        Question("born", "date", {"zh": "生日"}),
        Question("uses", "select_multiple", {"zh": "用过"}, "l", CHOICES),
    ),
    title="测试",
    lists={"l": CHOICES},
)
COMMUNITIES = (
    Community("A01", "桂花社区", ("桂花",), "示例街道", adult_population=4000),
    Community("A02", "银杏社区", (), "示例街道", adult_population=2500),
)


def block(
    n: int = 4, year: int = 2013, start: int = 0, community_ids: tuple[int | None, ...] = (1, 2)
) -> ResponseBlock:
    """n responses by respondents R<start>…, alternating between the communities."""
    i = np.arange(start, start + n)
    design: dict[str, Any] = dict.fromkeys(DESIGN_COLUMNS)
    design |= {
        "year": np.full(n, year),
        "community_id": pd.array([community_ids[k % len(community_ids)] for k in i], dtype="Int64"),
        "mode": ["paper" if k % 3 else "phone" for k in i],
        "respondent": [f"R{k}" for k in i],
        "weight": 1 + i / 8,
        "age": np.where(i % 4 == 3, np.nan, 20.0 + i % 60),
        "sex": [None if k % 4 == 1 else "女" for k in i],
        "sheet": "数据",
        "row": i + 2,
        "answers_hash": [f"h{k}" for k in i],
    }
    codes = np.zeros((n, 6), np.int16)
    codes[:, 0], codes[:, 1] = i % 5, np.where(i % 7 == 6, -3, i % 11)
    codes[i % 2 == 1, 2:] = -1
    even = [k % 2 == 0 for k in i]
    return ResponseBlock(
        pd.DataFrame(design, index=range(n)),
        codes,
        numbers={"income": np.where(even, i * 100.5, np.nan)},
        texts={
            "comment": [f"好，“{k}”\t\\N" if e else None for k, e in zip(i, even, strict=True)],
            "born": ["1970-01-31" if e else None for e in even],
        },
        multiple={"uses": [tuple(range(k % 3)) if e else None for k, e in zip(i.tolist(), even, strict=True)]},
    )


def begin(conn: Any, number: int = 1, *, name: str = "q") -> tuple[StoredForm, int]:
    """Register, questionnaire and an answers batch of a made-up file."""
    register.save(conn, COMMUNITIES)
    form = questionnaires.add(conn, name, FORM)
    batch = batches.record(
        conn,
        kind="answers",
        target=name,
        version_id=form.id,
        file=f"{number}.xlsx",
        file_hash=f"hash{number}",
        sheet="数据",
        who="李",
    )
    return form, batch


NUMBERS = ["13800138001", "0577-88881234", "13800138003", "13800138004"]
RING = Keyring((Key(bytes(range(32))),), "test")


def fill(conn: Connection, number: int = 1, ring: Keyring = RING, numbers: Sequence[str] = NUMBERS, **more: Any) -> int:
    """A batch of one response a number, R<start>… alternating between the communities; returns the batch."""
    form, batch = begin(conn, number)
    rows = block(len(numbers), **more)
    responses.append(conn, batch, form.id, rows)
    first = contacts.first_response(conn, batch)
    sealed = [
        contacts.seal(ring.newest, "q", int(y), n, "王小明") for y, n in zip(rows.design["year"], numbers, strict=True)
    ]
    contacts.append(
        conn,
        batch,
        sealed,
        years=[int(y) for y in rows.design["year"]],
        community_ids=[int(c) for c in rows.design["community_id"]],
        response_ids=range(first, first + len(rows)),
    )
    return batch


def brought(store: Store, *rows: dict[str, Any]) -> int:
    with store.write() as conn:
        register.save(conn, COMMUNITIES)
        number = len(batches.listing(conn))
        batch = batches.record(conn, kind="indicators", target="default", file=f"{number}", file_hash=f"{number}")
        full = [{"community_code": "A01", "indicator": "1.1", **row} for row in rows]
        indicators.append(conn, batch, 2013, pd.DataFrame(full))
    return batch
