"""Two communities with answers and full indicators in 2014 (937 points each), ready for the cycle."""

from __future__ import annotations

from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.publication import new_store, snapshots
from analysis.scheme import default_scheme
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools import templates
from tests.tools.forms import form, item

_OTHERS = zip("ABDE", ("autonomy", "ecology", "culture", "harmony"), strict=True)
ITEMS = [item(name, dimension=d) for name, d in _OTHERS]


@templates.once
def make_town(store: Store, years: tuple[int, ...] = (2014,)) -> None:
    """The store with its register, questionnaire, answers and indicator values, all of them reviewed, and its results."""
    new_store.initialise(store)
    with store.write() as conn:
        register.save(
            conn,
            [
                register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3000),
                register.Community("C2", "乙社区", sub_district="示例街道", adult_population=1000),
            ],
        )
        questionnaires.add(conn, "q", form(*ITEMS))
    for year in years:
        answers(store, year)
        import_indicators(store, "i.csv", values(), year)
        review(store, year, "approve", who="复核员")
        snapshots.results(store, year)


def answers(store: Store, year: int, offset: int = 0, rows: int = 60) -> object:
    """Sixty responses a community."""
    lines = [
        f"{p}{i},{p},{year},{1 + i % 3},{1 + i % 4}" + f",{1 + i % 3}" * 4 + "\n"
        for p in ("甲社区", "乙社区")
        for i in range(offset, offset + rows)
    ]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    return commit(store, inspect(store, f"{year}_{offset}.csv", data, ImportOptions("q")))


def values() -> bytes:
    """Every indicator exempt with evidence: full marks."""
    lines = ["社区,指标,种类,数值,依据,免检\n"]
    lines += [
        f"{place},{i.code},,,同级表彰文件,是\n"
        for place in ("甲社区", "乙社区")
        for i in default_scheme().scored_indicators
    ]
    return "".join(lines).encode()
