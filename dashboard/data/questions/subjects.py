"""What the address of each page whose views can be saved asks for: a question in words, communities over the years, two sides.

A page of closed questions is ``asked.Asked``.  Nothing is computed here: whether all of it is there, and what it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.beside.asked import Compared, choices, compared
from analysis.words.answers import in_words
from dashboard.data.questions.asked import Asked, read_asked
from dashboard.data.questions.choices import Column, among, columns, conditions, forms_of
from dashboard.data.results import Source
from dashboard.data.year import Year, read_year
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lazily import cached_property
from survey.form.model import Question, Questionnaire
from survey.store import Store


@dataclass(frozen=True)
class WordsAsked:
    """A question that is answered in words: ``seen`` results of the year · ``forms`` with such questions · ``form_name`` ·
    ``question`` · ``street`` · ``community`` · ``where`` filters."""

    seen: Year
    forms: Mapping[str, Questionnaire]
    form_name: str
    question: str
    street: str
    community: str
    where: tuple[str, ...]

    @property
    def item(self) -> Question:
        """The question itself."""
        return self.forms[self.form_name].question(self.question)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """What can be filtered by."""
        return columns(self.forms[self.form_name])

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Code and name of the communities of the street in scope."""
        return tuple((str(r["community_code"]), str(r["community"])) for r in self.seen.of_street(self.street))


@dataclass(frozen=True)
class CompareAsked:
    """Communities over the years: the names of those that were chosen, none for those that tell most; the street."""

    names: tuple[str, ...]
    street: str


@dataclass(frozen=True)
class BesideAsked:
    """A community beside another side; None where there is nothing to set it beside."""

    own: str
    sides: Compared | None


Subject = Asked | WordsAsked | CompareAsked | BesideAsked
#: viewer, where results come from, store, year, what the address asks
Read = Callable[[Viewer, Source, Store, int, Mapping[str, str]], Subject]


def read_words_asked(viewer: Viewer, source: Source, store: Store, year: int, asked: Mapping[str, str]) -> WordsAsked:
    """The question in words that an address asks for, the first where it names none.

    Raises Refused for a year without such questions and for what is not there, places out of scope too.
    """
    seen = read_year(viewer, source, year)
    forms = {name: form for name, form in forms_of(store, year).items() if in_words(form)}
    if not forms:
        raise Refused("words.none_asked", year=year)
    name = among(asked.get("form", ""), tuple(forms), "page_estimates.unknown_form")
    question = among(asked.get("item", ""), tuple(in_words(forms[name])), "page_estimates.unknown_item")
    community = asked.get("community", "")
    row = seen.community(community) if community else None
    street = (row["sub_district"] or "") if row is not None else seen.street(asked.get("street", ""))
    return WordsAsked(seen, forms, name, question, street, community, conditions(asked, columns(forms[name])))


def _compare(viewer: Viewer, source: Source, _store: Store, year: int, asked: Mapping[str, str]) -> CompareAsked:
    seen = read_year(viewer, source, year)
    street = seen.street(asked.get("street", ""))
    codes = [code for code in asked.get("with", "").split(",") if code]
    return CompareAsked(tuple(str(seen.community(code)["community"]) for code in codes), street)


def _beside(viewer: Viewer, source: Source, _store: Store, year: int, asked: Mapping[str, str]) -> BesideAsked:
    seen = read_year(viewer, source, year)
    if not seen.rows:
        raise Refused("page_beside.nobody", year=year)
    code = asked.get("community", "") or str(seen.rows[0]["community_code"])
    own, sees = str(seen.community(code)["community"]), seen.viewer.sees
    against = asked.get("against", "") or next(iter(choices(seen.results, source.years(), code, sees)), "")
    sides = compared(source.results, source.years(), year, code, against, sees) if against else None
    return BesideAsked(own, sides)


#: address → how it is read, and what of it a view keeps
READ: Mapping[str, tuple[Read, tuple[str, ...]]] = {
    "/answers": (read_asked, ("form", "item", "street", "community", "split", "cross", "where", "also", "sort")),
    "/answers/words": (read_words_asked, ("form", "item", "street", "community", "where", "also")),
    "/compare": (_compare, ("street", "with")),
    "/compare/beside": (_beside, ("street", "community", "against")),
}
