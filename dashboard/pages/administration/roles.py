"""Roles and places as people call them, for accounts and programs alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dashboard.accounts import people
from survey.core.lang import say

#: kind of place → (value, name) of all there are
Places = Mapping[str, Sequence[tuple[str, str]]]


def role_word(lang: str, role: str) -> str:
    """A role as people call it; one of an older program by its own name."""
    return say(lang, f"account_roles.{role}") if role in people.roles() else role


def limits_word(lang: str, scopes: Iterable[tuple[str, str]], places: Places) -> str:
    """What somebody is limited to, joined; 全部 where it is nothing."""
    names = {(kind, value): name for kind, known in places.items() for value, name in known}
    limited = [
        say(lang, f"page_administration.scope_{kind}", name=names.get((kind, value), value))
        for kind, value in sorted(scopes)
    ]
    return say(lang, "dash_words.list_comma").join(limited) or say(lang, "page_administration.everything")


def offered(lang: str, places: Places) -> list[dict[str, str]]:
    """The places that one may be limited to, as a choice offers them."""
    return [
        {"value": f"{kind}={value}", "label": say(lang, f"page_administration.scope_{kind}", name=name)}
        for kind in ("community", "street", "district")
        for value, name in places[kind]
    ]
