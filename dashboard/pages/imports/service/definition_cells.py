"""What a person decides about the findings of a questionnaire: another word in the cell, or none, until it can be taken."""

from __future__ import annotations

from dashboard.pages.imports.service.file_lines import Part
from survey.core.findings import Finding
from survey.form.workbook.corrected_cells import CorrectedCell

#: columns without which a row is none
_NEEDED = frozenset({"type", "name", "list_name"})


def actions(finding: Finding) -> tuple[str, ...]:
    """What can be done on the page about one; what is no single cell is mended in the file."""
    if finding.level == "note" or finding.scope != "cell" or not finding.cell:
        return ()
    return ("set",) if finding.header in _NEEDED else ("set", "blank")


def one_by_one(finding: Finding) -> bool:
    """Whether each of its kind needs a word of its own, as names do."""
    return finding.code.endswith("_twice")


def corrected_cells(part: Part | None) -> tuple[CorrectedCell, ...]:
    """What was decided in a line, cell by cell."""
    return tuple(
        CorrectedCell(d.sheet, d.cell, d.found or "", d.value if d.action == "set" else "")
        for d in (part.decisions if part else ())
        if d.cell and d.action in ("set", "blank")
    )
