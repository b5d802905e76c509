"""Headers → questions with certainty: exact matches are certain, likeness is suggested and never applied."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from survey.core.cells import clean, unnumbered
from survey.files.layouts.layout import spellings
from survey.files.own_workbooks import header_key
from survey.form.model import Question, Questionnaire
from survey.matching.shapes.header_parts import bare, item_of, options, parts, texts_of
from survey.matching.sheet_matching import vocabulary

How = Literal["name", "label", "alias", "numbered", "part", "option", "similar"]
#: what a header is certain to mean without its number and marks; a part of it; the highest certainty of a likeness
NUMBERED, PART, MOST_ALIKE = 0.95, 0.9, 0.9
#: suggestions below this certainty are noise
LIKE = 0.5
#: a name shorter than this is a code (A1), alike to every other code
SHORTEST = 4
#: a text shorter than this stands in many others by chance
SHORTEST_WITHIN = 6
#: likeness (0–100) of a header to a short label that stands in it, below that of a text that is nearly the whole header
NAMED = 75.0
#: another question within this margin makes a suggestion doubtful
MARGIN, DOUBTFUL = 0.08, 0.8

#: how a header asks for something, and what it is to be given in: 您的年龄（周岁）
_ASKED = re.compile(r"^(?:请问)?(?:您|你|被访者|受访者|被调查者|本人)(?:的|目前的?|今年的?)?")
_ASKED_END = re.compile(r"(?:是|为)(?:什么|多少|哪个|哪里|哪一个|哪一类|几)?[?:。]*$")
_UNIT = re.compile(r"\s*\((?:单位 ?[:.]? ?)?(?:周岁|实足岁|岁|年|个?月|元|万元|人|分|户|次|天|小时|分钟|平方米|㎡)\)$")

#: likeness that is enough where the cells of a column fit the question, and words that stand in headers of all kinds
LIKE_LEFT = 0.3
COMMON = frozenset(
    {
        "满意",
        "意度",
        "社区",
        "情况",
        "状况",
        "评价",
        "您的",
        "您对",
        "是否",
        "居民",
        "问题",
        "方面",
        "程度",
        "评分",
        "打分",
    }
)

Likeness = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a header may mean: 1.0 is certain (name, label, alias), everything else waits for a person.

    ``choice`` is set for the column of one option of a ``select_multiple``.
    """

    header: str
    question: str
    certainty: float
    how: How
    choice: str | None = None

    @property
    def target(self) -> str:
        """What ``ColumnMapping.columns`` says of the header when this is confirmed."""
        return self.question if self.choice is None else f"{self.question}/{self.choice}"


def suggest_columns(headers: Sequence[str], form: Questionnaire) -> list[Suggestion]:
    """The suggestions for the headers of a file, in their order; a header without one is left out.

    A likeness is proposed for questions that no header names exactly, at most one header a question and one
    question a header, so that the likenesses add up to the most (scipy's linear sum assignment).
    """
    words = vocabulary(form)
    found: dict[int, Suggestion] = {}
    for index, header in enumerate(headers):
        for key, certain in _keys(header):
            target = words.get(key)
            if target is not None:
                how: How = target.how if certain else "numbered"  # type: ignore[assignment]
                found[index] = Suggestion(header, target.question, 1.0 if certain else NUMBERED, how, target.choice)
                break
    taken = {suggestion.question for suggestion in found.values()}
    parted, unclear = _in_parts(
        [(i, h) for i, h in enumerate(headers) if i not in found and header_key(h)], form, taken
    )
    found |= parted
    taken = {suggestion.question for suggestion in found.values()}
    open_headers = [(i, h) for i, h in enumerate(headers) if i not in found and i not in unclear and header_key(h)]
    for place, question, certainty in _assigned([h for _, h in open_headers], form.questions, taken):
        index, header = open_headers[place]
        found[index] = Suggestion(header, question, certainty, "similar")
    return [found[index] for index in sorted(found)]


