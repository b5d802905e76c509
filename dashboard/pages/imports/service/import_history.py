"""What was imported and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.publication import snapshots
from analysis.publication.fixed_versions import all_published, not_counted
from analysis.quality.coverage import coverage, receipt_sentence
from dashboard.data.results import Source
from dashboard.pages.imports.service.within import reaches
from dashboard.web.access import Viewer, may, require
from survey.coding.item_directions import AGAINST
from survey.core.errors import Refused, XingfuError
from survey.core.findings import Finding
from survey.core.lang import say
from survey.intake.contents.stored import told_sentences
from survey.intake.contents.without_contacts import READABLE, workbook
from survey.intake.design_columns import contradicted_sentences
from survey.people.alike_numbers import alike_numbers
from survey.store import Store, audit, keyring, settings
from survey.store.intake import batches, originals, reinstatement
from survey.store.intake.batches import Batch
from survey.store.intake.batches import correction_words as correction_words
from survey.store.year import register, years

__all__ = [
    "Aftermath",
    "Batch",
    "Progress",
    "aftermath",
    "alike",
    "answers_told",
    "frozen",
    "kept_findings",
    "listing",
    "original",
    "progress",
    "receipts",
    "sentence",
    "switch",
    "waiting",
    "with_original",
    "zone",
]


@dataclass(frozen=True)
class Progress:
    """How far one community is: responses stored (also by mode) and wanted, what is short, its objective indicators;
    ``settled`` where the year is archived, so that nobody collects any more."""

    code: str
    community: str
    stored: int
    wanted: int
    short: int
    reported: int
    indicators: int
    modes: tuple[tuple[str, int], ...] = ()
    settled: bool = False

    @property
    def missing_indicators(self) -> int:
        """Indicators that are not reported."""
        return max(0, self.indicators - self.reported)


def progress(viewer: Viewer, store: Store, year: int, source: Source | None = None) -> tuple[Progress, ...]:
    """Every community of the year that the viewer sees, those that lack most first; none where no scheme applies."""
    require(viewer, "see_imports")
    try:
        found = coverage(store, year, read=source.results if source else None)
    except Refused:
        return ()
    here = viewer.at(year)
    modes: dict[str, list[tuple[str, int]]] = {}
    for code, mode, n in found.frame[["community_code", "mode", "stored"]].itertuples(index=False):
        if mode and n:
            modes.setdefault(code, []).append((mode, int(n)))
    out = [
        Progress(
            r["community_code"],
            r["community"],
            int(r["stored"]),
            int(r["wanted"]),
            0 if pd.isna(r["short"]) else int(r["short"]),
            int(r["indicators"]),
            int(r["indicators_of"]),
            tuple(modes.get(r["community_code"], ())),
            bool(pd.isna(r["short"])),
        )
        for r in found.communities.to_dict("records")
        if here.sees(r["community_code"])
    ]
    return tuple(sorted(out, key=lambda p: (p.settled, -p.short, -p.missing_indicators)))


def sentence(
    viewer: Viewer, store: Store, found: Sequence[Batch], year: int | None, lang: str, source: Source | None = None
) -> str:
    """What was stored of answers and who is still missing, in one sentence to copy; empty where nothing was answers."""
    require(viewer, "see_imports")
    answers = [b for b in found if b.kind == "answers" and b.state == "active"]
    if not answers:
        return ""
    total = {
        k: sum(int(b.counts.get(k) or 0) for b in answers) for k in ("stored", "duplicates", "refused_rows", "left_out")
    }
    try:
        known = coverage(store, year, read=source.results if source else None) if year is not None else None
    except Refused:
        known = None
    here = viewer.at(year)
    seen = None if here.everywhere or known is None else [*filter(here.sees, known.communities["community_code"])]
    left = total["refused_rows"] + total["left_out"]
    return receipt_sentence(lang, total["stored"], left, known, duplicates=total["duplicates"], communities=seen)


def listing(viewer: Viewer, store: Store, most: int = 50) -> tuple[Batch, ...]:
    """The newest imports of what the viewer sees."""
    require(viewer, "see_imports")
    with store.read() as conn:
        seen = (batch for batch in batches.listing(conn, entries=False) if reaches(viewer, conn, batch))
        return tuple(islice(seen, most))


def places_taken(viewer: Viewer, store: Store) -> dict[int, dict[int, int]]:
    """Batch → the batches that corrected responses of it, each with how many."""
    require(viewer, "see_imports")
    with store.read() as conn:
        return batches.places_taken(conn)


def receipts(viewer: Viewer, store: Store, numbers: str) -> tuple[Batch, ...]:
    """The batches of a receipt, ``12,13``; raises Refused for anything else."""
    require(viewer, "see_imports")
    parts = numbers.split(",")
    if not all(p.isascii() and p.isdigit() and len(p) < 10 for p in parts):
        raise Refused("store.unknown_batch", batch=numbers)
    with store.read() as conn:
        return tuple(_seen(viewer, conn, int(p)) for p in parts)


def _seen(viewer: Viewer, conn: Connection, number: int) -> Batch:
    """The batch of this number; raises Refused, as if there were none, where it reaches beyond what the viewer sees."""
    found = batches.get(conn, number)
    if not reaches(viewer, conn, found):
        raise Refused("store.unknown_batch", batch=number)
    return found


def answers_told(viewer: Viewer, store: Store, found: Sequence[Batch], lang: str) -> tuple[str, ...]:
    """How many of each answer these batches brought, a sentence a question; for who imports (docs/privacy.md)."""
    if not may(viewer, "import"):
        return ()
    with store.read() as conn:
        brought = [b.id for b in found if b.kind == "answers" and b.state == "active"]
        return tuple(told_sentences(conn, brought, lang))


def alike(viewer: Viewer, store: Store) -> list[dict[str, Any]]:
    """Stored respondents whose numbers differ only in how they are written; for who removes people."""
    require(viewer, "remove_people")
    with store.read() as conn:
        return alike_numbers(conn)


@dataclass(frozen=True)
class Aftermath:
    """What is said of the results after an import: ``moved``, the open years whose scores are others now; ``warnings``, the
    published communities whose results do not count what came, which populations that are stored no error can use, and items
    that run against the rest."""

    moved: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def aftermath(viewer: Viewer, store: Store, found: Sequence[Batch], lang: str) -> Aftermath:
    """What is said of the results after these batches."""
    require(viewer, "see_imports")
    if not viewer.at().everywhere:  # it names communities
        return Aftermath()
    with store.read() as conn:
        against = [f.word(lang) for b in found for f in batches.findings(conn, b.id) if f.code == AGAINST]
        brought: set[int] = set()
        for batch in found:
            if batch.kind == "register":  # reaches every year, if it says anything new
                brought |= set(years.with_data(conn)) if _moved(batch) else set()
            elif batch.kind != "calls":  # results do not rest on them
                brought |= set(years.with_data(conn, batch_id=batch.id))
        moved = sorted((brought & set(years.with_data(conn))) - set(years.closed(conn)) - _published(conn, found))
        waits = [say(lang, key, **values) for key, values in not_counted(conn, brought)]
        told = contradicted_sentences(conn, brought, lang)
    computed = [say(lang, "page_import.receipt_next", years="、".join(map(str, moved)))] if moved else []
    return Aftermath(tuple(computed), (*against, *waits, *told))


def _published(conn: Connection, found: Sequence[Batch]) -> frozenset[int]:
    """The years of which these batches brought data of published communities only, whose results they do not move."""
    if any(batch.kind == "register" for batch in found):
        return frozenset()
    codes = {c.id: c.code for c in register.communities(conn)}
    places = {place for batch in found for place in years.places(conn, batch.id)}
    return all_published(conn, {(year, codes[number]) for year, number in places if number in codes})


def waiting(viewer: Viewer, store: Store, batch: Batch, lang: str) -> tuple[str, ...]:
    """The published communities whose results do not count what was taken back or brought back."""
    require(viewer, "undo")
    if not viewer.at().everywhere:
        return ()
    with store.read() as conn:
        return tuple(
            say(lang, key, **values) for key, values in not_counted(conn, years.with_data(conn, batch_id=batch.id))
        )


def _moved(batch: Batch) -> bool:
    return bool(batch.counts.get("added") or batch.counts.get("changed"))


def kept_findings(viewer: Viewer, store: Store, number: int) -> tuple[Batch, tuple[Finding, ...]]:
    """A batch and the findings kept with it."""
    require(viewer, "see_imports")
    with store.read() as conn:
        return _seen(viewer, conn, number), tuple(batches.findings(conn, number))


def frozen(viewer: Viewer, store: Store, found: Sequence[Batch]) -> frozenset[int]:
    """The batches that can't be taken back or brought back, for a year, or the street in it, is archived.

    Nothing is looked up for who takes none back.
    """
    if not may(viewer, "undo"):
        return frozenset()
    with store.read() as conn:
        closed, archived = years.closed(conn), years.archived(conn)
        if not closed and not archived:
            return frozenset()
        places = {b.id: years.places(conn, b.id) for b in found}
    return frozenset(
        number
        for number, each in places.items()
        if any(year in closed or place in archived.get(year, {}) for year, place in each)
    )


def with_original(viewer: Viewer, store: Store, found: Sequence[Batch]) -> frozenset[int]:
    """The batches whose original is kept and is the viewer's to see; none for who may see none, or without a key."""
    try:
        if not may(viewer, "see_originals") or keyring.load() is None:
            return frozenset()
    except XingfuError:  # the key can't be read: no original opens
        return frozenset()
    with store.read() as conn:
        kept = originals.which(conn, [b.file_hash for b in found])
    return frozenset(b.id for b in found if b.kind in READABLE and b.state != "removed" and b.file_hash in kept)


