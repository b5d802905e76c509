"""The view as a file: the picture (.svg, .png) or its numbers (.csv, .xlsx)."""

from __future__ import annotations

from dashboard.data import files
from dashboard.data.questions.asked import COMMUNITY
from dashboard.figures.svg_file import PNG, SVG, png
from dashboard.figures.table_book import Shown
from dashboard.pages.answers.figure import svg
from dashboard.pages.answers.service import Answers, answers
from dashboard.pages.answers.table import frame
from dashboard.pages.answers.words import internal, name_of
from dashboard.parts.context import Context
from dashboard.parts.question_words import column_label, condition_text
from survey.core.errors import Refused
from survey.core.lang import say


def file(context: Context, kind: str) -> files.File:
    """One of ``svg, png, csv, xlsx``; raises Refused for another, and where there is nothing to show."""
    if kind not in ("svg", "png", "csv", "xlsx"):
        raise Refused("page_answers.unknown_kind", found=kind)
    found = answers(context.viewer, context.source, context.store, context.results_year, context.address.filters)
    if found.why is not None:
        raise found.why
    if not found.rows:
        raise Refused("page_estimates.nobody")
    lang = context.lang
    stem = _stem(found, lang)
    if kind in ("csv", "xlsx"):
        title, sample = stem.replace("_", " "), bool(found.asked.seen.meta.get("sample"))
        shown = Shown(lang, title, notes=[source_line(found, lang)], sample=sample, source=found.asked.seen.results)
        return files.table(stem, frame(found, lang), kind, shown)
    drawn = svg(found, lang, source_line(found, lang))
    return (f"{stem}.svg", drawn.encode(), SVG) if kind == "svg" else (f"{stem}.png", png(drawn), PNG)


def source_line(found: Answers, lang: str) -> str:
    """Of whom and what the numbers are: questionnaire, year, filters, sample data."""
    asked = found.asked
    parts = [say(lang, "page_answers.source", form=asked.form.title or asked.form_name, year=asked.year)]
    parts += [condition_text(asked, word, lang) for word in asked.where]
    if internal(found):
        parts.append(say(lang, "page_answers.internal"))
    if asked.seen.meta.get("sample"):
        parts.append(say(lang, "dash_words.sample"))
    return " · ".join(parts)


def _stem(found: Answers, lang: str) -> str:
    asked = found.asked
    place = name_of(found, found.rows[0], lang) if asked.community else asked.street
    split = say(lang, "page_answers.by_community") if asked.split == COMMUNITY else ""
    if asked.split and not split:
        split = column_label(asked.columns[asked.split], lang)
    split = "×".join(filter(None, [split, column_label(asked.columns[asked.cross], lang) if asked.cross else ""]))
    sample = say(lang, "dash_words.sample") if asked.seen.meta.get("sample") else ""
    return "_".join(filter(None, [str(asked.year), place, asked.item.name, split, sample]))
