"""Who read what by the API, as the record has it: a line at the first use of an address, then one an hour with how often."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from dashboard.web.access import Viewer
from survey.core import limits
from survey.files.shelf import Shelf
from survey.store import Store, audit
from survey.store.engine.base import now


class Usage:
    """Uses that are not in the record yet, by reader and address, counted over all processes of the server."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = Shelf() if shelf is None else shelf

    def note(
        self, store: Store | None, viewer: Viewer, address: str, said: Mapping[str, Any], *, single: bool, refused: bool
    ) -> None:
        """Count a use; ``single``: a line of its own with all that was asked for, before the answer goes out.

        The number of a line is that of all uses since the line before it, its own too.
        """
        if store is None or store.read_only:
            return
        outcome = audit.REFUSED if refused else audit.DONE
        if single:
            self._line(store, viewer, address, dict(said), outcome)
            return
        moment = now().timestamp()
        with self._shelf.noted(f"usage {sha256(viewer.user.encode()).hexdigest()}") as waiting:
            last, had = waiting.get(f"{outcome} {address}", (0.0, 0))
            due = moment - last >= limits.PROGRAM_LINE_SECONDS
            waiting[f"{outcome} {address}"] = [moment, 0] if due else [last, had + 1]
        if due:
            self._line(store, viewer, address, {"requests": had + 1}, outcome)

    @staticmethod
    def _line(store: Store, viewer: Viewer, address: str, detail: Mapping[str, Any], outcome: str) -> None:
        with store.note() as conn:
            audit.record(conn, viewer.user, "api", address, detail, outcome=outcome)