def suggest_left(headers: Sequence[str], questions: Sequence[Question]) -> list[Suggestion]:
    """Suggestions for headers and questions that were left, where the cells fit already: a lower likeness is enough, a shared
    word at least (社会治安 for 治安状况).
    """
    alike = _likeness(headers, questions)
    if not alike.size:
        return []
    shared = np.array([[_shares_word(h, q) for q in questions] for h in headers])
    alike = np.maximum(alike, np.array([[_share_of_label(h, q) for q in questions] for h in headers], dtype=np.float32))
    alike[(alike < LIKE_LEFT) | ~shared] = 0
    found = []
    places, columns = scipy.optimize.linear_sum_assignment(alike, maximize=True)
    for place, column in zip(places.tolist(), columns.tolist(), strict=True):
        likeness = float(alike[place, column])
        rivals = max(np.delete(alike[place], column).max(initial=0), np.delete(alike[:, column], place).max(initial=0))
        if likeness and likeness - float(rivals) >= MARGIN:
            found.append(Suggestion(headers[place], questions[column].name, round(likeness, 3), "similar"))
    return found


def _shares_word(header: str, question: Question) -> bool:
    """Whether a header and a label have two hanzi in a row in common, or a word of four letters."""
    mine = _words_of(header)
    return any(mine & _words_of(label) for label in (*question.labels.values(), *question.aliases))


def _share_of_label(header: str, question: Question) -> float:
    """The largest share of a label's words that stand in a header, however long it is."""
    mine = _words_of(header)
    told = [words for label in question.labels.values() if (words := _words_of(label))]
    return MOST_ALIKE * max((len(mine & words) / len(words) for words in told), default=0.0)


def _words_of(text: str) -> set[str]:
    plain = clean(text).casefold()
    pairs = {plain[i : i + 2] for i in range(len(plain) - 1) if not plain[i : i + 2].isascii()}
    return {p for p in pairs if p.isalpha()} - COMMON | set(re.findall(r"[a-z]{4,}", plain))


def _in_parts(
    headers: Sequence[tuple[int, str]], form: Questionnaire, taken: Set[str]
) -> tuple[dict[int, Suggestion], set[int]]:
    """Headers of which a part names a question that no header has: the scale in brackets, the item behind its stem.

    The second are headers whose part names several questions, or stands in several headers for one.
    """
    items = _items([q for q in form.questions if q.name not in taken and q.role != "phone"])
    found: dict[int, Suggestion] = {}
    same: dict[str, list[int]] = {}
    by_index = dict(headers)
    for index, header in headers:
        option = next(((q, c) for q, c, stem in options(header, form) if q.name not in taken), None)
        key = next((k for t in texts_of(header) if (k := header_key(t)) in items), None)
        with_stem = any(stem for q, _, stem in options(header, form) if q.name not in taken)
        if option is not None and (with_stem or key is None):
            found[index] = Suggestion(header, option[0].name, PART, "option", option[1])
        elif key is not None:
            same.setdefault(key, []).append(index)
    for key, places in same.items():
        for index, question in _paired([(i, by_index[i]) for i in places], items[key]):
            found[index] = Suggestion(by_index[index], question.name, PART, "part")
    return found, {i for places in same.values() for i in places} - set(found)


def _items(questions: Sequence[Question]) -> dict[str, list[Question]]:
    """Comparable text → the questions that it names: labels and aliases, else the item of a matrix."""
    whole: dict[str, list[Question]] = {}
    items: dict[str, list[Question]] = {}
    for question in questions:
        texts = [t for t in (*question.labels.values(), *question.aliases) if t]
        for held, said in ((whole, texts), (items, [item_of(t) for t in texts])):
            for key in dict.fromkeys(header_key(s) for s in (*said, *(b for t in said for b in bare(t)))):
                if key:
                    held.setdefault(key, []).append(question)
    return {**items, **whole}


def _paired(headers: Sequence[tuple[int, str]], questions: Sequence[Question]) -> list[tuple[int, Question]]:
    """Which header is which question of one item: the only ones, those of one stem, else all in their order."""
    if len(headers) == len(questions):
        return [(index, question) for (index, _), question in zip(headers, questions, strict=True)]
    found = []
    for index, header in headers:
        like = [q for q in questions if any(_same_stem(header, label) for label in q.labels.values())]
        found += [(index, like[0])] if len(like) == 1 else []
    return found if len({q.name for _, q in found}) == len(found) else []


def _same_stem(header: str, label: str) -> bool:
    """Whether the header holds everything that the label says."""
    key = header_key(header)
    pieces = [header_key(p) for p in parts(label)]
    return len(pieces) > 1 and all(p in key for p in pieces)


def _keys(header: str) -> Iterator[tuple[str, bool]]:
    """Comparable spellings of a header, best first; only the first, as it stands, is certain."""
    yield header_key(header), True
    for text in _spellings(header):
        yield header_key(text), False


