"""A page's parts as plain HTML, so that the first answer of the server already shows what the browser will build again.

Parts of Dash's ``html`` are written as they are. What only the browser can draw (charts, choices, fields) becomes a box of the
same size with the same words, so that nothing moves when the real one takes its place. Identifiers are left out, for the
real page brings them a moment later, and with them whatever points at one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

#: names of properties that HTML spells otherwise
_ATTRIBUTES = {"className": "class"}
#: properties of the browser's own bookkeeping, and those that name another part
_LEFT_OUT = frozenset(
    [
        "children",
        "id",
        "key",
        "style",
        "n_clicks",
        "n_clicks_timestamp",
        "disable_n_clicks",
        "n_blur",
        "n_submit",
        "setProps",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "aria-owns",
        "htmlFor",
        "list",
        "form",
        "autoFocus",
        "contentEditable",
    ]
)
#: elements without an end tag
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: style properties whose numbers are no pixels
_PLAIN_NUMBERS = frozenset(
    ["opacity", "flex", "flexGrow", "flexShrink", "fontWeight", "lineHeight", "order", "zIndex", "zoom", "columnCount"]
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
#: height of a field by its size, in pixels
_HEIGHTS = {"xs": 30, "sm": 36, "md": 42, "lg": 50}
#: height of a chart that says none, in pixels
_CHART = 450


def static_html(part: Any) -> str:
    """HTML of a part as it is sent to the browser: text, numbers, lists, and ``{"namespace", "type", "props"}``.

    Every text and value is escaped; a part that is not known gives what lies in it.
    """
    if part is None or isinstance(part, bool):
        return ""
    if isinstance(part, (str, int, float)):
        return escape(str(part), quote=False)
    if isinstance(part, Sequence):
        return "".join(map(static_html, part))
    props: Mapping[str, Any] = part["props"]
    if part["namespace"] == "dash_html_components":
        return _element(str(part["type"]).lower(), props)
    return _STANDING_IN.get(str(part["type"]), _inside)(props)


def _element(tag: str, props: Mapping[str, Any]) -> str:
    # pictures are in the address itself: painted with the text around them, not in a later frame behind the scripts
    at_once = ' decoding="sync"' if tag == "img" else ""
    head = f"<{tag}{_attributes(props)}{at_once}>"
    return head if tag in _VOID else f"{head}{static_html(props.get('children'))}</{tag}>"


def _attributes(props: Mapping[str, Any]) -> str:
    written = []
    for name, value in props.items():
        if value is None or name in _LEFT_OUT or not _NAME.fullmatch(name):
            continue
        called = _ATTRIBUTES.get(name, name.lower())
        spoken = called.startswith(("aria-", "data-"))
        if isinstance(value, bool) and not spoken:
            written += [f" {called}"] if value else []
        elif isinstance(value, (str, int, float)):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            written.append(f' {called}="{escape(text)}"')
    style = _style(props.get("style") or {})
    return "".join(written) + (f' style="{escape(style)}"' if style else "")


def _style(style: Mapping[str, Any]) -> str:
    found = []
    for name, value in style.items():
        if value is None:
            continue
        text = f"{value}px" if isinstance(value, (int, float)) and value and name not in _PLAIN_NUMBERS else str(value)
        found.append(f"{re.sub('[A-Z]', lambda m: '-' + m[0].lower(), name)}:{text}")
    return ";".join(found)


def _inside(props: Mapping[str, Any]) -> str:
    return static_html(props.get("children"))


def _nothing(_: Mapping[str, Any]) -> str:
    return ""


def _label(props: Mapping[str, Any], value: Any) -> str:
    """What a choice shows for a value."""
    offered = props.get("data") or ()
    known = {o["value"]: o["label"] for o in offered if isinstance(o, Mapping) and "value" in o}
    return str(known.get(value, value if isinstance(value, str) else ""))


def _box(props: Mapping[str, Any], words: str) -> str:
    """A field of the right size with its words, and its label above where it has one."""
    width = props.get("w")
    style = {"height": _HEIGHTS.get(str(props.get("size") or "sm"), 36), "width": width}
    label = props.get("label")
    above = f'<span class="first-label">{static_html(label)}</span>' if label else ""
    field = f'<span class="first-field"{_attributes({"style": style})}>{escape(words, quote=False)}</span>'
    kind = escape(str(props.get("className") or ""))
    return f'<span class="first-input {kind}"{_attributes({"style": {"width": width}})}>{above}{field}</span>'


def _choice(props: Mapping[str, Any]) -> str:
    value = props.get("value")
    words = "　".join(_label(props, v) for v in value) if isinstance(value, list) else _label(props, value)
    return _box(props, words or str(props.get("placeholder") or ""))


def _field(props: Mapping[str, Any]) -> str:
    return _box(props, str(props.get("value") or props.get("placeholder") or ""))


def _plain_field(props: Mapping[str, Any]) -> str:
    shown = {
        k: v for k, v in props.items() if k in ("className", "style", "placeholder", "value", "type", "aria-label")
    }
    return _element("input", {**shown, "disabled": True})


def _tick(props: Mapping[str, Any]) -> str:
    return f'<span class="first-tick">{static_html(props.get("label"))}</span>'


def _chart(props: Mapping[str, Any]) -> str:
    figure = props.get("figure") or {}
    height = (figure.get("layout") or {}).get("height") or _CHART
    style = {"height": height, **(props.get("style") or {})}
    return f'<div class="first-chart"{_attributes({"style": style})}></div>'


#: part that only the browser can draw → what stands in for it
_STANDING_IN: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Select": _choice,
    "MultiSelect": _choice,
    "Autocomplete": _field,
    "TextInput": _field,
    "Input": _plain_field,
    "Checkbox": _tick,
    "Graph": _chart,
    "Burger": lambda props: f'<span class="first-burger {escape(str(props.get("className") or ""))}"></span>',
    "Drawer": _nothing,
    "Modal": _nothing,
    "Store": _nothing,
    "Interval": _nothing,
    "Location": _nothing,
}
