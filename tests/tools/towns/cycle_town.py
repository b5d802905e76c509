"""Two communities with answers and full indicators in 2014 (937 points each), ready for the cycle or published."""

from __future__ import annotations

from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.publication import cycle_steps, new_store, snapshots
from analysis.scheme import default_scheme
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from survey.store.year.cycle import Event
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


def step(kind: str, code: str = "", **more: object) -> Event:
    """A step of 2014 with what most of them need."""
    return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})


@templates.once
def publish(store: Store) -> None:
    """The town with both communities published, at 937 points each."""
    make_town(store)
    cycle_steps.take_all(store, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(store, 2014, "李")
    cycle_steps.calculate(store, 2014, "李")
    cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27"))


def late_answers(store: Store, place: str = "甲社区", year: int = 2014) -> int:
    """Ten more answers, all of them the best; the batch."""
    lines = "".join(f"晚{place}{i},{place},{year},1,1,1,1,1,1\n" for i in range(10))
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode()
    batch = commit(store, inspect(store, f"late_{place}_{year}.csv", data, ImportOptions("q"))).batch
    assert isinstance(batch, int)
    return batch
