"""What a person decides about findings on the page: findings alike as one line, and what can be done about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import checks, definition_cells
from dashboard.pages.imports.service.checks import Checked
from dashboard.pages.imports.service.definition_cells import one_by_one
from dashboard.pages.imports.service.file_lines import Part, with_decisions
from dashboard.pages.imports.service.within import reaches
from dashboard.web.access import Viewer, require
from survey.coding.readings.asked import READINGS, SCALES
from survey.coding.role_columns import CONFLICTS
from survey.core.errors import Refused
from survey.core.findings import ONE_ANSWER, Finding
from survey.decisions import finding_list
from survey.decisions.answered_findings import NEEDS_A_CHANGE, OUTSIDE
from survey.decisions.carried_out import (
    FOR_ALL,
    MERGED,
    NAMED,
    OWN_READING,
    SILENT,
    TAKE_NEW,
    WHOLE_SHEET,
    ZERO_CALLS,
    ZEROS,
    Decision,
)
from survey.intake import compared_responses
from survey.intake.compared_responses import Beside
from survey.intake.contents.lines import ABSENT_ASKED
from survey.matching.choice_words import Wording, covering
from survey.people.changed_rows import BY_PHONE, OLD
from survey.people.duplicates import STORED
from survey.people.identities import STORED_BY_PHONE
from survey.people.moved import MOVED
from survey.people.restarts import AGAIN, TWICE
from survey.store import Store
from survey.store.intake import batches

#: questions that the table of what a file holds answers
IN_TABLE = ABSENT_ASKED | {READINGS, SCALES, "scales.legend_ask"}
#: lines that a page shows; the download has all
MOST_LINES = 40
MOST_TEXT = 200
#: findings of cells with several texts that are one line; of those that one answer settles, so many texts are shown
ONE_CAUSE = ONE_ANSWER | {CONFLICTS}
FIRST_TEXTS = 6
#: the action that answers a question about words with the questionnaire's own reading
OWN = "own"
#: the action that takes the new answers of the same people where the question proposes that they are others
TAKE = "take_new"
#: the action that takes one answer in merged cells for all the questions that they cover
ALL = "for_all"
#: questions about one row and another of the same person: another value, leaving it out, or of a stored one the new answers
TWINS = NEEDS_A_CHANGE - OUTSIDE | {STORED, STORED_BY_PHONE}


@dataclass(frozen=True)
class Alike:
    """Findings of one kind in one column about the same text; ``actions`` are those that make sense."""

    first: Finding
    count: int
    where: tuple[str, ...]
    found: str
    suggestion: str
    actions: tuple[str, ...]


def alike(checked: Checked) -> tuple[Alike, ...]:
    """What needs a person, the open questions first; notes are not among them."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    covered = covering(_words(checked))
    for finding in checked.findings:
        if finding.level != "note" and not covered(finding) and not in_table(checked, finding):
            text = finding.code if finding.code in ONE_CAUSE else finding_list.found(finding)
            by_itself = checked.kind == "questionnaire" and one_by_one(finding)
            alone = finding.cell if finding.code in TWINS or not finding.cell or by_itself else ""
            kinds.setdefault((finding.level, finding.code, finding.header, text, alone), []).append(finding)
    taken: set[tuple[str, str]] = (
        set()
        if checked.refused is None or checked.kind == "questionnaire"
        else {(f.cell, f.code) for f in checked.findings}
    )
    out = []
    for found in kinds.values():
        first = found[0]
        actions = () if (first.cell, first.code) in taken else _offered(checked, first)  # a place is asked about once
        taken.add((first.cell, first.code))
        where = tuple(f.where for f in found if f.where)
        many = sum(int(f.params.get("same_rows", 1)) for f in found)
        texts = list(dict.fromkeys(map(finding_list.found, found if first.code in ONE_ANSWER else found[:1])))
        shown = "、".join(texts[:FIRST_TEXTS])
        out.append(Alike(first, many, where, shown, finding_list.suggestion(first), actions))
    return tuple(sorted(out, key=lambda a: (a.first.level != "ask", -a.count if a.count > 1 else 0)))