def original(viewer: Viewer, store: Store, number: int, lang: str) -> tuple[str, bytes]:
    """Name of the file that a batch came from, and what it says without contacts, as a workbook; who took it is recorded."""
    require(viewer, "see_originals")
    name, data = workbook(store, number, lang)
    with store.note() as conn:
        audit.record(conn, viewer.user, "original", f"batch {number}", {"file": name, "contacts": "without"})
    return name, data


def switch(viewer: Viewer, store: Store, number: int) -> tuple[Batch, XingfuError | None]:
    """Take an import back, or bring it back; its years are computed again.

    Returns the batch as it is now, and why the years could not be computed.
    """
    require(viewer, "undo")
    with store.write() as conn:
        found = _seen(viewer, conn, number)
        if found.kind == "register":
            raise Refused("page_import.register_stays")
        state = found.state
        changed = reinstatement.set_state(conn, number, "active" if state == "undone" else "undone", viewer.user)
        batch = batches.get(conn, number)
    try:
        snapshots.recompute(store, changed)
    except XingfuError as error:
        return batch, error
    return batch, None


def zone(viewer: Viewer, store: Store) -> str:
    """The store's time zone."""
    require(viewer, "see_imports")
    with store.read() as conn:
        return settings.get(conn, "timezone") or "Asia/Shanghai"
