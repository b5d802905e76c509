"""Files that the dashboard hands out: (name, bytes, media type)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import pandas as pd

from analysis.exports.files import file_name, safe_name
from analysis.exports.workbook import community_workbook
from dashboard.data.files import CSV, XLSX, ZIP, File, _csv
from dashboard.data.results import Source
from dashboard.data.same_type import type_table
from dashboard.data.year import read_year
from dashboard.pages.community.service import community
from dashboard.pages.compare.pairs_service import pair_table
from dashboard.pages.compare.service import comparison
from dashboard.web.access import Viewer
from survey.core.lang import say


def breakdown(viewer: Viewer, source: Source, year: int, code: str, lang: str) -> File:
    """One community's breakdown workbook."""
    found = read_year(viewer, source, year)
    found.community(code)
    return file_name(found.results, code), community_workbook(found.results, code, lang), XLSX


def year_archive(viewer: Viewer, source: Source, year: int, street: str, lang: str) -> File:
    """The breakdown workbooks of all communities of one sub-district that the viewer sees."""
    found = read_year(viewer, source, year)
    street = found.street(street)
    stamp = datetime.fromisoformat(found.meta["computed_at"]).timetuple()[:6]
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for row in found.of_street(street):
            code = row["community_code"]
            archive.writestr(
                zipfile.ZipInfo(file_name(found.results, code), stamp), community_workbook(found.results, code, lang)
            )
    sample = f"_{say(lang, 'dash_words.sample')}" if found.meta.get("sample") else ""
    return f"{safe_name(f'{year}_{street}{sample}')}.zip", out.getvalue(), ZIP


def trend(viewer: Viewer, source: Source, year: int, code: str, lang: str) -> File:
    """A community's totals over the years."""
    data = community(viewer, source, year, code)
    rows = [(data.row["community"], m.year, m.total, m.low, m.high, m.star) for m in data.history]
    frame = pd.DataFrame(rows, columns=["community", "year", "total", "total_low", "total_high", "star"])
    return f"{safe_name(str(data.row['community']))}_{say(lang, 'page_community.history')}.csv", _csv(frame), CSV


def compared(viewer: Viewer, source: Source, year: int, street: str, codes: Sequence[str], lang: str) -> File:
    """The totals of several communities over the years."""
    data = comparison(viewer, source, year, street, codes)
    rows = [
        (line.code, line.community, m.year, m.total, m.low, m.high, m.star) for line in data.lines for m in line.moments
    ]
    frame = pd.DataFrame(
        rows, columns=["community_code", "community", "year", "total", "total_low", "total_high", "star"]
    )
    return f"{say(lang, 'page_compare.title')}.csv", _csv(frame), CSV


def pairs(viewer: Viewer, source: Source, year: int, street: str, lang: str) -> File:
    """Every pair of a sub-district's communities, and whether they can be told apart."""
    frame = pair_table(viewer, source, year, street)
    return f"{year}_{say(lang, 'page_compare.pairs_name')}.csv", _csv(frame), CSV


def alike(viewer: Viewer, source: Source, year: int, street: str, lang: str) -> File:
    """A sub-district's communities beside those of their own type."""
    found = read_year(viewer, source, year)
    frame = type_table(found, found.street(street))
    return f"{year}_{say(lang, 'page_compare.kin_name')}.csv", _csv(frame), CSV
