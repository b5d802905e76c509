"""What a header may say beside its question: the scale in brackets, the stem of a matrix, one option of several.

Every reading here is a proposal: a person confirms it (``survey.matching.column_proposals``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.core.cells import clean, unnumbered
from survey.files.layouts.layout import spellings, split_tail, unique
from survey.files.own_workbooks import header_key
from survey.form.model import Question, Questionnaire

#: what stands between a stem and its item or option; a hyphen within a word (1-4) is none
_BETWEEN = re.compile(r"\s*(?:—+|–|─+|::?|/|\||;|。|\?|!|>|→|、|_|\.(?!\d)|(?<!\d)-|-(?!\d))\s*|\s+")
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|「[^「」]*」)\s*")
#: a text shorter than this is found in others by chance
SHORTEST = 2


def bare(header: str) -> tuple[str, ...]:
    """The header without numbers in front and without what stands in brackets, best first; never empty texts."""
    found = []
    for text in spellings(header):
        without = _BRACKETS.sub(" ", text)
        head, _ = split_tail(text)
        found += [t.strip(" *:?。、,;") for t in (head, without, unnumbered(without.strip()))]
    return unique(found)


def parts(header: str) -> tuple[str, ...]:
    """The parts of a header that may name its item, the last one first (``满意度—办事公道`` → 办事公道, 满意度)."""
    found: list[str] = []
    for text in unique((*spellings(header), *bare(header))):
        _, inner = split_tail(text)
        found += [inner, *_BRACKETS.findall(text)]
        cuts = list(_BETWEEN.finditer(text))
        found += [text[cut.end() :] for cut in cuts]
        found += [text[: cut.start()] for cut in reversed(cuts)]
    return tuple(t for t in unique(f.strip(" *:?。、,;()[]【】") for f in found) if len(t) >= SHORTEST)


def item_of(label: str) -> str:
    """The item of a label of a matrix (``服务满意度—办事公道`` → ``办事公道``), '' where the label has one part only."""
    pieces = [p for p in re.split(r"\s*(?:—+|–|─+|:|_|(?<!\d)-(?!\d))\s*", clean(label)) if p]
    return pieces[-1] if len(pieces) > 1 else ""


def texts_of(header: str) -> tuple[str, ...]:
    """Everything that a header may say, best first: as it stands, without brackets, its parts."""
    return unique((*spellings(header), *bare(header), *parts(header)))


def options(header: str, form: Questionnaire) -> Iterator[tuple[Question, str, bool]]:
    """(question, choice name, whether the question is named) of the one option that a header may stand for, best first:
    ``M_med``, ``M.看病``, ``最需要的服务(老年食堂)``, ``其他``."""
    several = [q for q in form.questions if q.type == "select_multiple"]
    texts = unique((*spellings(header), *bare(header)))
    for question in several:
        stems = {header_key(s) for s in (question.name, *question.labels.values(), *question.aliases) if s}
        for text in texts:
            for stem, option in _pairs(text):
                name = choice_of(question, option)
                if name and header_key(stem) in stems:
                    yield question, name, True
    for question in several:
        for text in texts:
            if name := choice_of(question, text, codes=False):
                yield question, name, False


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """(stem, option) for every place where a header may be cut in two."""
    head, inner = split_tail(text)
    if inner:
        yield head, inner
    for cut in _BETWEEN.finditer(text):
        yield text[: cut.start()], text[cut.end() :]
    for at in (1, 2, 3, 4):  # M1, Mmed
        yield text[:at], text[at:]


def choice_of(question: Question, text: str, *, codes: bool = True) -> str:
    """The choice that a text names (by code only where ``codes``), '' where none does."""
    key = header_key(text)
    for choice in question.choices:
        said: Sequence[str] = (*((choice.name,) if codes else ()), *choice.labels.values(), *choice.aliases)
        if key and any(key in (header_key(s), header_key(_BRACKETS.sub("", clean(s)))) for s in said):
            return choice.name
    return ""
