"""When the scheme of a year was settled, and what was changed of it after that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.exports.workbook_writer import Book
from analysis.publication.scheme_versions import from_plain
from analysis.quality.weights import margin_word
from analysis.scoring.results import Results
from analysis.statistics.notes import note_text
from survey.core.lang import enumerated

# ── How the responses were weighted, and what weighting does to the community of a workbook


Pair = tuple[str, Any, str]


def weighting_pairs(book: Book, results: Results, code: str) -> list[Pair]:
    """(label, value, kind) of the method sheet; results from before weights were kept say only whether they weight."""
    meta = results.meta
    pairs: list[Pair] = [(book.say("method.weighting"), book.say(f"weighting.{meta['weighting']}"), "text")]
    pairs += [(book.say("method.errors"), _errors(book, way), "text") for way in meta.get("errors", ())]
    settings = meta.get("weighting_settings")
    if settings is None:
        return pairs
    if meta["weighting"] != "none":
        margins = enumerated(book.lang, (margin_word(name, book.lang) for name in settings["margins"]))
        trim = book.say("weighting.no_limit") if settings["trim"] is None else f"{settings['trim']:g}"
        pairs += [
            (book.say("method.margins"), margins, "text"),
            (book.say("method.cell_min"), settings["cell_min"], "count"),
            (book.say("method.trim"), trim, "text"),
        ]
    pairs.append((book.say("method.lonely_psu"), book.say(f"lonely_psu.{settings['lonely_psu']}"), "text"))
    return pairs + _community(book, results, code)


def _errors(book: Book, way: Mapping[str, Any]) -> str:
    """How standard errors were computed, in words."""
    if way["method"] == "linearisation":
        return book.say("errors.linearisation")
    words = book.say("errors.replicates", method=way["method"], count=way["replicates"])
    return words + (book.say("errors.mse") if way["mse"] else "")


def _community(book: Book, results: Results, code: str) -> list[Pair]:
    """The community's score with and without weights, in one line each."""
    row = next((r for r in results.extra.get("weights", ()) if r["community_code"] == code), None)
    if row is None:
        return []
    if not row["applied"]:
        return [(book.say("method.beside"), note_text(row["note"], book.lang), "text")] if row["note"] else []
    names = ("subjective_unweighted", "subjective_weighted", "deff_weights", "n_effective")
    return [(book.say(f"method.{name}"), row[name], "value") for name in names if row[name] is not None]


def settled_pairs(book: Book, meta: Mapping[str, Any]) -> list[Pair]:
    """(label, value, kind) of the method sheet; results from before this was kept say nothing."""
    pairs: list[Pair] = []
    if meta.get("scheme_added_at"):
        pairs.append((book.say("method.scheme_added_at"), meta["scheme_added_at"], "text"))
    if meta.get("fieldwork_since"):
        pairs.append((book.say("method.settled_since"), meta["fieldwork_since"], "text"))
    for change in meta.get("scheme_changes", ()):
        what = ("；" if book.lang == "zh" else "; ").join(from_plain(c).word(book.lang) for c in change["what"])
        said = book.say(
            "method.changed_after",
            code=change["code"],
            version=change["version"],
            at=change["at"],
            reason=change["reason"],
            what=what,
        )
        pairs.append((book.say("method.scheme_changes"), said, "text"))
    if meta.get("item_weights_changed"):
        pairs.append((book.say("method.items_changed"), enumerated(book.lang, meta["item_weights_changed"]), "text"))
    return pairs
