"""What the cells of one sheet look like: answers to which questionnaire, call records, a register, a definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey.core import limits
from survey.core.errors import Refused
from survey.fieldwork.call_columns import CallColumns, call_columns, holds_outcomes
from survey.fieldwork.register_workbook.register_columns import COMMUNITIES, POPULATION
from survey.files.layouts import recognise as platform_of
from survey.files.layouts.layout import Layout
from survey.files.own_workbooks import Column, header_key, plain_text
from survey.files.readers.sheet import Sheet
from survey.form import header_words
from survey.form.dispositions import Outcomes
from survey.matching.questionnaire_fit import Fit, fit, header_keys
from survey.matching.year_community_mode import Reason
from survey.store.intake.questionnaires import StoredForm

Kind = Literal["answers", "calls", "indicators", "register", "unknown"]
#: a sheet with fewer matched questions than this (or all there are) is not taken for answers
FEW_QUESTIONS = 3
#: a sheet with fewer is one as well, if nearly all of its headers are the questionnaire's
MOST_HEADERS = 0.8
_SATISFIED = re.compile(r"满意|同意|赞成|satisf|agree", re.I)
_DATE_KEYS, _YEAR_KEYS, _PLACE_KEYS, _MODE_KEYS = (
    frozenset(map(header_key, words))
    for words in (header_words.DATE, header_words.YEAR, header_words.COMMUNITY, header_words.MODE)
)


@dataclass(frozen=True)
class Evidence:
    """One reading of a sheet: its kind, how sure, why, and the columns that tell more.

    ``columns``: ``community, year, mode, …`` → column; ``dates``: columns of dates; ``fits``: questionnaires, best
    first; ``problem``: why it can't come in, though it is known what it is.
    """

    kind: Kind
    certainty: float
    reasons: tuple[Reason, ...]
    row: int = 0
    first: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    dates: tuple[int, ...] = ()
    fits: tuple[Fit, ...] = ()
    platform: str = ""
    calls: CallColumns | None = None
    problem: Reason | None = None


def possible_kinds(sheet: Sheet, forms: Sequence[StoredForm], outcomes: Outcomes) -> list[Evidence]:
    """Everything that the sheet might be, the surest first; nothing for a sheet that looks like nothing we know."""
    if not any(plain_text(v) for row in sheet.rows[: limits.HEADER_ROWS] for v in row):
        return [Evidence("unknown", 1.0, (Reason("recognition.why.empty"),))]
    definition = _definition(sheet)
    if definition is not None:
        return [definition]
    found = [_register(sheet), *_answers_and_calls(sheet, forms, outcomes)]
    return sorted((e for e in found if e), key=lambda e: -e.certainty)


def header_columns(sheet: Sheet, row: int) -> tuple[dict[str, int], tuple[int, ...]]:
    """Columns that any sheet may have (community, year, mode), and those of dates, by their headers."""
    columns: dict[str, int] = {}
    dates: list[int] = []
    for index, value in enumerate(sheet.rows[row]):
        key = header_key(value)
        for name, keys in (("community", _PLACE_KEYS), ("year", _YEAR_KEYS), ("mode", _MODE_KEYS)):
            if key in keys:
                columns.setdefault(name, index)
        if key in _DATE_KEYS:
            dates.append(index)
    return columns, tuple(dates)


def _answers_and_calls(sheet: Sheet, forms: Sequence[StoredForm], outcomes: Outcomes) -> list[Evidence]:
    try:
        layout = platform_of(sheet)
    except Refused as error:
        why = Reason(error.key, error.params)
        return [Evidence("answers", 0.95, (why,), problem=why)]
    heads = header_keys(sheet)
    fits = sorted((f for form in forms if (f := fit(sheet, form, layout, heads))), key=lambda f: (-f.share, -f.cover))
    calls = call_columns(sheet, outcomes, fits[0].form.form if fits else None)
    found = []
    best = fits[0] if fits else None
    enough = best is not None and (
        best.questions >= min(FEW_QUESTIONS, best.items)
        or (best.questions > 0 and best.questions + len(best.columns) >= MOST_HEADERS * best.headers)
    )
    if layout is not None or enough:
        found.append(_answers(sheet, layout, fits, calls))
    elif (guess := _looks_answered(sheet)) is not None:
        found.append(guess)
    if calls is not None:
        found.append(_calls(sheet, calls, outcomes))
    return found


def _answers(sheet: Sheet, layout: Layout | None, fits: Sequence[Fit], calls: CallColumns | None) -> Evidence:
    best = fits[0] if fits else None
    row, first = (layout.header_rows[-1], layout.first) if layout else (best.row, best.first) if best else (0, 1)
    columns, dates = header_columns(sheet, row)
    reasons = []
    certainty = 0.5
    if layout is not None:
        reasons.append(Reason("recognition.why.platform", {"platform": layout.platform}))
        certainty = 0.9
        columns |= {m: c.index for m, c in layout.by_meaning.items() if m == "token"}
        dates = tuple(
            {*dates, *(c.index for m, c in layout.by_meaning.items() if m in ("submitted", "started", "ended"))}
        )
    if best is not None and best.questions:
        reasons.append(
            Reason(
                "recognition.why.questions",
                {"n": best.questions, "of": best.items, "name": best.form.form.title or best.form.name},
            )
        )
        certainty = max(certainty, min(0.98, 0.55 + 0.5 * max(best.cover, best.share)))
        roles = {r: i for r, i in best.columns.items() if r in ("submitted", "start", "end")}
        columns |= {r: i for r, i in best.columns.items() if r not in roles}
        dates = tuple(sorted({*dates, *roles.values()}))
    if not holds_outcomes(calls):
        calls = None
    if calls is not None:
        reasons.append(Reason("recognition.why.with_outcomes"))
    return Evidence(
        "answers",
        certainty,
        tuple(reasons),
        row,
        first,
        columns,
        dates,
        tuple(fits),
        layout.platform if layout else "",
        calls,
    )


def _calls(sheet: Sheet, calls: CallColumns, outcomes: Outcomes) -> Evidence:
    columns, dates = header_columns(sheet, calls.header_row)
    columns |= {
        k: i for k, i in calls.columns.items() if k in ("community", "year", "phone", "interviewer", "respondent")
    }
    times = [
        *(calls.columns[k] for k in ("at", "date") if k in calls.columns),
        *(keys["at"] for keys in calls.attempts.values() if "at" in keys),
    ]
    if calls.attempts:
        why = Reason("recognition.why.attempts", {"n": len(calls.attempts)})
    else:
        header = plain_text(sheet.rows[calls.header_row][calls.outcome_columns[0]])
        key = "recognition.why.outcomes_found" if calls.by_content else "recognition.why.outcomes"
        why = Reason(key, {"header": header, "share": f"{100 * calls.known:.0f}"})
    certainty = 0.6 if calls.by_content else 0.5 + 0.4 * calls.known
    return Evidence(
        "calls", certainty, (why,), calls.header_row, calls.first, columns, tuple(times) or dates, calls=calls
    )


def _looks_answered(sheet: Sheet) -> Evidence | None:
    """Columns of satisfied and not satisfied under headers that no questionnaire of the store has."""
    rows = sheet.rows[1 : 1 + 200]
    width = len(sheet.rows[0]) if sheet.rows else 0
    scales = sum(
        1
        for i in range(width)
        if sum(1 for row in rows if isinstance(row[i], str) and len(row[i]) < 20 and _SATISFIED.search(row[i]))
        > len(rows) / 3
    )
    if scales < FEW_QUESTIONS or len(rows) < 2:
        return None
    columns, dates = header_columns(sheet, 0)
    return Evidence("answers", 0.5, (Reason("recognition.why.scales", {"n": scales}),), 0, 1, columns, dates)


def _register(sheet: Sheet) -> Evidence | None:
    best: Evidence | None = None
    for row in range(min(limits.HEADER_ROWS, len(sheet.rows))):
        communities, population = _named(sheet, row, COMMUNITIES), _named(sheet, row, POPULATION)
        telling = communities - {"code", "name"}
        found: Evidence | None = None
        if {"community", "year", "population"} <= population:
            found = Evidence("register", 0.9, (Reason("recognition.why.population"),), row, row + 1)
        elif {"code", "name"} <= communities and telling - {"sub_district", "district", "type"}:
            why = Reason("recognition.why.register", {"n": len(communities)})
            found = Evidence("register", 0.95, (why,), row, row + 1)
        elif {"code", "name"} <= communities and _every_name_once(sheet, row):
            found = Evidence(
                "register", 0.6 + 0.1 * len(telling), (Reason("recognition.why.names_once"),), row, row + 1
            )
        if found and (best is None or found.certainty > best.certainty):
            best = found
    return best


def _named(sheet: Sheet, row: int, columns: Sequence[Column]) -> set[str]:
    words = {header_key(w): c.key for c in columns for w in (c.key, *c.headers)}
    words |= {header_key(both): c.key for c in columns for h in c.headers for both in (c.key + h, h + c.key)}
    return {words[k] for v in sheet.rows[row] if (k := header_key(v)) in words}


def _every_name_once(sheet: Sheet, row: int) -> bool:
    """Whether a column of community names has each name once: a list of communities, not of people."""
    index = next((i for i, v in enumerate(sheet.rows[row]) if header_key(v) in _PLACE_KEYS), None)
    if index is None:
        return False
    names = [plain_text(r[index]) for r in sheet.rows[row + 1 :] if plain_text(r[index])]
    return len(names) > 1 and len(set(names)) == len(names) and sum(1 for v in sheet.rows[row] if plain_text(v)) < 10


_DEFINITIONS: Mapping[str, tuple[frozenset[str], ...]] = {
    "questionnaire": (frozenset({"type", "name"}), frozenset({"list_name", "name"})),
    "scheme": (
        frozenset({"code编号", "dimension类型"}),
        frozenset({"code编号", "name_zh中文名称"}),
        frozenset({"key项目"}),
    ),
    "decisions": (
        frozenset({"where", "level", "scope", "message"}),
        frozenset({"位置", "填写内容", "处理", "问题代码"}),
        frozenset({"where", "found", "decision", "code"}),
    ),
}


def _definition(sheet: Sheet) -> Evidence | None:
    """A workbook of ours that is no data: say which door it goes through."""
    for row in sheet.rows[:3]:
        keys = {header_key(v) for v in row}
        for what, shapes in _DEFINITIONS.items():
            if any(shape <= keys for shape in shapes):
                return Evidence("unknown", 0.9, (Reason(f"recognition.why.is_{what}"),))
    return None
