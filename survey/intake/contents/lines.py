"""What a file holds: every question against every column, both ways, with how many cells were read as which answer.

It is made of a sheet that was matched, whether or not anything of it can be stored, so that a column that nobody recognised
can be pointed at.  What waits for a person in it is accepted as a whole, by group or singly: all of it is a mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from survey.answers.mapping import ColumnMapping
from survey.answers.scales import ScaleMatch
from survey.answers.validation import Column, column_reader
from survey.answers.values import NOTHING, Reading, blank_words, blanks_of, is_blank, number_text, reader
from survey.coding.coder import columns_read
from survey.coding.doubtful_rows import EMPTY_COLUMN
from survey.coding.options import ImportOptions
from survey.coding.required_columns import missing_columns
from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated
from survey.core.masking import masked
from survey.files.layouts.layout import PRIVATE
from survey.files.own_workbooks import header_key
from survey.files.read import read_sheets
from survey.files.readers.distinct_values import columns_of
from survey.form.answer_codes import BLANK, SKIPPED, STATE_NAMES
from survey.form.model import Question, Questionnaire
from survey.intake.answers import Inspection
from survey.intake.steps import MatchedFile, match_file, read_known, words_of_file
from survey.matching.choice_words import Wording
from survey.matching.column_proposals import ANSWERED, MISSING, PROPOSED, SCORED
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.store import Store

#: a question without a column · a scored one whose column is empty · a column proposed for it · read, with words that wait ·
#: read as it says · said by a person to be absent · a column of nobody's · a column of the platform's, or of calls
State = Literal["missing", "empty", "proposed", "words", "read", "absent", "unread", "own"]
STATES: tuple[State, ...] = ("missing", "empty", "proposed", "words", "unread", "read", "absent", "own")
#: how a text is read: as it says · as proposed · as a scale was recognised · as a person said · as no answer
How = Literal["own", "proposed", "scale", "said", "none"]
#: roles whose cells answer something, so that each text is read by itself; of the others filled cells are counted
_ANSWERS = ("", "sex", "age", "age_band")
#: findings that the table answers
ABSENT_ASKED = frozenset({PROPOSED, SCORED, MISSING, EMPTY_COLUMN})
#: texts of a column that nobody reads, as examples; characters of a text
EXAMPLES, LONGEST = 3, 60


@dataclass(frozen=True)
class Read:
    """One text in ``count`` cells and what it is read as, by language; ``key`` and ``value`` are the two for a mapping."""

    text: str
    count: int
    how: How
    meaning: Mapping[str, str]
    value: str = ""
    key: str = ""

    @property
    def waits(self) -> bool:
        """Whether a person has to look at it."""
        return self.how in ("proposed", "scale", "none")


@dataclass(frozen=True)
class Line:
    """One line of the table: a question with its columns, or columns without one; ``filled`` cells say anything.

    ``needed``: nothing can be stored without it; ``examples`` of what stands in a column that nobody reads.
    """

    state: State
    question: Question | None
    columns: tuple[ColumnMatch, ...] = ()
    filled: int = 0
    readings: tuple[Read, ...] = ()
    needed: bool = False
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contents:
    """The table of one sheet, and everything that is proposed in it.

    ``mapping``: what a person said; ``proposed``: what is read besides; ``words``: scales that are worded otherwise;
    ``asked``: the open questions that the table answers.
    """

    sheet: str
    lines: tuple[Line, ...]
    mapping: ColumnMapping
    proposed: ColumnMapping
    words: tuple[Wording, ...]
    legends: Mapping[str, ScaleMatch]
    asked: frozenset[str] = frozenset()

    def of(self, *states: State) -> tuple[Line, ...]:
        """The lines of some states."""
        return tuple(line for line in self.lines if line.state in states)

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, by which files of one kind are known."""
        return tuple(c.header for line in self.lines for c in line.columns)

    @property
    def absent(self) -> tuple[str, ...]:
        """Questions that are asked about because the file says nothing of them."""
        if not self.asked & ABSENT_ASKED:
            return ()
        return tuple(n.question.name for n in self.of("missing", "empty") if n.question and not n.needed)

    @property
    def waits(self) -> bool:
        """Whether anything waits for a person that can be accepted as it is shown."""
        return bool(self.proposed or self.absent or self.legends or any(w.open for w in self.words))

    def columns(self, headers: Collection[str] | None = None) -> ColumnMapping:
        """The proposed columns, all or those of some comparable headers."""
        mine = {k: t for k, t in self.proposed.columns.items() if headers is None or k in headers}
        return ColumnMapping(mine)

    def readings(self, question: str | None = None, word: str | None = None) -> ColumnMapping:
        """The proposed readings of cells: all, those of a question, or one of its words; scales and legends with all."""
        values = {
            name: {k: v for k, v in words.items() if word in (None, k)}
            for name, words in self.proposed.values.items()
            if question in (None, name)
        }
        if question is not None:
            return ColumnMapping(values=values)
        legends = {name: {answer_key(w): c for w, c in s.pairs.items()} for name, s in self.legends.items()}
        lists = ColumnMapping.of(lists={w.list_name: w.table() for w in self.words if w.open})
        return ColumnMapping(values=legends).merged(ColumnMapping(values=values)).merged(lists)

    def accepted(self) -> ColumnMapping:
        """The mapping of somebody who agrees with all of it."""
        said = self.mapping.merged(self.columns()).merged(self.readings())
        return said.merged(ColumnMapping(absent=self.absent))


