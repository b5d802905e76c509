"""The page as files: counts with their intervals, and the answers that may be read."""

from __future__ import annotations

import pandas as pd

from dashboard.data import files
from dashboard.figures.table_book import Shown
from dashboard.pages.words.service import Words, answers_frame, counted, read_words
from dashboard.parts.context import Context
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.masking import masked_frame

KINDS = ("csv", "xlsx")


def counts_file(context: Context, kind: str) -> files.File:
    """One row a code; raises Refused for another kind, and where nothing is counted."""
    shown, lang = _shown(context, kind), context.lang
    found = counted(context.store, shown)
    if found.why is not None:
        raise found.why
    if not found.rows:
        raise Refused("page_words.nothing_counted")
    rows = [
        {
            say(lang, "page_words.col_code"): row.name,
            say(lang, "page_words.col_said"): row.said,
            say(lang, "page_words.col_n"): found.n,
            say(lang, "page_words.col_share"): row.share,
            say(lang, "page_words.col_low"): row.low,
            say(lang, "page_words.col_high"): row.high,
            say(lang, "page_words.col_change", year=shown.before or ""): row.change,
            "q": row.change_q,
        }
        for row in found.rows
    ]
    frame = masked_frame(pd.DataFrame(rows).dropna(axis=1, how="all"))
    return files.table(_stem(shown, lang), frame, kind, _read_as(shown, _stem(shown, lang), lang))


def answers_file(context: Context, kind: str) -> files.File:
    """One row an answer, without who gave it; raises Refused for another kind, and for who may read none."""
    shown, lang = _shown(context, kind), context.lang
    headers = {name: say(lang, f"page_words.col_{name}") for name in ("community", "answer", "codes")}
    frame = answers_frame(context.viewer, shown, headers)
    stem = f"{_stem(shown, lang)}_{say(lang, 'page_words.answers')}"
    return files.table(stem, masked_frame(frame), kind, _read_as(shown, stem, lang))


def _read_as(shown: Words, stem: str, lang: str) -> Shown:
    return Shown(lang, stem.replace("_", " "), sample=bool(shown.seen.meta.get("sample")), source=shown.seen.results)


def _shown(context: Context, kind: str) -> Words:
    if kind not in KINDS:
        raise Refused("page_words.unknown_kind", found=kind)
    year = context.results_year
    return read_words(context.viewer, context.source, context.store, year, context.address.filters)


def _stem(shown: Words, lang: str) -> str:
    place = dict(shown.places).get(shown.community, "") or shown.street
    sample = say(lang, "dash_words.sample") if shown.seen.meta.get("sample") else ""
    return "_".join(filter(None, [str(shown.year), place, shown.asked.question, sample]))