def in_table(checked: Checked, finding: Finding) -> bool:
    """Whether the table of what the file holds answers a question (``service.contents``)."""
    return checked.contents is not None and finding.code in IN_TABLE


def about_table(checked: Checked) -> int:
    """How many questions wait for the table of what the file holds."""
    return sum(f.level == "ask" and in_table(checked, f) for f in checked.findings)


def about_words(checked: Checked) -> int:
    """How many findings wait for the decision about a whole list of words instead (``service.wording``)."""
    covered = covering(_words(checked))
    return sum(f.level != "note" and covered(f) for f in checked.findings)


def _words(checked: Checked) -> tuple[Wording, ...]:
    """The file's words, but for lists whose question was answered: these are read as the questionnaire does."""
    if checked.inspection is None:
        return ()
    answered = {f.cell for f in checked.findings if f.code == "scales.ask" and f.level == "note"}
    return tuple(w for w in checked.inspection.words if w.columns[0].cell not in answered)


def _offered(checked: Checked, finding: Finding) -> tuple[str, ...]:
    return definition_cells.actions(finding) if checked.kind == "questionnaire" else _actions(finding)


def _actions(finding: Finding) -> tuple[str, ...]:
    if finding.code == CONFLICTS:  # another choice above the table, or none, answers it for all rows
        return ()
    if finding.code == NAMED:
        return ("confirm", *(("set",) if finding.params.get("suggestion") else ()))
    if finding.code in (TWICE, SILENT, ZEROS, ZERO_CALLS):
        return ("confirm", "set")
    if finding.code == BY_PHONE:
        return ("confirm", "leave_out")
    if finding.code == MERGED:
        return ("confirm", ALL)
    if finding.code == OLD:
        return ("confirm", TAKE)
    if finding.code in (AGAIN, MOVED):
        stored = finding.code == MOVED or finding.params.get("stored")  # what comes in with it cannot be corrected yet
        return ("confirm", "leave_out", "set", *([TAKE] if stored else []))
    if finding.code in WHOLE_SHEET:
        return ("confirm", "leave_out", "set")
    if finding.code.startswith("decisions.") or (finding.scope in ("file", "sheet") and finding.level == "refuse"):
        return ()
    if not finding.cell:
        return ("confirm",) if finding.level == "ask" else ()
    change = ("set",) if finding.scope in ("cell", "row") else ()
    blank = ("blank",) if finding.scope == "cell" else ()
    leave = ("leave_out",) if finding.row else ()
    asks = ("confirm",) if finding.level == "ask" and finding.code not in NEEDS_A_CHANGE else ()
    return (*asks, *change, *blank, *leave)


def _line(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any) -> tuple[Part, Checked]:
    require(viewer, "decide_findings")
    part = checks.part_at(upload, number)
    checked = checks.check_one(viewer, store, uploads, upload, number, part)
    if checked.refused is not None and checked.kind != "questionnaire":
        raise Refused("page_import.gone")
    return part, checked


