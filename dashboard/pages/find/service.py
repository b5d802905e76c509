"""What can be looked for: communities, indicators, questions, pages and documents, as far as one viewer may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analysis.scheme.serial import from_dict
from analysis.words.answers import in_words
from dashboard.data.questions.choices import forms_of, items
from dashboard.data.results import Source
from dashboard.data.search.english_names import names_in
from dashboard.data.search.initials import begins, spelt
from dashboard.data.year import read_year
from dashboard.parts.manual import DOCUMENTS
from dashboard.parts.page import Page
from dashboard.web.access import Viewer, may
from dashboard.web.address import Address, in_path
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.model import in_language
from survey.store import Store
from survey.store.year import schemes

#: the kinds of what is found, in the order they are listed
KINDS = ("community", "question", "words", "indicator", "page", "document")
#: so many of a kind are listed, and so many letters are looked for
MOST, LETTERS = 6, 60


@dataclass(frozen=True)
class Entry:
    """``text`` as it is listed and found · ``hint`` beside it, found as well · ``link`` where it leads · ``more`` texts by which
    it is found, too."""

    kind: str
    text: str
    hint: str
    link: str
    more: tuple[str, ...] = ()


def entries(
    viewer: Viewer, source: Source, store: Store | None, address: Address, pages: Iterable[Page]
) -> list[Entry]:
    """Everything that this viewer may look for, of the year of the address."""
    lang = address.lang
    found = [
        Entry("page", say(lang, page.label), "", address.link(page.paths[0]), (say(_other(lang), page.label),))
        for page in pages
        if page.menu and may(viewer, page.needs)
    ]
    found += [
        Entry("document", say(lang, key), "", address.link(f"/help/{name}"), (say(_other(lang), key),))
        for name in DOCUMENTS
        for key in (f"page_search.document_{name.replace('-', '_')}",)
    ]
    if address.year is not None and may(viewer, "see", year=address.year):
        found += [*_communities(viewer, source, address, names_in(store, "en"))]
        if store is not None:
            found += [*_questions(store, address), *_indicators(store, address)]
    return found


def _other(lang: str) -> str:
    return "en" if lang == "zh" else "zh"


def _communities(viewer: Viewer, source: Source, address: Address, english: Mapping[str, str]) -> Iterator[Entry]:
    for row in read_year(viewer, source, address.year or 0).rows:
        code, own, street = str(row["community_code"]), str(row["community"]), str(row["sub_district"] or "")
        names = (own, english.get(own, own))
        text, other = names if address.lang == "zh" else names[::-1]
        more = tuple(dict.fromkeys((code, other, street, english.get(street, street))))
        yield Entry("community", text, street, address.link(f"/community/{in_path(code)}"), more)


def _questions(store: Store, address: Address) -> Iterator[Entry]:
    try:
        forms = forms_of(store, address.year or 0)
    except Refused:  # a year without answers has no questions
        return
    lang = address.lang
    for name, form in forms.items():
        for kind, path, known in (("question", "/answers", items(form)), ("words", "/answers/words", in_words(form))):
            for item, question in known.items():
                to = address.link(path, form=name if len(forms) > 1 else None, item=item)
                label = in_language(question.labels, lang, "")
                more = tuple(text for text in question.labels.values() if text != label)
                yield Entry(kind, f"{item} {label}".strip(), form.title or name, to, more)


def _indicators(store: Store, address: Address) -> Iterator[Entry]:
    year = address.year or 0
    with store.read() as conn:
        stored = schemes.among(schemes.readable(conn, year), year)
    if stored is None:
        return
    scheme = from_dict(stored.definition)
    for one in scheme.scored_indicators:
        dimension = scheme.dimension.get(one.dimension)
        names = [text for text in one.names.values() if text]
        label = one.names.get(address.lang) or one.names.get("zh", "")
        hint = "" if dimension is None else str(dimension.names.get(address.lang) or dimension.names.get("zh", ""))
        to = address.link("/indicators", dimension=one.dimension)
        yield Entry("indicator", f"{one.code} {label}".strip(), hint, to, tuple(n for n in names if n != label))


def looked_up(known: Iterable[Entry], text: str) -> list[Entry]:
    """What holds a text in any width and case, or begins as it is spelt: the nearest first, ``MOST`` of a kind."""
    wanted = clean(text).casefold()[:LETTERS]
    if not wanted:
        return []
    letters = wanted.replace(" ", "")
    spelling = letters if letters.isascii() and letters.isalnum() and len(letters) > 1 else ""
    ranked = [(rank, entry) for entry in known if (rank := _rank(entry, wanted, spelling)) is not None]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1].text)))
    taken = {kind: [entry for _, entry in ranked if entry.kind == kind][:MOST] for kind in KINDS}
    best = {kind: min(rank for rank, e in ranked if e.kind == kind) for kind in KINDS if taken[kind]}
    return [entry for kind in sorted(best, key=lambda k: (best[k], KINDS.index(k))) for entry in taken[kind]]


def _rank(entry: Entry, wanted: str, spelling: str) -> int | None:
    """0 where it begins so, 1 where it holds it, 2 where something beside it does, 3 and 4 as spelt; None where it is not found."""
    text = clean(entry.text).casefold()
    if text.startswith(wanted) or any(clean(m).casefold() == wanted for m in entry.more):
        return 0
    if wanted in text:
        return 1
    if any(wanted in clean(beside).casefold() for beside in (entry.hint, *entry.more)):
        return 2
    if spelling:
        places = [begins(spelling, spelt(clean(one).casefold())) for one in (entry.text, *entry.more)]
        if any(place >= 0 for place in places):
            return 3 if 0 in places else 4
    return None
