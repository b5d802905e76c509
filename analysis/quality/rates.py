"""How many of those who should have answered did: AAPOR's outcome rates of a year, from the stored outcomes.

A case is a person called, or a response that says how its contact ended.  What comes of it is decided in
``survey.store.intake.calls``, the formulas stand in ``analysis.statistics.descriptive.outcome_rates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.quality.measure import Body, Measure, Option, Table
from analysis.sample.small_groups import too_few, with_complements
from analysis.scheme import Scheme
from analysis.statistics.descriptive.outcome_rates import CLASSES, RATES, outcome_rates
from survey.answers.respondents import as_first_typed, folds, of_mode
from survey.core.columns import CODE, NUMBER, SHARE, TEXT, WHOLE, Column, Columns, columns
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.dispositions import Outcomes
from survey.store.intake import calls, questionnaires, responses
from survey.store.year import register


class By(StrEnum):
    """What rates are split by."""

    community = "community"
    interviewer = "interviewer"
    mode = "mode"
    week = "week"


_CASE = ["questionnaire", "community", "respondent"]
#: the number as it is compared, and what makes two rows one case
_NUMBER = "number"
_SAME = ["questionnaire", "community", _NUMBER]
#: call records are of the telephone, where no response of the person says otherwise
_CALLED = "phone"
_MEASURED = columns(
    Column("rate", CODE),
    Column("value", SHARE, "rates.col_value"),
    Column("numerator", WHOLE),
    Column("denominator", NUMBER),
    Column("e", SHARE),
    Column("n", WHOLE, "rates.col_n"),
    Column("note", CODE),
)
_LEADING: Mapping[str, tuple[Column, ...]] = {
    "": (),
    By.community: (Column("community_code", CODE), Column("community", TEXT)),
    By.interviewer: (Column("interviewer", TEXT),),
    By.mode: (Column("mode", CODE),),
    By.week: (Column("week", CODE),),
}
#: what the rates are split by ('' for all together) → the columns of their table
COLUMNS: Mapping[str, Columns] = {by: columns(*leading) + _MEASURED for by, leading in _LEADING.items()}


def measure(conn: Connection, year: int, scheme: Scheme | None = None) -> dict[str, Any]:
    """``tables``: '' and each of ``By`` → rows of its COLUMNS, a rate a row.  ``n`` cases, ``counts`` by class, ``e``,
    ``unknown`` outcomes that belong to no class and are left out.

    A group of a self-selected sample has one row without a rate, note ``open_sample``; groups of too few cases have
    one with ``suppressed``, those that would give these away with ``complement``.  Raises Refused where nothing is known.
    """
    every = cases(conn, year)
    known = every[every["aapor"].isin(CLASSES)].reset_index(drop=True)
    if known.empty:
        raise Refused("rates.none", year=year)
    names = register.names(conn, year)
    whole = _counted(known)[0] if not known["open"].any() else None
    return {
        "tables": {by: _rows(known, by, names) for by in ("", *By)},
        "n": len(known),
        "counts": known["aapor"].value_counts().to_dict(),
        "e": None if whole is None else float(outcome_rates(whole).e),
        "unknown": len(every) - len(known),
    }


def cases(conn: Connection, year: int) -> pd.DataFrame:
    """One row a case of the year: ``questionnaire, community`` (code)``, respondent, aapor, interviewer, mode, week``, and
    ``open``: whether it is of a self-selected sample.  ``aapor`` '' is an outcome of no class."""
    called = calls.cases(conn, year)
    forms = {i: questionnaires.by_id(conn, i).form for i in responses.forms_in(conn, year)}
    if called.empty and not any("disposition" in form.roles for form in forms.values()):
        return called.assign(mode="", week="", open=False)
    told = responses.contacts_of(conn, year)
    told["open"] = told["sample_type"] == "open"
    keyed = {name for name, i in zip(told["questionnaire"], told["form_id"], strict=True) if forms[i].mode_in_key}
    told[_NUMBER] = _numbers(told, told["mode"], keyed)
    called[_NUMBER] = _numbers(called, pd.Series(_CALLED, index=called.index), keyed)
    named = told[told["respondent"] != ""].drop_duplicates(_SAME, keep="last")
    called = called.merge(named[[*_SAME, "mode"]], on=_SAME, how="left")
    called["mode"] = called["mode"].fillna("").replace("", _CALLED)
    place = ["questionnaire", "community", "mode"]
    called["open"] = _among(called[place], told.loc[told["open"], place])
    tables = {i: Outcomes().with_choices(form.roles.get("disposition")) for i, form in forms.items()}
    own = told[(told["disposition"] != "") & ~told["batch_id"].isin(set(called["batch_id"]))]
    own = own[~_among(own[_SAME], called[_SAME]) | (own["respondent"] == "")]
    found = [tables[form].find(word) for form, word in zip(own["form_id"], own["disposition"], strict=True)]
    own = own.assign(aapor=["" if d is None else d.aapor for d in found])
    kept = [*_CASE, "aapor", "at", "interviewer", "mode", "open"]
    both = pd.concat([called[kept], own[kept]], ignore_index=True)
    return both.assign(week=[_week(at) for at in both["at"]], interviewer=as_first_typed(both["interviewer"]))


def _numbers(frame: pd.DataFrame, modes: pd.Series[str], keyed: set[str]) -> list[str | None]:
    """What the cases are compared by; in the questionnaires ``keyed`` how they were asked is a part of it."""
    pairs = zip(folds(frame["respondent"]), frame["questionnaire"], modes, strict=True)
    return [of_mode(fold, mode) if fold is not None and name in keyed else fold for fold, name, mode in pairs]


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series[bool]:
    """Whether each row stands among others."""
    there = set(others.itertuples(index=False, name=None))
    return pd.Series([row in there for row in rows.itertuples(index=False, name=None)], index=rows.index, dtype=bool)


def _week(at: str) -> str:
    """The ISO week of a time, ``2014-W36``; '' where there is none."""
    try:
        year, week, _ = date.fromisoformat(str(at)[:10]).isocalendar()
    except ValueError:
        return ""
    return f"{year}-W{week:02}"


def _counted(known: pd.DataFrame, codes: Any = None, size: int = 1) -> Any:
    """(size, 8) cases by group and class."""
    group = np.zeros(len(known), dtype=np.int64) if codes is None else codes
    place = known["aapor"].map({name: i for i, name in enumerate(CLASSES)}).to_numpy(dtype=np.int64)
    return np.bincount(group * len(CLASSES) + place, minlength=size * len(CLASSES)).reshape(size, -1).astype(np.float64)


def _rows(known: pd.DataFrame, by: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of one table, groups in the order of their keys, what has no key last."""
    keys = known[by].astype(str) if by else pd.Series("", index=known.index)
    groups = sorted(set(keys), key=lambda key: (key == "", key))
    codes = keys.map({key: i for i, key in enumerate(groups)}).to_numpy(dtype=np.int64)
    counts = _counted(known, codes, len(groups))
    n, found = counts.sum(axis=1), outcome_rates(counts)
    hidden = with_complements(pd.DataFrame({"key": groups}), n, ["key"])
    open_ = np.bincount(codes, known["open"], len(groups)) > 0
    rows: list[dict[str, Any]] = []
    for g, key in enumerate(groups):
        leading: dict[str, Any] = {by: key or None} if by else {}
        if by == By.community:
            leading = {"community_code": key or None, "community": names.get(key)}
        if hidden[g]:
            rows.append({**leading, "rate": "", "note": "suppressed" if too_few(n)[g] else "complement"})
        elif open_[g]:
            rows.append({**leading, "rate": "", "n": n[g], "note": "open_sample"})
        else:
            each = zip(RATES, found.value[g], found.numerator[g], found.denominator[g], strict=True)
            rows += [
                {
                    **leading,
                    "rate": r,
                    "value": v,
                    "numerator": a,
                    "denominator": b,
                    "e": found.e[g],
                    "n": n[g],
                    "note": "",
                }
                for r, v, a, b in each
            ]
    return rows


