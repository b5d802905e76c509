"""What the bank holds, and a questionnaire made of some of it, which waits to be looked at as any dropped file does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.exports.files import safe_name
from dashboard.data.definitions import dimensions
from dashboard.data.uploads import Uploads
from dashboard.web.access import Viewer, require
from survey.core import limits
from survey.core.errors import Refused
from survey.drafting import bank
from survey.drafting.bank import Item
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.intake import questionnaires

__all__ = ["dimensions", "items", "take"]


def items(viewer: Viewer, store: Store) -> Mapping[str, Sequence[Item]]:
    """Dimension → its items, in the order of the newest scheme; ``''``: what is not scored."""
    require(viewer, "edit_questionnaire")
    with store.read() as conn:
        known = [(s.name, s.version, s.form) for s in questionnaires.listing(conn)]
    every = bank.items(known)
    order = [*dimensions(store), *sorted({i.question.dimension for i in every if i.question.dimension})]
    found = {code: [i for i in every if i.question.dimension == code] for code in (*dict.fromkeys(order), "")}
    return {code: some for code, some in found.items() if some}


def take(viewer: Viewer, store: Store, uploads: Uploads, keys: Sequence[Any], title: Any) -> str:
    """Let a questionnaire of these items wait to be checked and stored; its token.  Raises Refused for none."""
    require(viewer, "edit_questionnaire")
    require(viewer, "import")
    said = str(title or "").strip()
    if not keys:
        raise Refused("page_bank.none_taken")
    if not said or len(said) > limits.TYPED_TEXT:
        raise Refused("page_bank.no_title", most=limits.TYPED_TEXT)
    with store.read() as conn:
        known = [(s.name, s.version, s.form) for s in questionnaires.listing(conn)]
    data = write_questionnaire(bank.compose(known, [str(key) for key in keys], said))
    fresh = {"parts": [], "fresh": {"first": 0, "said": {}}}
    return uploads.keep([(f"{safe_name(said)}.xlsx", data)], fresh, viewer.user)
