"""A draft scheme as a workbook to look through: what is certain, what is asked, and what the annex did not say."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.scheme.drafting.proposal import ProposedRow, SchemeDraft, asked_words
from analysis.scheme.options import OPTIONS
from analysis.scheme.workbook.layout import REVIEWED, SETTINGS
from analysis.scheme.workbook.writing import DraftCells, write_scheme
from survey.core.lang import say


def write_draft(draft: SchemeDraft, lang: str = "zh") -> bytes:
    """The workbook that ``scheme check`` takes once its questions are answered and it is marked as looked at.

    Every indicator stands with its clause, what it was read as, where it came from and what is to be looked at; whatever
    the annex does not say is marked as a default.
    """
    default = say(lang, "scheme_draft.default")
    notes = {key: f"{default} " for key in (*SETTINGS, *OPTIONS) if key not in draft.stated}
    cells = DraftCells(
        indicators=[_cells(row, lang) for row in draft.rows],
        beside={("dimensions", code): _beside(draft, code, lang) for code in draft.scheme.dimension},
        otherwise=default,
        notes={
            **notes,
            REVIEWED: say(lang, "scheme_draft.reviewed"),
            f"{REVIEWED}_value": say(lang, "scheme_draft.not_yet"),
        },
    )
    return write_scheme(draft.scheme, lang, drafted=cells)


def _cells(row: ProposedRow, lang: str) -> Mapping[str, str | float | None]:
    return {**row.cells, "reading": row.reading[lang], "check": row.check(lang)}


def _beside(draft: SchemeDraft, code: str, lang: str) -> Mapping[str, str]:
    source = draft.sources.get(code) or say(lang, "scheme_draft.default")
    return {"source": source, "check": asked_words(draft.checks.get(code, ()), lang)}
