"""What other sheets of a workbook say that its codes mean: 代码说明, a codebook, a sentence of instructions.

Nothing is applied from here: ``survey.legends`` holds an explanation against the choices of each question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.cells import clean
from survey.form.model import Questionnaire
from survey.legends import legend_in
from survey.sources.sheet import Sheet
from survey.tables import header_key, plain_text

#: a sheet of explanations is small; what has more rows is data
ROWS, COLUMNS = 400, 40
#: so many headers of the questionnaire in one row make a sheet one of answers
HEADERS = 3
#: characters of a label
LONGEST = 30
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Explained:
    """Code → label as a sheet says it; ``question``: the only one that it is about, ``''`` for any."""

    said: Mapping[str, str]
    question: str = ""


def explained(sheets: Iterable[Sheet], form: Questionnaire, taken: str) -> tuple[Explained, ...]:
    """What the sheets beside the one that is taken explain, in their order."""
    words = {
        header_key(text): q.name
        for q in form.questions
        for text in (*q.aliases, *q.labels.values(), q.name) if text
    }  # fmt: skip
    found: list[Explained] = []
    for sheet in sheets:
        grid = [["" if v is None else plain_text(v) for v in row[:COLUMNS]] for row in sheet.rows[: ROWS + 1]]
        if sheet.name == taken or len(grid) > ROWS or any(_asks(row, words) for row in grid):
            continue
        found += [Explained(said) for row in grid for text in row if (said := _sentence(text))]
        found += [*_blocks(grid, words), *_blocks(list(zip(*grid, strict=False)), words)]
    return tuple(found)


def _asks(row: Sequence[str], words: Mapping[str, str]) -> bool:
    return len({words[key] for text in row if text and (key := header_key(text)) in words}) >= HEADERS


def _sentence(text: str) -> Mapping[str, str]:
    """A legend in a cell, or in one of its lines or sentences where the whole speaks of several questions."""
    return legend_in(text) or next((said for part in re.split(r"[\n。]", text) if (said := legend_in(part))), {})


def _blocks(grid: Grid, words: Mapping[str, str]) -> Iterator[Explained]:
    """Codes below each other with their labels beside them, in either order; what stands before may name the question."""
    width = min((len(row) for row in grid), default=0)
    for column in range(width - 1):
        for code, label in ((column, column + 1), (column + 1, column)):
            yield from _below(grid, code, label, words)


def _below(grid: Grid, code: int, label: int, words: Mapping[str, str]) -> Iterator[Explained]:
    said: dict[str, str] = {}
    about = ""
    before = min(code, label) - 1
    for row in (*grid, ("",) * (max(code, label) + 1)):
        number, text = clean(row[code]), clean(row[label])
        named = words.get(header_key(row[before]), "") if before >= 0 and row[before] else ""
        fits = number.isdigit() and len(number) <= 2 and 0 < len(text) <= LONGEST and not text.isdigit()
        if not fits or named not in ("", about) or number in said or text in said.values():
            if len(said) > 1:
                yield Explained(said, about)
            said, about = {}, named
        if fits:
            about = about or named
            said[number] = text
