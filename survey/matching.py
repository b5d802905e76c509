"""Headers → questions: which sheet holds the answers, where its header stands, what each column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.errors import Refused
from survey.findings import Finding
from survey.form.model import Question, Questionnaire
from survey.mapping import ColumnMapping
from survey.sources.merged import filled_down
from survey.sources.sheet import Sheet
from survey.tables import header_key, plain_text

#: rows from the top in which a header is looked for
HEADER_DEPTH = 20


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column of the sheet: its header, where it stands, and the question it holds (None: ignored).

    ``choice`` is set for one option of a ``select_multiple`` spread over columns (``q/option``).
    ``how`` is ``name``, ``label``, ``alias``, ``mapping`` or ``none``.
    """

    header: str
    cell: str
    index: int
    question: str | None
    choice: str | None = None
    how: str = "none"


@dataclass(frozen=True)
class Matched:
    """A sheet with its header found: data rows start at ``first`` (index into ``sheet.rows``)."""

    sheet: Sheet
    columns: tuple[ColumnMatch, ...]
    header_row: int
    first: int
    findings: tuple[Finding, ...]

    @property
    def by_question(self) -> Mapping[str, list[ColumnMatch]]:
        """Question name → its columns, in sheet order."""
        found: dict[str, list[ColumnMatch]] = {}
        for column in self.columns:
            if column.question:
                found.setdefault(column.question, []).append(column)
        return found


@dataclass(frozen=True, slots=True)
class _Target:
    question: str
    choice: str | None
    how: str


def vocabulary(form: Questionnaire, mapping: ColumnMapping | None = None) -> Mapping[str, _Target]:
    """Comparable header → what it stands for; names win over labels, labels over aliases.

    A label or alias that two questions share matches neither (the checker of the form notes it).  A ``mapping``
    that a person confirmed wins over all of them; a header that it leaves out stands for no question (``""``).
    """
    layers: list[list[tuple[str, _Target]]] = [[], [], []]
    for question in form.questions:
        layers[0].append((question.name, _Target(question.name, None, "name")))
        layers[1] += [(label, _Target(question.name, None, "label")) for label in question.labels.values() if label]
        layers[2] += [(alias, _Target(question.name, None, "alias")) for alias in question.aliases]
        if question.type == "select_multiple":
            layers[0] += _option_headers(question)
    words: dict[str, _Target] = {}
    for layer in layers:
        meanings: dict[str, set[_Target]] = {}
        for text, target in layer:
            meanings.setdefault(header_key(text), set()).add(target)
        for key, targets in meanings.items():
            if key and len({(t.question, t.choice) for t in targets}) == 1:
                words.setdefault(key, next(iter(targets)))
    return {**words, **(_mapped(mapping) if mapping else {})}


def _mapped(mapping: ColumnMapping) -> Mapping[str, _Target]:
    split = {key: target.partition("/") for key, target in mapping.columns.items()}
    return {key: _Target(name, option or None, "mapping") for key, (name, _, option) in split.items()}


def _option_headers(question: Question) -> list[tuple[str, _Target]]:
    stems = {question.name, *question.labels.values()}
    return [
        (f"{stem}/{text}", _Target(question.name, choice.name, "name"))
        for choice in question.choices
        for text in {choice.name, *choice.labels.values()}
        for stem in stems
        if stem and text
    ]


def match(
    sheets: Sequence[Sheet],
    form: Questionnaire,
    *,
    sheet: str | None,
    header_rows: int | None,
    mapping: ColumnMapping | None = None,
) -> Matched:
    """Find the sheet and header row that match the questionnaire best.

    Raises Refused when the named sheet is not there, when no column fits the questionnaire, or when several
    sheets fit it equally well (then the user has to name one).
    """
    words = vocabulary(form, mapping)
    answerable = {q.name for q in form.questions if not q.role}
    if sheet is not None:
        chosen = [s for s in sheets if header_key(s.name) == header_key(sheet)]
        if not chosen:
            raise Refused("intake.no_such_sheet", sheet=sheet, sheets="、".join(s.name for s in sheets))
        sheets = chosen
    best: list[tuple[int, Sheet, int]] = []
    for candidate in sheets:
        score, row = _header(candidate, words, answerable, header_rows or 1)
        if score and (not best or score >= best[0][0]):
            best = [(score, candidate, row)] if not best or score > best[0][0] else [*best, (score, candidate, row)]
    if not best:
        raise Refused("intake.wrong_questionnaire", title=form.title or form.form_id, n=len(answerable))
    if len(best) > 1:
        raise Refused("intake.several_sheets", sheets="、".join(s.name for _, s, _ in best))
    _, found, row = best[0]
    depth = header_rows or 1
    return _match_columns(filled_down(found, found.top + row + depth - 1), row, depth, words)


def _header_cells(sheet: Sheet, row: int, depth: int) -> list[list[str]]:
    """Header texts of every column, top to bottom; an empty cell of an upper row repeats its left neighbour."""
    stacked: list[list[str]] = [[] for _ in (sheet.rows[row] if sheet.rows else [])]
    for level in range(depth):
        last = ""
        for index, value in enumerate(sheet.rows[row + level]):
            text = plain_text(value)
            if not text and level < depth - 1:
                text = last
            last = text or last
            if text:
                stacked[index].append(text)
    return stacked


def _meaning(texts: Sequence[str], words: Mapping[str, _Target]) -> _Target | None:
    """With two header rows ``stem/option`` counts first, then the lowest text that means something."""
    if len(texts) > 1 and (target := words.get(header_key("/".join(texts)))):
        return target
    return next((words[key] for text in reversed(texts) if (key := header_key(text)) in words), None)


def _header(sheet: Sheet, words: Mapping[str, _Target], answerable: set[str], depth: int) -> tuple[int, int]:
    """(number of matched questions, row) of the best header row; 0 if no question proper is matched."""
    best = (0, 0)
    for row in range(min(HEADER_DEPTH, len(sheet.rows) - depth + 1)):
        found = {
            t.question for texts in _header_cells(sheet, row, depth) if (t := _meaning(texts, words)) and t.question
        }
        if found & answerable and len(found) > best[0]:
            best = (len(found), row)
    return best


def _match_columns(sheet: Sheet, row: int, depth: int, words: Mapping[str, _Target]) -> Matched:
    columns = []
    findings: list[Finding] = list(sheet.findings)
    bottom = row + depth - 1
    for index, texts in enumerate(_header_cells(sheet, row, depth)):
        if not texts:
            continue
        target = _meaning(texts, words)
        cell = sheet.address(bottom, index)
        header = texts[-1]
        if target and target.question:
            columns.append(ColumnMatch(header, cell, index, target.question, target.choice, target.how))
        else:
            columns.append(ColumnMatch(header, cell, index, None))
    ignored = [c for c in columns if c.question is None]
    if ignored:
        findings.append(
            Finding("intake.columns_ignored", level="note", scope="sheet", sheet=sheet.name, cell=ignored[0].cell,
                    params={"n": len(ignored), "headers": "、".join(c.header for c in ignored)})
        )  # fmt: skip
    if row > 0 and any(plain_text(v) for above in sheet.rows[:row] for v in above):
        findings.append(
            Finding("intake.rows_above_header", level="note", scope="sheet", sheet=sheet.name,
                    cell=sheet.address(0, 0), params={"header_row": sheet.top + row + 1})
        )  # fmt: skip
    return Matched(sheet, tuple(columns), row, row + depth, tuple(findings))
