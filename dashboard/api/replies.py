"""Rows as they are sent: JSON a page at a time, or the whole table as CSV; numbers of persons masked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Request, Response

from dashboard.api.asking import CSV, JSON, rows_of_page, start
from dashboard.api.declared import Asked, Route, Table
from survey.commands.versions import PROGRAM
from survey.core import limits
from survey.core.columns import Columns, Kind
from survey.core.errors import Refused
from survey.core.masking import masked_all
from survey.core.plain_table import PlainTable, csv_text, plain
from survey.store import change_mark

#: what of a question does not change which rows there are
_PAGING = ("limit", "cursor")


def mark(asked: Asked, path: str, form: str) -> str:
    """Another one as soon as the answer might be another: the data, the reader, the question, the program."""
    moved: Any = None
    if asked.store is not None:
        with asked.store.read() as conn:
            moved = change_mark.mark(conn)
    here = asked.viewer
    scope = [
        sorted(found) if (found := getattr(here, f)) is not None else None
        for f in ("communities", "streets", "districts", "offices")
    ]
    said = sorted((name, value) for name, value in asked.given.items() if name not in _PAGING)
    data = [(year, asked.source.snapshot(year)) for year in asked.source.years()]
    whole = [PROGRAM, path, form, asked.lang, said, here.user, here.role, scope, moved, data]
    return hashlib.sha256(json.dumps(whole, default=str).encode()).hexdigest()[:32]


def tag(of: str, asked: Asked) -> str:
    """The ETag of one page of what ``mark`` says."""
    return f"{of}-{rows_of_page(asked.given)}-{asked.text('cursor').partition('-')[0] or 0}"


def unchanged(incoming: Request, etag: str) -> bool:
    """Whether the program has this already; what compressed the answer may have said so behind the tag."""
    known = {one.partition(":")[0] for one in (*incoming.if_none_match.as_set(), *incoming.if_none_match._weak)}
    return etag in known


def reply(route: Route, asked: Asked, table: Table, of: str, form: str) -> Response:
    """The answer; raises Refused where a table is longer than CSV may be."""
    rows = [_plain(route, row) for row in table.rows]
    if form == CSV:
        if len(rows) > limits.API_CSV_ROWS:
            raise Refused("api.too_many_rows", n=len(rows))
        return Response(csv_text(PlainTable.of_rows(rows, _names(route, rows)).masked()), mimetype=CSV)
    first = start(asked.text("cursor"), of)
    size = rows_of_page(asked.given)
    last = first + size
    body = {
        "meta": masked_all({"lang": asked.lang, "rows": len(rows), **rests_on(asked), **_json(table.meta)}),
        "rows": masked_all(rows[first:last]),
        "next": f"{last}-{of}" if last < len(rows) else None,
    }
    response = as_json(body)
    if body["next"]:
        query = {**asked.given, "cursor": body["next"]}
        response.headers["Link"] = f'<{_address(route, asked, query)}>; rel="next"'
    return response


def rests_on(asked: Asked) -> dict[str, Any]:
    """What the results of the year that is asked for rest on; nothing where no year is, or it has no results."""
    if asked.year not in asked.source.years():
        return {}
    from dashboard.api.scores_read import meta_of  # as readers are: when it is first asked for
    from dashboard.data.year import read_year

    return _json(meta_of(read_year(asked.viewer, asked.source, asked.year)))


def as_json(body: Any, status: int = 200) -> Response:
    """Any JSON answer."""
    return Response(json.dumps(body, ensure_ascii=False, allow_nan=False), status, mimetype=JSON)


def _address(route: Route, asked: Asked, query: Mapping[str, Any]) -> str:
    return f"{route.told.replace('{year}', str(asked.year))}?{urlencode(query)}"


def _names(route: Route, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns in their order; where scheme or questionnaire name some, in that of the rows."""
    if rows and (route.more or any(c.open for c in route.columns)):
        return list(dict.fromkeys(name for row in rows for name in row))
    return list(route.columns.names)


def _plain(route: Route, row: Mapping[str, Any]) -> dict[str, Any]:
    """The declared columns in their order, and nothing else but where the questionnaire names more."""
    declared = route.columns
    if route.more:
        return {name: _cell(declared, name, value) for name, value in row.items()}
    opened = [name for name in row if name not in declared.names and declared.find(name) is not None]
    return {name: _cell(declared, name, row.get(name)) for name in (*declared.names, *opened)}


def _cell(declared: Columns, name: str, value: Any) -> Any:
    """A cell as its column says: whole numbers whole, empty as null."""
    column = declared.find(name)
    if column is not None and column.kind is Kind.many:
        return _json(value)
    cell = plain(value)
    if cell is None or cell == "" or column is None:
        return None if cell == "" else cell
    if column.kind is Kind.whole and isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if column.kind is Kind.flag:
        return bool(cell)
    return str(cell) if column.kind in (Kind.text, Kind.code, Kind.date) else cell


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _json(v) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [_json(v) for v in value]
    return plain(value)
