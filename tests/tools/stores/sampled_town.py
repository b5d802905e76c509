"""Six communities asked in two years, with all that a sample may say of itself: what one machine and many must count alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.indicators.imports import import_indicators
from analysis.publication import new_store
from analysis.scheme import default_scheme
from analysis.scheme.serial import to_dict
from survey.coding.options import ImportOptions
from survey.form.model import Choice, Question
from survey.intake.answers import commit, inspect
from survey.store.intake import questionnaires
from survey.store.year import register, schemes
from tests.tools import templates
from tests.tools.forms import form, item
from tests.tools.towns.survey_toys import lcg

CODES = ("001", "01a", "C/3", "C4", "C5", "C6")
SEXES = (Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"}))
USES = tuple(Choice(name, {"zh": f"用{name}"}) for name in ("park", "hall", "bus"))
MORE = (
    *(item(n, dimension=d) for n, d in zip("ABDE", ("autonomy", "ecology", "culture", "harmony"), strict=True)),
    Question("sex", "select_one", {"zh": "性别"}, "sex", SEXES, role="sex"),
    Question("age", "integer", {"zh": "年龄"}, role="age"),
    Question("uses", "select_multiple", {"zh": "用过"}, "uses", USES),
    item("H", dimension="ecology", conditions=("selected(${uses}, 'hall')",)),
    item("W", dimension="culture", conditions=("${sex} = 'f'",)),
    Question("R", "range", {"zh": "几分"}, start=0, end=10, step=1, dimension="harmony"),
    Question("K", "decimal", {"zh": "数"}, minimum=0, maximum=7, dimension="autonomy"),
)
DESIGN = tuple(Question(role, "text", {"zh": role}, role=role) for role in ("stratum", "psu"))
WEIGHT = Question("weight", "decimal", {"zh": "权数"}, role="weight")
ADULTS = Question("adults", "integer", {"zh": "成人"}, start=None)
HOME = Question("home", "text", {"zh": "住户"}, role="household")
#: what a town is → what its questionnaire asks beside ``MORE``, its settings, its sampling, what the scheme weights
KINDS: dict[str, tuple[tuple[Question, ...], dict[str, str], str, str]] = {
    "plain": ((), {}, "by_community", "none"),
    "panel": ((), {"panel": "yes"}, "by_community", "none"),
    "psus": (DESIGN, {}, "by_community", "none"),
    "weights": ((*DESIGN, WEIGHT), {}, "by_community", "none"),
    "raked": (DESIGN, {}, "by_community", "rake"),
    "adults": ((ADULTS, HOME), {"household_adults": "adults"}, "by_community", "none"),
    "overall": ((*DESIGN, WEIGHT), {}, "overall", "none"),
}


@templates.once
def make_sampled_town(store: Any, kind: str) -> None:
    """60 responses a community and year, of the last one seven, with indicator values; results are not computed."""
    more, settings, sampling, weighting = KINDS[kind]
    new_store.initialise(store)
    with store.write() as conn:
        places = [
            register.Community(c, f"{c}社区", sub_district="甲乙"[i % 2], adult_population=1000 + i)
            for i, c in enumerate(CODES)
        ]
        register.save(conn, places)
        people = [(c, 2013, s, "", 400.0 + 200 * (s == "女")) for c in CODES for s in ("男", "女")]
        register.save_population(
            conn, pd.DataFrame(people, columns=["community", "year", "sex", "age_band", "population"])
        )
        questionnaires.add(conn, "q", form(*MORE, *more, settings=settings, sampling=sampling))
        rules = replace(default_scheme(), code="town", weighting=weighting, margins=("sex",))
        schemes.add(conn, "town", 2012, to_dict(rules))
    for year in (2013, 2014):
        data = _answers(kind, year, [q.name for q in (*MORE, *more)])
        commit(store, inspect(store, f"{year}.csv", data, ImportOptions("q")))
        lines = [f"{c}社区,{i.code},,,同级表彰文件,是\n" for c in CODES for i in rules.scored_indicators]
        import_indicators(store, "i.csv", "".join(["社区,指标,种类,数值,依据,免检\n", *lines]).encode(), year)


def _answers(kind: str, year: int, names: list[str]) -> bytes:
    """A file; half of the people and PSUs of 2014 are those of 2013."""
    lines = [",".join(["编号", "社区", "年度", "办事方便", "环境卫生", *names])]
    for place, code in enumerate(CODES):
        n = 7 if place == len(CODES) - 1 else 60
        for i, u in enumerate(lcg(n * 16, 7 + year * 9 + place).reshape(n, 16).tolist()):
            level = [str(1 + int(5 * v)) if v < 0.95 else "9" for v in u]
            cells = {
                "sex": "mf"[(i + place) % 2] if i % 9 else "",
                "age": str(18 + int(60 * u[0])),
                "uses": " ".join(n for n, v in zip(("park", "hall", "bus"), u[1:4], strict=True) if v < 0.6),
                "R": str(int(11 * u[4])),
                "K": f"{7 * u[5]:.15g}",
                "stratum": f"层{i % 2}",
                "psu": f"楼{(i // 2) % 8 + (8 if year == 2014 and i % 4 > 1 else 0)}",
                "weight": f"{0.5 + u[6]:.6f}",
                "adults": str(1 + int(4 * u[7])),
                "home": f"户{i // 2}",
                **dict(zip("ABDEHW", level[8:14], strict=True)),
            }
            who = f"{place}-{i + (30 if year == 2014 else 0)}"
            told = "" if kind == "overall" and i % 15 == 14 else f"{code}社区"
            lines.append(",".join([who, told, str(year), *level[14:16], *(cells[name] for name in names)]))
    return "\n".join([*lines, ""]).encode()
