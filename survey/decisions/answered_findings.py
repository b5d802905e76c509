"""Decisions and the rest of an import: which file they are for, which findings they settle, which questions they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.decisions.carried_out import Change, Decided, Decision, about, decide_sheets
from survey.files.readers.replaced_cells import without_rows
from survey.files.readers.sheet import Sheet

#: about a community that its year does not have: which other it is, or its rows are left out
OUTSIDE = frozenset(f"checking.community_{word}" for word in ("merged", "ended", "not_begun", "was_part"))
#: open questions that only another value or leaving one row out can answer
NEEDS_A_CHANGE = frozenset(
    {
        "checking.other_answers",
        "identities.other_answers",
        "calls.other_outcome",
        "calls.other_outcome_stored",
        *OUTSIDE,
    }
)


def unplaced(decisions: Iterable[Decision], files: Sequence[str]) -> tuple[Finding, ...]:
    """Decisions that fit none of the files of a call, or that could be for several of them."""
    findings = []
    for d in decisions:
        if d.file and d.file not in (*files, *map(masked, files)):
            findings.append(about(d, "decisions.no_such_file", found=d.file, files=list(files)))
        elif not d.file and len(files) > 1:
            findings.append(about(d, "decisions.which_file", files=list(files)))
    return tuple(findings)


def require_places(decisions: Sequence[Decision], files: Sequence[str]) -> None:
    """Every decision must be for one file of the call; raises Refused."""
    lost = unplaced(decisions, files)
    if lost:
        raise Refused("decisions.refused", findings=lost, file=list(files), n=len(lost))


def settle(findings: Sequence[Finding], decided: Mapping[str, Decided], taken: str) -> tuple[Finding, ...]:
    """The findings of the sheet that is taken and those of all decisions; what a changed cell said before is kept as
    ``before``, so that a list of findings names what stands in the file."""
    mine = decided[taken]
    said = _with_before(findings, mine)
    problems = [f for d in decided.values() for f in d.findings if d is mine or f.level == "refuse"]
    return (*confirm(said, mine), *problems, *elsewhere(decided, taken))


@dataclass(frozen=True)
class Carried:
    """All sheets of a file after the decisions, for a reader that takes a file as a whole.

    ``sheets``: cells replaced, rows that are left out emptied; ``decided`` by sheet.
    """

    sheets: list[Sheet]
    decided: Mapping[str, Decided]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the decisions did."""
        return tuple(change for d in self.decided.values() for change in d.changes)

    @property
    def left_out(self) -> int:
        """Rows that a person decided not to store."""
        return sum(len(d.left_out) for d in self.decided.values())

    def settle(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings of all sheets with those of the decisions, sheet by sheet, what they answered as notes."""
        found = list(findings)
        settled = [f for f in found if f.sheet not in self.decided]
        for name, decided in self.decided.items():
            settled += confirm(_with_before([f for f in found if f.sheet == name], decided), decided)
            settled += decided.findings
        return tuple(settled)


def carry_out(sheets: Sequence[Sheet], decisions: Sequence[Decision]) -> Carried:
    """Carry out the decisions for a file on all of its sheets."""
    decided = decide_sheets(sheets, decisions)
    return Carried([without_rows(d.sheet, d.left_out) for d in decided.values()], decided)


def unfit(findings: Iterable[Finding]) -> list[Finding]:
    """Decisions that can't be carried out: nothing is stored before they are mended."""
    return [f for f in findings if f.level == "refuse" and f.code.startswith("decisions.")]


def _with_before(findings: Iterable[Finding], decided: Decided) -> list[Finding]:
    before = {c.cell: masked(c.before) for c in decided.changes if c.action == "set"}
    return [
        replace(f, params={**f.params, "before": before[f.cell]}) if f.level != "note" and f.cell in before else f
        for f in findings
    ]


def confirm(findings: Sequence[Finding], decided: Decided) -> tuple[Finding, ...]:
    """The findings with confirmed open questions as notes; a confirmation that answers none is a finding itself."""
    if not decided.confirmed:
        return tuple(findings)
    reasons = {(c.code, c.cell): c.reason for c in decided.changes if c.action == "confirm"}
    used: set[tuple[str, str]] = set()
    answered = []
    for finding in findings:
        by = {pair for pair in decided.confirmed if _answers(pair, finding)} if _waits(finding) else set()
        used |= by
        said = {"decision": "confirm", "reason": reasons[min(by)]} if by else {}
        answered.append(replace(finding, level="note", params={**finding.params, **said}) if by else finding)
    useless = sorted(decided.confirmed - used)
    return (*answered, *(_useless(pair, findings, decided.sheet) for pair in useless))


def is_confirmed(finding: Finding, decided: Decided) -> bool:
    """Whether a person confirmed this question."""
    return any(_answers(pair, finding) for pair in decided.confirmed)


def _waits(finding: Finding) -> bool:
    return finding.level == "ask" and finding.code not in NEEDS_A_CHANGE


def _answers(pair: tuple[str, str], finding: Finding) -> bool:
    return pair[0] in ("", finding.code) and pair[1] in ("", finding.cell)


def _useless(pair: tuple[str, str], findings: Sequence[Finding], sheet: Sheet) -> Finding:
    meant = [f for f in findings if _answers(pair, f)]
    code = "decisions.confirm_no_answer" if any(f.level == "ask" for f in meant) else "decisions.nothing_to_confirm"
    row = meant[0].row if meant else 0
    return Finding(code, scope="sheet", sheet=sheet.name, cell=pair[1], row=row)


def elsewhere(decided: Mapping[str, Decided], taken: str) -> tuple[Finding, ...]:
    """Notes on the sheets that decisions changed although they were not the one that is taken."""
    return tuple(
        Finding("decisions.other_sheet", "note", "file", sheet=name, params={"n": len(d.changes), "taken": taken})
        for name, d in decided.items()
        if name != taken and d.changes
    )
