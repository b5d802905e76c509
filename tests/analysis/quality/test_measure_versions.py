"""A measure whose columns or numbers change gets another version, so that what was kept before is computed anew.

Columns are held by their fingerprint, numbers by a digest of what each measure gives for a small town, rounded to
6 decimals.  Where a test fails: raise the version in the measure's ``MEASURE`` and write the new line here, under the
new name; where a text of the body was only worded anew, the line alone.
"""

from __future__ import annotations

import pytest

from analysis.quality.measure import Measure, measures
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.store import Store
from tests.tools.books.call_sheets import texts
from tests.tools.towns import field_town
from tests.tools.towns.digests import digest

#: name and version of the kept result → fingerprints of its tables
COLUMNS: dict[str, tuple[str, ...]] = {
    "drivers:3": ("12738b0393e01a0e",),
    "reliability:4": ("11aa3eb4762d43eb",),
    "modes:4": ("e81bd92b8c9cb4ba",),
    "interviewers:2": ("5eab9984e08af1f3", "e6c6ab38da6dccdf"),
    "without:3": ("7167c10f869ae0b5",),
    "sensitivity:5": ("004bf0c3177942af", "a5882ab9bb613bd0"),
    "rates:1": (
        "678ad2072b973758",
        "984c410923186417",
        "5d66950d4a697e40",
        "f30d1c4b8885a220",
        "b33dc7f6feac5dcb",
    ),
    "sensitivity_runs:4": ("ef50c8074ccd84f6",),
}
#: name and version → digest of its body for the town
NUMBERS: dict[str, str] = {
    "drivers:3": "084c5ded58d627d8",
    "reliability:4": "311b490e44887097",
    "modes:4": "99cb9da8972da606",
    "interviewers:2": "f6a177c55317d3f3",
    "without:3": "0364e41f18264a6b",
    "sensitivity:5": "904063e842ba6c9c",
    "rates:1": "30dc4e8f2a443967",
    "sensitivity_runs:4": "fb53e534ca54bd9c",
}
#: what came of the calls that the rates rest on
OUTCOMES = ("完成", "完成", "部分完成", "拒访", "约访", "去世", "无人接听", "其他不明", "空号")
KEPT = [m for m in measures() if m.version]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = field_town.town(tmp_path_factory.mktemp("versions"))
    calls = texts("编号,社区,访员,访问结果", *(f"t{i},甲社区,F{i % 2},{word}" for i, word in enumerate(OUTCOMES * 3)))
    commit_calls(store, inspect_calls(store, "电话.csv", calls, CallOptions(2014, "q")))
    return store


def test_every_kept_measure_is_held():
    assert {m.kept_as for m in KEPT} == COLUMNS.keys() == NUMBERS.keys()


@pytest.mark.parametrize("one", KEPT, ids=lambda m: m.name)
def test_other_columns_are_another_version(one: Measure):
    found = tuple(table.columns.fingerprint for table in one.tables)
    assert found == COLUMNS.get(one.kept_as), f"{one.name}: columns changed, raise the version"


@pytest.mark.parametrize("one", KEPT, ids=lambda m: m.name)
def test_other_numbers_are_another_version(one: Measure, town: Store):
    asked = {option.name: option.default for option in one.options if option.asked}
    found = digest(one.find(town, 2014, **asked).body)
    assert found == NUMBERS.get(one.kept_as), f"{one.name}: numbers changed, raise the version"


def test_a_digest_sees_the_sixth_decimal_and_no_further():
    assert digest({"a": [1.0000000001]}) == digest({"a": [1.0]})
    assert digest({"a": [1.000002]}) != digest({"a": [1.0]})
    assert digest({"a": -0.0}) == digest({"a": 0.0})
    assert digest({"b": 1.0}) != digest({"a": 1.0})