def of_inspection(found: Inspection) -> Contents:
    """The table of a file that was inspected."""
    assert found.coded is not None
    coded = found.coded
    read_by = (found.mapping or ColumnMapping()).merged(found.proposed)
    return _contents(
        coded.matched,
        coded.form,
        found.mapping,
        read_by,
        found.proposed,
        found.legends,
        found.words,
        found.findings,
        found.options,
    )


def of_file(store: Store, file: str, data: bytes, options: ImportOptions) -> Contents:
    """The table of a file of which nothing can be stored as it is; raises Refused where it can't be matched either."""
    sheets = read_sheets(file, data, delimiter=options.delimiter)
    with store.read() as conn:
        known = read_known(conn, options.questionnaire)
        found: MatchedFile = match_file(conn, sheets, known, options)
    form = known.stored.form
    return _contents(
        found.matched,
        form,
        found.mapping,
        found.read_by,
        found.proposed,
        found.legends,
        words_of_file(found, form),
        found.asked,
        options,
    )


def _contents(
    matched: Matched,
    form: Questionnaire,
    mapping: ColumnMapping | None,
    read_by: ColumnMapping | None,
    proposed: ColumnMapping,
    legends: Mapping[str, ScaleMatch],
    words: Sequence[Wording],
    findings: Sequence[Finding],
    options: ImportOptions,
) -> Contents:
    asked = {f.code for f in findings if f.level == "ask"}
    lines = [*_without_column(matched, form, mapping, options)]
    columns = columns_read(matched, form, read_by, legends)
    kept = _kept_rows(matched)
    waiting = {n.text: (n, w) for w in words if w.open for n in w.new}
    for name, found in matched.by_question.items():
        question = form.question(name)
        mine = {k: v for k, v in waiting.items() if name in {c.question for c in v[1].columns}}
        told = _readings(question, found, columns[name], kept, blank_words(form), proposed, mapping, mine)
        filled = max((_filled(c, kept) for c in columns[name]), default=0)
        state: State = "proposed" if any(c.how == "proposed" for c in found) else "read"
        silent = not filled or (bool(told) and all(r.meaning["zh"] == NOTHING for r in told))
        if silent and question.scored:
            state = "absent" if mapping and name in mapping.absent else "empty"
        elif state == "read" and any(r.waits for r in told):
            state = "words"
        lines.append(Line(state, question, tuple(found), filled, told))
    lines += _without_question(matched, kept)
    answered = {n for n, s in legends.items() if not (mapping and mapping.words(form.question(n)))}
    ask_legends = {n: legends[n] for n in answered} if "scales.legend_ask" in asked else {}
    ordered = sorted(lines, key=lambda n: (STATES.index(n.state), _weight(n)))
    return Contents(
        matched.sheet.name,
        tuple(ordered),
        mapping or ColumnMapping(),
        proposed,
        tuple(words),
        ask_legends,
        frozenset(asked),
    )


def _weight(line: Line) -> int:
    """What is needed before what is scored before the rest; else as it stands."""
    return 0 if line.needed else 1 if line.question is not None and line.question.scored else 2


def _without_column(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None, options: ImportOptions
) -> list[Line]:
    needed = {q.name for q in missing_columns(matched, form, options)}
    absent = mapping.absent if mapping else ()
    lines = []
    for question in form.questions:
        if question.name in matched.by_question or not (question.role in ANSWERED or question.name in needed):
            continue
        must = question.name in needed
        lines.append(Line("absent" if question.name in absent and not must else "missing", question, needed=must))
    return lines


def _without_question(matched: Matched, kept: Any) -> list[Line]:
    lines = []
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in matched.columns if not c.question])
    private = {c.index for c in matched.layout.columns if c.meaning in PRIVATE}
    for column in matched.columns:
        if column.question:
            continue
        codes = cells[column.index].codes[kept]
        seen = list(dict.fromkeys(codes[codes >= 0][:1000].tolist()))[:EXAMPLES]
        shown = () if column.index in private else tuple(_short(cells[column.index].values[u]) for u in seen)
        own = bool(column.meaning) or column.how == "calls"
        lines.append(Line("own" if own else "unread", None, (column,), int((codes >= 0).sum()), examples=shown))
    return lines


