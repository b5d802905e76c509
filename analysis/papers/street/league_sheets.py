"""The league of a street with what the sampling error leaves of each rank, and its communities by dimension."""

from __future__ import annotations

import math
from typing import Any

from analysis.exports.workbook_writer import LINE, MUTED, Block, Column, Formula, Page, same
from analysis.papers.street.one_street import Row, Street, headed
from analysis.scoring.rating import stability
from analysis.scoring.results import records
from analysis.tables import number_words as numbers
from analysis.tables.street_league import area_league
from survey.core import limits
from survey.core.lang import say

_LOOK: dict[str, Any] = {"bottom": 4, "bottom_color": LINE}
_SUM = Formula("{objective}+{subjective}", ("objective", "subjective"), lambda a, b: a + b)


def league(page: Page, street: Street) -> None:
    """One row a community: rank and the ranks that are possible, total with its interval, star and how sure, what was decided."""
    lang = page.book.lang
    head = [
        ("rank", "count", 5),
        ("ranks", "text", 7),
        ("community", "text", 14),
        ("total", "points", 8),
        ("low", "points", 8),
        ("high", "points", 8),
        ("objective", "points", 8),
        ("subjective", "points", 8),
        ("star", "text", 7),
        ("sure", "text", 10),
        ("status", "text", 11),
        ("n", "count", 7),
    ]
    if street.name:
        head.append(("gap", "points", 7))
    else:
        head.insert(2, ("sub_district", "text", 9))
    columns = headed(lang, "column", head)
    page.text(say(lang, "street_papers.reading.league"), font_color=MUTED)
    rows = [_standing(row, street, lang) for row in street.rows]
    block = page.table(columns, rows, formulas={"total": _Rounded}, freeze=True)
    _means(page, block, rows, lang)


#: the total is the rounded sum of its parts; the formula stands only where it gives the published one
_Rounded = Formula(
    f"ROUND({_SUM.text},{limits.TOTAL_DECIMALS})",
    _SUM.needs,
    lambda a, b: float(numbers.half_up(a + b, limits.TOTAL_DECIMALS)),
)


def _standing(row: Row, street: Street, lang: str) -> dict[str, Any]:
    sure = stability(row["star_probability"]) if row["star_probability"] is not None else ""
    words = [say(lang, f"street_papers.sure.{sure}")] if sure else []
    if str(row["community_code"]) in street.base.method_changes:
        words.append(say(lang, "street_papers.sure.method_changes"))
    verdict = street.base.verdicts.get(str(row["community_code"]))
    status = say(lang, f"export.status.{row['status']}") if row["status"] else None
    awarded = verdict.star if verdict is not None else row["star_awarded"]
    return {
        "rank": row["rank"],
        "ranks": _ranks(row),
        "sub_district": row["sub_district"] or None,
        "community": str(row["community"]),
        **{key: row[key] for key in ("total", "objective", "subjective", "n")},
        "low": row["total_low"],
        "high": row["total_high"],
        "star": _star(row["star"], lang),
        "sure": " · ".join(words) or None,
        "status": " · ".join(filter(None, [status, _star(awarded, lang)])) or None,
        "gap": row["star_next_gap"],
    }


def _ranks(row: Row) -> str | None:
    return numbers.ranks(row["rank"], row["rank_low"], row["rank_high"]) if row["rank"] is not None else None


def _star(star: Any, lang: str) -> str | None:
    return None if star is None or star != star else say(lang, f"export.star.{int(star)}")


def _means(page: Page, block: Block, rows: list[dict[str, Any]], lang: str) -> None:
    """The plain mean of what there is (社区平均), and how many responses there are together."""
    if not rows:
        return
    look: dict[str, Any] = {"bold": True, "top": 1}
    for place in range(len(block.places)):
        page.put(page.row, place, None, **look)
    page.put(page.row, block.places["community"], say(lang, "street_papers.mean"), **look)
    for key in ("total", "objective", "subjective"):
        held = [row[key] for row in rows if row[key] is not None]
        if held:
            mean = math.fsum(held) / len(held)
            page.put(page.row, block.places[key], mean, "points", f"AVERAGE({block.range(key)})", **look)
    told = [int(row["n"]) for row in rows if row["n"] is not None]
    page.put(page.row, block.places["n"], sum(told), "count", f"SUM({block.range('n')})", **look)
    page.row += 1


