"""When the scheme of a year was settled, and what was changed of it after that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.exports.book import Book
from analysis.exports.weighting import Pair
from analysis.scheme.versions import from_plain


def settled_pairs(book: Book, meta: Mapping[str, Any]) -> list[Pair]:
    """(label, value, kind) of the method sheet; results from before this was kept say nothing."""
    pairs: list[Pair] = []
    if meta.get("scheme_added_at"):
        pairs.append((book.say("method.scheme_added_at"), meta["scheme_added_at"], "text"))
    if meta.get("fieldwork_since"):
        pairs.append((book.say("method.settled_since"), meta["fieldwork_since"], "text"))
    for change in meta.get("scheme_changes", ()):
        what = ("；" if book.lang == "zh" else "; ").join(from_plain(c).word(book.lang) for c in change["what"])
        said = book.say("method.changed_after", code=change["code"], version=change["version"], at=change["at"],
                        reason=change["reason"], what=what)  # fmt: skip
        pairs.append((book.say("method.scheme_changes"), said, "text"))
    if meta.get("item_weights_changed"):
        pairs.append((book.say("method.items_changed"), "、".join(meta["item_weights_changed"]), "text"))
    return pairs
