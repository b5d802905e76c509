"""The register as it is and was, questionnaires and schemes by version, as far as one viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.exports.files import safe_name
from analysis.publication import scheme_versions
from analysis.scheme import difference as scheme_difference
from analysis.scheme.workbook.writing import write_scheme
from dashboard.data.definitions import seen_scheme
from dashboard.data.files import XLSX, File
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.fieldwork.register_workbook.written_register import stored_register
from survey.form import difference as form_difference
from survey.form.model import Questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, settings
from survey.store.intake import mappings, questionnaires, responses
from survey.store.year import facts, register, schemes
from survey.store.year.register import Community


@dataclass(frozen=True)
class Line:
    """One community: its facts as they count last, population by year, and from which years other facts counted."""

    community: Community
    population: Mapping[int, int]
    before: Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True)
class Version:
    """One version: its number in the store, what it holds, and what it changed of the one before (None: the first).

    ``years``: years with answers given under it (questionnaires), or from which it applies (schemes).  ``by_mode``: whether
    the same number by another mode is another respondent (questionnaires).
    """

    id: int
    version: int
    at: str
    by: str
    reason: str
    holds: tuple[int, int]
    years: tuple[int, ...]
    changes: Sequence[Mapping[str, str]] | None
    by_mode: bool = False


@dataclass(frozen=True)
class Kept:
    """All versions of one name, the newest first."""

    name: str
    title: Mapping[str, str]
    versions: Sequence[Version]


@dataclass(frozen=True)
class Remembered:
    """What was confirmed for one header row (``fingerprint``) of a questionnaire: on which ``file``, when, by whom.

    ``columns``: (header, its question and choice, ``""``: not read).  ``words``: (question or list of choices, word → what it
    means, ``""``: empty).  ``absent``: questions that nobody was asked.  ``confirmed``: how many open questions about such
    tables.
    """

    questionnaire: str
    fingerprint: str
    title: Mapping[str, str]
    file: str
    at: str
    who: str
    columns: Sequence[tuple[str, str]]
    words: Sequence[tuple[str, Mapping[str, str]]]
    absent: Sequence[str]
    confirmed: int


def remembered(viewer: Viewer, store: Store) -> list[Remembered]:
    """All of them, the newest first, with questions and choices by their names in the questionnaire as it is now."""
    require(viewer, "edit_questionnaire")
    with store.read() as conn:
        kept = mappings.listing(conn)
        forms = {s.name: s.form for s in questionnaires.listing(conn)}  # by version, so that the newest stays
        clock = {m.fingerprint: settings.local(conn, m.saved_at) for m in kept}
    found = []
    for one in kept:
        form = forms.get(one.questionnaire)
        title = (form.title if form is not None else "") or one.questionnaire
        told = [*one.mapping.values.items(), *one.mapping.lists.items()]
        found.append(
            Remembered(
                one.questionnaire,
                one.fingerprint,
                dict.fromkeys(LANGUAGES, title),
                one.file,
                clock[one.fingerprint],
                one.who,
                tuple(one.mapping.columns.items()),
                [(name, _meant(form, name, words)) for name, words in told],
                one.mapping.absent,
                len(one.mapping.confirmed),
            )
        )
    return found


def _meant(form: Questionnaire | None, name: str, words: Mapping[str, str]) -> Mapping[str, str]:
    """Word → the choice's label, or what is to be read instead."""
    asked = () if form is None else [q for q in form.questions if name in (q.name, q.list_name)]
    labels = {c.name: c.label("zh") for q in asked for c in q.choices}
    return {word: labels.get(meant, meant) for word, meant in words.items()}


def forget(viewer: Viewer, store: Store, questionnaire: str, fingerprint: str) -> None:
    """Keep what was confirmed for a header row no longer; Refused if there is none."""
    require(viewer, "edit_questionnaire")
    with store.write() as conn:
        mappings.forget(conn, questionnaire, fingerprint, who=viewer.user)


def communities(viewer: Viewer, store: Store) -> list[Line]:
    """The register in its order, of the communities in scope."""
    require(viewer, "see")
    with store.read() as conn:
        known = [c for c in register.communities(conn) if viewer.at().sees(c.code)]
        past = register.history(conn)
        people = register.population(conn)
    sums = people.groupby(["community", "year"])["population"].sum() if len(people) else {}
    found = []
    for community in known:
        counted = {int(y): round(n) for (code, y), n in sums.items() if code == community.code}
        found.append(Line(community, counted, _before(past.get(community.code, {}))))
    return found


