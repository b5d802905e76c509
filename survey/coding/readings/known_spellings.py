"""Ways of writing that somebody confirmed for a sender: 46岁 needs no question where 45岁 had one.

What is kept of a confirmation are words with what they mean.  Of those that hold a number the way of writing is what was
confirmed: the same word around another number, read as that number; of those that hold a community's name the words around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from survey.answers.loose_readings import EMPTY
from survey.answers.mapping import Words
from survey.answers.other_scales import other_scale
from survey.answers.values import choice_words
from survey.core.cells import answer_key, as_number, chinese_number
from survey.form.model import Question

_HAN = "零〇一二两三四五六七八九十百"
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)?|[{_HAN}]+")
#: a spelling: the word with its numbers left open, and how what it means follows from them
Spelling = tuple[str, str]


def spelling(word: str, meaning: str, question: Question) -> Spelling | None:
    """The way in which a word is written that means something else: ``("#岁", "number")`` of 45岁 as 45; None of a word without
    a number, of a bare number of choices (a code, of which only itself was confirmed) and of what counts as no answer."""
    word = answer_key(word)
    if question.role == "community":
        base = answer_key(meaning).removesuffix("社区")
        return (_NUMBER.sub("#", word.replace(base, "@")), "place") if base and base in word else None
    shape = _NUMBER.sub("#", word)
    if meaning == EMPTY or "#" not in shape:
        return None
    if question.coding in ("number", "step"):
        said, meant = [_value(text) for text in _NUMBER.findall(word)], as_number(meaning)
        if len(said) != 1 or said[0] is None or meant is None:
            return None
        return shape, "number" if said[0] == meant else _other(said[0], meant, question)
    if shape == "#":
        return None
    return shape, "day" if question.coding == "date" else meaning


def _value(text: str) -> float | None:
    number = as_number(text.replace(",", "."))
    return float(chinese_number(text) or 0) if number is None else number


def _other(said: float, meant: float, question: Question) -> str:
    """How else a number follows from what is written: a share of the scale, or years since a year of birth."""
    if question.role == "age" and said > 1000:
        return "birth"
    return f"times {round(meant / said, 6)}" if said else "times 0"


def ways_of_writing(words: Words, question: Question) -> frozenset[Spelling]:
    """The ways of writing among the words that were confirmed for a question."""
    return frozenset(kind for word, meaning in words.items() if (kind := spelling(word, meaning, question)))


def is_known(words: Words, confirmed: frozenset[Spelling], question: Question) -> bool:
    """Whether all readings of a cell (word → meaning) are written in confirmed ways."""
    return bool(confirmed) and all(spelling(w, m, question) in confirmed for w, m in words.items())


def is_rescaled(confirmed: frozenset[Spelling]) -> bool:
    """Whether points on another scale were confirmed: 85 as 8.5."""
    return any(shape == "#" and how.startswith("times ") for shape, how in confirmed)


def further_codes(question: Question, codes: Mapping[str, int], said: Words) -> dict[str, str]:
    """Code → choice for codes of a column (code → cells) that were not there when its scale was confirmed (``said``): 20 beside
    100, 80, 60 and 40; {} where all of them together are another scale than was confirmed."""
    own = choice_words(question)
    new = [w for w in codes if answer_key(w) not in said and answer_key(w) not in own]
    before = {w: 1 for w in said if as_number(w) is not None}
    if not new or not before:
        return {}
    scale = other_scale({**before, **codes}, question)
    if scale is None or any(scale.pairs.get(w, said[w]) != said[w] for w in before):
        return {}
    return {answer_key(w): scale.pairs[w] for w in new if w in scale.pairs}
