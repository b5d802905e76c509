"""Words and codes that are no answers as they stand but can be read: one question for the whole file, each reading counted.

What is proposed is read as proposed, so that the rest can be checked with it; nothing is stored before a person has confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from survey.answers.loose_readings import EMPTY, loosely, parts_of_other
from survey.answers.mapping import ColumnMapping, Words
from survey.answers.other_scales import (
    OtherScale,
    bare_code,
    by_letters,
    chosen_in,
    codes_in,
    letters_in,
    option_codes,
    other_scale,
)
from survey.answers.scales import ScaleMatch, levels_of, order_words
from survey.answers.values import blank_words, blanks_of, choice_words, is_blank, reader, with_words
from survey.answers.whole_columns import Order, of_column, order_of, rescaled, without_answer, without_far_codes
from survey.coding.item_directions import is_turned
from survey.coding.place_doubts import other_names
from survey.coding.readings.asked import Coded, ReadCells, named, pooled, readings_asked, scales_asked
from survey.coding.readings.known_spellings import Spelling, further_codes, is_known, is_rescaled, ways_of_writing
from survey.core.addresses import letters
from survey.core.cells import answer_key, as_number, is_unanswered
from survey.core.findings import Finding
from survey.fieldwork.register import Register
from survey.files.layouts import is_month_first
from survey.files.readers.distinct_values import Cells, columns_of
from survey.form.model import REPLICATE_WEIGHT, Question, Questionnaire
from survey.matching.choice_words import FEWEST_CELLS, Wording, wordings
from survey.matching.code_legends import Explained
from survey.matching.column_proposals import is_of_birth
from survey.matching.matched_sheet import Matched

#: what is said of readings that this sender's were confirmed as
KNOWN = "intake.readings_known"
#: roles whose cells answer something
_ROLES = ("", "sex", "age", "age_band", "start", "end", "submitted")
#: roles whose cells are moments, whatever the type of the question
_MOMENTS = ("start", "end", "submitted")
#: roles whose cells are numbers of the design, and such a number with a comma for a point
_NUMBERS, _COMMA = ("weight", "fpc", "fpc2", REPLICATE_WEIGHT), re.compile(r"\d+,\d+", re.ASCII)
#: rows under another spelling of their community before it is more than a slip of the pen
FEWEST_PLACES = 3
#: cells with 99, 999 and the like before they are more than that
FEWEST_CODES = 3
#: serial numbers among dates before they are more than a slip
FEWEST_SERIALS = 3


@dataclass(frozen=True)
class ReadingProposals:
    """``mapping``: what the words mean, question by question; ``findings``: what is asked about them."""

    mapping: ColumnMapping
    findings: tuple[Finding, ...] = ()


def propose_readings(
    matched: Matched,
    form: Questionnaire,
    mapping: ColumnMapping | None,
    legends: Mapping[str, ScaleMatch],
    register: Register | None = None,
    *,
    add: bool = False,
    year: int | None = None,
    beside: Sequence[Explained] = (),
) -> ReadingProposals:
    """Readings of the cells that the questionnaire does not understand, and of whole columns on another scale.

    ``mapping``: what is said already, which is never proposed again; ``legends``: questions whose codes the file explains;
    ``register``: the communities of which other spellings are proposed, ``add`` whether unknown ones become new; ``year``: of
    the survey, by which a year of birth is an age; ``beside``: what other sheets explain.
    """
    columns = list(_columns(matched, form))
    scaled = _scales(columns, mapping, legends, matched, form, beside)
    settled = {name for names, _, _ in scaled for name in names}
    waiting = [w for w in wordings(matched, form, mapping) if w.open]
    turned = {w.list_name for w in waiting if w.scale.overruled}
    whole = {w.list_name: _asked_as_scale(w, form) for w in waiting}
    values: dict[str, dict[str, str]] = {}
    told: list[tuple[ReadCells, str, str, int]] = []
    before: list[tuple[ReadCells, str, str, int]] = []  # read as this sender's were confirmed

    @cache
    def ways(name: str) -> frozenset[Spelling]:
        return ways_of_writing(mapping.words(form.question(name)), form.question(name)) if mapping else frozenset()

    blank = blank_words(form)
    days = [value for cells in columns if cells.question.coding == "date" for value in cells.values]
    order = order_of(days, year, month_first=is_month_first(matched.layout.platform))
    for cells in columns:
        if cells.question.name in settled or cells.question.list_name in turned - {""}:
            continue
        explained = dict(legends[cells.question.name].pairs) if cells.question.name in legends else {}
        if matched.layout.coded_by == "order" and cells.question.choices:
            explained |= order_words(cells.question)  # 1 is the first choice, whatever it is called
        for place, words in _readings(
            cells, mapping, matched, blanks_of(cells.question, blank), explained, (year, order)
        ):
            if not whole.get(cells.question.list_name, frozenset()).isdisjoint(words):
                continue
            values.setdefault(cells.question.name, {}).update(words)
            if not (
                cells.column.how == "proposed" and cells.question.role == "age" and is_of_birth(cells.column.header)
            ):
                kept = before if is_known(words, ways(cells.question.name), cells.question) else told
                kept += [(cells, word, meaning, place) for word, meaning in named(cells, words, place)]
    places = [*_places(matched, form, mapping, register, beside), *_decimals(matched, form, mapping)]
    met = [is_known(words, ways(cells.question.name), cells.question) for cells, words, _ in places]
    known_places = [one for one, yes in zip(places, met, strict=True) if yes]
    places = [one for one, yes in zip(places, met, strict=True) if not yes]
    if not add and sum(cells.often[place] for cells, _, place in places) < FEWEST_PLACES:
        places = []  # a slip of the pen is refused with its suggestion, as any other cell
    for names, pairs, _ in scaled:
        for name in names:
            words = {answer_key(w): choice for w, choice in pairs.items()}
            cells_of = [v for cells in columns if cells.question.name == name for v in cells.values]
            marked = {answer_key(v): words[k] for v in cells_of if (k := answer_key(bare_code(v))) in words}
            values.setdefault(name, {}).update(words | marked)
    codes = list(_no_answers(columns, mapping, matched, {*legends, *(turned - {""})}, values))
    places += _silent_too(columns, told + before, values)
    if told or places or sum(cells.often[place] for cells, _, place in codes) >= FEWEST_CODES:
        places += codes
    for cells, words, place in places:
        values.setdefault(cells.question.name, {}).update(words)
        told += [(cells, word, meaning, place) for word, meaning in named(cells, words, place)]
    for cells, words, place in known_places:
        values.setdefault(cells.question.name, {}).update(words)
        before += [(cells, word, meaning, place) for word, meaning in named(cells, words, place)]
    before += _further(columns, mapping, legends, values)
    findings = list({id(finding): finding for _, _, finding in scaled}.values())
    findings += [readings_asked(matched, told)] if told else []
    findings += [replace(readings_asked(matched, before), code=KNOWN, level="note")] if before else []
    return ReadingProposals(ColumnMapping(values=values), tuple(findings))


def _asked_as_scale(found: Wording, form: Questionnaire) -> Set[str]:
    """The words of a list that only the question about its scale settles: all that are new where one of them has no reading."""
    question = form.question(found.columns[0].question or "")
    meant = loosely(question, reader(question))
    asked = found.cells >= FEWEST_CELLS and any(meant(word.text) is None for word in found.new)
    return {answer_key(word.text) for word in found.new} if asked else set()


def _further(
    columns: Sequence[ReadCells],
    mapping: ColumnMapping | None,
    legends: Mapping[str, ScaleMatch],
    values: dict[str, dict[str, str]],
) -> Iterator[tuple[ReadCells, str, str, int]]:
    """Further codes of scales that were confirmed, which are added to ``values``: (column, code, choice, place)."""
    for cells in columns if mapping else ():
        said = mapping.words(cells.question) if mapping else {}
        if not said or cells.question.coding != "choice" or cells.question.name in legends:
            continue
        more = further_codes(cells.question, codes_in(cells.values, cells.often), said)
        values.setdefault(cells.question.name, {}).update(more) if more else None
        keys = [answer_key(value) for value in cells.values]
        yield from ((cells, key, more[key], place) for place, key in enumerate(keys) if key in more)


def of_proposals(finding: Finding, matched: Matched, proposed: ColumnMapping) -> bool:
    """Whether a note says how a cell was read that the question about the file says already."""
    if finding.code != "checking.normalised":
        return False
    column = letters(finding.cell)
    names = {c.question for c in matched.columns if letters(c.cell) == column}
    return any(answer_key(finding.params.get("found", "")) in proposed.values.get(name or "", {}) for name in names)


def _places(
    matched: Matched,
    form: Questionnaire,
    mapping: ColumnMapping | None,
    register: Register | None,
    beside: Sequence[Explained],
) -> Iterator[tuple[ReadCells, Words, int]]:
    """Other spellings of communities, and their numbers: (column, word → name, place among its values)."""
    blank = blank_words(form)
    for cells in _columns(matched, form, ("community",)) if register is not None else ():
        said = mapping.words(cells.question) if mapping else {}
        keys = {place: answer_key(value) for place, value in enumerate(cells.values) if not is_blank(value, blank)}
        asked = {place: cells.values[place] for place, key in keys.items() if key not in said}
        if register is None or cells.question.coding != "text":
            continue
        for place, name in other_names(asked, register, beside, cells.column.header).items():
            yield cells, {keys[place]: name}, place


def _decimals(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None
) -> Iterator[tuple[ReadCells, Words, int]]:
    """Numbers of the design with a comma for a point, where one of the column can be nothing else (0,60; then 1,234 is one
    and a quarter, too): (column, word → number, place)."""
    for cells in _columns(matched, form, _NUMBERS):
        said = mapping.words(cells.question) if mapping else {}
        found = {
            p: key for p, v in enumerate(cells.values) if _COMMA.fullmatch(key := answer_key(v)) and key not in said
        }
        if any(as_number(key) is None or key.startswith("0") for key in found.values()):
            yield from ((cells, {key: key.replace(",", ".")}, place) for place, key in found.items())


def _no_answers(
    columns: Sequence[ReadCells],
    mapping: ColumnMapping | None,
    matched: Matched,
    settled: Set[str],
    told: Mapping[str, Words],
) -> Iterator[tuple[ReadCells, Words, int]]:
    """Numbers, and strokes under a remark, that say that there is no answer: (column, word → empty, place); ``settled``: questions and lists whose codes are
    explained, ``told``: what is proposed already."""
    for cells in columns:
        question, states = cells.question, matched.layout.words
        if question.coding == "date" or not settled.isdisjoint({question.name, question.list_name}):
            continue
        known = {**(mapping.words(question) if mapping else {}), **states, **told.get(question.name, {})}
        for place in without_answer(question, cells.values, cells.often):
            if (key := answer_key(cells.values[place])) not in known:
                yield cells, {key: EMPTY}, place


def _silent_too(
    columns: Sequence[ReadCells], read: Sequence[tuple[ReadCells, str, str, int]], told: Mapping[str, Words]
) -> Iterator[tuple[ReadCells, Words, int]]:
    """Words that elsewhere in the file say why there is no answer, under questions of numbers, where alone they may be slips:
    R beside 45岁, as in 很满意 … R; (column, word → empty, place)."""
    silent = {
        answer_key(word)
        for cells, word, meaning, _ in read
        if any(c.name == meaning and c.missing for c in cells.question.choices)
    }
    for cells in columns if silent else ():
        if cells.question.coding in ("number", "step"):
            keys = {place: answer_key(value) for place, value in enumerate(cells.values) if isinstance(value, str)}
            for place, key in keys.items():
                if key in silent and key not in told.get(cells.question.name, {}):
                    yield cells, {key: EMPTY}, place


def _columns(matched: Matched, form: Questionnaire, roles: Sequence[str] = _ROLES) -> Iterator[ReadCells]:
    asked = [(c, form.question(c.question)) for c in matched.columns if c.question and not c.choice]
    asked = [(c, replace(q, type="date") if q.role in _MOMENTS else q) for c, q in asked if q.role in roles]
    cells: Mapping[int, Cells] = columns_of(matched.sheet.rows, matched.first, [c.index for c, _ in asked])
    kept = np.ones(max(len(matched.sheet.rows) - matched.first, 0), dtype=bool)
    kept[[row - matched.first for row in matched.layout.skip if row >= matched.first]] = False
    for column, question in asked:
        codes = np.where(kept, cells[column.index].codes, -1)
        values = cells[column.index].values
        first = np.full(len(values) + 1, -1)  # −1, an empty cell, is the last
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        places = {int(u): int(first[u]) for u in np.flatnonzero(first[:-1] >= 0)}
        often = np.bincount(codes[codes >= 0], minlength=len(values))
        order = sorted(places, key=lambda u: places[u])
        yield ReadCells(
            column,
            question,
            tuple(values[u] for u in order),
            [int(often[u]) for u in order],
            [places[u] for u in order],
        )


def _readings(
    cells: ReadCells,
    mapping: ColumnMapping | None,
    matched: Matched,
    blank: frozenset[str],
    explained: Mapping[str, str],
    dated: tuple[int | None, Order | None],
) -> Iterator[tuple[int, Words]]:
    """(place among the values, words → meaning) of what the question does not understand; ``dated``: the year of the survey, and
    the order in which all days of the file are written."""
    question, layout = cells.question, matched.layout
    if question.coding == "text":  # any other text is what somebody said
        told = [(place, answer_key(v)) for place, v in enumerate(cells.values) if _no_answer(v, question)]
        known = {
            *(mapping.words(question) if mapping else ()),
            *layout.words,
            *map(answer_key, question.missing_values),
        }
        yield from ((place, {key: EMPTY}) for place, key in told if key not in known)
        return
    read, said = reader(question), mapping.words(question) if mapping else {}
    if question.coding == "multiple" and said:  # a part of a cell is mapped, not the cell
        read = with_words(question, read, said)
    about = next((c for c in layout.columns if c.index == cells.column.index), None)
    states = {**layout.words, **(about.words if about else {})}
    meant = loosely(question, read)
    one_by_one = {place: read(value) for place, value in enumerate(cells.values)}
    together = of_column(question, cells.values, cells.often, one_by_one, *dated)
    numbers = question.coding in ("number", "step") and (not said or is_rescaled(ways_of_writing(said, question)))
    points = rescaled(question, cells.values, cells.often) if numbers else {}
    # one serial number among dates is a slip; several are how a program of the file writes days
    slips = question.coding == "date" and _serials(cells, meant) < FEWEST_SERIALS and not together
    for place, value in enumerate(cells.values):
        if not points and question.coding != "number" and not one_by_one[place].problem:
            continue  # understood as it stands, as most values are: only a number may be read otherwise all the same
        key = answer_key(value)
        if is_blank(value, blank) or key in said or key in states or key in explained:
            continue
        if slips and not is_unanswered(value):
            continue
        understood = not one_by_one[place].problem or (layout.read is not None and not read(layout.read(value)).problem)
        if key in points or not understood or _no_answer(value, question):
            if key in points:
                words = {key: points[key]}
            elif key in together:
                words = {key: together[key]}
            elif question.coding == "multiple":
                words = {answer_key(t): name for t, name in parts_of_other(value, question).items()}
            else:
                found = meant(value)
                words = {} if found is None else {key: found}
            if words:
                yield place, words


def _serials(cells: ReadCells, meant: Callable[[Any], str | None]) -> int:
    """How many cells of a column of days hold what may be one, and is none as it stands."""
    return sum(n for value, n in zip(cells.values, cells.often, strict=True) if as_number(value) and meant(value))


def _no_answer(value: Any, question: Question) -> bool:
    """−2 and −3, which a platform writes for a question that was not answered or not asked."""
    return question.coding in ("number", "text") and is_unanswered(value)


def _scales(
    columns: Sequence[ReadCells],
    mapping: ColumnMapping | None,
    legends: Mapping[str, ScaleMatch],
    matched: Matched,
    form: Questionnaire,
    beside: Sequence[Explained],
) -> list[tuple[tuple[str, ...], Mapping[str, str], Finding]]:
    """(questions, code → choice, question to a person) of every list of choices whose columns are on another scale."""
    if matched.layout.coded_by == "order":
        return []
    lists: dict[str, list[ReadCells]] = {}
    for cells in columns:
        said = mapping.words(cells.question) if mapping else {}
        if cells.question.coding == "choice" and cells.question.name not in legends and not said:
            lists.setdefault(cells.question.list_name, []).append(cells)
    scaled: list[tuple[Coded, OtherScale]] = []
    unsure: list[Coded] = []
    for group in lists.values():
        own = {answer_key(w) for w in choice_words(group[0].question)}
        coded = [(c, without_far_codes(codes_in(c.values, c.often), own)) for c in group]
        coded = [(c, codes) for c, codes in coded if codes]
        odd = [(c, codes) for c, codes in coded if any(answer_key(w) not in own for w in codes)]
        mine = coded if 2 * len(odd) >= len(coded) else odd
        scale = other_scale(pooled(mine), group[0].question)
        if scale is not None and len(mine) < len(coded):
            whole = other_scale(pooled(coded), group[0].question)  # without a 0 a column of 0–4 looks like the codes
            if whole is not None and whole.shifts and whole.named == scale.named:
                mine, scale = coded, whole
        if scale is not None:
            told = (*(c.column.header for c, _ in mine), *letters_in(matched.around), *(e.letters for e in beside))
            scaled.append((mine, by_letters(told, scale, group[0].question)))
        elif coded:
            unsure.append(coded)
    for others in unsure if scaled else ():  # one 0 is enough where other lists of the file begin with it
        scale = other_scale(pooled(others), others[0][0].question, fewest=1)
        if scale is not None and scale.named in {s.named for _, s in scaled}:
            scaled.append((others, scale))
    scaled = [(mine, _as_the_rest(mine, scale, matched, form)) for mine, scale in scaled]
    for cells in columns:
        if cells.question.coding == "multiple" and not (mapping and mapping.words(cells.question)):
            texts = chosen_in(cells.values, cells.often)
            scale = option_codes(texts, cells.question)
            scaled += [] if scale is None else [([(cells, texts)], scale)]
    return scales_asked(scaled, matched)


def _as_the_rest(mine: Coded, scale: OtherScale, matched: Matched, form: Questionnaire) -> OtherScale:
    """A scale from 0, whose best end nothing says, in the direction in which the other scored columns of the file run."""
    words = {answer_key(w): choice for w, choice in scale.pairs.items()}
    if not scale.shifts or not is_turned(matched, form, {c.question.name: words for c, _ in mine}):
        return scale
    levels = [c.name for c in levels_of(mine[0][0].question)]
    return replace(scale, pairs={w: levels[-1 - levels.index(c)] for w, c in scale.pairs.items()}, high=True)
