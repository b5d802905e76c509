"""What a person decided about cells and rows, carried out on a sheet before anything is read from it.

A decision never silently does nothing: where the cell no longer says what was decided on, that is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from survey.core.addresses import a1
from survey.core.findings import Finding
from survey.core.masking import masked
from survey.decisions.cell_references import CellText, Places
from survey.files.own_workbooks import header_key
from survey.files.readers.replaced_cells import edited
from survey.files.readers.sheet import Sheet

Action = Literal["set", "blank", "leave_out", "confirm"]
#: what a decision is called in a list, and that both languages read
WORDS: Mapping[Action, str] = {
    "set": "改为 set",
    "blank": "留空 blank",
    "leave_out": "不入库 leave_out",
    "confirm": "确认 confirm",
}
#: the question about rows in which nobody said anything: they stay out, or are stored
SILENT = "intake.silent_rows"
#: those about rows that hold nothing but 0: nobody's answers, or in rows of calls what a formula left
ZEROS, ZERO_CALLS = "intake.zero_rows", "intake.zero_calls"
#: the one about a column of one community in a sheet that is named after another
NAMED = "intake.community_named"
#: questions about a whole sheet that have several answers: another value than the one proposed, or none of its rows
WHOLE_SHEET = frozenset(
    {
        "checking.numbers_restart",
        "checking.numbers_again",
        "checking.corrected_file",
        "checking.changed_rows",
        "checking.corrected_before",
        "identities.changed_rows",
        "checking.typed_twice",
        "checking.moved_stored",
        SILENT,
        ZEROS,
        ZERO_CALLS,
        NAMED,
    }
)
#: the value of a confirmation that reads the words of a scale as the questionnaire does, not as proposed
OWN_READING = "own"
#: the question about one answer in cells merged across questions, and the value by which it is the answer of all of them
MERGED, FOR_ALL = "intake.merged_answers", ("all", "全部")
#: values of an answer that takes the new answers of the same people where a question proposes otherwise
TAKE_NEW = ("new", "新答案")
#: addresses and rows that one note names; its count is always complete
FIRST = 20
#: characters of a cell that a sentence quotes
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    ``found``  what the cell said when it was decided; ``""`` an empty cell, None not told (then not checked).
    ``code``   the finding that it answers; needed by ``confirm`` where there is no cell.
    ``value``  what ``set`` writes: text as typed, read afterwards like any cell.
    ``alike``  every cell of that column that says the same; also meant where ``cell`` is empty.
    ``file``   the file it is for, ``""`` the only one; ``origin`` where it was read, for sentences.
    """

    action: Action
    sheet: str = ""
    cell: str = ""
    header: str = ""
    found: str | None = None
    code: str = ""
    value: str = ""
    reason: str = ""
    alike: bool = False
    file: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision did at one place: the cell's text ``before`` and ``after``; ``row`` is the sheet's, 1-based."""

    action: Action
    sheet: str
    cell: str
    row: int
    header: str
    before: str
    after: str
    reason: str
    code: str = ""


@dataclass(frozen=True)
class Decided:
    """A sheet after the decisions.

    ``sheet``      cells replaced; positions are unchanged, and rows that are left out still stand there.
    ``left_out``   index into ``sheet.rows`` → reason.
    ``confirmed``  (code, cell) of the open questions that were confirmed; ``""`` stands for any.
    ``answers``    code → what was decided otherwise of a question about the whole sheet.
    ``findings``   refusals for decisions that can't be carried out, one note for each that was.
    """

    sheet: Sheet
    left_out: Mapping[int, str] = field(default_factory=dict)
    confirmed: frozenset[tuple[str, str]] = frozenset()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: Mapping[str, Decision] = field(default_factory=dict)


def decide(sheet: Sheet, decisions: Iterable[Decision]) -> Decided:
    """Carry out the decisions that are for this file and sheet; the others are not looked at."""
    mine = [d for d in decisions if d.file in ("", sheet.file, masked(sheet.file)) and names(d.sheet, sheet.name)]
    if not mine:
        return Decided(sheet)
    work = _Work(Places(sheet))
    for decision in mine:
        work.take(decision)
    return work.finish()


def names(said: str, name: str) -> bool:
    """Whether a decision's sheet is this one: as it is, masked as in a list of findings, or not said."""
    return header_key(said) in ("", header_key(name), header_key(masked(name)))


