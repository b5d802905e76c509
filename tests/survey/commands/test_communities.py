"""Commands of the register: English names beside the communities, on a terminal in their place, for programs never."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.survey.fieldwork.test_geojson import collection, feature, square
from tests.tools.commands import run as run
from tests.tools.commands import table
from tests.tools.commands import town as town

REGISTER = "编号,社区,街道,英文名,街道英文名\nC1,甲社区,示例街道,Alpha,Sample Street\nC2,乙社区,示例街道,,\n"


@pytest.fixture
def named(town):
    Path("named.csv").write_text(REGISTER, encoding="utf-8")
    assert town("communities", "add", "named.csv")[0] == 0
    return town


def test_the_list_says_english_names_beside_those_that_count(named):
    for lang in ("zh", "en"):
        listed = table(named("--lang", lang, "communities", "list")[1])
        assert [(r["code"], r["name"], r["name_en"], r["sub_district_en"]) for r in listed[:2]] == [
            ("C1", "甲社区", "Alpha", "Sample Street"),
            ("C2", "乙社区", "", "Sample Street"),
        ]


def test_a_terminal_in_english_shows_them_in_the_place_of_the_names(named, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert "Alpha" in named("--lang", "en", "communities", "list")[1]
    chinese = named("--lang", "zh", "communities", "list")[1]
    assert "Alpha" not in chinese
    assert "甲社区" in chinese


def test_a_name_that_is_told_empty_is_taken_away(named):
    Path("named.csv").write_text(REGISTER.replace("Alpha", ""), encoding="utf-8")
    named("communities", "add", "named.csv")
    assert {r["name_en"] for r in table(named("communities", "list")[1])} == {""}


def test_a_map_is_looked_over_kept_listed_and_taken_away(town):
    outlines = collection(feature(square(121, 31), 编号="C1"), feature(square(121.02, 31), 编号="C9"))
    Path("图.geojson").write_bytes(outlines)
    status, out, err = town("communities", "map", "图.geojson", "--dry-run")
    assert (status, [r["community_code"] for r in table(out)]) == (0, ["C1"])
    assert "2 (C9)" in err
    assert table(town("communities", "map")[1]) == []
    assert town("communities", "map", "图.geojson")[0] == 0
    (row,) = table(town("communities", "map")[1])
    assert (row["community"], row["areas"], row["corners"]) == ("甲社区", "1", "4")
    assert town("communities", "map", "--remove")[0] == 0
    assert "没有社区地图" in town("communities", "map")[2]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["没有.geojson"], 3),
        (["空.geojson"], 3),
        (["两可.geojson"], 3),
        (["两可.geojson", "--by", "名"], 0),
        (["两可.geojson", "--remove"], 2),
        (["--by", "名"], 2),
        (["--dry-run"], 2),
    ],
)
def test_a_map_that_is_none_or_asks_stores_nothing(town, arguments, status):
    Path("空.geojson").write_bytes(b"")
    two = collection(feature(square(121, 31), 码="C1", 名="乙社区"), feature(square(121.02, 31), 码="C2", 名="甲社区"))
    Path("两可.geojson").write_bytes(two)
    found, _, err = town("communities", "map", *arguments)
    assert found == status
    if status:
        assert err.strip()
        assert "Traceback" not in err
        assert table(town("communities", "map")[1]) == []
