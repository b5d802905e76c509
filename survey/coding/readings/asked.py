"""How the questions about readings are worded: single readings with their counts, and columns on another scale, one question a
notation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.answers.loose_readings import EMPTY
from survey.answers.mapping import Words
from survey.answers.other_scales import OtherScale
from survey.answers.respondents import folded
from survey.answers.values import NOTHING
from survey.core.cells import clean
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated, say
from survey.form.model import Question
from survey.matching.matched_sheet import ColumnMatch, Matched

#: the questions: single readings, and columns on another scale
READINGS, SCALES = "intake.readings_proposed", "intake.scale_proposed"
#: readings that one sentence names; the count is complete
FIRST = 40


@dataclass(frozen=True)
class ReadCells:
    """One column of a question: what stands in it, how often, and the cell where each value stands first."""

    column: ColumnMatch
    question: Question
    values: tuple[Any, ...]
    often: Sequence[int]
    first: Sequence[int]


#: the columns of a list of choices with the codes in each: code → cells
Coded = Sequence[tuple[ReadCells, Mapping[str, int]]]


def pooled(mine: Coded) -> dict[str, int]:
    """Code → cells that hold it in all the columns of a list."""
    often: dict[str, int] = {}
    for _, codes in mine:
        for word, n in codes.items():
            often[word] = often.get(word, 0) + n
    return often


def scales_asked(
    scaled: Sequence[tuple[Coded, OtherScale]], matched: Matched
) -> list[tuple[tuple[str, ...], Mapping[str, str], Finding]]:
    """What columns on another scale are read as, and one question a notation: letters of several lists are one cause."""
    alike: dict[str, list[tuple[Coded, OtherScale]]] = {}
    for mine, scale in scaled:
        alike.setdefault("letters" if scale.named[:1].isalpha() else scale.named, []).append((mine, scale))
    found = []
    for lists in alike.values():
        first = lists[0][0][0][0].column
        params = {
            "n": sum(n for mine, _ in lists for n in pooled(mine).values()),
            "columns": sum(len(mine) for mine, _ in lists),
            "scale": max((scale.named for _, scale in lists), key=lambda named: (len(named), named)),
            "pairs": {lang: _pairs(lists, lang) for lang in LANGUAGES},
        }
        asked = Finding(SCALES, "ask", "sheet", matched.sheet.name, first.cell, header=first.header, params=params)
        found += [(tuple(c.question.name for c, _ in mine), scale.pairs, asked) for mine, scale in lists]
    return found


def _pairs(lists: Sequence[tuple[Coded, OtherScale]], lang: str) -> str:
    """What each word is read as; where several lists are, each after its first question."""
    said = []
    for mine, scale in lists:
        question = mine[0][0].question
        words = sorted(scale.pairs, key=_order)
        pairs = enumerated(lang, (f"{w}→{_label(question, scale.pairs[w], lang)}" for w in words))
        said.append(
            pairs if len(lists) == 1 else say(lang, "intake.scale_of", question=question.label(lang), pairs=pairs)
        )
    return ("；" if lang == "zh" else "; ").join(said)


def _order(word: str) -> tuple[float, str]:
    return (float(word), "") if word.replace(".", "", 1).isdigit() else (0.0, folded(word))


def _label(question: Question, name: str, lang: str) -> str:
    if name == EMPTY:
        return NOTHING
    return next((c.label(lang) for c in question.choices if c.name == name), name)


def named(cells: ReadCells, words: Words, place: int) -> Sequence[tuple[str, str]]:
    """(what is read, what as): the cell as it stands, of several choices each part that is none."""
    if cells.question.coding == "multiple":
        return list(words.items())
    return [(clean(cells.values[place]), next(iter(words.values())))]


def readings_asked(matched: Matched, told: Sequence[tuple[ReadCells, str, str, int]]) -> Finding:
    """One question for all readings of a file, the most frequent first."""
    often: dict[tuple[str, str], int] = {}
    labels: dict[tuple[str, str], Question] = {}
    for cells, word, meaning, place in told:
        key = (word, meaning)
        often[key] = often.get(key, 0) + cells.often[place]
        labels.setdefault(key, cells.question)
    ranked = sorted(often, key=lambda k: -often[k])

    def reading(lang: str, word: str, meaning: str) -> str:
        shown = _label(labels[word, meaning], meaning, lang)
        return say(lang, "intake.reading", word=word, meaning=shown, n=often[word, meaning])

    pairs = {lang: enumerated(lang, (reading(lang, w, m) for w, m in ranked), FIRST) for lang in LANGUAGES}
    cells, _, _, place = told[0]
    at = matched.sheet.address(matched.first + cells.first[place], cells.column.index)
    columns = len({c.column.index for c, *_ in told})
    params = {"n": sum(often.values()), "kinds": len(ranked), "columns": columns, "pairs": pairs}
    return Finding(READINGS, "ask", "sheet", matched.sheet.name, at, header=cells.column.header, params=params)
