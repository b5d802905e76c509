"""What stands behind a community's numbers, as far as one viewer may see it; single rows are recorded before they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.scoring.results import plain
from analysis.tables.tracing import trace as tracing
from analysis.tables.tracing.response_rows import Line, Responses
from analysis.tables.tracing.response_rows import Row as Response
from dashboard.data.questions.choices import forms_of
from dashboard.data.questions.choices import items as questions
from dashboard.data.results import Source
from dashboard.data.year import Row, Year, read_year
from dashboard.web.access import Viewer, may, require
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store import Store, audit

#: rows of a batch that are shown at once
SHOWN = 100


@dataclass(frozen=True)
class Whence:
    """Where an item or indicator comes from: rows of ``analysis.tables.tracing.trace`` (a batch of answers, or a value, each)."""

    rows: tuple[Row, ...]
    answers: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    small: bool = False


@dataclass(frozen=True)
class Traced:
    """What the page shows, one step behind the other.

    ``row`` the community's scores; ``items`` and ``indicators`` of its year; ``chosen`` the one that is asked for, with
    ``kind`` (subjective, objective); ``source`` where it comes from (None: not for this viewer); ``lines`` rows of the
    ``batch`` that is asked for; ``response`` the row that is; ``rows_may``: single rows may be seen.
    """

    year: Year
    row: Row
    items: tuple[Row, ...]
    indicators: tuple[Row, ...]
    chosen: Row | None = None
    kind: str = ""
    source: Whence | None = None
    batch: int | None = None
    lines: tuple[Line, ...] = ()
    more: int = 0
    response: Response | None = None
    rows_may: bool = False

    @property
    def code(self) -> str:
        """The community."""
        return str(self.row["community_code"])


def traced(
    viewer: Viewer, source: Source, store: Store | None, year: int, code: str, asked: Mapping[str, str]
) -> Traced:
    """What the address asks for; raises Refused for an unknown year, community, item, batch or row, or one out of scope."""
    found = read_year(viewer, source, year)
    row = found.community(code)
    items = tuple(found.results.rows("items", code))
    indicators = tuple(found.results.rows("indicators", code))
    rows_may = store is not None and may(viewer, "trace_rows", code, year)
    plainly = Traced(found, row, items, indicators, rows_may=rows_may)
    name, batch, at = asked.get("item", ""), _number(asked.get("batch", "")), _number(asked.get("at", ""))
    if not name and at is None:
        return plainly
    chosen, kind = _chosen(items, indicators, name, store, year) if name else (None, "")
    if at is not None:
        response = _response(viewer, store, found, code, items, at)
        return Traced(found, row, items, indicators, chosen, kind, None, batch, response=response, rows_may=True)
    whence = None
    lines: Sequence[Line] = ()
    if store is not None and may(viewer, "see_imports", code, year):
        whence, lines = _behind(viewer, store, found, code, name, kind, batch if rows_may else None, rows_may=rows_may)
    more = max(0, len(lines) - SHOWN)
    return Traced(
        found, row, items, indicators, chosen, kind, whence, batch, tuple(lines[:SHOWN]), more, rows_may=rows_may
    )


def _chosen(
    items: Sequence[Row], indicators: Sequence[Row], name: str, store: Store | None, year: int
) -> tuple[Row, str]:
    """The row and kind of an item or indicator; a question with choices that does not count has no points and no score."""
    for kind, rows, column in (("subjective", items, "item"), ("objective", indicators, "indicator")):
        for one in rows:
            if one[column] == name:
                return one, kind
    asked = [] if store is None else [q for form in forms_of(store, year).values() if (q := questions(form).get(name))]
    if asked:
        question = asked[0]
        choices = [{"choice": c.name, **_labels(c.labels)} for c in question.choices]
        return {"item": name, **_labels(question.labels), "counts": False, "distribution": choices}, "subjective"
    raise Refused("page_trace.unknown", name=name[: limits.CELL_SHOWN])


def _labels(labels: Mapping[str, str]) -> dict[str, str]:
    """As rows of results have them."""
    return {f"label_{lang}": labels.get(lang, "") for lang in LANGUAGES}


def _behind(
    viewer: Viewer, store: Store, found: Year, code: str, name: str, kind: str, batch: int | None, *, rows_may: bool
) -> tuple[Whence, Sequence[Line]]:
    """Values of an indicator; batches of an item, how each answered it, and the rows of the batch that is asked for."""
    year = int(found.meta["year"])
    with store.read() as conn:
        frame = tracing.trace(conn, code, year, name if kind == "objective" else None)
        wanted = frame["what"] == ("indicator" if kind == "objective" else "answers")
        rows = tuple({str(k): plain(v) for k, v in one.items()} for one in frame[wanted].to_dict("records"))
        if kind == "objective" or not rows_may:
            return Whence(rows), ()
        responses = Responses(conn, code, year)
    known = {line.batch for line in responses.lines(name)}
    if batch is not None and not responses.small and batch not in known:
        raise Refused("store.unknown_batch", batch=batch)
    lines = responses.lines(name, batch) if batch is not None else ()
    told = responses.by_batch(name)
    if told or lines:
        shown = min(len(lines), SHOWN)
        _record(store, viewer, code, year, {"item": name, "batch": batch, "responses": shown or None})
    return Whence(tuple(r for r in rows if not known or r["batch"] in known), told, responses.small), lines


def _response(viewer: Viewer, store: Store | None, found: Year, code: str, items: Sequence[Row], at: int) -> Response:
    year = int(found.meta["year"])
    require(viewer, "trace_rows", code, year)
    if store is None:
        raise Refused("tracing.no_row", number=at)
    with store.read() as conn:
        response = Responses(conn, code, year).one(at, {r["item"]: float(r["points"]) for r in items if r["points"]})
    said = {"batch": response.batch.id, "row": response.row, "responses": 1}
    _record(store, viewer, code, year, said)
    return response


def _record(store: Store, viewer: Viewer, code: str, year: int, said: Mapping[str, Any]) -> None:
    """Write down what is shown of single persons, before it is; an archive that can't be written to keeps no record."""
    if not store.read_only:
        with store.note() as conn:
            audit.record(conn, viewer.user, "trace", f"{code} {year}", {k: v for k, v in said.items() if v is not None})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
