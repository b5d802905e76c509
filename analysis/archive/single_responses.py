"""Single responses as Parquet, laid out so that whatever a variance needs lies together.

``by_community/community=C/responses.parquet`` holds a community with all its years, ``overall/year=Y/responses.parquet`` a year
with all its communities.  Rows are ordered and numbered by their contents, never as they were stored; strata, PSUs and SSUs are
numbers of their own.  ``stratum_key`` and ``psu_key`` are the same number wherever the same name stands, so that two years can
be laid side by side; ``home`` tells who shares a household where weights rest on its adults, ``person`` who was asked again
where the questionnaire says that the same people are.  Free text, telephone numbers, names, respondents' numbers, interviewers
and times stay out.  Like every single response they leave only when asked for and stand outside the guarantee of docs/privacy.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from analysis.exports.flat_files import to_parquet
from analysis.exports.row_order import row_order
from analysis.sample.pooled_sample import asks_adults
from survey.answers.respondents import folded
from survey.core.cells import clean
from survey.form.answer_codes import STATE_NAMES, ResponseBlock
from survey.form.model import Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses

FOLDER = "responses"
#: what of the sample goes with every row
_DESIGN = ("mode", "sample_type", "weight", "stratum", "psu", "ssu", "fpc", "fpc2")
#: what would tell who somebody is, left out where that is asked for
_PERSON = ("sex", "age", "age_band")
#: number that is the same wherever the same name stands → the name, and by what two writings of it are one
KEYS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "stratum_key": ("stratum", clean),
    "psu_key": ("psu", clean),
    "home": ("household", clean),
    "person": ("respondent", folded),
}
#: kinds of columns that are no text, the same in every file
_NUMBERS, _WHOLE = ("weight", "fpc", "fpc2", "age"), ("year", "version", *KEYS)
#: says of a row that its strata reach over communities; stands in no file
_OVERALL = "overall"
#: folder of rows without a community, as readers of partitions call it
NO_PLACE = "__HIVE_DEFAULT_PARTITION__"
_UNITS = ("stratum", "psu", "ssu")


@dataclass(frozen=True)
class Single:
    """``frame``: a row a response of all years, in no order yet; ``alone``: how many are alone in community, sex and age band."""

    frame: pd.DataFrame
    alone: int


def single_responses(store: Store, years: Sequence[int], *, classes: bool = True) -> Single:
    """The responses of these years in the store: ``year, community, questionnaire, version``, design columns, sex and age
    unless ``classes`` is false, and a column ``q_NAME`` a question: the name of the choice (several joined by a blank), the
    number, or ``.blank``, ``.skipped``, ``.dont_know``, ``.refused``, ``.not_applicable``, ``.invalid`` where there is none.
    """
    frames = []
    with store.read() as conn:
        known = sorted({form for year in years for form in responses.forms_in(conn, year)})
        for form_id in known:
            stored = questionnaires.by_id(conn, form_id)
            block = responses.load(conn, stored, years=years, columns=(*_DESIGN, *_PERSON, "household", "respondent"))
            frames.append(_frame(stored.form, block).assign(questionnaire=stored.name, version=stored.version))
    if not frames:
        return Single(pd.DataFrame(), 0)
    whole = pd.concat(frames, ignore_index=True)
    for key, (name, compared) in KEYS.items():
        whole[key] = _numbered(whole[key if key in whole else name], compared)
    alone = ~whole[["community", "year", "sex", "age_band"]].duplicated(keep=False)
    if not classes:
        whole = whole.drop(columns=list(_PERSON))
    answers = [c for c in whole if str(c).startswith("q_")]
    design = (*_DESIGN, *_PERSON, *KEYS, _OVERALL)
    first = ["year", "community", "questionnaire", "version", *(c for c in design if c in whole)]
    return Single(whole[first + answers], int(alone.sum()))


def response_files(single: Single) -> Iterator[tuple[str, bytes]]:
    """The files below ``responses/``; nothing where nobody answered."""
    if single.frame.empty:
        return
    for code, rows in single.frame.groupby("community", sort=True, dropna=False):
        name = NO_PLACE if pd.isna(code) else quote(str(code), safe="")
        yield f"{FOLDER}/by_community/community={name}/responses.parquet", _file(rows, "community")
    for year, rows in single.frame.groupby("year", sort=True):
        yield f"{FOLDER}/overall/year={year}/responses.parquet", _file(rows, "year")


def _file(rows: pd.DataFrame, folder: str) -> bytes:
    """One Parquet file, ordered and numbered by its contents; the column that its ``folder`` names stands in no file, as Spark,
    arrow and pandas expect of a partition."""
    out = in_order(rows, folder)
    return to_parquet(out, {"rows": len(out)})


def in_order(rows: pd.DataFrame, left_out: str = "") -> pd.DataFrame:
    """The responses ordered and numbered (``id``) by their contents, without the column ``left_out``; strata, PSUs and SSUs are
    numbers of their own."""
    rows = rows.reset_index(drop=True)
    own = np.arange(len(rows))
    labels = {name: _labels(rows, name, own) for name in _UNITS}
    outside = (*_UNITS, left_out, _OVERALL)
    contents = rows.drop(columns=[c for c in outside if c in rows]).astype(
        {c: "Float64" if c in _NUMBERS else "string" for c in rows if c not in (*outside, *_WHOLE)}
    )
    order, stratum, psu, ssu = row_order(contents, labels["stratum"], labels["psu"], labels["ssu"])
    out = contents.iloc[order].reset_index(drop=True)
    out.insert(0, "id", [f"r{i:08d}" for i in range(1, len(out) + 1)])
    for name, numbers in (("stratum", stratum), ("psu", psu), ("ssu", ssu)):
        said = rows[name].notna().to_numpy()[order]
        out[name] = pd.array(np.where(said, numbers if numbers is not None else own + 1, 0), dtype="Int64")
        out.loc[~said, name] = pd.NA
    return out


def _labels(rows: pd.DataFrame, name: str, own: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A label of each row's unit within its year and community (its year, in one sample of the whole area); a row that names
    none is a unit of its own (a stratum: all)."""
    named = rows[name].notna().to_numpy()
    within = rows[["year", "community", name]].astype(object).fillna("")
    if _OVERALL in rows:
        within["community"] = within["community"].mask(rows[_OVERALL], "")
    codes = pd.factorize(pd.MultiIndex.from_frame(within))[0]
    if name == "stratum":
        return codes
    return np.where(named, codes, len(rows) + own)


