"""What was answered in words: counts for everybody who sees results, single answers for whom it is given.

The numbers are those of ``analysis.words.counts``; what may be read, ``analysis.words.readable`` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.words.answers import Asked, Worded, holding, read, suggested
from analysis.words.counts import changes, counts
from analysis.words.readable import readable
from dashboard.data.questions.choices import Column
from dashboard.data.questions.subjects import WordsAsked, read_words_asked
from dashboard.data.results import Source
from dashboard.data.year import Year
from dashboard.web.access import Viewer, may, require
from survey.core.errors import Refused
from survey.form.model import Questionnaire
from survey.store import Store, words
from survey.store.words import WordCode

#: so many answers are shown at once
SHOWN = 30


@dataclass(frozen=True)
class Words:
    """``year`` · ``basis`` what the address asks for · ``find`` what is looked for · ``asked`` the question with all its
    answers · ``before`` the year to compare."""

    year: int
    basis: WordsAsked
    find: str
    asked: Asked
    before: int | None

    @property
    def seen(self) -> Year:
        """The results of the year."""
        return self.basis.seen

    @property
    def forms(self) -> Mapping[str, Questionnaire]:
        """The questionnaires with questions in words."""
        return self.basis.forms

    @property
    def form_name(self) -> str:
        """The chosen one."""
        return self.basis.form_name

    @property
    def street(self) -> str:
        """The street shown."""
        return self.basis.street

    @property
    def community(self) -> str:
        """The community shown, '' for all of the street."""
        return self.basis.community

    @property
    def where(self) -> tuple[str, ...]:
        """The filters."""
        return self.basis.where

    @property
    def columns(self) -> Mapping[str, Column]:
        """What can be filtered by."""
        return self.basis.columns

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Code and name of the communities of the street in scope."""
        return self.basis.places


@dataclass(frozen=True)
class Count:
    """A code: how many of ``n`` were given it, its share with interval, and the change on the year before with its q."""

    code: int
    name: str
    said: int | None
    share: float
    low: float | None
    high: float | None
    change: float | None = None
    change_q: float | None = None


@dataclass(frozen=True)
class Counts:
    """``rows`` the most first; ``n`` the answers that count; ``note`` codes of notes; ``why`` nothing is counted, if so."""

    rows: tuple[Count, ...]
    n: int | None
    note: str = ""
    why: Refused | None = None


@dataclass(frozen=True)
class Reading:
    """``answers`` shown of ``found`` that hold what is looked for, ``open_`` of them uncoded, ``held`` more not to be read;
    ``current`` is being coded."""

    answers: tuple[Worded, ...]
    found: int
    open_: int
    held: int
    current: Worded | None


def read_words(viewer: Viewer, source: Source, store: Store, year: int, asked: Mapping[str, str]) -> Words:
    """What the address asks for; raises Refused for what is not there, places out of scope too."""
    basis = read_words_asked(viewer, source, store, year, asked)
    with store.read() as conn:
        found = read(conn, basis.form_name, basis.question)
    before = max((y for y in source.years() if y < year and found.of(y)), default=None)
    return Words(year, basis, asked.get("find", "").strip(), found, before)


def counted(store: Store, shown: Words) -> Counts:
    """How many said what, of the place shown."""
    if not shown.asked.codes or not shown.asked.counted(shown.year):
        return Counts((), None)
    years = ",".join(str(y) for y in (shown.before, shown.year) if y is not None)
    place = ("community",) if shown.community else ("sub_district",) * bool(shown.street)
    try:
        table = counts(store, shown.asked, [*place, "year"], [f"year={years}", *shown.where])
    except Refused as why:
        return Counts((), None, why=why)
    key, value = ("community_code", shown.community) if shown.community else ("sub_district", shown.street)
    table = table[table[key] == value] if place else table
    moved = changes(table, shown.year, shown.before) if shown.before is not None else {}
    now = table[table["year"] == shown.year]
    plain = now.astype(object).where(now.notna(), None)
    rows = [_count(row, moved) for row in plain.to_dict("records") if row["code"]]
    n = next((int(row["n"]) for row in plain.to_dict("records") if row["code"] and row["n"] is not None), None)
    notes = [str(note) for note in plain["note"] if note]
    return Counts(tuple(sorted(rows, key=lambda r: -r.share)), n, notes[0] if notes and not rows else "")


