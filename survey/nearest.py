"""The choices that a word looks like: suggested to a person, never applied."""

from __future__ import annotations

from collections.abc import Set

from rapidfuzz import fuzz

from survey.form.model import Question
from survey.known_scales import comparable, step

#: suggestions below this likeness (0–1) are noise; at most so many a word
LIKE, MOST_SUGGESTIONS = 0.5, 3


def suggestions(word: str, question: Question) -> tuple[tuple[str, float], ...]:
    """The choices that a word looks like, best first, with their likeness 0–1; never one of the other side.

    Two steps of one scale are as alike as they are strong, other texts as they are written.  A word with digits
    is only like a label with the same ones: ``5分`` is no code 5.
    """
    near = []
    own = {found.stem for c in question.choices for text in c.labels.values() if (found := step(text))}
    for choice in question.choices:
        texts = [t for t in (*choice.labels.values(), *choice.aliases) if t and _digits(t) == _digits(word)]
        likeness = max((_likeness(word, text, own) for text in texts), default=0.0)
        if likeness >= LIKE:
            near.append((choice.name, round(likeness, 3)))
    return tuple(sorted(near, key=lambda pair: -pair[1])[:MOST_SUGGESTIONS])


def _likeness(word: str, text: str, stems: Set[str]) -> float:
    one, other = step(word), step(text)
    if one and other:
        if one.degree * other.degree < 0:
            return 0.0
        if one.stem == other.stem or (not other.stem and one.stem in stems):
            middle = (one.degree == 0) != (other.degree == 0)
            return 1 - abs(one.degree - other.degree) / 12 - 0.2 * middle
    return fuzz.ratio(comparable(word), comparable(text)) / 100


def _digits(text: str) -> str:
    return "".join(c if c.isdigit() else " " for c in comparable(text)).strip()
