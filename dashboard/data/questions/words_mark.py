"""What a page of answers in words rests on besides results: what was coded, and the lists of codes."""

from __future__ import annotations

from collections.abc import Hashable

from dashboard.web.access import Viewer
from survey.store import Store, words


def mark(_viewer: Viewer, store: Store | None) -> Hashable:
    """Another value whenever the page may show something else."""
    if store is None:
        return ()
    with store.read() as conn:
        return words.mark(conn)
