"""Single responses of a year for R, SPSS and Stata: a file a questionnaire and kind of sample, its codes labelled, its ways of not answering told apart.

Only when asked for, in a folder of their own, outside the guarantee of docs/privacy.md.  What goes in, and in which order, is
what ``single_responses`` says; columns bear the names of the questionnaire's own questions, so that the file comes back through
``import``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.archive.response_formats import KEPT, Coded, coded_dta, coded_sav
from analysis.archive.single_responses import FOLDER, KEYS, in_order, single_responses
from analysis.exports.data_set.data_files import versions_line
from analysis.exports.files import computed_at, safe_name
from analysis.exports.flat_files import to_csv_text, to_parquet
from analysis.exports.origin import origin_of
from analysis.scoring.results import Results
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.core.masking import masked, masked_all, masked_frame
from survey.form.model import Question, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses

#: columns of a response that a questionnaire may ask under a name of its own
_ROLES = (
    "respondent",
    "year",
    "community",
    "mode",
    "weight",
    "stratum",
    "psu",
    "ssu",
    "fpc",
    "fpc2",
    "sex",
    "age",
    "age_band",
)
_KIND = "sample_type"


@dataclass(frozen=True)
class ResponseTables:
    """``files``: paths below ``responses/``; ``rows`` that they hold; ``alone``: of these alone in community, sex and age band."""

    files: list[tuple[str, bytes]]
    rows: pd.DataFrame
    alone: int


def response_tables(
    store: Store, results: Results, lang: str, codes: Collection[str], *, classes: bool = True
) -> ResponseTables:
    """The responses of a year of these communities as .csv, .parquet, .sav and .dta, with a dictionary and what to know of them.

    ``classes`` false leaves sex and age out.  The same responses give the same bytes, in whatever order they were stored.
    Raises Refused where nobody answered.
    """
    year, when = int(results.meta["year"]), computed_at(results)
    frame = single_responses(store, [year], classes=classes).frame
    if len(frame):
        frame = frame[frame["community"].isin(set(codes)) | frame["community"].isna()]
    if not len(frame):
        raise Refused("single_files.nobody", year=year)
    shown = frame if classes else single_responses(store, [year]).frame.loc[frame.index]
    alone = int((~shown[["community", "sex", "age_band"]].duplicated(keep=False)).sum())
    files: list[tuple[str, bytes]] = []
    words: list[dict[str, Any]] = []
    with store.read() as conn:
        forms = {
            (s.name, s.version): s.form for s in (questionnaires.by_id(conn, f) for f in responses.forms_in(conn, year))
        }
    for key in sorted({*zip(frame["questionnaire"].astype(str), frame["version"].astype(int), strict=True)}):
        name, version = key
        rows = frame[(frame["questionnaire"] == name) & (frame["version"] == version)]
        whole, columns = _table(forms[key], rows)
        for kind, held in _of_a_kind(masked_frame(whole)):
            stem = safe_name(f"{name}_v{version}{kind}")
            meta = {"year": year, "questionnaire": name, "version": version, "rows": len(held)}
            files += [
                (f"{FOLDER}/{stem}.csv", to_csv_text(held).encode()),
                (f"{FOLDER}/{stem}.parquet", to_parquet(held, meta)),
                (f"{FOLDER}/{stem}.sav", coded_sav(held, columns, lang, when)),
                (f"{FOLDER}/{stem}.dta", coded_dta(held, columns, lang, when)),
            ]
            words += _dictionary(stem, columns)
    files.append((f"{FOLDER}/dictionary.csv", to_csv_text(pd.DataFrame(words).astype("string")).encode()))
    files.append((f"{FOLDER}/README.txt", _about(results, lang, len(frame), alone).encode()))
    return ResponseTables(sorted(files), frame, alone)


def _of_a_kind(held: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows by kind of sample, numbered as one: a file that comes back is of one kind.  One kind has no name."""
    kinds = sorted(held[_KIND].unique())
    if len(kinds) == 1:
        return [("", held)]
    return [(f"_{kind}", held[held[_KIND] == kind].reset_index(drop=True)) for kind in kinds]