def decide_sheets(sheets: Sequence[Sheet], decisions: Sequence[Decision]) -> dict[str, Decided]:
    """Each sheet of a file after the decisions, by name; a decision that fits no sheet is a finding on the first."""
    placed = [d for d in decisions if d.sheet or len(sheets) == 1]
    decided = {s.name: decide(s, placed) for s in sheets}
    homeless = []
    for d in decisions:
        if d.file not in ("", sheets[0].file, masked(sheets[0].file)):
            continue
        if not d.sheet and len(sheets) > 1:
            homeless.append(about(d, "decisions.which_sheet", sheets=_listed(sheets)))
        elif not any(names(d.sheet, s.name) for s in sheets):
            homeless.append(about(d, "decisions.no_such_sheet", found=d.sheet, sheets=_listed(sheets)))
    if homeless:
        first = decided[sheets[0].name]
        decided[sheets[0].name] = replace(first, findings=(*first.findings, *homeless))
    return decided


def _listed(sheets: Sequence[Sheet]) -> str:
    return "、".join(s.name for s in sheets)


def about(decision: Decision, code: str, **params: object) -> Finding:
    """A decision that can't be carried out, at the cell that it names."""
    return Finding(
        code,
        scope="sheet",
        sheet=decision.sheet,
        cell=decision.cell,
        header=decision.header,
        params={"origin": decision.origin or WORDS[decision.action], **params},
    )


@dataclass(frozen=True, slots=True)
class _Planned:
    decision: Decision
    number: int
    exact: bool


class _Work:
    """Decisions collected one by one; ``finish`` carries them out."""

    def __init__(self, places: Places) -> None:
        self.places, self.sheet = places, places.sheet
        self.plan: dict[tuple[int, int], _Planned] = {}
        self.confirmed: dict[tuple[str, str], Decision] = {}
        self.answers: dict[str, Decision] = {}
        self.findings: list[Finding] = []
        self.number = 0

    def take(self, decision: Decision) -> None:
        """Find the cells that a decision is for and plan what happens to them."""
        self.number += 1
        decision = replace(decision, sheet=self.sheet.name, cell=decision.cell.replace("$", "").upper())
        if decision.code == MERGED and decision.action == "set" and decision.value.strip().lower() in FOR_ALL:
            decision = replace(decision, action="confirm", value=FOR_ALL[0])
        if decision.action == "confirm":
            self._confirm(decision)
            return
        if decision.code in WHOLE_SHEET and decision.action != "blank":
            self.answers[decision.code] = decision
            return
        for at in self._targets(decision):
            self._plan(at, _Planned(decision, self.number, not _many(decision) or at == self.places.at(decision.cell)))

    def _confirm(self, decision: Decision) -> None:
        if not decision.code and not decision.cell:
            self._refuse(decision, "decisions.no_place")
        elif not decision.cell or not decision.found or self._says(decision, self.places.at(decision.cell)):
            cell = "" if decision.alike else decision.cell
            self.confirmed.setdefault((decision.code, cell), decision)

    def _targets(self, decision: Decision) -> list[tuple[int, int]]:
        if not decision.cell:
            return self._by_content(decision)
        at = self.places.at(decision.cell)
        if at is None:
            self._refuse(decision, "decisions.no_such_cell", found=decision.cell)
            return []
        moved = self.places.moved(decision.header, at[1])
        if moved is not None:
            self._refuse(decision, "decisions.moved", header=decision.header, now=moved)
            return []
        if not self._says(decision, at):
            return []
        if not decision.alike:
            return [at]
        return self.places.alike(at[1], self.places.text(*at), self.places.below(decision.header, at[1]))

    def _by_content(self, decision: Decision) -> list[tuple[int, int]]:
        if not decision.header or decision.found is None:
            self._refuse(decision, "decisions.no_place")
            return []
        columns = self.places.columns(decision.header)
        if len(columns) != 1:
            code = "decisions.several_columns" if columns else "decisions.no_such_column"
            self._refuse(decision, code, header=decision.header, n=len(columns))
            return []
        column, below = columns[0], self.places.below(decision.header, columns[0])
        found = self.places.like(column, CellText.of(decision.found), below)
        if not found:
            self._refuse(decision, "decisions.says_nowhere", header=decision.header, found=masked(decision.found))
        return found

    def _says(self, decision: Decision, at: tuple[int, int] | None) -> bool:
        """Whether the cell says what was decided on; a cell that already says what was decided is a note."""
        if at is None:
            self._refuse(decision, "decisions.no_such_cell", found=decision.cell)
            return False
        now = self.places.text(*at)
        if decision.found is None or now.says(decision.found):
            return True
        wanted = {"set": decision.value, "blank": ""}.get(decision.action)
        if wanted is not None and now.says(wanted):
            note = Finding(
                "decisions.already",
                "note",
                "cell",
                self.sheet.name,
                decision.cell,
                self._row(at),
                decision.header,
                {"found": masked(now.text)},
            )
            self.findings.append(note)
        else:
            code = "decisions.stale" if decision.found else "decisions.not_empty"
            self._refuse(decision, code, found=masked(now.text), decided=masked(decision.found))
        return False

    def _plan(self, at: tuple[int, int], planned: _Planned) -> None:
        """One outcome a cell: what was decided for the cell itself wins over what was decided for all alike."""
        other = self.plan.get(at)
        if other is None or (planned.exact and not other.exact):
            self.plan[at] = planned
        elif other.exact == planned.exact and _outcome(other.decision) != _outcome(planned.decision):
            self._refuse(
                planned.decision,
                "decisions.contradictory",
                place=a1(at[0] + self.sheet.top, at[1] + self.sheet.left),
                first=_outcome(other.decision),
                second=_outcome(planned.decision),
                other=other.decision.origin or WORDS[other.decision.action],
            )

    def _refuse(self, decision: Decision, code: str, **params: object) -> None:
        self.findings.append(about(decision, code, **params))

    def _row(self, at: tuple[int, int]) -> int:
        return self.sheet.top + at[0] + 1

    def finish(self) -> Decided:
        """Carry out the plan, and say what each decision did."""
        edits: dict[int, dict[int, str | None]] = {}
        left_out: dict[int, str] = {}
        done: dict[int, list[Change]] = {}
        for at, planned in sorted(self.plan.items()):
            decision = planned.decision
            done.setdefault(planned.number, []).append(self._change(at, decision))
            if decision.action == "leave_out":
                left_out.setdefault(at[0], decision.reason)
            else:
                edits.setdefault(at[1], {})[at[0]] = decision.value if decision.action == "set" else None
        changes = [change for number in sorted(done) for change in done[number]]
        decided_on = {p.number: p.decision for p in self.plan.values()}
        notes = [_note(decided_on[number], done[number]) for number in sorted(done)]
        whole = {(code, d.cell): d for code, d in self.answers.items()}
        for (code, cell), decision in (self.confirmed | whole).items():
            place = self.places.at(cell) if cell else None
            changes.append(
                Change(
                    decision.action,
                    self.sheet.name,
                    cell,
                    self._row(place) if place else 0,
                    decision.header,
                    decision.found or "",
                    decision.value or decision.found or "",
                    decision.reason,
                    code,
                )
            )
        return Decided(
            edited(self.sheet, edits),
            left_out,
            frozenset(self.confirmed),
            tuple(changes),
            (*self.findings, *notes),
            self.answers,
        )

    def _change(self, at: tuple[int, int], decision: Decision) -> Change:
        before = self.places.text(*at).text
        after = {"set": decision.value, "blank": "", "leave_out": before}[decision.action]
        return Change(
            decision.action,
            self.sheet.name,
            self.sheet.address(*at),
            self._row(at),
            decision.header or self.places.header(at[1]),
            before,
            after,
            decision.reason,
            decision.code,
        )


