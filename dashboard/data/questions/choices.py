"""What can be chosen of a questionnaire: questions, statistics that each can have, columns to filter and split by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.tables.asked_statistics import CLOSED
from analysis.tables.estimates import valued
from survey.core.errors import Refused
from survey.form.model import Question, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses

#: the statistic of two questions; in the address without its denominator
RATIO = "ratio"
OF_VALUES = ("mean", "median", "quantile:0.25", "quantile:0.75", "sd")
#: modes of interview, which every response has whether or not the questionnaire asks
MODE, MODES = "mode", ("paper", "web", "phone", "mixed")
#: roles of people that a table may be split by; what tells single people apart is not among them
_PEOPLE = ("sex", "age_band")


@dataclass(frozen=True)
class Column:
    """A column to filter and split by: ``values`` as the table has them, each with its labels; ``labels`` its own."""

    name: str
    labels: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]


def items(form: Questionnaire) -> dict[str, Question]:
    """The questions that can be estimated, by name."""
    return {q.name: q for q in form.questions if not q.role and q.coding in CLOSED}


def among(found: str, known: tuple[str, ...], key: str) -> str:
    """What was asked for, the first where nothing was; raises Refused, worded by ``key``, for what is not there."""
    if found and found not in known:
        raise Refused(key, found=found)
    return found or known[0]


def forms_of(store: Store, year: int) -> Mapping[str, Questionnaire]:
    """Name → newest version of the questionnaires with answers of the year; raises Refused where there is none."""
    with store.read() as conn:
        names = dict.fromkeys(questionnaires.by_id(conn, form_id).name for form_id in responses.forms_in(conn, year))
        forms = {name: questionnaires.get(conn, name).form for name in names}
    if not forms:
        raise Refused("page_estimates.no_answers", year=year)
    return forms


def chosen_question(
    store: Store, year: int, asked: Mapping[str, str]
) -> tuple[Mapping[str, Questionnaire], str, Question]:
    """Name → newest version of the questionnaires with answers of the year, the name of the one asked for, its question.

    What is not named is the first there is, of questions the first that is scored: not the screening that forms begin
    with.  Raises Refused for a year without answers, a questionnaire without questions, and what is not there.
    """
    forms = forms_of(store, year)
    name = among(asked.get("form", ""), tuple(forms), "page_estimates.unknown_form")
    known = items(forms[name])
    if not known:
        raise Refused("page_estimates.no_items", name=name)
    usual = next((one for one, q in known.items() if q.scored), "")
    item = known[among(asked.get("item", "") or usual, tuple(known), "page_estimates.unknown_item")]
    return forms, name, item


def is_number(question: Question) -> bool:
    """Whether its answers are amounts that may be added up: a total and a ratio of levels mean nothing."""
    return question.coding in ("step", "number")


def statistics(question: Question, form: Questionnaire) -> tuple[str, ...]:
    """The statistics that a question can have, the usual one first."""
    own, chosen = valued(question, asked=True), question.coding in ("choice", "multiple")
    found = (*(OF_VALUES if own else ()), *(("share",) if chosen else ()))
    if is_number(question) or not own:
        found = (*found, "total")
    return (*found, RATIO) if is_number(question) and denominators(question, form) else found


def denominators(question: Question, form: Questionnaire) -> tuple[str, ...]:
    """The questions that a ratio may be taken to."""
    if not is_number(question):
        return ()
    return tuple(name for name, q in items(form).items() if is_number(q) and name != question.name)


def columns(form: Questionnaire) -> dict[str, Column]:
    """The columns to filter and split by, by name: people's roles, the mode, questions with one closed answer."""
    return {column.name: column for column in _columns(form)}


def _columns(form: Questionnaire) -> Iterator[Column]:
    for role in _PEOPLE:
        question = form.roles.get(role)
        if question is not None and question.coding == "choice":
            yield _column(role, question)
    yield Column(MODE, {}, {mode: {} for mode in MODES})
    for name, question in items(form).items():
        if question.coding == "choice":
            yield _column(name, question)


def _column(name: str, question: Question) -> Column:
    return Column(name, question.labels, {c.name: c.labels for c in question.choices if c.missing is None})


def conditions(asked: Mapping[str, str], known: Mapping[str, Column]) -> tuple[str, ...]:
    """The two filters that an address may have, each once; raises Refused as ``condition`` does."""
    return tuple(dict.fromkeys(condition(asked[name], known) for name in ("where", "also") if asked.get(name)))


def condition(word: str, known: Mapping[str, Column]) -> str:
    """A filter ``column=value`` as it was asked for; raises Refused for one that is not among the choices.

    Others are not passed on: their sentence would name values that belong to single people or other communities.
    """
    name, _, value = word.partition("=")
    if name not in known or value not in known[name].values:
        raise Refused("page_estimates.unknown_filter", found=word)
    return word
