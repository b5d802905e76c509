"""What a file is, with the scheme at hand: sheets of indicator values are known, too; and the same from a store."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.indicators.columns import COLUMNS, Entries, column_of
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict
from survey.files.own_workbooks import plain_text
from survey.files.readers.sheet import Sheet
from survey.matching import file_recognition
from survey.matching.file_recognition import Detector, Recognition
from survey.matching.sheet_kinds import Evidence
from survey.matching.year_community_mode import Reason
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import register, schemes
from survey.store.year.register import Community

_TITLE_ROWS = 10
_SAMPLE_ROWS = 500
#: columns that only a list of indicator values has beside community and indicator
_LONG = frozenset(c.key for c in COLUMNS) - {
    "community",
    "community_name",
    "indicator",
    "indicator_name",
    "note",
    "date",
}


def recognise(
    file: str,
    sheets: Sequence[Sheet],
    questionnaires: Sequence[StoredForm],
    register: Sequence[Community],
    scheme: Scheme | Sequence[Scheme],
) -> Recognition:
    """What each sheet of a file is (answers, calls, indicators, register, unknown) and what to fill in beside it.

    ``scheme``: the scheme, or all that there are: a sheet of values fits the one that has most of its indicators.
    """
    known = [scheme] if isinstance(scheme, Scheme) else list(scheme)
    detectors = [_detector(one) for one in known]
    return file_recognition.recognise(file, sheets, questionnaires, register, detectors)


def recognise_sheets(store: Store, file: str, sheets: Sequence[Sheet]) -> Recognition:
    """Recognise sheets that are read already, with what the store knows."""
    with store.read() as conn:
        forms, known = questionnaires.listing(conn), register.communities(conn)
        newest = {s.code: s for s in sorted(schemes.listing(conn), key=lambda s: s.version)}
    return recognise(file, sheets, forms, known, [from_dict(s.definition) for s in newest.values()])


def _detector(scheme: Scheme) -> Detector:
    entries = Entries(scheme)
    return lambda sheet: indicator_evidence(sheet, entries, scheme.code)


def indicator_evidence(sheet: Sheet, entries: Entries, scheme: str) -> Evidence | None:
    """Whether the sheet holds indicator values of a scheme, long or wide."""
    for row, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
        columns: dict[str, int] = {}
        for index, cell in enumerate(cells):
            if key := column_of(cell):
                columns.setdefault(key, index)
        if "community" not in columns:
            continue
        if "indicator" in columns:
            found = _long(sheet, row, columns, entries, scheme)
        else:
            found = _wide(sheet, row, columns, entries, scheme)
        if found is not None:
            return found
    return None


def _long(sheet: Sheet, row: int, columns: dict[str, int], entries: Entries, scheme: str) -> Evidence | None:
    if not columns.keys() & _LONG:
        return None
    below = sheet.rows[row + 1 : row + 1 + _SAMPLE_ROWS]
    names = [plain_text(r[columns["indicator"]]) for r in below if plain_text(r[columns["indicator"]])]
    share = sum(1 for name in names if entries.find(name)) / len(names) if names else 0.0
    params = {"n": len(names), "share": f"{100 * share:.0f}", "scheme": scheme}
    dates = (columns["date"],) if "date" in columns else ()
    why = (Reason("recognition.why.indicators_long", params),)
    return Evidence("indicators", 0.6 + 0.38 * share, why, row, row + 1, _places(columns), dates)


def _wide(sheet: Sheet, row: int, columns: dict[str, int], entries: Entries, scheme: str) -> Evidence | None:
    texts = [plain_text(cell) for cell in sheet.rows[row]]
    others = [t for i, t in enumerate(texts) if t and i not in columns.values()]
    found = [t for t in others if entries.header(t)]
    if not found:
        return None
    why = (Reason("recognition.why.indicators_wide", {"n": len(found), "scheme": scheme}),)
    return Evidence("indicators", 0.5 + 0.48 * len(found) / len(others), why, row, row + 1, _places(columns))


def _places(columns: dict[str, int]) -> dict[str, int]:
    return {"community": columns["community"]}
