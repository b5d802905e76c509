"""The independent check of a year in R: single responses, for those alone who answer for the whole register."""

from __future__ import annotations

from analysis import publishing
from analysis.exports.files import archive_of, safe_name
from analysis.exports.verification import FOLDER, year_verification
from dashboard.access import Viewer
from dashboard.services.downloads import ZIP, File
from dashboard.services.source import Source
from dashboard.services.street import read_year
from survey.errors import Refused
from survey.lang import say
from survey.store import Store, audit


def may_check(viewer: Viewer) -> bool:
    """Whether the viewer may have single responses: an editor who sees every community."""
    return viewer.may("editor") and viewer.communities is None


def check(viewer: Viewer, source: Source, store: Store, year: int, lang: str) -> File:
    """The folder ``verify`` of a year as a .zip, with a line in the audit record; raises Refused for others and for a
    year without responses."""
    if not may_check(viewer):
        raise Refused("dash_errors.forbidden")
    read_year(viewer, source, year)
    results = publishing.results(store, year)
    files = year_verification(store, results, lang)
    if not files:
        raise Refused("verification.no_responses", year=year)
    with store.write() as conn:
        audit.record(conn, viewer.user, "export verify", str(year), {"data_version": results.meta["data_version"]})
    data = archive_of(results, [(f"{FOLDER}/{name}", files[name]) for name in sorted(files)])
    return f"{year}_{safe_name(say(lang, 'verification.file_name'))}.zip", data, ZIP
