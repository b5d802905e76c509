"""Headers that begin with a question's own name and word it otherwise: S1成年, E5归属感, A1 选举.

One number alone is not believed, for it may be that of another questionnaire: several of a sheet must stand like this, and none
for a question that its words surely are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from survey.core.cells import clean
from survey.files.own_workbooks import header_key
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import ColumnMatch

#: headers of a sheet that begin with the name of their question before such names are believed
FEWEST = 3
#: certainty from which on a header's words say surely which question it is (that of a part of it)
SURE = 0.9
_OPENING = "([【<「『#*※ "
_JOINS = "_-.~/"


class Suggested(Protocol):
    """What a header may mean (``survey.matching.header_matching.Suggestion``)."""

    @property
    def header(self) -> str:
        """The header."""

    @property
    def question(self) -> str:
        """The question that it may mean."""

    @property
    def certainty(self) -> float:
        """How sure that is, up to 1."""

    @property
    def choice(self) -> str | None:
        """The choice of which it is the column."""


S = TypeVar("S", bound=Suggested)


def with_own_names(
    found: Sequence[S],
    columns: Sequence[ColumnMatch],
    form: Questionnaire,
    told: Iterable[ColumnMatch],
    suggest: Callable[[str, str], S],
) -> list[S]:
    """The suggestions with those for headers that begin with a question's own name, which win over a likeness.

    ``columns``: all of the sheet; ``told``: the unread ones that say anything.  A question that a column holds already, or
    that another header surely is, is proposed for no second one.  ``suggest``: (header, question) → the suggestion.
    """
    names = {q.name.casefold(): q.name for q in form.questions if q.role != "phone"}
    sure = {header_key(s.header): s.question for s in found if s.certainty >= SURE or s.choice}
    sure |= {header_key(c.header): c.question for c in columns if c.question}
    begins = {header_key(c.header): own_name(c.header, names) for c in columns}
    if any(begins[key] not in ("", question) for key, question in sure.items() if key in begins):
        return list(found)
    mine: dict[str, str] = {}
    for column in told:
        key = header_key(column.header)
        if begins[key] and key not in sure and begins[key] not in {*sure.values(), *mine.values()}:
            mine[key] = begins[key]
    agreed = sum(begins.get(key) == question for key, question in sure.items())
    if agreed + len(mine) < FEWEST:
        return list(found)
    likes = [s for s in found if header_key(s.header) not in mine and s.question not in mine.values()]
    headers = {header_key(c.header): c.header for c in columns}
    return likes + [suggest(headers[key], question) for key, question in mine.items()]


def own_name(header: str, names: Mapping[str, str]) -> str:
    """The question whose name (``names``, by its small letters) a header begins with and goes on in words; '' where there is
    none.  A1 is not what A10, A1b or A1_1 begins with."""
    text = clean(header).casefold().lstrip(_OPENING)
    for name in sorted(names, key=len, reverse=True):
        rest = text.removeprefix(name)
        if rest == text or not (words := rest.lstrip(f"{_JOINS} )]】>」』:、,;")):
            continue
        joined = rest[0] in _JOINS and words[0].isascii()
        if not (rest[0].isascii() and rest[0].isalnum()) and not joined:
            return names[name]
    return ""
