"""What is to be said of a sheet beside its cells: its columns, words and codes, and the other sheets of its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.answers.scales import ScaleMatch
from survey.coding.options import ImportOptions
from survey.core.findings import Finding
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.matching.choice_words import Wording, scale_findings
from survey.matching.code_legends import legend_findings
from survey.matching.matched_sheet import Matched


def questions_besides(
    matched: Matched,
    form: Questionnaire,
    asked: Sequence[Finding],
    legends: Mapping[str, ScaleMatch],
    words: Sequence[Wording],
) -> tuple[Finding, ...]:
    """What was found and ``asked`` of a matched sheet, with the questions about its codes and words; none of it needs the rows to
    be coded, so that it is said where they can't be, too."""
    return (
        *matched.findings,
        *asked,
        *legend_findings(matched, form, legends),
        *scale_findings(matched, form, words, legends),
    )


def other_sheets(sheets: Sequence[Sheet], matched: Matched, options: ImportOptions) -> list[Finding]:
    """A note that names the other sheets with a table of their own, so that none is left out unsaid, and why they were: one
    sheet was asked for, or their headers are others; those that are read together with it are none."""
    together = {name for name, _ in options.sheets}
    others = [
        s.name
        for s in sheets
        if s.name not in {matched.sheet.name, *together} and len(s.rows) > 2 and len(s.rows[0]) > 2
    ]
    if not others:
        return []
    params = {"n": len(others), "sheets": others, "sheet": matched.sheet.name}
    code = "intake.sheets_not_named" if options.sheet is not None and not together else "intake.other_sheets"
    return [Finding(code, "note", "file", sheet=matched.sheet.name, params=params)]
