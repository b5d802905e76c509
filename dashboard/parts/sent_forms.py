"""Which field a refusal speaks of: the forms of the pages, by the button that sends them.

The page says the sentence; ``assets/reach.js`` marks the field (``aria-invalid``), ties the sentence to it and goes there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.core.errors import XingfuError
from survey.core.lang import say

#: what of a component somebody fills in
TYPED = ("value", "contents", "filename", "checked")
#: what of an id tells what a component is, not where it stands
_KIND = ("type", "name", "of", "action", "then", "outcome")


@dataclass(frozen=True)
class SentForm:
    """A form that buttons send.

    ``buttons``: their ids, or the types of ids that are patterns. ``fields``: id of each field, or ``type`` and ``type/name`` of a
    pattern. ``about``: key of a refusal → the field that it speaks of; of several the one that holds what the sentence quotes, else
    the first empty one; a refusal that knows its field says it as ``of_field``. ``label``: field → the text that it is called on the page, for sentences that do not name it.
    """

    buttons: tuple[str, ...]
    fields: tuple[str, ...]
    about: Mapping[str, str | tuple[str, ...]]
    label: Mapping[str, str]

    def field(self, component: Any) -> str:
        """Which of ``fields`` a component's id is; empty where it is none."""
        if isinstance(component, str):
            return component if component in self.fields else ""
        named = f"{component.get('type')}/{component.get('name')}"
        return next((one for one in (named, str(component.get("type"))) if one in self.fields), "")


@dataclass(frozen=True)
class _Typed:
    """A field as it was sent: its component's id, which of the form's it is, what stood in it."""

    component: Any
    field: str
    value: Any


def spoken_of(
    error: XingfuError,
    forms: Sequence[SentForm],
    triggered: Sequence[Mapping[str, Any]],
    states: Sequence[Any],
    clicked: Any,
) -> tuple[str, str]:
    """The id, as the page has it, of the field that a refusal speaks of, and the text key of what it is called.

    ``triggered`` and ``states``: of the callback, as Dash tells them; ``clicked``: the id of what was pressed or changed.
    Both are empty where the refusal speaks of no field.
    """
    if any(one.get("prop_id", "").rpartition(".")[2] in TYPED for one in triggered):
        return dom_id(clicked), ""
    button = clicked if isinstance(clicked, str) else str((clicked or {}).get("type", ""))
    form = next((one for one in forms if button in one.buttons), None)
    if form is None:
        return "", ""
    sent = [one for one in _sent(form, states) if _together(one.component, clicked)]
    found = _candidates(form, sent, error)
    if not found:
        return "", ""
    one = _which(found, error)
    return dom_id(one.component), form.label.get(one.field, "")


def _sent(form: SentForm, states: Sequence[Any]) -> list[_Typed]:
    """The fields of the form, each once, in the order in which they were sent."""
    known: dict[str, _Typed] = {}
    for one in (one for group in states for one in (group if isinstance(group, list) else [group])):
        if one.get("property") not in TYPED:
            continue
        field = form.field(one["id"])
        if field and dom_id(one["id"]) not in known:
            known[dom_id(one["id"])] = _Typed(one["id"], field, one.get("value"))
    return list(known.values())


def _together(component: Any, clicked: Any) -> bool:
    """Whether a field stands where the button stands: what both ids say is the same."""
    if not (isinstance(component, dict) and isinstance(clicked, dict)):
        return True
    return all(component[key] == clicked[key] for key in component.keys() & clicked.keys() if key not in _KIND)


def _candidates(form: SentForm, sent: Sequence[_Typed], error: XingfuError) -> list[_Typed]:
    wanted = error.params.get("of_field") or form.about.get(error.key, ())
    if error.key.endswith("too_long"):  # said of any field: whichever is as long as the sentence says
        return [one for one in sent if _length(one.value) == error.params.get("n")]
    names = (wanted,) if isinstance(wanted, str) else wanted
    return [one for name in names for one in sent if one.field == name]


def _which(found: Sequence[_Typed], error: XingfuError) -> _Typed:
    """Of several, the one that holds what the sentence quotes, else the first that is empty, else the first."""
    quoted = {str(value) for value in error.params.values() if isinstance(value, (str, int, float)) and value != ""}
    held = [one for one in found if _said(one) in quoted]
    within = [one for one in found if any(len(text) > 1 and text in _said(one) for text in quoted)]
    empty = [one for one in found if not _said(one)]
    return [*held, *within, *empty, *found][0]


def _said(one: _Typed) -> str:
    return str(one.value).strip() if one.value not in (None, []) else ""


def _length(value: Any) -> int:
    return len(value.strip()) if isinstance(value, str) else -1


def dom_id(component: Any) -> str:
    """A component's id as the page has it."""
    if isinstance(component, str) or component is None:
        return component or ""
    return json.dumps(component, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def told(sentence: str, label: str, lang: str) -> str:
    """The sentence with the name of its field before it, where it does not name it."""
    name = say(lang, label) if label else ""
    return sentence if not name or name in sentence else say(lang, "page_shell.of_field", field=name, sentence=sentence)