# ── In words, and as a measure


def _table_rows(by: str, body: Body, lang: str) -> list[dict[str, Any]]:
    return list(body["tables"][by])


def readings(body: Body, lang: str) -> list[str]:
    """What came of all cases, and how many could be placed in no class."""
    counts = {name: body["counts"].get(name, 0) for name in CLASSES}
    rates = {row["rate"]: row.get("value") for row in body["tables"][""]}
    if body["e"] is None or rates.get("RR1") is None or rates.get("RR3") is None:
        said = [say(lang, "rates.counted", n=body["n"], **counts)]
    else:
        low, likely, e = (f"{100 * v:.1f}" for v in (rates["RR1"], rates["RR3"], body["e"]))
        said = [say(lang, "rates.reading", n=body["n"], rr1=low, rr3=likely, e=e, **counts)]
    return said + ([say(lang, "rates.unknown", n=body["unknown"])] if body["unknown"] else [])


def _table(by: str) -> Table:
    name = f"rates_{by}" if by else "rates"
    leading = {"": "", By.community: "community "}.get(by, f"{by} ")
    shown = f"{leading}rate value numerator denominator e note"
    return Table(name, COLUMNS[by], partial(_table_rows, by), shown, f"page_quality.file_{name}")


MEASURE = Measure(
    "rates",
    1,
    measure,
    tuple(_table(by) for by in ("", *By)),
    readings,
    options=(Option("by", "rates.option.by", By, None, "GROUPS"),),
    place=7,
    title="page_quality.title_rates",
    whole_only=True,
)
