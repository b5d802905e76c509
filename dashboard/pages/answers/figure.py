"""The picture as a file: one SVG with title, note and source, and the same as PNG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dashboard.figures import numbers
from dashboard.figures.diverging import Piece
from dashboard.figures.svg_file import FONTS, letters, text
from dashboard.figures.theme import INK, MUTED
from dashboard.figures.theme import LINE as GRID
from dashboard.pages.answers.picture import PLAIN, axis, bars, digits, place
from dashboard.pages.answers.sentence import common_text, sentences
from dashboard.pages.answers.service import Answers, Group
from dashboard.pages.answers.words import WITHHELD, choices_of, mean_text, name_of, percent, place_text, why_hidden
from dashboard.parts.question_words import question_label
from survey.core.lang import say

#: pixels: the whole, names, counts, bars, means
WIDTH, NAMES, COUNTS, BARS, MEANS = 1120, 170, 60, 470, 250
LINE, TOP = 34, 96
#: a line of the note holds about so many letters of full width
NOTE_LETTERS = 78


#: one line of the picture: called with its top edge (pixels), it gives its parts
Drawn = Callable[[float], Iterator[str]]


def svg(found: Answers, lang: str, source: str) -> str:
    """The picture; ``source``: what the numbers are of, the last line."""
    lines = list(_lines(found, lang))
    notes = [
        part
        for note in (*sentences(found, lang), common_text(found, lang), source)
        for part in _wrapped(note.replace("**", ""))
    ]
    height = TOP + LINE * len(lines) + 22 + 20 * len(notes) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{FONTS}" font-size="14" fill="{INK}" role="img">',
        f"<title>{letters(question_label(found.asked.item, lang))}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        text(16, 32, question_label(found.asked.item, lang), size=20, weight="bold"),
        text(16, 56, _what(found, lang), fill=MUTED),
        *_legend(found, lang),
        *_grid(found, len(lines)),
        *(part for n, line in enumerate(lines) for part in line(TOP + LINE * n)),
        *(text(16, TOP + LINE * len(lines) + 34 + 20 * n, note, fill=MUTED, size=13) for n, note in enumerate(notes)),
        "</svg>",
    ]
    return "\n".join(parts)


def _what(found: Answers, lang: str) -> str:
    asked = found.asked
    return f"{place_text(found, lang)} · {asked.year} · {say(lang, 'page_answers.picture')}"


def _legend(found: Answers, lang: str) -> Iterator[str]:
    x = 16.0
    for piece in next((bar for bar in bars(found, lang) if bar), ()):
        if x > WIDTH - 120:
            return
        yield f'<rect x="{x:g}" y="70" width="12" height="12" fill="{piece.colour}"/>'
        yield text(x + 17, 81, piece.label, size=13)
        x += 34 + sum(13 if ord(c) > 255 else 7.5 for c in piece.label)


def _grid(found: Answers, lines: int) -> Iterator[str]:
    ends = axis(found)
    if ends is None or found.asked.item.coding == "multiple":
        return
    left = NAMES + COUNTS + BARS + 36
    for n in range(5):
        x = left + MEANS * n / 4
        yield f'<line x1="{x:g}" y1="{TOP - 6}" x2="{x:g}" y2="{TOP + LINE * lines}" stroke="{GRID}"/>'
        value = ends[0] + (ends[1] - ends[0]) * n / 4
        yield text(x, TOP - 11, mean_text(found, value), fill=MUTED, size=12, anchor="middle")


def _lines(found: Answers, lang: str) -> Iterator[Drawn]:
    for row, bar in zip(found.rows, bars(found, lang), strict=True):
        if row.hidden or found.asked.item.coding != "multiple":
            yield _Line(found, row, lang, bar)
            continue
        yield _Head(name_of(found, row, lang), row.n)
        for name, label in choices_of(found, lang):
            if name in row.shares:
                yield _Choice(label, row.shares[name][0])


class _Head:
    def __init__(self, name: str, n: int | None) -> None:
        self.name, self.n = name, n

    def __call__(self, y: float) -> Iterator[str]:
        yield text(16, y + 22, f"{self.name}  n={numbers.count(self.n)}", weight="bold")


class _Choice:
    def __init__(self, label: str, share: float) -> None:
        self.label, self.share = label, share

    def __call__(self, y: float) -> Iterator[str]:
        yield text(16, y + 22, self.label)
        left = NAMES + COUNTS
        yield f'<rect x="{left}" y="{y + 6:g}" width="{BARS * self.share:g}" height="22" fill="{PLAIN[0][0]}"/>'
        yield text(left + BARS * self.share + 8, y + 22, percent(self.share))


class _Line:
    def __init__(self, found: Answers, row: Group, lang: str, bar: Sequence[Piece]) -> None:
        self.found, self.row, self.lang, self.bar = found, row, lang, bar

    def __call__(self, y: float) -> Iterator[str]:
        found, row = self.found, self.row
        yield text(16, y + 22, name_of(found, row, self.lang), weight="bold" if row.value is None else "")
        if row.hidden:
            yield text(NAMES + COUNTS, y + 22, why_hidden(found, row, self.lang), fill=MUTED)
            return
        yield text(NAMES + COUNTS - 14, y + 22, numbers.count(row.n), anchor="end")
        if not self.bar and any(code in WITHHELD for code in row.notes):
            yield text(NAMES + COUNTS, y + 22, why_hidden(found, row, self.lang), fill=MUTED, size=12)
        for p, told in zip(self.bar, digits(self.bar), strict=True):
            left, width = NAMES + COUNTS + BARS * p.left / 100, BARS * p.width / 100
            yield f'<rect x="{left:g}" y="{y + 6:g}" width="{width:g}" height="22" fill="{p.colour}"/>'
            if told:
                yield text(left + width / 2, y + 22, told, fill=p.text_colour, size=13, anchor="middle")
        ends = axis(found)
        if ends is not None and row.mean is not None:
            yield from self._means(y, ends)

    def _means(self, y: float, ends: tuple[float, float]) -> Iterator[str]:
        row, left = self.row, NAMES + COUNTS + BARS + 36
        for mean, low, high, drop, paper in (
            (row.was, row.was_low, row.was_high, 24, "#ffffff"),
            (row.mean, row.low, row.high, 14, INK),
        ):
            if mean is None:
                continue
            x = left + MEANS * place(mean, ends) / 100
            stroke = INK if paper == INK else MUTED
            if low is not None and high is not None:
                x1, x2 = (left + MEANS * place(end, ends) / 100 for end in (low, high))
                yield f'<line x1="{x1:g}" y1="{y + drop:g}" x2="{x2:g}" y2="{y + drop:g}" stroke="{stroke}" stroke-width="2"/>'
            yield f'<circle cx="{x:g}" cy="{y + drop:g}" r="4" fill="{paper}" stroke="{stroke}" stroke-width="1.5"/>'
        half = numbers.half_width(row.low, row.high, 1 if self.found.scored else 2, around=row.mean)
        yield text(left + MEANS + 22, y + 22, f"{mean_text(self.found, row.mean)} {half}")


def _wrapped(text: str) -> list[str]:
    """A text in lines that fit."""
    lines, line, used = [], "", 0.0
    for letter in text:
        line, used = line + letter, used + (1.0 if ord(letter) > 255 else 0.55)
        if used >= NOTE_LETTERS and (ord(letter) > 255 or letter == " "):
            lines.append(line)
            line, used = "", 0.0
    return [*lines, line] if line.strip() else lines
