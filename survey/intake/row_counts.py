"""What becomes of the rows of a file: counted as a whole, and by community, year and mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.intake.call_part import CallPart
from survey.people.duplicates import Verdict


@dataclass(frozen=True)
class Counts:
    """Rows of the sheet and what becomes of them: ``rows`` is the sum of the others but ``refused_cells``.

    ``left_out`` are rows that a person decided not to store; ``outcomes`` rows that hold no interview but say how the
    call ended, ``calls`` the attempts of all rows that can be stored.
    """

    rows: int
    storable: int
    duplicates: int
    refused_rows: int
    refused_cells: int
    questions: int
    left_out: int = 0
    outcomes: int = 0
    calls: int = 0


def count(coded: CodedSheet, verdict: Verdict, called: CallPart, findings: Sequence[Finding]) -> Counts:
    """The counts of a sheet that was coded and compared with what is stored."""
    refused = [f for f in findings if f.level == "refuse" and f.scope == "cell"]
    more = sum(f.params["n"] - 1 for f in refused if f.code.startswith("design."))  # one finding for all of one cause
    refused_cells = {f.where for f in refused}
    usable = coded.usable
    return Counts(
        rows=int(coded.filled.sum()) + called.rows,
        storable=int((usable & ~verdict.skip & ~verdict.other_answers).sum()),
        duplicates=int((usable & verdict.skip).sum()) + called.known,
        refused_rows=int((coded.filled & ~usable & ~coded.left_out).sum()) + called.refused,
        refused_cells=len(refused_cells) + more,
        questions=int((usable & verdict.other_answers).sum()) + called.questions,
        left_out=int((coded.filled & coded.left_out).sum()),
        outcomes=called.outcomes,
        calls=len(called.frame),
    )


def tally(coded: CodedSheet, verdict: Verdict, keep: Any) -> pd.DataFrame:
    """Rows by community, year and mode: received, duplicate, refused (or left out by a person), stored."""
    frame = coded.keys[["place", "year"]].assign(
        mode=coded.modes,
        received=coded.filled,
        duplicate=coded.usable & verdict.skip,
        refused=coded.filled & ~coded.usable,
        stored=keep,
    )
    frame = frame[coded.filled & frame["year"].notna()]
    return frame.groupby(["place", "year", "mode"], as_index=False, sort=True).sum()


def tally_rows(tallied: pd.DataFrame, ids: dict[str, int]) -> list[tuple[int | None, int, str, int, int, int, int]]:
    """The tally as it is kept with a batch; ``ids`` maps community names."""
    return [
        (ids.get(place), int(year), str(mode), int(received), int(duplicate), int(refused), int(stored))
        for place, year, mode, received, duplicate, refused, stored in tallied.itertuples(index=False)
    ]
