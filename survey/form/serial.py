"""A ``Questionnaire`` as plain JSON-able values and back, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from survey.form.model import Choice, Cut, Question, Questionnaire


def to_dict(form: Questionnaire) -> dict[str, Any]:
    """Lists of choices once, questions referring to them by name; fields at their default are left out."""
    return {
        **_plain(form, skip=("rows", "lists", "sheets")),
        **(
            {"sheets": {name: [list(row) for row in rows] for name, rows in form.sheets.items()}} if form.sheets else {}
        ),
        "lists": {name: [_plain(choice) for choice in choices] for name, choices in form.lists.items()},
        "rows": [_question(row, form.lists) for row in form.rows],
    }


def from_dict(data: Mapping[str, Any]) -> Questionnaire:
    """The inverse of ``to_dict``, also after a trip through JSON."""
    lists = {name: tuple(_choice(c) for c in choices) for name, choices in data["lists"].items()}
    rows = tuple(_row(row, lists) for row in data["rows"])
    sheets = {name: tuple(tuple(row) for row in kept) for name, kept in data.get("sheets", {}).items()}
    rest = {key: _tuple(value) for key, value in data.items() if key not in ("rows", "lists", "sheets")}
    return Questionnaire(rows=rows, lists=lists, sheets=sheets, **rest)


def _plain(value: Any, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a dataclass that are not at their default, tuples as lists."""
    plain: dict[str, Any] = {}
    for spec in fields(value):
        if spec.name in skip:
            continue
        content = getattr(value, spec.name)
        default = spec.default_factory() if spec.default_factory is not MISSING else spec.default
        if default is not MISSING and content == default:
            continue
        if isinstance(content, Mapping):
            plain[spec.name] = dict(content)
        else:
            plain[spec.name] = list(content) if isinstance(content, tuple) else content
    return plain


def _question(row: Question, lists: Mapping[str, tuple[Choice, ...]]) -> dict[str, Any]:
    plain = _plain(row, skip=("choices", "recode"))
    if row.recode:
        plain["recode"] = [[cut.operator, cut.bound, cut.code] for cut in row.recode]
    if row.choices != lists.get(row.list_name, ()):
        plain["choices"] = [_plain(choice) for choice in row.choices]
    return plain


def _row(data: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]]) -> Question:
    rest = {key: _tuple(value) for key, value in data.items() if key not in ("choices", "recode")}
    own = data.get("choices")
    choices = lists.get(data.get("list_name", ""), ()) if own is None else tuple(_choice(c) for c in own)
    recode = tuple(Cut(operator, bound, code) for operator, bound, code in data.get("recode", ()))
    return Question(choices=choices, recode=recode, **rest)


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(**{key: _tuple(value) for key, value in data.items()})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# ── What of a questionnaire decides points, and so is settled before the first answer: type, weight and direction of items


def weights_changed(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Names of scored items that count otherwise in ``new``, or in only one of them, in the order of ``old``."""
    before, after = _counts(old), _counts(new)
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def reweighted(versions: Iterable[tuple[str, Questionnaire]]) -> list[str]:
    """Items that count otherwise in two versions of one questionnaire, given as (name, form) in the order they came."""
    first: dict[str, Questionnaire] = {}
    found: list[str] = []
    for name, form in versions:
        found += weights_changed(first.setdefault(name, form), form)
    return list(dict.fromkeys(found))


def _counts(form: Questionnaire) -> dict[str, tuple[object, ...]]:
    return {q.name: (q.dimension, q.weight, q.reverse) for q in form.scored}
