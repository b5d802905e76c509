"""What was answered in words, in an order that chance made, with the codes that people gave and those that keywords suggest.

Whoever codes takes the answers as they come in this order, so that what is coded stands for all: answers that were looked up
and coded first count only once their turn comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection

from survey.core import limits
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Question, Questionnaire
from survey.store import words
from survey.store.intake import questionnaires, responses
from survey.store.intake.questionnaires import StoredForm
from survey.store.words import Coded, WordCode

#: response, part, row, year, community, text, what it was given
_Found = tuple[int, int, int, int, str, str, Coded | None]


@dataclass(frozen=True)
class Worded:
    """One answer: ``row`` of its part (version of the questionnaire), ``turn`` its place in the order of its year, from 0;
    -1 for one of a community where so few wrote that no single answer is shown, which is neither read nor coded."""

    response_id: int
    part: int
    row: int
    year: int
    community: str
    text: str
    turn: int
    coded: Coded | None


@dataclass(frozen=True)
class Asked:
    """A question answered in words over all versions and years: ``parts`` (version, its responses), ``codes``, ``answers``."""

    name: str
    question: str
    parts: Sequence[tuple[StoredForm, ResponseBlock]]
    codes: tuple[WordCode, ...]
    answers: tuple[Worded, ...]

    def of(self, year: int) -> tuple[Worded, ...]:
        """The answers of a year that have a turn, in their order."""
        return tuple(sorted((a for a in self.answers if a.year == year and a.turn >= 0), key=lambda a: a.turn))

    def counted(self, year: int) -> tuple[Worded, ...]:
        """Those that stand for all of a year: coded without a gap, up to the last that was coded in its turn."""
        there = self.of(year)
        gap = next((a.turn for a in there if a.coded is None), len(there))
        last = max((a.turn for a in there[:gap] if a.coded is not None and a.coded.in_turn), default=-1)
        return there[: last + 1]

    def next_turn(self, year: int) -> Worded | None:
        """The first that nobody coded yet; None where all are."""
        return next((a for a in self.of(year) if a.coded is None), None)

    @property
    def form(self) -> Questionnaire:
        """The newest version."""
        return self.parts[-1][0].form


def in_words(form: Questionnaire) -> dict[str, Question]:
    """The questions that are answered in words, by name: no role, no date."""
    return {q.name: q for q in form.questions if not q.role and q.type == "text"}


def read(conn: Connection, name: str, question: str) -> Asked:
    """All answers to a question; raises Refused for a questionnaire or question that is not there."""
    newest = questionnaires.get(conn, name)
    known = in_words(newest.form)
    if question not in known:
        raise Refused("words.no_question", name=name, question=question, known=list(known) or "—")
    versions = [questionnaires.get(conn, name, v) for v in range(1, newest.version + 1)]
    parts = [(v, responses.load(conn, v)) for v in versions]
    parts = [(v, block) for v, block in parts if len(block) and question in in_words(v.form)]
    found = [one for i, (v, block) in enumerate(parts) for one in _answers(conn, i, v, block, question)]
    few = _few(found)
    turns = _turns((one for one in found if one[3:5] not in few), question)
    answers = tuple(Worded(*one[:6], turns.get(one[0], -1), one[6]) for one in found)
    return Asked(name, question, parts, words.codes(conn, name, question), answers)


def _answers(conn: Connection, part: int, version: StoredForm, block: ResponseBlock, question: str) -> list[_Found]:
    given = words.coded(conn, version.id, version.form.position[question])
    texts = block.texts.get(question) or [None] * len(block)
    columns = [block.design[name].tolist() for name in ("response_id", "year", "community_code")]
    return [
        (int(number), part, row, int(year), code if isinstance(code, str) else "", text, given.get(int(number)))
        for row, (number, year, code, text) in enumerate(zip(*columns, texts, strict=True))
        if text is not None and clean(text)
    ]


def _few(found: Iterable[_Found]) -> frozenset[tuple[int, str]]:
    """The years and communities where too few wrote something for a single answer to be shown."""
    sizes = Counter(one[3:5] for one in found)
    return frozenset(place for place, n in sizes.items() if n < limits.TOTALS_BELOW)


def _turns(found: Iterable[_Found], question: str) -> dict[int, int]:
    """Response → its place in the order of its year, the same whenever it is asked for."""
    of_year: dict[int, list[int]] = {}
    for one in found:
        of_year.setdefault(one[3], []).append(one[0])
    return {
        number: turn
        for numbers in of_year.values()
        for turn, number in enumerate(sorted(numbers, key=lambda n: (_drawn(n, question), n)))
    }


def _drawn(number: int, question: str) -> bytes:
    return blake2b(f"{question}/{number}".encode(), digest_size=8).digest()


def suggested(codes: Iterable[WordCode], text: str) -> Mapping[int, str]:
    """Code → the keyword of it that an answer holds; nothing is coded by it."""
    plain = clean(text).casefold()
    found: dict[int, str] = {}
    for code in codes:
        word = next((w for w in code.keywords if clean(w).casefold() in plain), None)
        if word is not None:
            found[code.id] = word
    return found


def holding(answers: Iterable[Worded], wanted: str) -> tuple[Worded, ...]:
    """The answers that hold what is looked for, in any width and case; all of them for nothing."""
    plain = clean(wanted).casefold()
    return tuple(a for a in answers if plain in clean(a.text).casefold()) if plain else tuple(answers)
