"""``estimate --stat``, ``--where``, ``--cross`` and ``--difference`` against R survey 4.1-1: 900 people under fourteen designs.

Every number of ``tests/data/r_survey/cases.csv`` is what ``cases.R`` beside it printed; its functions are the R calls.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.sample.pooled_sample import Pool, pool
from analysis.tables.asked_statistics import asked_statistics
from analysis.tables.cross_table import cross_table
from analysis.tables.estimates import EstimateTable, lay_table
from analysis.tables.statistics_table import statistics_table
from survey.form.model import Choice, Question, Questionnaire
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

CASES = Path(__file__).parents[2] / "data" / "r_survey" / "cases.csv"
ADULTS = {"C1": 2000.0, "C2": 5000.0, "C3": 1500.0}
PLACES, BANDS = ("C1", "C2", "C3"), ("18-44", "45-59", "60+")
SIZES = {
    ("m", 0): (300, 900, 250),
    ("f", 0): (350, 1000, 200),
    ("m", 1): (300, 800, 300),
    ("f", 1): (250, 700, 200),
    ("m", 2): (400, 700, 300),
    ("f", 2): (400, 900, 250),
}
PEOPLE = pd.DataFrame(
    [
        (c, 2014, {"m": "男", "f": "女"}[sex], BANDS[h], n)
        for (sex, h), row in SIZES.items()
        for c, n in zip(PLACES, row, strict=True)
    ],
    columns=["community", "year", "sex", "age_band", "population"],
)
#: design → its columns (role → column of ``people``), and the rule for a stratum with one PSU
DESIGNS: dict[str, dict[str, str]] = {
    "random": {},
    "weights": {"weight": "w"},
    "strata": {"weight": "w", "stratum": "stratum"},
    "strata_fpc": {"weight": "w", "stratum": "stratum", "fpc": "persons"},
    "clusters": {"weight": "w", "stratum": "stratum", "psu": "psu"},
    "clusters_fpc": {"weight": "w", "stratum": "stratum", "psu": "psu", "fpc": "psus"},
    "two_stages": {"weight": "w", "stratum": "stratum", "psu": "psu", "ssu": "ssu", "fpc": "few", "fpc2": "ssus"},
    "zero_weights": {"weight": "some", "stratum": "stratum", "psu": "psu"},
    "by_community": {},
    **{
        f"lonely_{rule}": {"weight": "w", "stratum": "stratum", "psu": "single"}
        for rule in ("certainty", "average", "adjust")
    },
    "rake": {},
    "poststratify": {},
}
ROWS = tuple(DESIGNS)


@cache
def people() -> dict[str, Any]:
    """The columns of ``d`` in cases.R, None for NA."""
    u = lcg(900 * 12, 20111).reshape(-1, 12)
    k = 1 + (u[:, 1] > 0.4) + (u[:, 1] > 0.7) + (u[:, 1] > 0.9)
    unit = ((k - 1) * 6 + np.floor(u[:, 2] * 6)).astype(int)
    level = lcg(24, 77)[unit]
    weight = 0.5 + np.floor(8 * u[:, 4] ** 2) / 4 + k / 2

    def known(values: Any, lost: Any) -> list[Any]:
        return [None if gone else value for value, gone in zip(values.tolist(), lost, strict=True)]

    s = np.clip(1 + np.floor(5 * (0.55 * u[:, 5] + 0.25 * level + 0.2 * u[:, 6])), 1, 5).astype(int).astype(str)
    h = np.minimum(3, 1 + np.floor(3 * (0.55 * ((5 * u[:, 11]) % 1) + 0.3 * u[:, 5] + 0.15 * u[:, 11]))).astype(int)
    return {
        "community": np.array(PLACES)[(u[:, 0] > 0.45) * 1 + (u[:, 0] > 0.8)].tolist(),
        "stratum": k.astype(str).tolist(),
        "psu": unit.astype(str).tolist(),
        "single": np.where(k == 4, 18, unit).astype(str).tolist(),
        "ssu": (unit * 3 + np.floor(u[:, 3] * 3).astype(int)).astype(str).tolist(),
        "w": weight.tolist(),
        "some": np.where(u[:, 6] < 0.06, 0.0, weight).tolist(),
        "persons": np.array([4000.0, 3500, 2500, 1000])[k - 1].tolist(),
        "psus": np.array([80.0, 90, 120, 60])[k - 1].tolist(),
        "few": np.array([12.0, 8, 20, 7])[k - 1].tolist(),
        "ssus": (5.0 + unit % 5).tolist(),
        "s": known(s, u[:, 8] < 0.07),
        "y": known(np.floor(20 + 40 * u[:, 7] + 25 * level + 10 * (u[:, 0] > 0.8)), u[:, 9] < 0.05),
        "z": (1 + np.floor(4 * u[:, 8])).tolist(),
        "v": known(np.floor(1000 * (1 + u[:, 9] + 8 * u[:, 10] ** 4)), u[:, 10] < 0.1),
        "sex": np.where(u[:, 11] < 0.46, "m", "f").tolist(),
        "h": h.astype(str).tolist(),
    }


def named(name: str, values: tuple[str, ...], role: str = "") -> Question:
    choices = tuple(Choice(v, {"zh": v, "en": v}) for v in values)
    return Question(name, "select_one", {"zh": name, "en": name}, choices=choices, list_name=name, role=role)


def asked(design: str) -> Questionnaire:
    rows = [item("s", "a"), *(Question(n, "integer" if n != "v" else "decimal", {"zh": n}) for n in ("y", "z", "v"))]
    rows += [named("sex", ("f", "m")), named("h", ("1", "2", "3"))]
    roles = [
        Question(f"r_{r}", "decimal" if r in ("weight", "fpc", "fpc2") else "text", role=r) for r in DESIGNS[design]
    ]
    return form(
        *rows, *roles, sampling="by_community" if design in ROWS[-2:] or design == "by_community" else "overall"
    )


def sample(design: str) -> Pool:
    d, questionnaire = people(), asked(design)
    columns: dict[str, Any] = {role: d[name] for role, name in DESIGNS[design].items()}
    if design in ROWS[-2:]:
        columns["sex"] = [{"m": "男", "f": "女"}[x] for x in d["sex"]]
        columns["age_band"] = [BANDS[int(h) - 1] for h in d["h"]]
    answers = {name: d[name] for name in ("s", "y", "z", "v", "sex", "h")}
    return pool([(questionnaire, block(questionnaire, answers, community_code=d["community"], **columns))])


def table(design: str, by: str, *where: str) -> EstimateTable:
    rule = design.removeprefix("lonely_") if design.startswith("lonely_") else "unknown"
    more: dict[str, Any] = {"scheme": scheme(lonely_psu=rule, margins=("sex", "age_band"), cell_min=1)}
    if design in ROWS[-2:]:
        more |= {"weighting": design, "population": PEOPLE}
    return lay_table(sample(design), by=[by], populations=ADULTS, where=where, **more)


def ours(design: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Case, key and row of everything that R says of a design."""

    def rows(case: str, key: str, by: str, stat: str, items: str = "", where: tuple[str, ...] = (), **more: Any) -> Any:
        names = items.split(",") if items else None
        found = statistics_table(table(design, by, *where), names, asked_statistics(stat.split(",")), **more)
        for row in found.to_dict("records"):
            yield f"{design}/{case}", key.format(p=row["stat"].removeprefix("quantile:"), **row), row

    few = design.startswith("lonely_")
    yield from rows("mean", "{item}", "year", "mean", "s" if few else "s,v")
    yield from rows("mean by community", "{community_code}", "community", "mean", "y")
    yield from rows("total by community", "{community_code}", "community", "total", "z")
    yield from rows("ratio", "{item}", "year", "ratio:y/z")
    yield from rows(
        "quantile",
        "{p}",
        "year",
        "quantile:0.5" if few else "quantile:0.05,quantile:0.25,quantile:0.5,quantile:0.9,quantile:0.95",
        "v",
    )
    yield from rows("difference", "{community_code}", "community", "mean", "y", difference="community=C1,C3")
    if few:
        return
    yield from rows("mean where", "f", "year", "mean", "y", ("sex=f", "h=2,3"))
    yield from rows("share", "{choice}", "year", "share", "s")
    yield from rows("ratio by sex", "{sex}", "sex", "ratio:v/z")
    yield from rows("median", "{item}", "year", "quantile:0.5", "s,y")
    yield from rows("quantile by community", "{community_code} {p}", "community", "quantile:0.1,quantile:0.75", "y")
    yield from rows("sd", "{item}", "year", "sd", "s,v")
    yield from rows("difference of totals", "{sex}", "sex", "total", "z", difference="sex=m,f")
    crossed = cross_table(table(design, "year"), ["year"], (), ("h", "sex"))
    yield f"{design}/cross", "h*sex", crossed.iloc[0].to_dict()


@cache
def golden() -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = {}
    with CASES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["case"], row["key"]), {})[row["name"]] = float(row["x"])
    return found


@pytest.mark.parametrize("design", DESIGNS)
def test_agrees_with_r(design: str) -> None:
    wanted = {key for key in golden() if key[0].split("/")[0] == design}
    seen = set()
    for case, key, row in ours(design):
        if (case, key) not in wanted:
            continue
        seen.add((case, key))
        if row.get("stat") == "share":
            row |= {"low": row["share_low"], "high": row["share_high"]}
        for name, x in golden()[case, key].items():
            if case != "poststratify/cross":  # the cells are known: nothing to judge by, and R divides by noise
                assert row[name] == pytest.approx(x, rel=1e-9, abs=1e-12), (case, key, name, row["note"])
            else:
                assert (np.isnan(row[name]), "no_variation" in row["note"]) == (True, True)
    assert seen == wanted