def _table(form: Questionnaire, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Coded]]:
    """The rows in an order of their own, columns as the questionnaire calls them, and what each of them holds."""
    rows = rows.drop(columns=["questionnaire", "version", *KEYS])
    rows = rows[[c for c in rows if not str(c).startswith("q_") or str(c)[2:] in form.position]]
    out = in_order(rows)
    held: dict[str, Any] = {}
    columns: list[Coded] = []
    for name in map(str, out.columns):
        if name.startswith("q_"):
            column = _question(
                form.question(name[2:]), {str(v)[1:] for v in out[name].dropna() if str(v).startswith(".")}
            )
            cells = pd.Series([column.text(v) for v in out[name]], dtype="string")
        else:
            column = _role(form, name)
            cells = out[name]
            if cells.isna().all() and name not in ("id", "year", "community"):
                continue
        held[column.name] = cells
        columns.append(column)
    return pd.DataFrame(held), columns


def _role(form: Questionnaire, name: str) -> Coded:
    role = "respondent" if name == "id" else name
    question = form.roles.get(role) if role in _ROLES else None
    label = {lang: say(lang, f"single_files.column.{name}") for lang in LANGUAGES}
    if question is None:
        return Coded(name, label, number=name in ("year", "weight", "fpc", "fpc2", "age", "stratum", "psu", "ssu"))
    values = {c.name: {lang: masked(c.label(lang)) for lang in LANGUAGES} for c in question.choices}
    label = label if name == "id" else {lang: masked(question.label(lang)) for lang in LANGUAGES}
    return Coded(question.name, label, values, number=name in ("year", "weight", "age"))


def _question(question: Question, given: Collection[str]) -> Coded:
    """Codes and labels of a question; each way of giving no opinion (``given``: those that occur) by the code that the
    questionnaire has for it, else by its own name."""
    own = {c.missing: c.name for c in reversed(question.choices) if c.missing}
    own |= {state: code for code, state in reversed([*question.missing_values.items()])}
    missing = {state: own.get(state, state) for state in KEPT if state in own or state in given}
    values = {c.name: {lang: masked(c.label(lang)) for lang in LANGUAGES} for c in question.choices}
    for state, code in missing.items():
        values.setdefault(code, {lang: say(lang, f"single_files.state.{state}") for lang in LANGUAGES})
    return Coded(
        question.name,
        {lang: masked(question.label(lang)) for lang in LANGUAGES},
        values if question.coding != "multiple" else {},
        missing,
        number=question.coding in ("step", "number"),
    )


def _dictionary(table: str, columns: list[Coded]) -> list[dict[str, Any]]:
    """One row a column and one a code of it; ``missing`` says how a code gives no opinion."""
    rows: list[dict[str, Any]] = []
    for column in columns:
        own = {"table": table, "column": column.name}
        rows.append({**own, "code": None, "missing": None, **_labels(column.label)})
        states: Mapping[str, str] = {code: state for state, code in column.missing.items()}
        rows += [
            {**own, "code": code, "missing": states.get(code), **_labels(words)}
            for code, words in column.values.items()
        ]
    return [masked_all(row) for row in rows]


def _labels(words: Mapping[str, str]) -> dict[str, str]:
    return {f"label_{lang}": words[lang] for lang in LANGUAGES}


def _about(results: Results, lang: str, rows: int, alone: int) -> str:
    meta = results.meta
    lines = [say(lang, "single_files.title", year=meta["year"])]
    lines += [say(lang, f"export.notice.{key}") for key in ("sample", "illustrative") if meta.get(key)]
    lines += [
        versions_line(meta, lang),
        origin_of(results, lang).taken,
        *(say(lang, f"single_files.about.{key}") for key in ("rows", "codes", "left_out")),
        say(lang, "single_files.risk", rows=rows, alone=alone),
    ]
    return "\n\n".join(lines) + "\n"
