"""Which sheets of a file hold answers: one a community, one a month, or all in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.coding.options import ImportOptions
from survey.coding.place_doubts import FIRST, YEAR_NAMED, is_by_sheet
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.decisions.carried_out import NAMED, Decision, names
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.intake.answers import Inspection
from survey.intake.steps import read_known
from survey.matching.column_proposals import guess_headers, propose_columns
from survey.matching.matched_sheet import Matched
from survey.matching.shapes.other_shapes import refuse_joined
from survey.matching.shapes.place_names import TOGETHER
from survey.matching.sheet_matching import match, upright
from survey.people.restarts import AGAIN, TWICE
from survey.store import Store

#: a sheet with fewer matched questions, or with less than this share of what the best one has, is none of them
LEAST, SHARE = 2, 0.5


def parts(store: Store, file: str, data: bytes, options: ImportOptions) -> tuple[ImportOptions, ...]:
    """The options to inspect each sheet of answers with; ``options`` themselves where there is one, or one was named.

    Several sheets are asked about once, with the first of them.
    """
    if options.sheet is not None:
        return (options,)
    sheets = read_sheets(file, data, delimiter=options.delimiter)
    if len(sheets) < 2:
        return (options,)
    with store.read() as conn:
        form = read_known(conn, options.questionnaire).stored.form
    if options.header_rows is None:
        sheets = upright(sheets, form, options.mapping)
    read: list[Matched] = []
    found = list(_answering(sheets, form, options, read))
    most = max((n for _, n, _ in found), default=0)
    kept = [(sheet.name, rows) for sheet, n, rows in found if n >= max(LEAST, SHARE * most)]
    if len(kept) < 2:
        return (options,)
    refuse_joined(read[0], read, form)
    known = {name for name, _ in kept}
    return tuple(
        replace(
            options,
            sheet=name,
            sheets=tuple(kept),
            decisions=_told(options.decisions, name, place == 0, known),
        )
        for place, (name, _) in enumerate(kept)
    )


def asked_once(inspections: Sequence[Inspection]) -> list[Inspection]:
    """The sheets of a file, in order: what the first asks, or had answered, the others do not ask again; whether numbers that
    begin anew are other people's, and which community the sheets are of, asks about reading them together, too."""
    if len(inspections) < 2:
        return list(inspections)
    first = inspections[0]
    if any(f.code in (AGAIN, TWICE, NAMED) for i in inspections[1:] for f in i.findings):
        told = (replace(f, level="note") if f.code == TOGETHER else f for f in first.findings)
        first = replace(first, findings=tuple(told))
    read = _communities_once(_named_once([first, *inspections[1:]]))
    asked = [_cause(f) for f in read[0].findings]
    return [read[0], *(_noted(i, lambda f: _cause(f) in asked) for i in read[1:])]


def _cause(finding: Finding) -> tuple[str, str, Mapping[str, Any]]:
    """What a question is about, without how it was answered."""
    params = {name: value for name, value in finding.params.items() if name not in ("decision", "reason")}
    return finding.code, finding.header, params


def _noted(inspection: Inspection, told: Callable[[Finding], bool]) -> Inspection:
    """An inspection whose questions that were ``told`` before are notes."""
    findings = (replace(f, level="note") if f.level == "ask" and told(f) else f for f in inspection.findings)
    return replace(inspection, findings=tuple(findings))


def _named_once(inspections: Sequence[Inspection]) -> list[Inspection]:
    """Sheets whose names say another year than they come in with ask once, with the first of them and the names of all;
    where the first has it answered, the others are answered with it."""
    named = [(n, f) for n, i in enumerate(inspections) for f in i.findings if f.code == YEAR_NAMED and not f.header]
    if len(named) < 2:
        return list(inspections)
    place, spokesman = named[0]
    told = {p: list(dict.fromkeys(str(f.params[p]) for _, f in named)) for p in ("word", "said")}
    whole = replace(spokesman, params={**spokesman.params, "word": told["word"][:FIRST], "said": told["said"]})
    first = inspections[place]
    findings = tuple(whole if f is spokesman else f for f in first.findings)
    noted = [_noted(i, lambda f: f.code == YEAR_NAMED and not f.header) for i in inspections]
    noted[place] = replace(first, findings=findings)
    return noted


def _communities_once(inspections: Sequence[Inspection]) -> list[Inspection]:
    """Sheets whose names say another community than their columns ask once, with the first of them and the names of all; a
    confirmation holds for all, and a sheet that was given its own community is not asked about."""
    found = [(n, f) for n, i in enumerate(inspections) for f in i.findings if f.code == NAMED]
    named = [(n, f) for n, f in found if f.params.get("decision") != "set"]
    if len(named) < 2:
        return list(inspections)
    place, spokesman = named[0]
    told = {
        "word": [f.params["word"] for _, f in named],
        "names": [name for _, f in named for name in f.params["names"]],
        "said": [f.params["said"] for _, f in named],
    }
    params = {name: list(dict.fromkeys(said))[:FIRST] for name, said in told.items()}
    whole = replace(spokesman, params={**spokesman.params, **params, "n": sum(f.params["n"] for _, f in named)})
    noted = [_noted(i, lambda f: f.code == NAMED) for i in inspections]
    findings = tuple(whole if f is spokesman else f for f in inspections[place].findings)
    noted[place] = replace(inspections[place], findings=findings)
    return noted


def _told(decisions: Sequence[Decision], sheet: str, first: bool, known: set[str]) -> tuple[Decision, ...]:
    """The decisions for this sheet; what one of them was told of the communities that sheets are named after, too."""
    mine = [d for d in decisions if _concerns(d, sheet, first, known)]
    if any(d.code == NAMED and d.action == "set" for d in mine):
        return tuple(mine)
    each = [d for d in decisions if d.code == NAMED and d.action == "set" and is_by_sheet(d.value)]
    return (*mine, *(replace(d, sheet=sheet, cell="") for d in each[:1]))


def _concerns(decision: Decision, sheet: str, first: bool, known: set[str]) -> bool:
    """Whether a decision goes to this sheet; what names none of them is said with the first."""
    if decision.sheet:
        return names(decision.sheet, sheet) or (first and not any(names(decision.sheet, name) for name in known))
    return first


def _answering(
    sheets: Sequence[Sheet], form: Questionnaire, options: ImportOptions, read: list[Matched]
) -> Iterator[tuple[Sheet, int, int]]:
    """Each sheet that fits the questionnaire, how many questions proper it has, those with them whose columns are worded
    otherwise and will be asked about, and its rows of responses; how each was matched goes into ``read``."""
    answerable = {q.name for q in form.questions if not q.role}
    for sheet in sheets:
        mapping = options.mapping
        try:
            found = match([sheet], form, sheet=None, header_rows=options.header_rows, mapping=mapping)
        except Refused as refused:  # no answers: what it is, if it is the only one, the inspection says
            guessed = guess_headers([sheet], form) if refused.key == "intake.wrong_questionnaire" else None
            if guessed is None or mapping:
                continue
            found = match([sheet], form, sheet=None, header_rows=options.header_rows, mapping=guessed[1])
        skip = found.layout.skip
        filled = [
            row
            for row in range(found.first, len(sheet.rows))
            if row not in skip and any(v is not None for v in sheet.rows[row])
        ]
        if filled:
            read.append(found)
            held = set(found.by_question)
            if not mapping and len(held & answerable) < len(answerable):
                held |= {
                    target.partition("/")[0] for target in propose_columns(found, form, None).mapping.columns.values()
                }
            yield sheet, len(held & answerable), len(filled)