def _before(periods: facts.Periods) -> list[tuple[int, Mapping[str, str]]]:
    """From which year what was otherwise than in the period before; the first period is no change."""
    years = sorted(periods)
    found = []
    for last, year in pairwise(years):
        other = {k: str(v or "") for k, v in periods[year].items() if v != periods[last].get(k)}
        if other:
            found.append((year, other))
    return found


def forms(viewer: Viewer, store: Store) -> list[Kept]:
    """The questionnaires, each with its versions and their differences."""
    require(viewer, "see")
    with store.read() as conn:
        listed = questionnaires.listing(conn)
        used: dict[int, list[int]] = {}
        for year in responses.years(conn):
            for number in responses.forms_in(conn, year):
                used.setdefault(number, []).append(year)
        clock = {s.id: settings.local(conn, s.added_at) for s in listed}
    found = []
    for name in dict.fromkeys(s.name for s in listed):
        mine = [s for s in listed if s.name == name]
        versions = []
        for i, one in enumerate(mine):
            changes = None if i == 0 else _worded(form_difference.differences(mine[i - 1].form, one.form))
            holds = (len(one.form.questions), len(one.form.scored))
            versions.append(
                Version(
                    one.id,
                    one.version,
                    clock[one.id],
                    "",
                    "",
                    holds,
                    tuple(used.get(one.id, ())),
                    changes,
                    one.form.mode_in_key,
                )
            )
        title = mine[-1].form.title or name
        found.append(Kept(name, dict.fromkeys(LANGUAGES, title), versions[::-1]))
    return found


def scheme_list(viewer: Viewer, store: Store) -> list[Kept]:
    """The schemes, each with its versions and their differences."""
    require(viewer, "see")
    with store.read() as conn:
        listed = schemes.listing(conn)
        clock = {s.id: scheme_versions.clock(conn, s.added_at) for s in listed}
        seen = {s.id: seen_scheme(viewer, conn, s.definition) for s in listed}
    found = []
    for code in dict.fromkeys(s.code for s in listed):
        mine = [(s, seen[s.id]) for s in listed if s.code == code]
        versions = []
        for i, (one, scheme) in enumerate(mine):
            changes = None if i == 0 else _worded(scheme_difference.differences(mine[i - 1][1], scheme))
            holds = (len(scheme.scored_indicators), int(scheme.full_marks))
            versions.append(
                Version(
                    one.id,
                    one.version,
                    clock[one.id],
                    one.author,
                    one.reason,
                    holds,
                    () if one.first_year is None else (one.first_year,),
                    changes,
                )
            )
        found.append(Kept(code, dict(mine[-1][1].names), versions[::-1]))
    return found


def _worded(changes: Sequence[scheme_difference.Change] | Sequence[form_difference.Change]) -> list[Mapping[str, str]]:
    return [{lang: change.word(lang) for lang in LANGUAGES} for change in changes]


def register_workbook(viewer: Viewer, store: Store, lang: str) -> File:
    """The whole register, to change and bring back."""
    require(viewer, "edit_register")
    require(viewer, "see_all")
    with store.read() as conn:
        data = stored_register(conn, lang)
    return f"{say(lang, 'page_basics.register')}.xlsx", data, XLSX


def questionnaire_workbook(viewer: Viewer, store: Store, number: int) -> File:
    """One version as a workbook: as it came, else as it is written."""
    require(viewer, "see")
    with store.read() as conn:
        one = next((s for s in questionnaires.listing(conn) if s.id == number), None)
        if one is None:
            raise Refused("dash_errors.not_found")
        came = questionnaires.workbook(conn, number)
    data = came if came and came[:2] == b"PK" else write_questionnaire(one.form)
    return f"{safe_name(one.form.title or one.name)}_v{one.version}.xlsx", data, XLSX


def scheme_workbook(viewer: Viewer, store: Store, number: int, lang: str) -> File:
    """One version as a workbook to change and bring back."""
    require(viewer, "see")
    with store.read() as conn:
        one = next((s for s in schemes.listing(conn) if s.id == number), None)
        if one is None:
            raise Refused("dash_errors.not_found")
        scheme = seen_scheme(viewer, conn, one.definition)
    return f"{safe_name(scheme.names[lang])}_v{one.version}.xlsx", write_scheme(scheme, lang, sums=True), XLSX
