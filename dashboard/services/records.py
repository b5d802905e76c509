"""What was imported and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from analysis import publishing
from dashboard.access import Viewer, require_importer
from dashboard.services.source import Source
from dashboard.services.street import read_year
from survey.errors import Refused
from survey.findings import Finding
from survey.store import Store, batches, settings
from survey.store.batches import Batch

__all__ = ["Batch", "Progress", "kept_findings", "listing", "progress", "receipts", "switch", "zone"]


@dataclass(frozen=True)
class Progress:
    """How far one community is: responses that count against the minimum, and its objective indicators."""

    code: str
    community: str
    scored: int
    stored: int
    minimum: int
    missing_indicators: int
    indicators: int

    @property
    def short(self) -> int:
        """Responses that are missing."""
        return max(0, self.minimum - self.scored)


def progress(viewer: Viewer, source: Source, year: int) -> tuple[Progress, ...]:
    """Every community of the year, those that lack most first."""
    found = read_year(viewer, source, year)
    minimum = int(found.meta["min_responses"])
    stored = {f["community_code"]: int(f["stored"] or 0) for f in found.results.rows("flow")}
    missing: dict[str, int] = {}
    known: dict[str, int] = {}
    for row in found.results.rows("indicators"):
        code = row["community_code"]
        known[code] = known.get(code, 0) + 1
        missing[code] = missing.get(code, 0) + (row["state"] == "missing")
    out = [
        Progress(r["community_code"], r["community"], int(r["n"] or 0), stored.get(r["community_code"], 0), minimum,
                 missing.get(r["community_code"], 0), known.get(r["community_code"], 0))
        for r in found.rows
    ]  # fmt: skip
    return tuple(sorted(out, key=lambda p: (-p.short, -p.missing_indicators)))


def listing(viewer: Viewer, store: Store, most: int = 50) -> tuple[Batch, ...]:
    """The newest imports."""
    require_importer(viewer)
    with store.read() as conn:
        return tuple(batches.listing(conn)[:most])


def receipts(viewer: Viewer, store: Store, numbers: str) -> tuple[Batch, ...]:
    """The batches of a receipt, ``12,13``; raises Refused for anything else."""
    require_importer(viewer)
    parts = numbers.split(",")
    if not all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
        raise Refused("store.unknown_batch", batch=numbers)
    with store.read() as conn:
        return tuple(batches.get(conn, int(p)) for p in parts)


def kept_findings(viewer: Viewer, store: Store, number: int) -> tuple[Batch, tuple[Finding, ...]]:
    """A batch and the findings kept with it."""
    require_importer(viewer)
    with store.read() as conn:
        return batches.get(conn, number), tuple(batches.findings(conn, number))


def switch(viewer: Viewer, store: Store, number: int) -> Batch:
    """Take an import back, or bring it back; its years are computed again.  Returns the batch as it is now."""
    require_importer(viewer)
    with store.write() as conn:
        state = batches.get(conn, number).state
        years = batches.set_state(conn, number, "active" if state == "undone" else "undone", viewer.user)
        batch = batches.get(conn, number)
    publishing.recompute(store, years)
    return batch


def zone(viewer: Viewer, store: Store) -> str:
    """The store's time zone."""
    require_importer(viewer)
    with store.read() as conn:
        return settings.get(conn, "timezone") or "Asia/Shanghai"