def _numbered(names: pd.Series, compared: Callable[[str], str]) -> pd.Series:
    """A number from 1 a name, empty where there is none; in an order that says nothing of the names."""
    one = {name: compared(str(name)) for name in names.dropna().unique()}
    order = sorted({*one.values()}, key=lambda name: hashlib.sha256(name.encode()).digest())
    place = {name: number for number, name in enumerate(order, 1)}
    return pd.Series(names.map(lambda name: place[one[name]], na_action="ignore"), dtype="Int64")


def _frame(form: Questionnaire, block: ResponseBlock) -> pd.DataFrame:
    design = block.design
    columns: dict[str, Any] = {"year": design["year"].astype("int64"), "community": design["community_code"]}
    for name in (*_DESIGN, *_PERSON):
        columns[name] = design.get(name)
    columns["home"] = design.get("household") if asks_adults(form) else None
    columns["person"] = design.get("respondent") if form.panel else None
    columns[_OVERALL] = form.sampling == "overall"
    roles = {
        question.name for question in form.roles.values()
    }  # what they hold stands in the design columns, or stays out
    for question in form.questions:
        if question.name in roles:
            continue
        said = _said(form, question.name, block)
        if said is not None:
            columns[f"q_{question.name}"] = said
    return pd.DataFrame(columns)


def _said(form: Questionnaire, name: str, block: ResponseBlock) -> Iterable[Any] | None:
    """A question's answers as texts; None for free text and dates, which may say who somebody is."""
    question, codes = form.question(name), block.codes[:, form.position[name]]
    states = {code: f".{word}" for code, word in STATE_NAMES.items()}
    if question.coding == "choice":
        words = {**states, **{i: choice.name for i, choice in enumerate(question.choices)}}
    elif question.coding == "step":
        low, steps = question.low or 0.0, np.unique(codes[codes >= 0]).tolist()
        words = {**states, **{k: f"{round(low + k * question.unit, 10):.12g}" for k in steps}}
    elif question.coding in ("number", "multiple"):
        return [states[code] if code < 0 else _value(form, name, block, row) for row, code in enumerate(codes.tolist())]
    else:
        return None
    return [words[code] for code in codes.tolist()]


def _value(form: Questionnaire, name: str, block: ResponseBlock, row: int) -> str:
    question = form.question(name)
    if question.coding == "number":
        number = float(block.numbers[name][row])
        short = f"{number:.12g}"
        return short if float(short) == number else repr(number)
    return " ".join(question.choices[i].name for i in block.multiple[name][row] or ())
