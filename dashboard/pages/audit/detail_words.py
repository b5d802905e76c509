"""What an entry of the record is about and says besides, in words: what was noted, and the codes among its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.core.lang import known, say
from survey.store.audit import Entry
from survey.store.engine.base import to_json

#: name → where the words of its codes stand; a value without a word is shown as it was noted
_CODES: Mapping[str, tuple[str, ...]] = {
    "role": ("account_roles.",),
    "kind": ("page_import.kind_", "page_awards.kind_"),
    "body": ("page_cycle.choice_",),
    "outcome": ("page_cycle.choice_",),
    "payer": ("page_cycle.choice_",),
    "contacts": ("page_audit.contacts_",),
    "paper": ("page_papers.",),
}
#: sums of money are noted in fen
_MONEY = ("amount", "balance")


def subject_word(entry: Entry, lang: str) -> str:
    """What an entry is about: of a file that was taken what it is rather than its address, of a batch its number."""
    if entry.action == "download":
        key = f"page_audit.file_{file_name(entry.subject)}"
        return say(lang, key) if known(key) else entry.subject
    kind, _, number = entry.subject.partition(" ")
    if kind == "batch" and number.isdigit():
        return say(lang, "page_audit.subject_batch", n=number)
    key = f"page_audit.subject_{entry.subject}"
    return say(lang, key) if entry.action == "one person" and known(key) else entry.subject


def file_name(rule: str) -> str:
    """What the words of a file's address are called: its parts up to the first that stands for something."""
    return rule.removeprefix("/download/").partition("<")[0].strip("/").replace("/", "_").replace("-", "_")


def besides(entry: Entry, lang: str) -> str:
    """One thing after the other; where an account was changed, before and after."""
    changed = entry.action == "account change"
    parts = []
    for name, value in sorted(entry.detail.items()):
        if changed and isinstance(value, list) and len(value) == 2:
            word = " → ".join(_value(name, one, lang) or "—" for one in value)
        else:
            word = _value(name, value, lang)
        if word:
            parts.append(say(lang, "page_audit.told", name=name_word(name, lang), value=word))
    return " · ".join(parts)


def name_word(name: str, lang: str) -> str:
    """What is called so in the record; a name that has no word is shown as it was noted."""
    key = f"page_audit.detail_{name}"
    return say(lang, key) if known(key) else name


def _value(name: str, value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return say(lang, "page_administration.yes" if value else "page_administration.no")
    if isinstance(value, list):
        if name == "scopes":
            return say(lang, "dash_words.list_comma").join(f"{name_word(str(k), lang)} {v}" for k, v in value)
        return say(lang, "dash_words.list_comma").join(_value(name, one, lang) for one in value)
    if name in _MONEY and isinstance(value, int):
        return say(lang, "page_audit.yuan", n=f"{value / 100:,.2f}")
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if not isinstance(value, str):
        return "" if value is None else to_json(value)
    found = next((stem + value for stem in _CODES.get(name, ()) if known(stem + value)), "")
    return say(lang, found) if found else value
