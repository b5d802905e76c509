"""Small groups set to 8 and 15: every page, file, command and sentence follows, in both languages."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import xingfu
from analysis.improvement.lost_points import loss_frame, lowest_items
from analysis.publication import new_store, snapshots
from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.data.year import read_year
from dashboard.pages.overview.service import overview
from dashboard.router import render
from survey.coding.options import ImportOptions
from survey.core import limits
from survey.core.lang import LANGUAGES, catalogue, say
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.dashboard_tools import ADMIN, plain, source_of
from tests.tools.towns.field_town import FORM

#: code, name, responses: shown whole, then under the limits of 10 and 15 and of 5 and 8 only when these are changed
PLACES = (("C1", "甲社区", 60), ("C2", "乙社区", 12), ("C3", "丙社区", 7))
PAGES = ("/", "/community/C1", "/community/C2", "/community/C3", "/community", "/compare", "/method", "/quality")
PAGES += (
    "/robustness",
    "/drivers",
    "/drivers/C2",
    "/estimates",
    "/tasks",
    "/scheme",
    "/cycle",
    "/awards",
    "/indicators",
    "/import",
)
#: a limit as a sentence says it
OLD = re.compile(
    r"(不足|少于|至少)\s?(5|10)\s?(人|份)|(?<!\d)(5|10) 人(起|及以上)|(?<!\d)5.{1,3}9 人|(under|fewer than|Under) (5|10)\b"
    r"|\b5 to 9\b|\b5–9\b|from 10 with|at least 10 interviews",
)


def lines() -> bytes:
    out = ["编号,社区,年度,办事方便,环境卫生,A,B,D,E,总体幸福感,访员,方式,性别,年龄\n"]
    for _, place, n in PLACES:
        for i in range(n):
            levels = ",".join(str(1 + (i + j) % 4) for j in range(6))
            mode, sex = ("电话", "男") if i % 2 else ("书面", "女")
            out.append(f"{place}{i},{place},2014,{levels},{i % 11},V{i % 3},{mode},{sex},{20 + i}\n")
    return "".join(out).encode()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose results were computed, and kept, under the limits of today."""
    place = tmp_path_factory.mktemp("small") / "store.db"
    store = Store.open(str(place), create=True)
    new_store.initialise(store)
    with store.write() as conn:
        found = [register.Community(c, n, sub_district="示例街道", adult_population=3000) for c, n, _ in PLACES]
        register.save(conn, found)
        questionnaires.add(conn, "q", FORM)
    commit(store, inspect(store, "a.csv", lines(), ImportOptions("q")))
    snapshots.results(store, 2014)
    return place


@pytest.fixture
def store(path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(limits, "NOTHING_BELOW", 8)
    monkeypatch.setattr(limits, "TOTALS_BELOW", 15)
    return opened(path)


@cache
def opened(path: Path) -> Store:
    """The store, as a dashboard has it that goes on: what it read stays read."""
    return Store.open(str(path))


def texts(tree: Any) -> Iterator[str]:
    """Every string of a page, attributes too."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts(value)


def command(path: Path, capfd: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    capfd.readouterr()
    assert xingfu.main(["--store", str(path), "--lang", "zh", *words]) == 0
    return list(csv.DictReader(io.StringIO(capfd.readouterr().out)))


def test_before_the_change_the_community_of_twelve_is_broken_down(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = snapshots.results(Store.open(str(path)), 2014)
    items = found.items[found.items["community_code"] == "C2"]
    assert items["score"].notna().all()
    assert items["distribution"].map(bool).all()
    assert any(r["choice"] and r["community_code"] == "C2" for r in estimated(path, capfd))


def test_kept_results_are_computed_again(store: Store) -> None:
    found = snapshots.results(store, 2014)
    small = found.items["community_code"].isin(["C2", "C3"])
    assert found.items.loc[small, "score"].isna().all()
    assert not found.items.loc[small, "distribution"].map(bool).any()
    assert found.items.loc[~small, "score"].notna().all()
    scores = found.scores.set_index("community_code")
    assert "suppressed" in scores["note"]["C3"]
    assert "totals_only" in scores["note"]["C2"]
    assert scores["subjective"].isna().tolist() == [False, False, True]
    flow = found.flow.set_index("community_code")["modes"]
    assert [bool(flow[c]) for c in ("C1", "C2", "C3")] == [True, False, False]
    lost = loss_frame(found)
    assert set(lost.loc[lost["kind"] == "subjective", "community_code"]) == {"C1"}


def test_pages_break_nothing_down(store: Store) -> None:
    source = StoreSource(store)
    rates = overview(ADMIN, source, 2014).rates
    assert [any(v is not None for v in rates[c].values()) for c in ("C2", "C3")] == [False, False]
    year = read_year(ADMIN, source, 2014)
    assert [bool(lowest_items(year.results, c, 5)) for c in ("C1", "C2", "C3")] == [True, False, False]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_no_page_says_the_old_limits(store: Store, address: str, lang: str) -> None:
    shown = render(ADMIN, source_of(store), store, Uploads(), address, f"?lang={lang}&year=2014", {})
    found = list(texts(plain(shown.children)))
    assert len(found) > 20
    assert [text for text in found if OLD.search(text)] == []
    if address == "/method":
        assert say(lang, "page_method.small") in found
        assert {"8", "15"} <= set(re.findall(r"\d+", say(lang, "page_method.small")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_spells_a_limit(lang: str) -> None:
    assert {key: text for key, text in catalogue(lang).items() if OLD.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_breakdown_of_a_community(store: Store, lang: str) -> None:
    client = create_app(store).server.test_client()
    book = load_workbook(BytesIO(client.get(f"/download/community/C2?year=2014&lang={lang}").data))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert [text for text in cells if OLD.search(text)] == []
    assert any("15" in text and "8" in text for text in cells)


def estimated(path: Path, capfd: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return command(path, capfd, "estimate", "--questionnaire", "q", "--by", "community", "--item", "A")


@pytest.mark.usefixtures("store")
def test_commands(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = estimated(path, capfd)
    assert {r["community_code"] for r in rows if r["choice"]} == {"C1"}
    assert [(r["community_code"], bool(r["mean"]), r["note"]) for r in rows if not r["choice"]] == [
        ("C1", True, ""),
        ("C2", True, "totals_only"),
        ("C3", False, "suppressed"),
    ]
    traced = command(path, capfd, "trace", "C2", "2014", "A")
    assert {(r["value"], r["respondent"], r["note"]) for r in traced} == {("", "", "totals_only")}
    assert not command(path, capfd, "quality", "interviewers", "--year", "2014") or all(
        int(r["n"]) >= 15 for r in command(path, capfd, "quality", "interviewers", "--year", "2014") if r.get("n")
    )
    out = tmp_path / "year.zip"
    assert xingfu.main(["--store", str(path), "export", "--year", "2014", "--verify", "--out", str(out)]) in (0,)
    with zipfile.ZipFile(out) as archive:
        [name] = [n for n in archive.namelist() if n.endswith("responses.csv")]
        kept = {row["community"] for row in csv.DictReader(io.StringIO(archive.read(name).decode()))}
        [readme] = [n for n in archive.namelist() if n.endswith("README.txt")]
        said = archive.read(readme).decode()
    assert len(kept) == 1
    assert OLD.search(said) is None
    assert "15" in said


def test_json_tells_what_held_it_back(store: Store) -> None:
    assert json.loads(json.dumps(snapshots.results(store, 2014).meta))["small_groups"] == [8, 15]
