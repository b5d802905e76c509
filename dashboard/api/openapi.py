"""The OpenAPI 3.1 document, made of the table of addresses, so that neither can say what the other does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.api.declared import Parameter, Route
from survey.commands.versions import PROGRAM
from survey.core import limits
from survey.core.columns import Column, Kind
from survey.core.lang import say
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR

#: kind of a column → JSON types of its cells, which may all be empty
_TYPES: Mapping[Kind, Sequence[str]] = {
    Kind.text: ("string", "null"),
    Kind.code: ("string", "null"),
    Kind.date: ("string", "null"),
    Kind.whole: ("integer", "null"),
    Kind.number: ("number", "null"),
    Kind.share: ("number", "null"),
    Kind.flag: ("boolean", "null"),
    Kind.many: ("array", "object", "null"),
    Kind.mixed: ("number", "string", "boolean", "null"),
}
#: what any address may answer besides rows
STATUSES = (400, 401, 403, 404, 406, 409, 429, 500, 503)


def document(routes: Sequence[Route], lang: str) -> dict[str, Any]:
    """The whole document, its sentences in the reader's language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": say(lang, "api.title"),
            "version": PROGRAM,
            "summary": say(lang, "api.summary"),
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "paths": {route.told: {"get": _operation(route, lang)} for route in routes},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": say(lang, "api.bearer")},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "xingfu_session",
                    "description": say(lang, "api.session"),
                },
            },
            "schemas": {"Error": _ERROR, **{_schema_name(route): _rows(route, lang) for route in routes}},
        },
    }


_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
    "additionalProperties": False,
}


def _schema_name(route: Route) -> str:
    return route.name.capitalize()


def _operation(route: Route, lang: str) -> dict[str, Any]:
    content = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{_schema_name(route)}"}},
        "text/csv": {"schema": {"type": "string"}},
    }
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "operationId": route.name,
        "summary": say(lang, f"api.about.{route.name}"),
        "description": say(lang, "api.needs", permission=route.needs),
        "parameters": [*([_YEAR] if route.of_year else []), *(_parameter(p, lang) for p in route.takes.values())],
        "responses": {
            "200": {
                "description": say(lang, "api.status_200"),
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": content,
            },
            "304": {"description": say(lang, "api.status_304")},
            **{str(s): {"description": say(lang, f"api.status_{s}"), "content": refused} for s in STATUSES},
        },
    }


_YEAR = {
    "name": "year",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
}


def _parameter(one: Parameter, lang: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": limits.API_TEXT}
    if one.values:
        schema = {"type": "string", "enum": list(one.values)}
    elif one.whole:
        schema = {"type": "integer", "minimum": one.least, "maximum": one.most()}
        if one.name == "limit":
            schema["default"] = limits.API_ROWS
    return {"name": one.name, "in": "query", "description": say(lang, f"api.takes.{one.name}"), "schema": schema}


def _rows(route: Route, lang: str) -> dict[str, Any]:
    """What an address answers: ``meta``, ``rows``, and where the next page begins."""
    plain = {c.name: _cell(c, lang) for c in route.columns if not c.open}
    patterns = {_pattern(c): _cell(c, lang) for c in route.columns if c.open}
    row: dict[str, Any] = {"type": "object", "properties": plain}
    if patterns:
        row["patternProperties"] = patterns
    row["additionalProperties"] = {"type": ["string", "number", "boolean", "null"]} if route.more else False
    return {
        "type": "object",
        "required": ["meta", "rows", "next"],
        "properties": {
            "meta": {"type": "object", "required": ["lang", "rows"], "properties": {"rows": {"type": "integer"}}},
            "rows": {"type": "array", "items": row},
            "next": {"type": ["string", "null"]},
        },
        "additionalProperties": False,
    }


def _cell(column: Column, lang: str) -> dict[str, Any]:
    return {"type": list(_TYPES[column.kind]), "description": column.heading(lang)}


def _pattern(column: Column) -> str:
    """``objective_<dimension>`` as a regular expression."""
    head, _, rest = column.name.partition("<")
    return f"^{head}.+{rest.partition('>')[2]}$"
