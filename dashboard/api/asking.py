"""What a request asks for, checked before anything is read: the form of the answer, the language, every parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request, abort

from dashboard.api.declared import Parameter, Route
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, language

JSON, CSV = "application/json", "text/csv"
#: words under which others take a token in the address, where it ends up in logs and histories
_TOKENS = frozenset({"token", "access_token", "api_key", "key", "authorization"})


def form_of(incoming: Request) -> str:
    """``JSON`` or ``CSV``, as the program takes it; 406 where it takes neither."""
    found = incoming.accept_mimetypes.best_match((JSON, CSV)) if incoming.headers.get("Accept") else JSON
    if found is None:
        abort(406)
    return found


def language_of(incoming: Request, default: str) -> str:
    """As the address says, else as the program prefers, else the server's."""
    said = incoming.args.get("lang", "")
    if said in LANGUAGES:
        return said
    return language(incoming.accept_languages.best_match(LANGUAGES) or default)


def given(route: Route, incoming: Request) -> Mapping[str, Any]:
    """Every parameter by its name; raises Refused for one that there is not, that comes twice, or that says what it can't."""
    found: dict[str, Any] = {}
    for name, values in incoming.args.lists():
        if name.lower() in _TOKENS:
            raise Refused("api.token_in_address")
        parameter = route.takes.get(name)
        if parameter is None:
            raise Refused("api.unknown_parameter", name=name[: limits.API_TEXT], known=list(route.takes))
        if len(values) > 1:
            raise Refused("api.twice", name=name)
        found[name] = _value(parameter, values[0])
    return found


def _value(parameter: Parameter, text: str) -> str | int:
    if parameter.whole:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1
        if not parameter.least <= number <= parameter.most():
            raise Refused("api.bad_number", name=parameter.name, least=parameter.least, most=parameter.most())
        return number
    if parameter.values and text not in parameter.values:
        raise Refused("api.bad_choice", name=parameter.name, known=list(parameter.values))
    if not text or len(text) > limits.API_TEXT or not text.isprintable():
        raise Refused("api.bad_text", name=parameter.name, most=limits.API_TEXT)
    return text


def start(cursor: str, mark: str) -> int:
    """With which row a page begins; 409 for the cursor of other data or another question, Refused for what is none."""
    if not cursor:
        return 0
    number, dash, of = cursor.partition("-")
    if not (dash and number.isascii() and number.isdigit() and len(number) < 10 and of.isalnum()):
        raise Refused("api.bad_cursor")
    if of != mark:
        abort(409)
    return int(number)


def rows_of_page(values: Mapping[str, Any]) -> int:
    """How many rows a page has."""
    return int(values.get("limit", limits.API_ROWS))