def _count(row: Mapping[str, object], moved: Mapping[int, tuple[float, float, float]]) -> Count:
    code = int(str(row["code"]))
    change = moved.get(code)
    said = None if row["said"] is None else int(float(str(row["said"])))
    ends = [None if row[name] is None else float(str(row[name])) for name in ("share_low", "share_high")]
    told = (change[0], None if change[2] != change[2] else change[2]) if change else (None, None)
    return Count(code, str(row["name"]), said, float(str(row["share"] or 0.0)), *ends, *told)


def reading(viewer: Viewer, shown: Words, at: int = 0) -> Reading:
    """The answers that this viewer may read; ``at``: the one that is being coded, else the next in its turn.

    Raises Refused for who may read none.
    """
    require(viewer, "read_words")
    scope = {shown.community} if shown.community else {code for code, _ in shown.places}
    told = readable(shown.asked, shown.year, shown.where, scope)
    found = holding(told.answers, shown.find)
    current = next((a for a in told.answers if a.response_id == at), None)
    if current is None and may(viewer, "code_words"):
        current = next((a for a in found if a.coded is None), None)
    others = sorted((a for a in found if a is not current), key=lambda a: (a.coded is not None, a.turn))
    open_ = sum(a.coded is None for a in found)
    return Reading(tuple(others[:SHOWN]), len(found), open_, told.held, current)


def suggestions(shown: Words, answer: Worded) -> Mapping[int, str]:
    """Code → the keyword by which it is suggested, of those that the answer does not have yet."""
    given = answer.coded.codes if answer.coded else ()
    return {code: word for code, word in suggested(shown.asked.codes, answer.text).items() if code not in given}


def give(viewer: Viewer, store: Store, shown: Words, response: int, codes: Sequence[int] | None) -> None:
    """Put an answer under codes, or under none of them; None takes it back out; raises Refused where it or a code is not there."""
    require(viewer, "code_words")
    answer = next((a for a in shown.asked.answers if a.response_id == response and a.year == shown.year), None)
    if answer is None:
        raise Refused("words.no_answer")
    known = {code.id for code in shown.asked.codes}
    for code in codes or ():
        if code not in known:
            raise Refused("words.unknown_code", code=code)
    turn = shown.asked.next_turn(shown.year)
    version, _ = shown.asked.parts[answer.part]
    with store.write(aside=True) as conn:
        words.give(
            conn,
            viewer.user,
            response,
            version.form.position[shown.asked.question],
            codes,
            in_turn=turn is not None and turn.response_id == response,
            name=shown.asked.question,
        )


def save_codes(viewer: Viewer, store: Store, shown: Words, wanted: Sequence[tuple[int, str, str]]) -> None:
    """Make the list of codes this one: (id, 0 for a new one; name; keywords parted by blanks or commas); blank lines go."""
    require(viewer, "code_words")
    kept = [
        WordCode(number, name, tuple(keys.replace("，", " ").replace("、", " ").replace(",", " ").split()))
        for number, name, keys in wanted
        if name.strip()
    ]
    with store.write(aside=True) as conn:
        words.save_codes(conn, viewer.user, shown.form_name, shown.asked.question, kept)


def answers_frame(viewer: Viewer, shown: Words, headers: Mapping[str, str]) -> pd.DataFrame:
    """Every answer that may be read, in the random order and without who: community, answer, codes; ``headers`` in words."""
    require(viewer, "read_words")
    scope = {shown.community} if shown.community else {code for code, _ in shown.places}
    told = holding(readable(shown.asked, shown.year, shown.where, scope).answers, shown.find)
    names = {code.id: code.name for code in shown.asked.codes}
    places = dict(shown.places)
    rows = [
        {
            headers["community"]: places.get(a.community, ""),
            headers["answer"]: a.text,
            headers["codes"]: "|".join(names.get(c, "") for c in (a.coded.codes if a.coded else ())),
        }
        for a in told
    ]
    return pd.DataFrame(rows, columns=list(headers.values()))
