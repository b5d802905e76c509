"""Answers in words put under codes: the list of codes of a question, and which of them each answer was given.

What was answered is never changed.  A list belongs to a question of a questionnaire by name, over all its versions and years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from survey.core import limits
from survey.core.cells import clean, typed
from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.engine.base import now

#: the actions that the audit record knows
CODED, UNCODED, CODES = "words coded", "words uncoded", "word codes"


@dataclass(frozen=True)
class WordCode:
    """A code: its ``keywords`` only suggest it."""

    id: int
    name: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coded:
    """What one answer was given: ``codes`` by id, ``in_turn``: it was next in the random order."""

    codes: tuple[int, ...]
    in_turn: bool
    who: str


def codes(conn: Connection, questionnaire: str, question: str) -> tuple[WordCode, ...]:
    """The list of a question, in its order."""
    c = t.word_codes.c
    query = select(c.id, c.name, c.keywords).where(c.questionnaire == questionnaire, c.question == question)
    return tuple(WordCode(i, name, tuple(words)) for i, name, words in conn.execute(query.order_by(c.position, c.id)))


def save_codes(conn: Connection, who: str, questionnaire: str, question: str, wanted: Iterable[WordCode]) -> None:
    """Make the list of a question this one: codes keep their id, those of id 0 are new, those left out go.

    Raises Refused for a name that is empty, too long or stands twice, for too many, and for leaving out a code in use.
    """
    kept = [WordCode(one.id, typed(one.name), _words(one.keywords)) for one in wanted]
    _check(kept)
    before = {one.id: one for one in codes(conn, questionnaire, question)}
    if not {one.id for one in kept if one.id} <= before.keys():
        raise Refused("words.code_gone")
    gone = [one for number, one in before.items() if number not in {k.id for k in kept}]
    used = _used(conn, gone)
    if used:
        name, n = next(iter(used.items()))
        raise Refused("words.code_in_use", name=name, n=n)
    c = t.word_codes.c
    conn.execute(delete(t.word_codes).where(c.id.in_([one.id for one in gone])))
    for one in before.values():  # two codes may take each other's name
        conn.execute(update(t.word_codes).where(c.id == one.id).values(name=f"\0{one.id}"))
    for position, one in enumerate(kept):
        values = {"name": one.name, "keywords": list(one.keywords), "position": position}
        if one.id:
            conn.execute(update(t.word_codes).where(c.id == one.id).values(values))
        else:
            conn.execute(insert(t.word_codes).values(questionnaire=questionnaire, question=question, **values))
    told = {"questionnaire": questionnaire, "codes": [one.name for one in kept], "left out": [g.name for g in gone]}
    audit.record(conn, who, CODES, question, told)


def coded(conn: Connection, form_id: int, question: int) -> dict[int, Coded]:
    """Response → what it was given, of one question (its place in the form)."""
    c, r = t.coded_answers.c, t.responses.c
    query = select(c.response_id, c.codes, c.in_turn, c.who).join_from(t.coded_answers, t.responses)
    found = conn.execute(query.where(r.form_id == form_id, c.question == question))
    return {number: Coded(tuple(given), bool(in_turn), who) for number, given, in_turn, who in found}


def give(
    conn: Connection,
    who: str,
    response_id: int,
    question: int,
    given: Sequence[int] | None,
    *,
    in_turn: bool,
    name: str,
) -> None:
    """Put an answer under codes, in place of those it had; no code at all says that it belongs to none of them, None takes it
    back out.  ``name`` of the question, for the record.

    An answer that was coded in its turn stays so.
    """
    c = t.coded_answers.c
    key = {"response_id": response_id, "question": question}
    at = (c.response_id == response_id, c.question == question)
    if given is None:
        conn.execute(delete(t.coded_answers).where(*at))
        audit.record(conn, who, UNCODED, name, {"response": response_id})
        return
    before = conn.execute(select(c.in_turn).where(*at)).scalar()
    values = {"codes": sorted(set(given)), "in_turn": bool(in_turn or before), "who": who, "at": now()}
    bulk.put(conn, t.coded_answers, key, values)
    audit.record(conn, who, CODED, name, {"response": response_id, "codes": values["codes"]})


def mark(conn: Connection) -> tuple[int, str, int, str]:
    """Another value whenever what was coded, or a list of codes, may be another."""
    c, w = t.coded_answers.c, t.word_codes.c
    n, at = conn.execute(select(func.count(), func.max(c.at))).one()
    lists = conn.execute(select(w.id, w.position, w.name, w.keywords).order_by(w.id)).all()
    return int(n), str(at or ""), len(lists), str(lists)


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in (typed(one) for one in words) if clean(word)))


def _check(kept: Sequence[WordCode]) -> None:
    if len(kept) > limits.WORD_CODES:
        raise Refused("words.too_many_codes", n=len(kept))
    names: Mapping[str, str] = {}
    for one in kept:
        if not clean(one.name):
            raise Refused("words.no_name")
        long = [text for text in (one.name, *one.keywords) if len(text) > limits.WORD_CODE_NAME]
        if long:
            raise Refused("words.long_name", name=long[0][:80])
        if clean(one.name) in names:
            raise Refused("words.name_twice", name=one.name)
        names = {**names, clean(one.name): one.name}


def _used(conn: Connection, gone: Sequence[WordCode]) -> dict[str, int]:
    """Codes among these that answers have → how many."""
    if not gone:
        return {}
    given = [set(found) for found in conn.execute(select(t.coded_answers.c.codes)).scalars()]
    counts = {one.name: sum(one.id in codes for codes in given) for one in gone}
    return {name: n for name, n in counts.items() if n}
