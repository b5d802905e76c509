"""What district and city have said of a community, in words: for the overview and the community's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.cycle.stages import NO_NUMBER
from analysis.cycle.title_rules import spoken_event
from dashboard.figures.numbers import star_word
from survey.core.lang import say

Row = Mapping[str, Any]


def verdict(row: Row, cycle: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """Words and the kind of badge: who has spoken, or that only the street has calculated."""
    status, code = row["status"], row["community_code"]
    if status == "vetoed":
        return vetoed(row, cycle, lang), "bad"
    if status == "named" and row.get("title_event"):
        event = say(lang, f"cycle_words.title_event.{_event(row)}")
        kind = "bad" if row["title_event"] == "demoted" else "good"
        return say(lang, "standing.named", star=star_word(lang, int(row["star_awarded"])), event=event), kind
    if status == "named":
        return say(lang, "cycle_words.status.named"), "good"
    if status in NO_NUMBER:
        return say(lang, f"cycle_words.status.{status}"), "info"
    if status == "confirmed":
        return _confirmed(row, lang)
    waits = (cycle.get("recommended") or {}).get(code)
    if waits is not None:
        return say(lang, "standing.recommended", star=star_word(lang, int(waits))), "info"
    if status == "recommended" and row["star"] is not None:
        return say(lang, "standing.to_recommend", star=star_word(lang, int(row["star"]))), "info"
    return "", "info"


def verdict_short(row: Row, cycle: Mapping[str, Any], lang: str) -> str:
    """The same in as few words as a table has room for; nothing while only the street has calculated."""
    if row["status"] == "named" and row.get("title_event"):
        return say(lang, f"standing.short_{_event(row)}", star=star_word(lang, int(row["star_awarded"])))
    if row["status"] == "confirmed" and row.get("title_event") != "revoked" and row["star_awarded"]:
        return say(lang, "standing.short_confirmed", star=star_word(lang, int(row["star_awarded"])))
    waits = (cycle.get("recommended") or {}).get(row["community_code"])
    if waits is not None and row["status"] == "recommended":
        return say(lang, "standing.short_recommended", star=star_word(lang, int(waits)))
    if row["status"] == "recommended":
        return ""
    return verdict(row, cycle, lang)[0]


def _event(row: Row) -> str:
    event = str(row["title_event"])
    return spoken_event(event, row["title_before"]) if "title_before" in row else event


def _confirmed(row: Row, lang: str) -> tuple[str, str]:
    if row.get("title_event") == "revoked":
        return say(lang, "cycle_words.title_event.revoked"), "bad"
    star = int(row["star_awarded"] or 0)
    if star == 0:
        return say(lang, "standing.none"), "bad"
    return say(lang, "standing.confirmed", star=star_word(lang, star)), "good"


def vetoed(row: Row, cycle: Mapping[str, Any], lang: str) -> str:
    """一票否决（综治），不予评定 · 原三星待裁定."""
    names = cycle.get("veto_names") or {}
    kinds = (cycle.get("vetoes") or {}).get(row["community_code"], ())
    words = [short(names.get(kind, {}).get(lang, "")) or say(lang, "page_cycle.veto_other") for kind in kinds]
    comma = say(lang, "dash_words.list_comma")
    text = say(lang, "page_cycle.vetoed", kinds=comma.join(words)) if words else say(lang, "dash_words.state_vetoed")
    event, before = row.get("title_event"), row.get("title_before")
    if event and before:
        word = say(lang, f"cycle_words.title_event.{event}")
        text += say(lang, "standing.old_title", star=star_word(lang, int(before)), event=word)
    return text


def short(name: str) -> str:
    """The kind of a veto without its explanation: 综治 of 综治（重大案事件）."""
    return name.partition("（")[0].partition(" (")[0]


def title_held(row: Row, lang: str) -> str:
    """The title that the community came with, which is its own no more once the year has named it; empty where it has none."""
    if not row.get("title_before"):
        return ""
    key = "standing.held" if row.get("title_event") in (None, "", "pending") else "standing.held_before"
    return say(lang, key, star=star_word(lang, int(row["title_before"])), year=int(row["title_before_year"]))
