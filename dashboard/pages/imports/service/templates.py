"""The empty workbooks that people fill in and bring back: answers, indicator values, the register."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.exports.files import safe_name
from analysis.indicators.stored import stored
from analysis.indicators.template import values_template
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from dashboard.data.files import XLSX, File
from dashboard.web.access import Viewer, may, require
from survey.core.errors import Refused
from survey.core.lang import say
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.fieldwork.register_workbook.written_register import register_template
from survey.form.workbook.template import entry_workbook
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import schemes


@dataclass(frozen=True)
class Entry:
    """One workbook of the menu: ``kind`` answers, phone, indicators or register; ``name`` of the questionnaire, or the
    year."""

    kind: str
    name: str
    title: str


def listed(viewer: Viewer, store: Store, year: int | None) -> tuple[Entry, ...]:
    """What there is to fill in: each questionnaire's newest version, the year's indicators, the register for who brings one."""
    require(viewer, "see")
    with store.read() as conn:
        forms = {f.name: f.form.title or f.name for f in questionnaires.listing(conn)}
        try:
            known = year is not None and schemes.applicable(conn, year) is not None
        except Refused:
            known = False
    answers = tuple(Entry(kind, name, title) for name, title in forms.items() for kind in ("answers", "phone"))
    values = (Entry("indicators", str(year), ""),) if known else ()
    places = (Entry("register", "", ""),) if may(viewer, "edit_register") else ()
    return (*answers, *values, *places)


def answers(viewer: Viewer, store: Store, name: str, lang: str, mode: str = "") -> File:
    """The entry workbook of a questionnaire, the first one without a name; for ``mode`` phone with columns of calls."""
    require(viewer, "see")
    with store.read() as conn:
        if not name:
            forms = questionnaires.listing(conn)
            if not forms:
                raise Refused("page_import.no_questionnaire")
            name = forms[0].name
        stored = questionnaires.get(conn, name)
    title = safe_name(stored.form.title or stored.name)
    suffix = say(lang, "page_import.template_phone_name" if mode == "phone" else "page_import.template_name")
    return f"{title}_{suffix}.xlsx", entry_workbook(stored.form, lang, mode), XLSX


def indicators(viewer: Viewer, store: Store, year: int, lang: str) -> File:
    """The workbook for a year's indicator values, for the communities that the viewer sees, with what is stored."""
    require(viewer, "see")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("dash_errors.not_found")
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, year).definition)
        here = viewer.at(year)
        known = [(c.code, c.name) for c in communities_in(conn, year) if here.sees(c.code)]
        filled = stored(conn, year)
    name = f"{say(lang, 'page_import.template_indicators', year=year)}.xlsx"
    return name, values_template(scheme, known, lang, filled), XLSX


def empty_register(viewer: Viewer, lang: str) -> File:
    """An empty register."""
    require(viewer, "see")
    return f"{say(lang, 'page_import.template_register')}.xlsx", register_template(lang), XLSX