def decide(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    number: Any,
    *,
    cell: Any,
    code: Any,
    action: Any,
    value: Any = "",
    reason: Any = "",
    all_alike: bool = False,
) -> Upload:
    """Decide about the finding of this code in this cell; raises Refused for what is not there or makes no sense."""
    part, checked = _line(viewer, store, uploads, upload, number)
    finding = next((f for f in checked.findings if f.cell == cell and f.code == code and f.level != "note"), None)
    if finding is None:
        raise Refused("page_import.gone")
    if action == "suggested":
        action, value = "set", finding_list.suggestion(finding)
    taken = action == TAKE and TAKE in _actions(finding)
    if taken:
        action, value = "set", TAKE_NEW[0]
    if action == ALL and finding.code == MERGED:
        action, value = "set", FOR_ALL[0]
        taken = True
    own = action == OWN and finding.code == "scales.ask"
    action = "confirm" if own else action
    if not taken and action not in _offered(checked, finding):
        raise Refused("page_import.bad_action")
    text, why = _text(value), _text(reason)
    if action == "set" and not text:
        raise Refused("page_import.no_value")
    if action == "leave_out" and not why:
        raise Refused("page_import.no_reason")
    told = finding_list.found(finding) if finding.params.keys() & {"found", "before"} else None
    several = all_alike and bool(finding.cell)
    if checked.kind == "questionnaire":
        return checks.change(
            viewer, uploads, upload, number, with_decisions(part, _cells(checked, finding, action, text, several))
        )
    made = Decision(
        action,
        finding.sheet,
        "" if several and action == "confirm" else finding.cell,
        finding.header,
        None if action == "confirm" else told,
        finding.code,
        OWN_READING if own else text if action == "set" else "",
        why,
        several,
    )
    each = _texts_of(checked, finding) if several and finding.code in ONE_ANSWER else {}
    all_made = [replace(made, cell=f.cell, found=found) for found, f in each.items()] or [made]
    return checks.change(viewer, uploads, upload, number, with_decisions(part, all_made))


def _cells(checked: Checked, finding: Finding, action: str, value: str, several: bool) -> list[Decision]:
    """One decision for each cell of a questionnaire in which the same is wrong."""
    told = str(finding.params.get("found", ""))
    same = [
        f
        for f in checked.findings
        if (f.code, f.header, f.sheet, f.level) == (finding.code, finding.header, finding.sheet, finding.level)
        and str(f.params.get("found", "")) == told
    ]
    every = same if several and not one_by_one(finding) else [finding]
    return [
        Decision(action, f.sheet, f.cell, f.header, told, f.code, value if action == "set" else "", "", False)
        for f in every
    ]


def _texts_of(checked: Checked, finding: Finding) -> dict[str, Finding]:
    """The texts of the cells that a finding speaks of, with the first that holds each."""
    told: dict[str, Finding] = {}
    for f in checked.findings:
        if f.code == finding.code and f.header == finding.header and f.sheet == finding.sheet and f.level != "note":
            told.setdefault(finding_list.found(f), f)
    return told


def undecide(viewer: Viewer, uploads: Uploads, upload: Upload, number: Any, which: Any) -> Upload:
    """Take one decision of a line back."""
    require(viewer, "decide_findings")
    part = checks.part_at(upload, number)
    if not isinstance(which, int) or isinstance(which, bool) or not 0 <= which < len(part.decisions):
        raise Refused("page_import.gone")
    left = (*part.decisions[:which], *part.decisions[which + 1 :])
    return checks.change(viewer, uploads, upload, number, replace(part, decisions=left))


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > MOST_TEXT or not all(c.isprintable() for c in text):
        raise Refused("page_import.long_text", most=MOST_TEXT)
    return text


def beside(viewer: Viewer, store: Store, checked: Checked, lang: str) -> dict[tuple[str, str], Beside]:
    """(cell, code) of the findings about two answer sheets of one person that a page shows → the two side by side."""
    require(viewer, "decide_findings")
    if checked.inspection is None:
        return {}
    shown = [line.first for line in alike(checked)[:MOST_LINES]]
    with store.read() as conn:
        found = {(f.cell, f.code): compared_responses.beside(conn, checked.inspection, f, lang) for f in shown}
        seen = {key: two for key, two in found.items() if two is not None and _seen(viewer, conn, two)}
    return seen


def _seen(viewer: Viewer, conn: Connection, two: Beside) -> bool:
    """Whether the other of two answer sheets is of the file itself, or of what the viewer sees."""
    return not two.there.batch or reaches(viewer, conn, batches.get(conn, two.there.batch))