def _short(text: str) -> str:
    """What a cell said, or says now, short enough for a sentence."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _many(decision: Decision) -> bool:
    return decision.alike or not decision.cell


def _outcome(decision: Decision) -> str:
    return WORDS[decision.action] + (f" “{masked(decision.value)}”" if decision.action == "set" else "")


def _note(decision: Decision, changes: Sequence[Change]) -> Finding:
    """One note a decision; its parameters are enough to write the decision down again."""
    first = changes[0]
    if decision.action == "leave_out":
        rows = "、".join(str(c.row) for c in changes[:FIRST]) + (" …" if len(changes) > FIRST else "")
        said = {"rows": rows}
    else:
        cells = "、".join(c.cell for c in changes[:FIRST]) + (" …" if len(changes) > FIRST else "")
        said = {"cells": cells, "became": _short(masked(first.after))}
    again = decision.action if decision.value == masked(decision.value) else ""  # a masked value can't be set again
    params = {
        "found": masked(first.before),
        "n": len(changes),
        "reason": decision.reason,
        "decision": again,
        "value": decision.value,
        "alike": _many(decision),
        **said,
    }
    code = {"set": "decisions.changed", "blank": "decisions.emptied", "leave_out": "decisions.left_out"}
    scope: Literal["row", "cell"] = "row" if decision.action == "leave_out" else "cell"
    return Finding(code[decision.action], "note", scope, first.sheet, first.cell, first.row, first.header, params)