def _spellings(header: str) -> tuple[str, ...]:
    known = spellings(header)
    plain = (*known, *map(unnumbered, known))
    bare = [_UNIT.sub("", clean(text)) for text in plain]
    ended = [_ASKED_END.sub("", text) for text in bare]
    return tuple(dict.fromkeys((*plain, *ended, *(_ASKED.sub("", text) or text for text in (*bare, *ended)))))


def _assigned(
    headers: Sequence[str], questions: Sequence[Question], taken: Set[str]
) -> Iterator[tuple[int, str, float]]:
    """(header, question name, certainty) of the best assignment; a header most like a taken question gets none."""
    alike = _likeness(headers, questions)
    if not alike.size:
        return
    held = np.array([question.name in taken for question in questions])
    alike[(alike < LIKE) | (alike <= alike[:, held].max(axis=1, initial=0, keepdims=True))] = 0
    places, columns = scipy.optimize.linear_sum_assignment(alike, maximize=True)
    for place, column in zip(places.tolist(), columns.tolist(), strict=True):
        likeness = float(alike[place, column])
        rival = float(np.delete(alike[place], column).max(initial=0.0))
        certainty = likeness * (DOUBTFUL if likeness - rival < MARGIN else 1.0)
        if certainty >= LIKE:
            yield place, questions[column].name, round(certainty, 3)


def _likeness(headers: Sequence[str], questions: Sequence[Question]) -> Likeness:
    """(headers, questions) likeness 0 … 0.9: the best of a question's texts and of the header's spellings.

    Numbers in front are left out, so that words decide where another year's form was numbered otherwise; they stay where
    only they tell two questions apart.
    """
    numbered = [(column, text) for column, question in enumerate(questions) for text in _texts(question)]
    often = Counter(bare_text for _, text in dict.fromkeys(numbered) if (bare_text := unnumbered(text)) != text)
    told = [(c, text if often[unnumbered(text)] > 1 else unnumbered(text)) for c, text in numbered]
    texts = list(dict.fromkeys(told))
    heads = [(place, text) for place, header in enumerate(headers) for text in _comparable(_spellings(header))]
    if not any(n > 1 for n in often.values()):
        heads = list(dict.fromkeys((place, unnumbered(text)) for place, text in heads))
    alike = np.zeros((len(headers), len(questions)), dtype=np.float32)
    if not texts or not heads:
        return alike
    scores = _scores([text for _, text in heads], [text for _, text in texts])
    rows = np.array([place for place, _ in heads])[:, None]
    columns = np.array([column for column, _ in texts])[None, :]
    np.maximum.at(alike, (rows, columns), scores)
    return alike


def _texts(question: Question) -> list[str]:
    names = [question.name] if len(question.name) >= SHORTEST else []
    return _comparable([*names, *question.labels.values(), *question.aliases])


def _comparable(texts: Sequence[str]) -> list[str]:
    """Plain width and case, each once; spaces stay, because English is compared by its words."""
    return [text for text in dict.fromkeys(clean(t).casefold().strip("?!。,;: ") for t in texts) if text]


def _scores(heads: Sequence[str], texts: Sequence[str]) -> Likeness:
    """(heads, texts) likeness of two texts: plain, by their sorted words, or one contained in the other."""
    whole = np.maximum(cdist(heads, texts, scorer=fuzz.ratio), cdist(heads, texts, scorer=fuzz.token_sort_ratio))
    lengths = np.minimum.outer([len(h) for h in heads], [len(t) for t in texts])
    whole_in = np.array([[_is_named(h, t) for t in texts] for h in heads])
    within = np.where(lengths >= SHORTEST_WITHIN, cdist(heads, texts, scorer=fuzz.partial_ratio), NAMED * whole_in)
    scores: Likeness = (np.maximum(whole, within * 0.95) * (MOST_ALIKE / 100)).astype(np.float32)
    figures: Mapping[str, str] = {text: _figures(text) for text in (*heads, *texts)}
    differ = np.array([[figures[h] != figures[t] and bool(figures[h] and figures[t]) for t in texts] for h in heads])
    scores[differ] = 0
    return scores


def _is_named(head: str, text: str) -> bool:
    """Whether a header holds a short label in hanzi as it stands: 居住年数 in 您在本社区的居住年数."""
    return len(text) >= SHORTEST and not text.isascii() and text in head


def _figures(text: str) -> str:
    return "".join(c if c.isdigit() else " " for c in text).strip()
