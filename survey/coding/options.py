"""What was said at an import beside the file: year, community, mode, kind of sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from survey.answers.mapping import ColumnMapping
from survey.decisions.carried_out import Decision

SampleType = Literal["probability", "quota", "open"]


@dataclass(frozen=True)
class ImportOptions:
    """What the user said beside the file (docs/cli.md, “xingfu import”).

    ``sample_said``: whether the kind of sample was, or is what nobody contradicted; ``sheets``: (name, rows) of the sheets of
    the file that are read together, ``sheet`` among them; one question is asked for them all, with the first.
    """

    questionnaire: str
    mode: str | None = None
    year: int | None = None
    community: str | None = None
    sample_type: SampleType = "probability"
    sample_said: bool = True
    sheet: str | None = None
    header_rows: int | None = None
    delimiter: str | None = None
    add_communities: bool = False
    decisions: tuple[Decision, ...] = ()
    mapping: ColumnMapping | None = None
    who: str = ""
    sheets: tuple[tuple[str, int], ...] = ()
