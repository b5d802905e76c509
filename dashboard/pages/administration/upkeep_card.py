"""The cards of the store's and the server's state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.pages.administration.upkeep import Setting, Upkeep
from dashboard.parts.basic import card, heading
from survey.core.lang import known, say


def cards(found: Upkeep, lang: str) -> list[html.Section]:
    """Size, backup and keys; imports that failed; slow pages; settings."""
    return [_state(found, lang), _failed(found, lang), _slow(found, lang), _settings(found.settings, lang)]


def _state(found: Upkeep, lang: str) -> html.Section:
    facts = {
        "size": say(lang, "page_administration.megabytes", n=f"{found.size / 1_000_000:.1f}"),
        "backup": found.backup or say(lang, "page_administration.no_backup"),
        "keys": say(lang, f"page_administration.keys_{_keys(found.keys)}", n=found.keys),
    }
    rows = [
        part
        for name, text in facts.items()
        for part in (html.Dt(say(lang, f"page_administration.{name}")), html.Dd(text))
    ]
    return card([heading(say(lang, "page_administration.upkeep")), html.Dl(rows, className="upkeep")])


def _keys(n: int | None) -> str:
    return "unreadable" if n is None else "some" if n else "none"


def _table(lang: str, names: Sequence[str], rows: Sequence[Sequence[Any]], label: str) -> html.Div:
    head = html.Tr([html.Th(say(lang, f"page_administration.{name}"), scope="col") for name in names])
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="lines")
    return html.Div(table, className="scroll", tabIndex=0, role="region", **{"aria-label": label})


def _failed(found: Upkeep, lang: str) -> html.Section:
    title = say(lang, "page_administration.failed")
    rows = [(at, entry.who, entry.subject, say(lang, "page_administration.refused")) for at, entry in found.failed]
    body: Any = html.P(say(lang, "page_administration.none_failed"), className="muted")
    if rows:
        body = _table(lang, ("at", "account", "file", "outcome"), rows, title)
    return card([heading(title, say(lang, "page_administration.failed_hint")), body])


def _slow(found: Upkeep, lang: str) -> html.Section:
    title = say(lang, "page_administration.slow")
    rows = [
        (
            _page(slow.page, lang),
            "—" if slow.year is None else str(slow.year),
            f"{slow.seconds:.2f}",
            f"{slow.at:%m-%d %H:%M}",
        )
        for slow in found.slow
    ]
    body: Any = html.P(say(lang, "page_administration.none_slow"), className="muted")
    if rows:
        body = _table(lang, ("shown", "year", "seconds", "at"), rows, title)
    return card([heading(title, say(lang, "page_administration.slow_hint")), body])


def _page(name: str, lang: str) -> str:
    """A page by its title in the menu; one without by its own name."""
    key = next((k for k in (f"page_shell.{name}", f"page_{name}.title") if known(k)), "")
    return say(lang, key) if key else name


def _settings(found: Sequence[Setting], lang: str) -> html.Section:
    title = say(lang, "page_administration.settings")
    rows = [
        (
            say(lang, f"page_administration.setting_{one.name}"),
            _value(one.value, lang),
            _value(one.default, lang),
            say(lang, f"page_administration.{'is_default' if one.is_default else 'is_set'}"),
        )
        for one in found
    ]
    return card([heading(title), _table(lang, ("setting", "value", "default", "state"), rows, title)])


def _value(value: str, lang: str) -> str:
    return say(lang, f"page_administration.{value}") if value in ("yes", "no") else value or "—"
