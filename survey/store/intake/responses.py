"""Responses: columns in, columns out.

A response's closed answers are one value, int16 little-endian in form order; what does not fit has tables
of its own.  Texts come back as pandas' text type (missing: NaN).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, case, func, insert, select

from survey.core import progress
from survey.form.answer_codes import DESIGN_COLUMNS, Codes, ResponseBlock
from survey.form.model import Questionnaire
from survey.store import settled
from survey.store.engine import bulk, frames, payloads
from survey.store.engine import tables as t
from survey.store.intake import identities as identity
from survey.store.intake import loading, questionnaires, replicates
from survey.store.intake.loading import PACKED, WHOLE, Wanted
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import years as year_states

_COUNTED = ["year", "community_id", "mode"]


def append(conn: Connection, batch_id: int, form_id: int, block: ResponseBlock) -> int:
    """Store a block of responses to a form version under a batch; returns how many.

    Raises Refused if one of its years is closed, or a street of it, ValueError if the block does not fit the form.
    """
    form = questionnaires.by_id(conn, form_id).form
    n, width = len(block), len(form.questions)
    if block.codes.shape != (n, width):
        raise ValueError(f"answers {block.codes.shape} do not fit {n} responses to {width} questions")
    replicates.require_fit(form, block)
    if n == 0:
        return 0
    touched = block.design["year"].unique().tolist()
    year_states.require_open(conn, touched)
    placed = block.design[["year", "community_id"]].dropna().drop_duplicates().astype("int64")
    year_states.require_open_in(conn, placed.itertuples(index=False, name=None))
    first = bulk.take(conn, "responses", n)
    columns_of = {name: _column(block.design, name) for name in DESIGN_COLUMNS if name in block.design}
    packed = _packed(block.codes)
    fixed = (range(first, first + n), repeat(batch_id, n), repeat(form_id, n), packed)
    said = {name: column for name, column in columns_of.items() if not _nothing(column)}
    names = ["id", "batch_id", "form_id", "answers", *said]
    rows = zip(*fixed, *said.values(), strict=True)
    bulk.copy_in(conn, t.responses, names, progress.counted("storing", rows, n))
    _append_run(conn, batch_id, form_id, first, columns_of, loading.answers_sum(packed))
    _append_loose(conn, form, block, first)
    replicates.append(conn, block, first)
    _append_counts(conn, batch_id, form_id, block.design)
    year_states.bump(conn, touched)
    return n


def load(
    conn: Connection,
    form: StoredForm,
    *,
    years: Iterable[int] | None = None,
    community_ids: Iterable[int] | None = None,
    columns: Iterable[str] | None = None,
) -> ResponseBlock:
    """The responses to a form version in active batches, in the order they were stored; for who only reads as ``settled`` says.

    ``design`` has ``DESIGN_COLUMNS`` and ``response_id, batch_id, sample_type, community_code, community,
    sub_district``; ``columns`` leaves out the other ``DESIGN_COLUMNS`` (but ``year`` and ``community_id``),
    which saves most of the time that a large load takes, and ``block.replicates`` unless it names ``replicates``.
    Raises Unreadable where the form or packed answers are not as they were stored.
    """
    payloads.require(conn, payloads.QUESTIONNAIRES, [form.id])
    wanted = Wanted(_whole(years), _whole(community_ids), settled.held(conn), settled.standing(conn))
    named = set(DESIGN_COLUMNS if columns is None else columns) | {"year", "community_id"}
    design = [name for name in DESIGN_COLUMNS if name in named]
    return loading.load(conn, form, wanted, design, weights=columns is None or "replicates" in named)


def identities(conn: Connection, questionnaire_name: str, years: Iterable[int]) -> pd.DataFrame:
    """Who already answered: ``year, community_id, respondent, answers_hash, batch_id, sheet, row, mode``."""
    return identity.active(conn, questionnaire_name, years)


def unnamed(conn: Connection, questionnaire_name: str, years: Iterable[int]) -> pd.DataFrame:
    """The answers of those who name no respondent: ``batch_id, year, community_id, answers_hash``."""
    return identity.unnamed(conn, questionnaire_name, years)


def years(conn: Connection) -> list[int]:
    """The years that have active responses, for who only reads as ``settled`` says."""
    return sorted(year for (year,), n in _sums(conn, ("year",)).items() if n)


def forms_in(conn: Connection, year: int) -> list[int]:
    """Ids of the form versions that have active responses of a year, for who only reads as ``settled`` says."""
    return sorted(form_id for (form_id,), n in _sums(conn, ("form_id",), year).items() if n)


def sizes(conn: Connection, year: int) -> dict[int, int]:
    """Community → its active responses of a year, in the order of their numbers; those of none are left out."""
    found = _sums(conn, ("community_id",), year)
    return {int(place): n for (place,), n in sorted((k, n) for k, n in found.items() if k[0] is not None) if n}


def counts(conn: Connection) -> pd.DataFrame:
    """``questionnaire, year, community_id, mode, n`` of the active responses; for who only reads as ``settled`` says."""
    c, name = t.response_counts.c, t.questionnaires.c.name.label("questionnaire")
    keys = (name, c.year, c.community_id, c.mode)
    query = select(*keys, func.sum(c.n).label("n")).join_from(t.response_counts, t.questionnaires)
    query = query.where(settled.counted(conn, t.response_counts)).group_by(*keys).order_by(*keys)
    types = {"community_id": "Int64", "n": "int64"}
    found = frames.frame(conn, query, ("questionnaire", "mode")).astype(types)
    gone = _gone(conn, ("questionnaire", "year", "community_id", "mode"))
    if not gone:
        return found
    less = [gone.get(_key(row), 0) for row in found[["questionnaire", "year", "community_id", "mode"]].to_numpy(object)]
    found["n"] -= np.array(less, dtype=np.int64)
    return found[found["n"] > 0].reset_index(drop=True)


def contacts_of(conn: Connection, year: int) -> pd.DataFrame:
    """How the responses of a year came about: ``form_id, questionnaire, community`` (code)``, respondent, mode, interviewer,
    at, disposition, batch_id, sample_type``, one row a response; empty texts are ''.  For who only reads as ``settled`` says."""
    c, f, b, p = t.responses.c, t.questionnaires.c, t.batches.c, t.communities.c
    texts = ("questionnaire", "community", "respondent", "mode", "interviewer", "at", "disposition", "sample_type")
    query = (
        select(
            c.form_id,
            f.name.label("questionnaire"),
            p.code.label("community"),
            *(c[name] for name in ("respondent", "mode", "interviewer")),
            func.coalesce(c.submitted, c.ended, c.started).label("at"),
            *(c.disposition, c.batch_id, b.sample_type),
        )
        .join_from(t.responses, t.batches)
        .join(t.questionnaires, f.id == c.form_id)
        .outerjoin(t.communities, p.id == c.community_id)
        .where(c.year == year, settled.counted(conn, t.responses), *settled.standing(conn))
        .order_by(c.id)
    )
    found = frames.frame(conn, query, texts)
    return found.assign(**{name: found[name].fillna("") for name in texts})


def first_day(conn: Connection, year: int, codes: Iterable[str] | None = None) -> str:
    """The day (``2014-05-06``) of the earliest dated response of a year, of these communities or of all; '' where none is dated."""
    c, p = t.responses.c, t.communities.c
    told = func.coalesce(func.nullif(c.submitted, ""), func.nullif(c.ended, ""), func.nullif(c.started, ""))
    query = select(func.min(told)).where(c.year == year, c.batch_id.in_(_active()), *settled.standing(conn))
    if codes is not None:
        query = query.where(c.community_id.in_(select(p.id).where(p.code.in_(list(codes)))))
    return str(conn.execute(query).scalar() or "")[:10]


def designs_of(conn: Connection, year: int) -> pd.DataFrame:
    """What the active responses of a year say of their sampling, one row for all that say the same: ``separate``
    (each community sampled on its own), ``community_id, stratum, psu, ssu, fpc, fpc2, batch_id, n, low, high`` (smallest and
    largest weight above 0).  Samples with replicate weights, whose errors rest on nothing of it, are left out."""
    forms = {form_id: questionnaires.by_id(conn, form_id).form for form_id in forms_in(conn, year)}
    apart = {form_id: form.sampling == "by_community" for form_id, form in forms.items() if not form.replicates}
    c = t.responses.c
    weighs = case((c.weight > 0, c.weight))
    keys = [c[name] for name in ("form_id", "community_id", "stratum", "psu", "ssu", "fpc", "fpc2", "batch_id")]
    figures = (func.count().label("n"), func.min(weighs).label("low"), func.max(weighs).label("high"))
    query = select(*keys, *figures).where(c.year == year, c.form_id.in_(apart), c.batch_id.in_(_active()))
    query = query.where(*settled.standing(conn))
    types = {"community_id": "Int64", **dict.fromkeys(("fpc", "fpc2", "low", "high"), "float64")}
    found = frames.frame(conn, query.group_by(*keys).order_by(*keys), ("stratum", "psu", "ssu"), types)
    return found.assign(separate=[apart[form_id] for form_id in found["form_id"]])


def _whole(numbers: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if numbers is None else tuple(sorted({int(n) for n in numbers}))


def _sums(conn: Connection, names: Sequence[str], year: int | None = None) -> dict[tuple[Any, ...], int]:
    """Values of these columns of ``response_counts`` → how many active responses have them, of a year or of all."""
    c = t.response_counts.c
    keys = [c[name] for name in names]
    query = select(*keys, func.sum(c.n)).where(settled.counted(conn, t.response_counts)).group_by(*keys)
    found = conn.execute(query if year is None else query.where(c.year == year))
    sums = {tuple(key): int(n) for *key, n in found}
    for key, n in _gone(conn, names, year).items():
        sums[key] = sums.get(key, 0) - n
    return sums


def _gone(conn: Connection, names: Sequence[str], year: int | None = None) -> dict[tuple[Any, ...], int]:
    """The same of the responses of active batches that count no more, because others took their places."""
    taken = settled.places_taken(conn)
    if taken is None:
        return {}
    c, form = t.responses.c, t.questionnaires.c
    keys = [form.name if name == "questionnaire" else c[name] for name in names]
    query = select(*keys, func.count()).join_from(t.responses, t.questionnaires, form.id == c.form_id).group_by(*keys)
    query = query.where(settled.counted(conn, t.responses), c.id.in_(taken))
    return {_key(key): int(n) for *key, n in conn.execute(query if year is None else query.where(c.year == year))}


def _key(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(None if value is None or pd.isna(value) else value for value in values)


def _active() -> Any:
    return select(t.batches.c.id).where(t.batches.c.state == "active")


def _packed(codes: Codes) -> list[bytes]:
    data = np.ascontiguousarray(codes, PACKED).tobytes()
    step = codes.shape[1] * 2
    return [data[i : i + step] for i in range(0, len(data), step)] if step else [b""] * len(codes)


def _nothing(column: Sequence[Any]) -> bool:
    """Whether a column says nothing: most do, and naming them would cost half of what storing takes."""
    return column[0] is None and column.count(None) == len(column)


def _column(design: pd.DataFrame, name: str) -> list[Any]:
    column = design[name]
    return _plain(column.astype("Int64") if name in (*WHOLE, "community_id") else column)


def _plain(column: pd.Series[Any]) -> list[Any]:
    """A column as Python values, None where missing."""
    missing = column.isna()
    if missing.all():
        return [None] * len(column)
    values = column.tolist()
    if missing.any():
        return [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]
    return values


def _append_run(
    conn: Connection, batch_id: int, form_id: int, first: int, columns: Mapping[str, Sequence[Any]], answers_sum: str
) -> None:
    """Note the numbers of these responses, the columns that are the same in all of them, and the sum of their answers."""
    constants = {name: values[0] for name, values in columns.items() if values.count(values[0]) == len(values)}
    constants |= dict.fromkeys(name for name in DESIGN_COLUMNS if name not in columns)
    last = first + len(next(iter(columns.values()))) - 1
    run = {"first_id": first, "last_id": last, "batch_id": batch_id, "form_id": form_id, "constants": constants}
    run["answers_sum"] = answers_sum
    conn.execute(insert(t.response_runs).values(run))


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
    keys = design.reindex(columns=_COUNTED).astype({"community_id": "Int64"})
    sizes = keys.groupby(_COUNTED, dropna=False).size().reset_index(name="n")
    columns = [_plain(sizes[name]) for name in (*_COUNTED, "n")]
    rows = ((batch_id, form_id, *row) for row in zip(*columns, strict=True))
    bulk.copy_in(conn, t.response_counts, ("batch_id", "form_id", *_COUNTED, "n"), rows)
