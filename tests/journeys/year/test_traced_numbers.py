"""Every number of a community's workbook leads to the cells of the sample's own files, and those cells add up to it again.

Total → dimension → item or indicator → batch → file, sheet, row, cell; and from the cells of every response back to the points.
The cells are looked up in the files as they ship, by openpyxl and csv, not in what the import kept of them.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from analysis.exports.workbook import community_workbook
from analysis.publication import snapshots
from analysis.tables.tracing.response_rows import Responses
from analysis.tables.tracing.trace import trace
from dashboard.data.results import StoreSource
from dashboard.router import render
from dashboard.serving import demonstration
from survey.commands.console import Session
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, nodes, plain

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
YEAR = 2014
#: of a year that is open, and of one that is named and archived
CODES = ("SL03", "YS01")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    place = tmp_path_factory.mktemp("traced") / "demo.db"
    demonstration.load(Session("demo.db", "zh", False), place)
    store = Store.open(place)
    yield store
    store.close()


@cache
def sheets(file: str) -> Any:
    if file.endswith(".csv"):
        return list(csv.reader(io.StringIO((SAMPLE / file).read_text("gb18030"))))  # as a call centre hands it over
    return openpyxl.load_workbook(SAMPLE / file, data_only=True)


def lies_at(file: str, sheet: str, cell: str) -> Any:
    """What the file itself holds there."""
    found = sheets(file)
    letters, row = coordinate_from_string(cell)
    if isinstance(found, list):
        return found[row - 1][column_index_from_string(letters) - 1]
    return found[sheet][cell].value


def table(book: Any, sheet: str, first: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by what stands in its first column."""
    rows = list(book[sheet].iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if row[0] == first)
    found = {}
    for row in rows[top + 1 :]:
        if row[0] is None:
            break
        found[row[0]] = dict(zip(rows[top], row, strict=True))
    return found


def same(one: Any, other: Any) -> bool:
    return math.isclose(float(one), float(other), rel_tol=0, abs_tol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_every_number_leads_to_its_cells_and_they_add_up_to_it(demo, code):
    results = snapshots.results(demo, YEAR)
    book = openpyxl.load_workbook(io.BytesIO(community_workbook(results, code, "zh")), data_only=True)
    items, indicators = table(book, "居民调查", "题号"), table(book, "客观指标", "编号")
    known = {row["item"]: row for row in results.rows("items", code)}
    assert {*known} <= {*items}
    with demo.read() as conn:
        responses = Responses(conn, code, YEAR)
        rows = [
            responses.one(line.id, {name: row["points"] for name, row in known.items()})
            for line in responses.lines(next(iter(known)))
        ]
        added: Counter[str] = Counter()
        scored: Counter[str] = Counter()
        for row in rows:  # from the cells to the numbers
            for cell in row.cells:
                if cell.points is not None:
                    added[cell.question.name] += cell.points
                    scored[cell.question.name] += 1
        for name, row in known.items():
            assert same(items[name]["得分"], row["points_got"]), name
            assert same(added[name], row["points_got"]), name
            assert scored[name] == items[name]["有效人数"] == row["n"], name
            where = trace(conn, code, YEAR, name)  # from the number to the cells
            assert len(where) == len(rows), name
            labels = {
                c.name: {*c.labels.values(), *c.aliases, c.name} for c in responses.parts[0][0].question(name).choices
            }
            for one in where.to_dict("records"):
                held = lies_at(one["file"], one["sheet"], one["cell"])
                if one["value"] in labels:
                    assert normalize("NFKC", str(held)).strip() in labels[one["value"]], (one, held)
        for row in results.rows("indicators", code):
            shown, where = indicators[row["indicator"]], trace(conn, code, YEAR, row["indicator"])
            assert same(shown["得分"], row["points_got"]), row["indicator"]
            told = where.iloc[-1]
            assert (shown["来源文件"], shown["工作表"], shown["行"]) == (told["file"], told["sheet"], told["row"])
            cells = [lies_at(one["file"], one["sheet"], one["cell"]) for one in where.to_dict("records")]
            for one, held in zip(where.to_dict("records"), cells, strict=True):
                assert same(one["value"], held) if isinstance(one["value"], float) else one["value"] == held, one
    score = results.community(code)
    for part, lines in (
        ("subjective", known),
        ("objective", {r["indicator"]: r for r in results.rows("indicators", code)}),
    ):
        by_dimension: Counter[str] = Counter()
        for row in lines.values():
            by_dimension[row["dimension"]] += row["points_got"]
        assert all(same(value, score[f"{part}_{name}"]) for name, value in by_dimension.items())
        assert same(sum(by_dimension.values()), score[part])
    assert same(score["objective"] + score["subjective"], score["total_exact"])


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_every_number_of_the_page_of_a_community_leads_there(demo, code):
    def links(path, query=""):
        tree = render(ADMIN, StoreSource(demo), demo, None, path, f"?year={YEAR}&lang=zh&{query}", {}).children
        return {n["props"]["href"] for n in nodes(plain(tree)) if "/trace/" in str(n["props"].get("href", ""))}

    results = snapshots.results(demo, YEAR)
    page = " ".join(links(f"/community/{code}"))
    assert all(f"dimension={one['code']}" in page for one in results.meta["dimensions"])
    names = [r["item"] for r in results.rows("items", code)] + [
        r["indicator"] for r in results.rows("indicators", code)
    ]
    steps = " ".join(links(f"/trace/{code}"))
    for name in names:
        assert f"item={name}" in steps
    for item in names[:3]:
        batches = [href for href in links(f"/trace/{code}", f"item={item}") if "batch=" in href]
        assert batches
        assert any("at=" in href for href in links(*batches[0].split("?", 1)))