def streets(page: Page, street: Street) -> None:
    """One row a street and, where the year has several, one a district: communities, mean and weighted total, what of it
    the survey tells with its interval, possible ranks."""
    lang = page.book.lang
    head = [
        ("area", "text", 16),
        ("communities", "count", 7),
        ("with_total", "count", 9),
        ("mean_total", "points", 9),
        ("weighted_total", "points", 9),
        ("coverage", "share", 9),
        ("ranks", "text", 8),
        ("subjective", "points", 9),
        ("subjective_low", "points", 9),
        ("subjective_high", "points", 9),
        ("n", "count", 8),
        ("note_text", "text", 18),
    ]
    columns = headed(lang, "area", head)
    page.text(say(lang, "street_papers.reading.streets"), font_color=MUTED)
    rows = []
    for row in records(area_league(street.results, lang)):
        whole = bool(row["district"])
        name = say(lang, "street_papers.district", name=row["district"]) if whole else row["sub_district"]
        rows.append({**row, "area": str(name), "ranks": _ranks(row), "note_text": row["note_text"] or None})
    page.table(columns, rows, freeze=True)


def dimensions(page: Page, street: Street) -> None:
    """One row a community, its points of each dimension, objective and subjective; of few respondents no subjective ones."""
    lang, meta = page.book.lang, street.results.meta["dimensions"]
    columns = [Column("community", say(lang, "street_papers.column.community"), width=13)]
    groups = []
    for d in meta:
        first = len(columns)
        columns += [
            Column(f"{part}_{d['code']}", say(lang, f"export.part.{part}"), "points", 8)
            for part in ("objective", "subjective")
        ]
        name = d[f"name_{lang}"] or d["code"]
        groups.append((f"{name} {d['objective_points']:g}+{d['subjective_points']:g}", first, first + 1))
    first = len(columns)
    columns += [
        Column("objective", say(lang, "export.part.objective"), "points", 8),
        Column("subjective", say(lang, "export.part.subjective"), "points", 8),
    ]
    groups.append((say(lang, "export.part.both"), first, first + 1))
    page.text(say(lang, "street_papers.reading.dimensions"), font_color=MUTED)
    rows = [_by_dimension(row, meta) for row in street.rows]
    block = page.table(columns, rows, freeze=True, groups=groups)
    page.sheet.set_row(block.first - 2, 30)  # names of dimensions take two lines
    for offset, row in enumerate(rows):
        for part in ("objective", "subjective"):
            _sum(page, block, block.first + offset, row, part, [str(d["code"]) for d in meta])


def _by_dimension(row: Row, meta: Any) -> dict[str, Any]:
    few = (row["n"] or 0) < limits.TOTALS_BELOW
    found: dict[str, Any] = {"community": str(row["community"])}
    for d in meta:
        code = str(d["code"])
        found[f"objective_{code}"] = row.get(f"objective_{code}")
        found[f"subjective_{code}"] = None if few else row.get(f"subjective_{code}")
    return {**found, "objective": row["objective"], "subjective": row["subjective"]}


def _sum(page: Page, block: Block, at: int, row: dict[str, Any], part: str, codes: list[str]) -> None:
    """A live sum over the dimensions, where it gives the published number."""
    values = [row[f"{part}_{code}"] for code in codes]
    if row[part] is not None and None not in values and same(math.fsum(values), row[part]):
        cells = "+".join(block.cell(f"{part}_{code}", at).rpartition("!")[2] for code in codes)
        page.put(at, block.places[part], row[part], "points", cells, **_LOOK)