def _short(value: Any) -> str:
    text = masked(clean(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _kept_rows(matched: Matched) -> Any:
    kept = np.ones(max(len(matched.sheet.rows) - matched.first, 0), dtype=bool)
    kept[[row - matched.first for row in matched.layout.skip if row >= matched.first]] = False
    return kept


def _filled(column: Column, kept: Any) -> int:
    values: Any = column.values
    return int((values.codes[kept] >= 0).sum())


def _readings(
    question: Question,
    matches: Sequence[ColumnMatch],
    columns: Sequence[Column],
    kept: Any,
    blank: frozenset[str],
    proposed: ColumnMapping,
    mapping: ColumnMapping | None,
    waiting: Mapping[str, tuple[Any, Wording]],
) -> tuple[Read, ...]:
    """Every text of a question's columns with what it is read as, the most frequent first."""
    if question.role not in _ANSWERS or question.coding == "text":
        return ()
    empty, read = blanks_of(question, blank), reader(question)
    open_words = proposed.words(question)
    said = mapping.words(question) if mapping else {}
    found: dict[tuple[str, str], Read] = {}
    for match, column in zip(matches, columns, strict=True):
        if match.choice:
            one = _ticked(question, match.choice, _filled(column, kept))
            found[match.header, match.choice] = one
            continue
        reads = column_reader(question, column, read)
        values: Any = column.values
        codes = values.codes[kept]
        often = np.bincount(codes[codes >= 0], minlength=len(values.values)).tolist()
        for value, n in zip(values.values, often, strict=True):
            if not n or is_blank(value, empty):
                continue
            one = _read(question, value, n, reads, open_words, said, waiting)
            key = (one.key, one.value)
            before = found.get(key)
            found[key] = one if before is None else replace(before, count=before.count + n)
    return _with_range(question, sorted(found.values(), key=lambda r: (not r.waits, -r.count)))


def _ticked(question: Question, choice: str, n: int) -> Read:
    labels = {lang: next(c.label(lang) for c in question.choices if c.name == choice) for lang in LANGUAGES}
    return Read("", n, "own", labels, choice)


def _read(
    question: Question,
    value: Any,
    n: int,
    reads: Callable[[Any], Reading],
    proposed: Mapping[str, str],
    said: Mapping[str, str],
    waiting: Mapping[str, tuple[Any, Wording]],
) -> Read:
    text, key, reading = clean(value), answer_key(value), reads(value)
    if text in waiting:
        word, list_of = waiting[text]
        meaning = {lang: list_of.label(word.proposed or "", lang) for lang in LANGUAGES}
        return Read(_short(value), n, "scale", meaning, word.proposed or "", key)
    if reading.problem:
        return Read(_short(value), n, "none", dict.fromkeys(LANGUAGES, ""), "", key)
    parts = question.coding == "multiple" and any(k in key for k in proposed)
    how: How = "proposed" if key in proposed or parts else "said" if key in said else "own"
    return Read(_short(value), n, how, *_meaning(question, reading), key)


def _meaning(question: Question, reading: Reading) -> tuple[Mapping[str, str], str]:
    """What a reading says, by language, and as a mapping says it."""
    if reading.code in (BLANK, SKIPPED):
        return dict.fromkeys(LANGUAGES, NOTHING), ""
    if reading.code < 0:
        choice = next((c for c in question.choices if c.missing == STATE_NAMES[reading.code]), None)
        name = choice.name if choice else STATE_NAMES[reading.code]
        return {lang: choice.label(lang) if choice else name for lang in LANGUAGES}, name
    if question.coding == "choice":
        one = question.choices[reading.code]
        return {lang: one.label(lang) for lang in LANGUAGES}, one.name
    if question.coding == "multiple":
        chosen = [question.choices[i] for i in reading.chosen or ()]
        return {lang: enumerated(lang, (c.label(lang) for c in chosen)) for lang in LANGUAGES}, ""
    text = number_text(reading.number) if reading.number is not None else reading.text or ""
    return dict.fromkeys(LANGUAGES, text), text


def _with_range(question: Question, found: Sequence[Read]) -> tuple[Read, ...]:
    """Numbers and days that say what they are as one span, the others one by one."""
    if question.coding not in ("number", "date", "step"):
        return tuple(found)
    plain = [r for r in found if r.how == "own"]
    if len(plain) < EXAMPLES:
        return tuple(found)
    ordered = sorted(plain, key=lambda r: (_number(r.value), r.value))
    span = f"{ordered[0].value}–{ordered[-1].value}"
    whole = Read("", sum(r.count for r in plain), "own", dict.fromkeys(LANGUAGES, span))
    return (*(r for r in found if r.how != "own"), whole)


def _number(text: str) -> float:
    return float(text) if text.replace(".", "", 1).lstrip("-").isdigit() else 0.0


def comparable_headers(contents: Contents) -> list[str]:
    """The headers in one order, by which two sheets are known to be of one kind."""
    return sorted(header_key(h) for h in contents.headers)
