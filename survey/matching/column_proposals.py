"""Which questions have no column, and which columns that fit none may hold them: one question for the whole file.

What is proposed is read as proposed, so that everything else can be checked with it; nothing is stored before a person has
confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from survey.answers.mapping import ColumnMapping
from survey.answers.multiple_choice import is_tick, stem_of_place
from survey.answers.values import blank_words, is_blank, reader
from survey.answers.whole_columns import says_births
from survey.core import limits
from survey.core.cells import as_number
from survey.core.findings import Finding, Level
from survey.core.lang import LANGUAGES, enumerated, say
from survey.fieldwork.register import Register
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes
from survey.form.header_words import BORN, RESPONDENT
from survey.form.model import Question, Questionnaire
from survey.matching.header_matching import PART, Suggestion, suggest_columns, suggest_left
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.matching.outcome_columns import call_places, outcome_columns
from survey.matching.shapes.left_columns import IN_TURN, by_their_words, numbers_people, of_days, once
from survey.matching.shapes.numbered_options import numbered_options
from survey.matching.shapes.own_names import with_own_names
from survey.matching.shapes.place_columns import names_of_places

#: the findings: proposals, scored questions without a column, other questions without one
PROPOSED, SCORED, MISSING = "intake.columns_proposed", "intake.scored_missing", "intake.questions_missing"
#: questions that headers must be like where none is one's own
FEWEST_LIKE = 3
#: share of a column's cells that must be answers before its header may be less alike
FITTING = 0.9
#: what one sentence names; its count is complete
FIRST = 20
#: roles of questions that the respondent answers
ANSWERED = ("", "sex", "age", "age_band")
#: roles that a title, a name or an option says where no column does; what nothing says is refused on its own
SAID_ELSEWHERE = frozenset({"community", "year", "mode"})


@dataclass(frozen=True)
class Proposals:
    """``columns``: the proposed targets by header; ``findings``: what is asked about columns and questions."""

    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    findings: tuple[Finding, ...] = ()


def propose_columns(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None, register: Register | None = None
) -> Proposals:
    """What the unread columns of a sheet may hold, and which questions have no column even then.

    ``mapping``: what a person said already; a header that it leaves out is not proposed again.  ``register``: the
    communities by whose names a column under another word is known; None where one was chosen for the whole file.
    """
    said, absent = (mapping.columns, mapping.absent) if mapping else ({}, ())
    calls = outcome_columns(matched, form, Outcomes().with_choices(form.roles.get("disposition")))
    of_calls = call_places(calls) if calls else set()
    unread = [c for c in matched.columns if not c.question and not c.meaning and header_key(c.header)]
    unread = [c for c in unread if c.index not in of_calls]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in unread])
    blank = blank_words(form)
    fresh = [c for c in unread if header_key(c.header) not in said]
    told = [c for c in fresh if _says(cells[c.index], blank)]
    found = _proposed(matched, form, fresh, {c.index for c in told}, cells, blank)
    found += _communities(found, form, set(matched.by_question), told, cells, register)
    columns = {header_key(told_as.header): told_as.target for told_as in found}
    held = {*matched.by_question, *(s.question for s in found)}
    by_phone = "phone" in form.roles and form.roles["phone"].name in held  # who somebody is follows from the number
    known = by_phone or bool(matched.identities)  # … or from the platform's own
    asked = SAID_ELSEWHERE | ({"respondent"} if known else set())
    wanted = [q for q in form.questions if q.role in ANSWERED or (q.required and q.role not in asked)]
    rest = [q for q in wanted if q.name not in held]
    left = [c for c in told if header_key(c.header) not in columns]
    finding = _finding(matched, form, found, [q for q in rest if q.name not in absent], left)
    if finding is None and rest:  # a person said that nobody was asked them
        finding = _without(matched, rest, left, "note")
    return Proposals(ColumnMapping(columns), () if finding is None else (finding,))


def guess_headers(sheets: Sequence[Sheet], form: Questionnaire) -> tuple[str, ColumnMapping] | None:
    """Sheet and columns of a file of which no header is a question's own: those of the row in which most of them are like
    questions, half of the questions at least; None where there is none."""
    best: tuple[int, str, ColumnMapping] | None = None
    answerable = {q.name for q in form.questions if not q.role}
    for sheet in sheets:
        for row in sheet.rows[: limits.HEADER_ROWS]:
            headers = [text for v in row if isinstance(v, str) and (text := plain_text(v))]
            if len(headers) <= max(FEWEST_LIKE, len(answerable) // 2) or (best and len(headers) <= best[0]):
                continue
            found = suggest_columns(headers, form)
            n = len({s.question for s in found} & answerable)
            if 2 * n >= max(len(answerable), 2 * FEWEST_LIKE) and (best is None or n > best[0]):
                best = n, sheet.name, ColumnMapping({header_key(s.header): s.target for s in found})
    return best and (best[1], best[2])


def guessed_columns(
    matched: Matched, form: Questionnaire, guessed: ColumnMapping, register: Register | None = None
) -> Proposals:
    """The one question about columns that were all guessed, as ``propose_columns`` asks it."""
    columns = [c for c in matched.columns if header_key(c.header) in guessed.columns and c.question]
    found = [Suggestion(c.header, c.question or "", PART, "similar", c.choice) for c in columns]
    unread = [c for c in matched.columns if not c.question and not c.meaning and header_key(c.header)]
    cells, blank = columns_of(matched.sheet.rows, matched.first, [c.index for c in unread]), blank_words(form)
    told = [c for c in unread if _says(cells[c.index], blank)]
    found = with_own_names(found, matched.columns, form, told, _numbered)
    found += _left(found, form, set(matched.by_question), cells, told, blank)
    found += _births(found, form, set(matched.by_question), told, cells)
    if (number := _respondents(found, form, set(matched.by_question), told, cells)) is not None:
        found.append(number)
    found += _communities(found, form, set(matched.by_question), told, cells, register)
    held = {*matched.by_question, *(s.question for s in found)}
    wanted = [q for q in form.questions if q.role in ANSWERED or q.required]
    named = {header_key(s.header) for s in found}
    left = [c for c in unread if header_key(c.header) not in named]
    finding = _finding(matched, form, found, [q for q in wanted if q.name not in held], left)
    everything = ColumnMapping({**guessed.columns, **{header_key(s.header): s.target for s in found}})
    return Proposals(everything, () if finding is None else (finding,))


def as_proposed(matched: Matched, proposals: Proposals) -> Matched:
    """The sheet that was matched with the proposals, its columns marked as proposed."""
    keys = proposals.mapping.columns
    columns = tuple(
        replace(c, how="proposed") if c.question and header_key(c.header) in keys else c for c in matched.columns
    )
    return replace(matched, columns=columns)


def _numbered(header: str, question: str) -> Suggestion:
    return Suggestion(header, question, PART, "numbered")


def _says(cells: Cells, blank: frozenset[str]) -> bool:
    return any(not is_blank(value, blank) for value in cells.values)


def _proposed(
    matched: Matched,
    form: Questionnaire,
    unread: Sequence[ColumnMatch],
    told: Collection[int],
    cells: Mapping[int, Cells],
    blank: frozenset[str],
) -> list[Suggestion]:
    """One suggestion a header, for questions that no column holds; ticks are asked of the columns of options.

    ``told``: the unread columns that say anything; of the others only the columns of options count.
    """
    by_key: dict[str, ColumnMatch] = {}
    for column in unread:
        by_key.setdefault(header_key(column.header), column)
    held = set(matched.by_question)
    found = []
    for s in suggest_columns([c.header for c in matched.columns], form):
        place = by_key.get(header_key(s.header))
        if place is None or s.question in held or not (s.choice or place.index in told):
            continue
        question = form.question(s.question)
        if question.role == "phone":
            continue
        if s.choice and not _ticks(cells[place.index], question, s.choice, blank):
            continue
        found.append(s)
    numbered = numbered_options(list(by_key.values()), form, held, cells, blank)
    named = {header_key(c.header) for c in unread if c.index in numbered}
    found = [s for s in found if header_key(s.header) not in named] + [
        Suggestion(c.header, numbered[c.index][0].name, PART, "option", numbered[c.index][1])
        for c in by_key.values()
        if c.index in numbered
    ]
    named_so = [c for c in by_key.values() if c.index in told]
    found = with_own_names(found, matched.columns, form, named_so, _numbered)
    found += _left(found, form, held, cells, [c for c in by_key.values() if c.index in told], blank)
    found += _further_places(found, form, [by_key[k] for k in by_key if by_key[k].index in told])
    found += _births(found, form, held, [c for c in by_key.values() if c.index in told], cells)
    if (number := _respondents(found, form, held, [c for c in by_key.values() if c.index in told], cells)) is not None:
        found.append(number)
    whole = {s.question for s in found if not s.choice}
    kept = [s for s in found if not s.choice or s.question not in whole]
    return list({header_key(s.header): s for s in reversed(kept)}.values())[::-1]


def _left(
    found: Sequence[Suggestion],
    form: Questionnaire,
    held: Collection[str],
    cells: Mapping[int, Cells],
    told: Sequence[ColumnMatch],
    blank: frozenset[str],
) -> list[Suggestion]:
    """Columns under other words whose cells are answers to a question that has no column: 社会治安 of 治安状况."""
    known = {*held, *(s.question for s in found)}
    named = {header_key(s.header) for s in found}
    rest = [
        q
        for q in form.questions
        if q.role in ANSWERED and q.name not in known and q.coding in ("choice", "step", "number")
    ]
    left = [c for c in told if header_key(c.header) not in named]
    proposed = suggest_left([c.header for c in left], rest) if left and rest else []
    by_header = {c.header: c for c in left}
    fitting = [s for s in proposed if _answers(cells[by_header[s.header].index], form.question(s.question), blank)]
    known |= {s.question for s in fitting}
    named |= {header_key(s.header) for s in fitting}
    left = [c for c in left if header_key(c.header) not in named]
    words = by_their_words(left, form, known, cells, blank)
    fitting += [Suggestion(c.header, words[c.index], PART, "similar") for c in left if c.index in words]
    if found or fitting:  # asked already: what people said and the day are shown with it
        fitting += _said_and_days([c for c in left if c.index not in words], form, known, cells)
    return fitting


def _said_and_days(
    left: Sequence[ColumnMatch], form: Questionnaire, known: Collection[str], cells: Mapping[int, Cells]
) -> list[Suggestion]:
    """Columns of texts whose header shares a word with an open question, and the column of days."""
    found = []
    asked = [q for q in form.questions if q.coding == "text" and not q.role and q.name not in known]
    texts = [c for c in left if not any(as_number(v) is not None for v in cells[c.index].values)]
    if texts and asked:
        found += suggest_left([c.header for c in texts], asked)
    day = form.roles.get("submitted")
    if day is not None and day.name not in known and (column := of_days(left, cells)) is not None:
        found.append(Suggestion(column.header, day.name, PART, "similar"))
    return list({s.header: s for s in reversed(found)}.values())


def _answers(cells: Cells, question: Question, blank: frozenset[str]) -> bool:
    """Whether nearly all that stands in a column is an answer to the question."""
    read = reader(question)
    often = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values))
    said = [(v, n) for v, n in zip(cells.values, often.tolist(), strict=True) if not is_blank(v, blank)]
    fitting = sum(n for v, n in said if not read(v).problem)
    return bool(said) and fitting >= FITTING * sum(n for _, n in said)


def _further_places(
    found: Sequence[Suggestion], form: Questionnaire, unread: Sequence[ColumnMatch]
) -> list[Suggestion]:
    """The second choice, the third … of a question of several of which the first is proposed already."""
    stems = {
        stem_of_place(s.header): s for s in found if not s.choice and form.question(s.question).coding == "multiple"
    }
    named = {header_key(s.header) for s in found}
    return [
        replace(stems[stem], header=column.header)
        for column in unread
        if (stem := stem_of_place(column.header)) and stem in stems and header_key(column.header) not in named
    ]


def _respondents(
    found: Sequence[Suggestion],
    form: Questionnaire,
    held: Collection[str],
    unread: Sequence[ColumnMatch],
    cells: Mapping[int, Cells],
) -> Suggestion | None:
    """The one column that stands under a usual word for the numbers of people, where no column is read as such."""
    role = form.roles.get("respondent")
    if role is None or role.name in held or any(s.question == role.name for s in found):
        return None
    words = set(map(header_key, RESPONDENT))
    named = [c for c in unread if header_key(c.header) in words]
    if not named:
        named = [c for c in unread if numbers_people(header_key(c.header), cells[c.index])]
    if not named:  # a platform's or a clerk's count of rows, if no number stands twice
        named = [c for c in unread if header_key(c.header) == IN_TURN and once(cells[c.index])]
    return Suggestion(named[0].header, role.name, PART, "alias") if len(named) == 1 else None


def _communities(
    found: Sequence[Suggestion],
    form: Questionnaire,
    held: Collection[str],
    unread: Sequence[ColumnMatch],
    cells: Mapping[int, Cells],
    register: Register | None,
) -> list[Suggestion]:
    """The one column whose cells are names of the register, whatever stands over it, where none is read as communities."""
    role = form.roles.get("community")
    if register is None or role is None or role.name in held or any(s.question == role.name for s in found):
        return []
    named = {header_key(s.header) for s in found}
    free = [c for c in unread if header_key(c.header) not in named]
    told = [c for c in free if names_of_places(cells[c.index], register)]
    return [Suggestion(told[0].header, role.name, PART, "similar")] if len(told) == 1 else []


def _births(
    found: Sequence[Suggestion],
    form: Questionnaire,
    held: Collection[str],
    unread: Sequence[ColumnMatch],
    cells: Mapping[int, Cells],
) -> list[Suggestion]:
    """The one column of years or days of birth, where no column is read as the age."""
    role = form.roles.get("age")
    if role is None or role.name in held or role.coding not in ("number", "step"):
        return []
    if any(s.question == role.name for s in found):
        return []
    born = [c for c in unread if is_of_birth(c.header) and says_births(cells[c.index].values, _often(cells[c.index]))]
    return [Suggestion(born[0].header, role.name, PART, "alias")] if len(born) == 1 else []


def _often(cells: Cells) -> list[int]:
    """How many cells hold each value."""
    return [int(n) for n in np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values))]


def is_of_birth(header: str) -> bool:
    """Whether a header asks when somebody was born."""
    return any(word in header_key(header) for word in BORN)


def _ticks(cells: Cells, question: Question, choice: str, blank: frozenset[str]) -> bool:
    option = next(c for c in question.choices if c.name == choice)
    return all(is_tick(value, option) for value in cells.values if not is_blank(value, blank))


def _finding(
    matched: Matched,
    form: Questionnaire,
    found: Sequence[Suggestion],
    rest: Sequence[Question],
    left: Sequence[ColumnMatch],
) -> Finding | None:
    """One finding: what is proposed with what is missing even then, else what is missing; None where all is there."""
    sheet, first = matched.sheet.name, (matched.columns[0].cell if matched.columns else "")
    places = {header_key(c.header): c for c in matched.columns}
    scored = [q for q in rest if q.scored]
    said = {lang: _missing(lang, rest, left) for lang in LANGUAGES}
    if found:
        at = places[header_key(found[0].header)]
        pairs = {lang: _pairs(lang, form, found) for lang in LANGUAGES}
        params = {"n": len(found), "pairs": pairs, "rest": said, "absent": [q.name for q in rest]}
        return Finding(PROPOSED, "ask", "sheet", sheet, at.cell, header=at.header, params=params)
    if scored:
        whole = left or any(q.required for q in rest) or not _is_section(form, rest)
        names = {lang: enumerated(lang, (q.label(lang) for q in scored), FIRST) for lang in LANGUAGES}
        others = [q for q in rest if q not in scored]
        alike = {lang: _missing(lang, others, left) for lang in LANGUAGES}
        params = {"n": len(scored), "all": len(form.scored), "names": names, "alike": alike}
        params["absent"] = [q.name for q in rest]
        return Finding(SCORED, "ask" if whole else "note", "sheet", sheet, first, params=params)
    if rest:
        closed = any(q.coding != "text" for q in rest)
        return _without(matched, rest, left, "ask" if any(q.required for q in rest) or (left and closed) else "note")
    return None


def _without(matched: Matched, rest: Sequence[Question], left: Sequence[ColumnMatch], level: Level) -> Finding:
    first = matched.columns[0].cell if matched.columns else ""
    params = {"n": len(rest), "rest": {lang: _missing(lang, rest, left) for lang in LANGUAGES}}
    params["absent"] = [q.name for q in rest]
    return Finding(MISSING, level, "sheet", matched.sheet.name, first, params=params)


def _is_section(form: Questionnaire, rest: Sequence[Question]) -> bool:
    """Whether a sheet holds half of the questions at most: a part of the questionnaire, of which nothing was overlooked
    where all its columns are read."""
    return 2 * sum(not q.role for q in rest) >= sum(not q.role for q in form.questions)


def _pairs(lang: str, form: Questionnaire, found: Sequence[Suggestion]) -> str:
    def target(s: Suggestion) -> str:
        question = form.question(s.question)
        option = next((c.label(lang) for c in question.choices if c.name == s.choice), "")
        return f"{question.label(lang)}/{option}" if option else question.label(lang)

    return enumerated(lang, (f"{s.header}→{target(s)}" for s in found), FIRST)


def _missing(lang: str, rest: Sequence[Question], left: Sequence[ColumnMatch]) -> str:
    """Which questions have no column and which columns stay unread, in words; '' where there are none."""
    said = []
    if rest:
        scored = sum(q.scored for q in rest)
        names = enumerated(lang, (q.label(lang) for q in rest), FIRST)
        said.append(say(lang, "intake.without_column", n=len(rest), scored=scored, names=names))
    if left:
        said.append(
            say(lang, "intake.still_unread", n=len(left), headers=enumerated(lang, (c.header for c in left), FIRST))
        )
    return " ".join(said)
