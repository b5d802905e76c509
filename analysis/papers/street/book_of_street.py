"""A street's workbook (街道工作簿): the league, the dimensions, won and lost points by office, targets, awards, payments; an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.exports.files import computed_at, safe_name
from analysis.exports.workbook import program_version
from analysis.exports.workbook_writer import MUTED, Book, Page
from analysis.papers.street import league_sheets, money_sheets, office_sheets
from analysis.papers.street.one_street import Street, streets_in
from survey.core.lang import say
from survey.core.masking import masked
from survey.files.taking import taker

#: sheets behind the index, in order, and what fills each
SHEETS: Mapping[str, Callable[[Page, Street], None]] = {
    "streets": league_sheets.streets,
    "league": league_sheets.league,
    "dimensions": league_sheets.dimensions,
    "offices": office_sheets.offices,
    "office_communities": office_sheets.communities,
    "targets": money_sheets.targets,
    "awards": money_sheets.awards,
    "payers": money_sheets.payers,
    "ledger": money_sheets.ledger_lines,
}


def street_workbook(street: Street, lang: str) -> bytes:
    """The workbook of one street, or of all streets of the year together.

    Every number is that of the published version; sums are live formulas that carry it.  Raises Refused for a street that the
    year does not have.
    """
    subject = f"{street.title(lang)} {street.year}"
    created = computed_at(street.results).replace(tzinfo=None)
    book = Book(lang=lang, subject=subject, notices=street.notices(lang), created=created)
    index = book.page(say(lang, "street_papers.sheet.index"), landscape=False)
    sheets = sheets_of(street)
    for name in sheets:
        page = book.page(say(lang, f"street_papers.sheet.{name}"))
        page.link(say(lang, "street_papers.back"), index.name)
        SHEETS[name](page, street)
    _index(index, street, sheets)
    return book.finish()


def sheets_of(street: Street) -> list[str]:
    """The sheets that a workbook has: that of streets and district where it is of several."""
    return [name for name in SHEETS if name != "streets" or (not street.name and len(streets_in(street.results)) > 1)]


def workbook_name(street: Street, lang: str) -> str:
    """``2014_示例街道_街道工作簿.xlsx``."""
    sample = f"_{say(lang, 'street_papers.sample')}" if street.results.meta.get("sample") else ""
    stem = f"{street.year}_{street.title(lang)}_{say(lang, 'street_papers.workbook')}{sample}"
    return f"{safe_name(masked(stem))}.xlsx"


def _index(page: Page, street: Street, sheets: Sequence[str]) -> None:
    lang, meta = page.book.lang, street.results.meta
    page.sheet.set_column(0, 0, 22)
    page.sheet.set_column(1, 1, 54)
    closed = "provisional" if street.provisional else "closed"
    page.pairs(
        [
            (say(lang, "export.label.sub_district"), street.title(lang), "text"),
            (say(lang, "export.label.year"), street.year, "value"),
            (say(lang, "street_papers.state"), say(lang, f"street_papers.state_{closed}"), "text"),
            (say(lang, "street_papers.communities"), len(street.rows), "count"),
            (say(lang, "export.method.scheme"), f"{meta['scheme_names'][lang]} ({meta['scheme']})", "text"),
            (say(lang, "export.method.scheme_version"), meta["scheme_version"], "value"),
            (say(lang, "export.method.data_version"), meta["data_version"], "value"),
            (say(lang, "export.method.computed_at"), str(meta["computed_at"]), "text"),
            (say(lang, "export.method.taken_by"), taker() or None, "text"),
            (say(lang, "export.method.program"), program_version(), "text"),
        ]
    )
    page.gap()
    page.text(say(lang, "export.summary.contents"), bold=True)
    for name in sheets:
        page.link(say(lang, f"street_papers.sheet.{name}"), say(lang, f"street_papers.sheet.{name}"))
        about = say(lang, f"street_papers.about.{name}")
        page.put(page.row - 1, 1, about, font_color=MUTED, text_wrap=True)
        page.fit({"about": 54}, {"about": about})
    page.gap()
    page.text(say(lang, "export.summary.sampling_only"), font_color=MUTED)
