"""Statistics of one question in one year, as one viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.scoring.results import Results
from analysis.statistics.notes import note_text
from analysis.tables.stored_estimates import estimate_for
from dashboard.data import files
from dashboard.data.questions.choices import (
    RATIO,
    Column,
    among,
    chosen_question,
    columns,
    conditions,
    denominators,
    statistics,
)
from dashboard.data.results import Source
from dashboard.data.year import Row, read_year
from dashboard.figures.code_words import code_words
from dashboard.figures.table_book import Shown
from dashboard.parts.question_words import column_label, question_label, value_label
from dashboard.web.access import Viewer
from survey.core.columns import CODE, NUMBER, SHARE, TEXT, WHOLE
from survey.core.columns import Column as Declared
from survey.core.columns import columns as declared
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.model import Question, Questionnaire, in_language
from survey.store import Store

#: what of ``estimate`` the page hands out, as people read it; the column that it is split by stands besides
COLUMNS = declared(
    Declared("community_code", CODE),
    Declared("community", TEXT),
    Declared("year", WHOLE),
    Declared("item", CODE),
    Declared("choice", CODE),
    Declared("stat", CODE),
    Declared("value", NUMBER, "page_estimates.col_value"),
    *(Declared(name, WHOLE) for name in ("n", "df1", "df2")),
    *(
        Declared(name, NUMBER)
        for name in ("sum_weight", "mean", "se", "low", "high", "df", "deff", "mean_score", "se_score")
    ),
    *(Declared(name, SHARE) for name in ("share", "share_low", "share_high")),
    Declared("note", CODE),
    Declared("note_text", TEXT),
)


@dataclass(frozen=True)
class Estimates:
    """``forms`` (name, title) with answers of the year · ``form`` the chosen one, ``item``, ``stat``, ``base`` and the
    filters (``where``) chosen in it · ``split`` column or '' · ``places`` (code, name) in scope, ``community`` the one
    chosen or '' · ``table`` as ``estimate`` gives it, of what is chosen; ``why`` it could not be computed, if so."""

    year: int
    forms: tuple[tuple[str, str], ...]
    form_name: str
    form: Questionnaire
    item: Question
    stat: str
    base: str
    split: str
    where: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    community: str
    table: pd.DataFrame
    why: Refused | None = None

    @property
    def columns(self) -> dict[str, Column]:
        """What can be filtered and split by."""
        return columns(self.form)


def estimates(viewer: Viewer, source: Source, store: Store, year: int, asked: Mapping[str, str]) -> Estimates:
    """The table of what the address asks for; what it does not name is the first there is.

    Raises Refused for a year without answers and for what is not among the choices, communities out of scope too.
    """
    seen = read_year(viewer, source, year)
    forms, name, item = chosen_question(store, year, asked)
    form = forms[name]
    stat = among(asked.get("stat", ""), statistics(item, form), "page_estimates.unknown_stat")
    base = (
        among(asked.get("base", ""), denominators(item, form), "page_estimates.unknown_base") if stat == RATIO else ""
    )
    split = asked.get("split", "")
    if split:
        among(split, tuple(columns(form)), "page_estimates.unknown_split")
    where = conditions(asked, columns(form))
    community = asked.get("community", "")
    if community:
        seen.community(community)
    places = tuple((str(r["community_code"]), str(r["community"])) for r in seen.rows)
    titles = tuple((n, f.title or n) for n, f in forms.items())
    table, why = _table(
        store, viewer, year, name, item.name, f"ratio:{item.name}/{base}" if base else stat, split, where
    )
    if community:
        table = table[table["community_code"] == community]
    return Estimates(year, titles, name, form, item, stat, base, split, where, places, community, table, why)


def _table(
    store: Store, viewer: Viewer, year: int, form: str, item: str, stat: str, split: str, where: tuple[str, ...]
) -> tuple[pd.DataFrame, Refused | None]:
    """The rows of the communities in scope, or why there are none."""
    by = ["community", "year", *([split] if split else [])]
    ratio = stat.startswith(f"{RATIO}:")
    try:
        found = estimate_for(store, form, None if ratio else [item], by, where=[f"year={year}", *where], stats=[stat])
    except Refused as why:
        return pd.DataFrame({"community_code": pd.Series(dtype=object)}), why
    here = viewer.at(year)
    return found[[here.sees(str(code)) for code in found["community_code"]]].reset_index(drop=True), None


def rows(found: Estimates) -> tuple[Row, ...]:
    """The rows of the table, None where a cell is empty."""
    plain = found.table.astype(object).where(found.table.notna(), None)
    return tuple({str(k): v for k, v in row.items()} for row in plain.to_dict("records"))


def file(found: Estimates, lang: str, kind: str = "csv", results: Results | None = None) -> files.File:
    """The table for people, the notes in words; ``results``: those of the year.  Raises Refused where it could not be computed."""
    if found.why is not None:
        raise found.why
    notes = [note_text(note, lang) for note in found.table["note"]]
    stem = f"{found.year}_{say(lang, 'page_estimates.title')}_{found.item.name}"
    words = {**code_words(COLUMNS, lang, results), "item": lambda _: question_label(found.item, lang)}
    labels = {choice.name: in_language(choice.labels, lang, choice.name) for choice in found.item.choices}
    words["choice"] = lambda value: labels.get(str(value).rpartition("/")[2], str(value))
    table, split = found.table.assign(note_text=notes), found.columns.get(found.split)
    if split is not None:
        head = column_label(split, lang)
        words[head] = lambda value: value_label(split, str(value), lang)
        table = table.rename(columns={found.split: head})
    sample = bool(results is not None and results.meta.get("sample"))
    shown = Shown(lang, stem.replace("_", " "), COLUMNS, words=words, sample=sample, source=results)
    return files.table(stem, table.dropna(axis=1, how="all"), kind, shown)
