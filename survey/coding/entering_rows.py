"""Which rows of a coded sheet enter: interviews, call records only, left out by a person, refused, or saying nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from survey.answers.validation import Column
from survey.core.findings import Finding
from survey.fieldwork.call_split import Split
from survey.files.layouts.layout import rows_note
from survey.files.own_workbooks import plain_text
from survey.matching.matched_sheet import Matched

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class EnteringRows:
    """What becomes of each data row; (n,) flags.

    ``filled``: rows of answers that say anything; ``usable``: those of them that enter; ``left_out``: by a person;
    ``sound``: rows without a refused key, whether answers or calls; ``called``: rows that are call records only and
    enter as such, ``calls_refused`` how many do not; ``findings``: what is to be said, blank rows counted.
    """

    filled: Flags
    usable: Flags
    left_out: Flags
    sound: Flags
    findings: tuple[Finding, ...]
    called: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    calls_refused: int = 0


def entering_rows(
    matched: Matched,
    filled: Flags,
    left_out: Flags,
    findings: Sequence[Finding],
    *,
    split: Split | None = None,
    phones: Sequence[Column] = (),
) -> EnteringRows:
    """Drop what was found in blank rows, settle what was found in rows that a person left out, refuse the rest.

    ``filled``: rows in which any question or outcome says something; ``phones``: columns of telephone numbers, which
    call records do not keep.
    """
    if split is not None:
        filled = filled | split.said
    filled = filled.copy()
    filled[[row - matched.first for row in matched.layout.skip if row >= matched.first]] = False
    base = matched.sheet.top + matched.first + 1
    kept = _heard(matched, filled, left_out, findings)
    sound = filled & ~left_out
    sound[[f.row - base for f in kept if f.level == "refuse" and f.scope == "row"]] = False
    kept = (*kept, *_blank_rows(matched, filled))
    if split is None:
        return EnteringRows(filled, sound, left_out, sound, kept)
    only = ~split.responses & ~left_out
    return EnteringRows(
        filled & ~only,
        sound & ~only,
        left_out,
        sound,
        (*kept, *_calls_notes(matched.sheet.name, only & filled, only & sound & ~split.calls, phones)),
        called=sound & only & split.calls,
        calls_refused=int((filled & ~sound & only).sum()),
    )


def _heard(matched: Matched, filled: Flags, left_out: Flags, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Nothing is said of blank rows, and nothing but notes of those that are left out."""
    base = matched.sheet.top + matched.first + 1
    blank = {base + int(r) for r in np.flatnonzero(~filled)}
    left = {base + int(r) for r in np.flatnonzero(left_out)}
    return tuple(f for f in findings if f.row not in blank and (f.level == "note" or f.row not in left))


def _blank_rows(matched: Matched, filled: Flags) -> list[Finding]:
    """One note on the rows that say nothing, but for those that a layout skips by itself."""
    rows = {matched.first + int(r) for r in np.flatnonzero(~filled)} - set(matched.layout.skip)
    return [rows_note(matched.sheet, "intake.blank_rows", sorted(rows))] if rows else []


def _calls_notes(sheet: str, only: Flags, waiting: Flags, phones: Sequence[Column]) -> list[Finding]:
    """Notes on the rows that hold no interview: those not called yet, and the numbers that are not kept."""
    dropped = sum(1 for column in phones for i in np.flatnonzero(only).tolist() if plain_text(column.values[i]))
    counted = (("calls.not_called", int(waiting.sum())), ("calls.phones_dropped", dropped))
    return [Finding(code, "note", "sheet", sheet, params={"n": n}) for code, n in counted if n]
