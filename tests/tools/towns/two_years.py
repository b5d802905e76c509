"""Two communities with answers of two years, and what a test adds to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

import xingfu
from analysis.publication import new_store, snapshots
from analysis.scheme import default_scheme
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools import templates
from tests.tools.forms import form, item

SCHEME = default_scheme()
OTHERS = [
    item(name, dimension=d) for name, d in zip("ABDE", ("autonomy", "ecology", "culture", "harmony"), strict=True)
]


@templates.once
def make_town(store):
    """Two communities with 60 responses each in 2013 and 2014."""
    new_store.initialise(store)
    with store.write() as conn:
        register.save(
            conn,
            [
                register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3000),
                register.Community("C2", "乙社区", sub_district="示例街道", adult_population=1000),
            ],
        )
        questionnaires.add(conn, "q", form(*OTHERS, settings={"panel": "yes"}))
    for year in (2013, 2014):
        bring(store, year)


@templates.once
def make_scored_town(store):
    """The same with its results computed."""
    make_town(store)
    for year in (2013, 2014):
        snapshots.results(store, year)


@pytest.fixture
def town(sqlite_store):
    """Two communities with 60 responses each in 2013 and 2014."""
    return make_town(sqlite_store)


@pytest.fixture
def scored_town(sqlite_store):
    """Two communities with 60 responses each in 2013 and 2014, and the results of both years."""
    return make_scored_town(sqlite_store)


def bring(store, year, offset=0, rows=60):
    lines = [
        f"{p}{i},{p},{year},{1 + i % 3},{1 + i % 4}" + f",{1 + i % 3}" * 4 + "\n"
        for p in ("甲社区", "乙社区")
        for i in range(offset, offset + rows)
    ]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    return commit(store, inspect(store, f"{year}_{offset}.csv", data, ImportOptions("q")))


def indicator_file():
    """Every indicator exempt with evidence: full marks."""
    lines = ["社区,指标,种类,数值,依据,免检\n"]
    lines += [
        f"{place},{i.code},,,同级表彰文件,是\n" for place in ("甲社区", "乙社区") for i in SCHEME.scored_indicators
    ]
    return "".join(lines).encode()


@pytest.fixture
def run(town: Store, capfd, monkeypatch):
    """Run ``xingfu`` on the town's store; gives (status, stdout, stderr)."""
    monkeypatch.delenv("XINGFU_LANG", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(["--store", town.where, *words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


def other_points(**more):
    """The default scheme with 70 instead of 60 survey points for one type, 130 instead of 140 objective ones."""
    first = replace(SCHEME.dimensions[0], objective_points=130.0, subjective_points=70.0)
    ten_less = replace(SCHEME.indicators[0], points=10.0)
    return replace(
        SCHEME, dimensions=(first, *SCHEME.dimensions[1:]), indicators=(ten_less, *SCHEME.indicators[1:]), **more
    )
