"""A small store with interviewers, modes and happiness: three communities, 140 responses each, of 2014."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.publication import new_store
from analysis.scheme import default_scheme
from analysis.scheme.serial import to_dict
from survey.coding.options import ImportOptions
from survey.form.model import Choice, Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register, schemes
from tests.tools import templates
from tests.tools.forms import form, item
from tests.tools.towns.survey_toys import lcg

PLACES = (("C1", "甲社区", 3000), ("C2", "乙社区", 1000), ("C3", "丙社区", 2000))
ITEMS = ("Q1", "Q2", "A", "B", "D", "E")
_SEX = tuple(Choice(name, {"zh": zh, "en": name}) for name, zh in (("m", "男"), ("f", "女")))
_DIMENSIONS = zip("ABDE", ("autonomy", "ecology", "culture", "harmony"), strict=True)
FORM = form(
    *(item(name, dimension=d) for name, d in _DIMENSIONS),
    Question("F1", "range", {"zh": "总体幸福感", "en": "overall happiness"}, start=0, end=10, step=1),
    Question("who", "text", {"zh": "访员", "en": "interviewer"}, role="interviewer"),
    Question("how", "text", {"zh": "方式", "en": "mode"}, role="mode"),
    Question("sex", "select_one", {"zh": "性别", "en": "sex"}, "sex", _SEX, role="sex"),
    Question("age", "integer", {"zh": "年龄", "en": "age"}, minimum=18, maximum=99, role="age"),
)


def lines(each: int = 140, *, rosy: str = "V2", start: int = 0) -> str:
    """Answers as a CSV; phone answers are a little better, those of one interviewer much better."""
    u = iter(lcg(each * 3 * 14, 2011 + start).tolist())
    out = ["编号,社区,年度,办事方便,环境卫生,A,B,D,E,总体幸福感,访员,方式,性别,年龄\n"]
    for _, place, _ in PLACES:
        for i in range(start, start + each):
            phone = next(u) < 0.4
            who = f"V{int(4 * next(u))}"
            mood = 1.2 * next(u) - 0.9 * (who == rosy) - 0.3 * phone
            levels = [min(5, max(1, round(1 + mood + 2.5 * next(u)))) for _ in ITEMS]
            happy = min(10, max(0, round(11 - 1.2 * levels[0] - 0.4 * levels[2] + 2 * next(u))))
            cells: list[Any] = [
                f"{place}{i}",
                place,
                2014,
                *levels,
                happy,
                who,
                "电话" if phone else "书面",
                "男" if next(u) < 0.5 else "女",
                18 + int(60 * next(u)),
            ]
            out.append(",".join(map(str, cells)) + "\n")
    return "".join(out)


def weighted_town(folder: Path) -> Store:
    """The same under a scheme that rakes to a register of two women to a man."""
    store = town(folder)
    scheme = replace(default_scheme(), code="raked", first_year=2014, weighting="rake", margins=("sex",))
    counts = [(c, 2014, sex, "", part * n / 3) for c, _, n in PLACES for sex, part in (("男", 1), ("女", 2))]
    with store.write() as conn:
        frame = pd.DataFrame(counts, columns=["community", "year", "sex", "age_band", "population"])
        register.save_population(conn, frame)
        schemes.add(conn, scheme.code, scheme.first_year, to_dict(scheme))
    return store


def town(folder: Path) -> Store:
    """The store; two batches, the second small."""
    return _fill(templates.empty_store(folder / "field.db"))


@templates.once
def _fill(store: Store) -> None:
    new_store.initialise(store)
    with store.write() as conn:
        register.save(
            conn, [register.Community(c, n, sub_district="示例街道", adult_population=p) for c, n, p in PLACES]
        )
        questionnaires.add(conn, "q", FORM)
    for start, each in ((0, 140), (500, 12)):
        name = f"答卷{start}.csv"
        commit(store, inspect(store, name, lines(each, start=start).encode(), ImportOptions("q")))
