"""One community's breakdown of a year as a workbook: where every point was won and lost, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analysis.awards.verdicts import Verdict
from analysis.awards.verdicts import words as in_words
from analysis.exports import breakdown
from analysis.exports.breakdown import Dimensions, Row
from analysis.exports.calculation import calculation
from analysis.exports.method import settled_pairs, weighting_pairs
from analysis.exports.origin import state_of
from analysis.exports.workbook_writer import MUTED, Block, Book, Column, Page, same
from analysis.sample.small_groups import parts
from analysis.scoring.rating import stability
from analysis.scoring.results import PLACE_COLUMNS, Results
from analysis.statistics.notes import note_text
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, enumerated, say
from survey.files.taking import taker

SHEETS = ("summary", "dimensions", "indicators", "items", "calculation", "flow", "method")
#: how many of the largest losses the summary names
LOSSES = 5


def community_workbook(
    results: Results, code: str, lang: str, method_changes: Collection[str] = (), verdict: Verdict | None = None
) -> bytes:
    """The breakdown workbook of one community; raises Refused when the results have no such community.

    ``method_changes``: codes of those whose star the answer scale or weights alone would change; ``verdict``: what was
    decided of the community.

    Every cell holds the full number of ``results`` and a format that rounds it; sums and differences are live
    formulas that carry our number as their value.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no such language: {lang!r}")
    try:
        score = results.community(code)
    except KeyError:
        raise Refused("export.no_community", community=code, year=results.meta["year"]) from None
    book = Book(
        lang=lang,
        subject=f"{score['community']} {score['year']:.0f}",
        notices=notices(results, score, lang),
        created=datetime.fromisoformat(results.meta["computed_at"]).replace(tzinfo=None),
    )
    pages = {name: book.page(book.say(f"sheet.{name}"), landscape=name != "summary") for name in SHEETS}
    dimensions = Dimensions(results.meta["dimensions"], lang)
    objective = dimensions.sorted(results.rows("indicators", code))
    subjective = dimensions.sorted(results.rows("items", code))
    parts = {
        "objective": (breakdown.indicators(pages["indicators"], objective, dimensions), objective),
        "subjective": (breakdown.items(pages["items"], subjective, dimensions), subjective),
    }
    calculation(
        pages["calculation"],
        results.meta.get("rules") or {},
        parts["objective"],
        pages["indicators"],
        parts["subjective"],
        pages["items"],
    )
    table = breakdown.dimension_table(pages["dimensions"], score, dimensions, parts)
    stars = _method(pages["method"], results, code)
    _flow(pages["flow"], next(iter(results.rows("flow", code)), {}), score)
    decided = {} if verdict is None else in_words(verdict, lang)
    lines = objective + subjective
    _summary(pages["summary"], results.meta, score, table, stars, lines, code in method_changes, decided)
    return book.finish()


def notices(results: Results, score: Row, lang: str) -> list[str]:
    """What must stand on every sheet: invented data, illustrative indicators, a year still being collected."""
    found = {**results.meta, "provisional": score["provisional"]}
    return [say(lang, f"export.notice.{key}") for key in ("sample", "illustrative", "provisional") if found.get(key)]


def _summary(
    page: Page,
    meta: Any,
    score: Row,
    table: Block,
    stars: Block,
    lines: list[Row],
    method_changes: bool,
    decided: Mapping[str, str],
) -> None:
    book = page.book
    page.sheet.set_column(0, 0, 26)
    page.sheet.set_column(1, 1, 18)
    page.sheet.set_column(2, 7, 11)
    page.pairs(
        [
            (book.say("label.sub_district"), score["sub_district"], "text"),
            (book.say("label.community"), f"{score['community']} ({score['community_code']})", "text"),
            *((book.say(f"label.{key}"), score[key], "text") for key in PLACE_COLUMNS.names if score.get(key)),
            (book.say("label.year"), int(score["year"]), "value"),
            (book.say("label.status"), book.say(f"status.{_status(score)}"), "text"),
            *((book.say(f"label.{part}"), text, "text") for part, text in decided.items()),
        ]
    )
    page.gap()
    _totals(page, meta, score, table, stars, method_changes)
    page.gap()
    _change(page, score)
    page.gap()
    _largest_losses(page, lines)
    for text in filter(None, [note_text(score["note"], book.lang), book.say("summary.sampling_only")]):
        page.text(text, font_color=MUTED)
    page.gap()
    page.text(book.say("summary.contents"), bold=True)
    for name in SHEETS[1:]:
        page.link(book.say(f"sheet.{name}"), book.say(f"sheet.{name}"))
        page.put(page.row - 1, 1, book.say(f"contents.{name}"), font_color=MUTED)


def _status(score: Row) -> str:
    """How a status is worded: archives of older versions called a star of the city recommended before anybody had done so."""
    early = score["status"] == "recommended" and not score["provisional"]
    return "to_recommend" if early else str(score["status"])


def _totals(page: Page, meta: Any, score: Row, table: Block, stars: Block, method_changes: bool) -> None:
    """Objective, subjective, total, star and rank; the chain of formulas that leads from the parts to the star."""
    book = page.book
    full = {part: sum(d[f"{part}_points"] for d in meta["dimensions"]) for part in ("objective", "subjective")}
    sums = table.last + 1  # the row of sums below the dimensions
    top = page.row
    lines: list[tuple[str, Any, str, str, str | None]] = [
        (
            book.say("label.objective", full=f"{full['objective']:g}"),
            score["objective"],
            "points",
            table.cell("objective_got", sums),
            "",
        ),
        (
            book.say("label.subjective", full=f"{full['subjective']:g}"),
            score["subjective"],
            "points",
            table.cell("subjective_got", sums),
            _interval(book, score, "subjective"),
        ),
        (
            book.say("label.total_exact"),
            score["total_exact"],
            "points",
            f"B{top + 1}+B{top + 2}",
            _interval(book, score, "total"),
        ),
        (
            book.say("label.total", full=f"{meta['full_marks']:g}"),
            score["total"],
            "points",
            f"ROUND(B{top + 3},{limits.TOTAL_DECIMALS})",
            "",
        ),
        (
            book.say("label.star"),
            score["star"],
            "count",
            f"SUMPRODUCT(--({stars.range('minimum')}<=B{top + 4}))",
            _star(book, score, method_changes),
        ),
        (book.say("label.star_awarded"), score["star_awarded"], "count", "", ""),
        (book.say("label.next_gap"), score["star_next_gap"], "points", "", ""),
        (book.say("label.rank"), score["rank"], "count", "", _ranks(book, score)),
    ]
    agrees = _agreeing(score)
    for place, (label, value, shows, formula, words) in enumerate(lines):
        key = ("objective", "subjective", "total_exact", "total", "star")[place] if place < 5 else ""
        page.put(page.row, 0, label, font_color=MUTED, indent=0)
        page.put(page.row, 1, value, shows, formula if key in agrees else "", bold=place in (3, 4))
        page.put(page.row, 2, words)
        page.row += 1
    page.gap()
    chances = [score[f"star_p{star}"] for star in range(6)]
    if None not in chances:
        for star, chance in enumerate(chances):
            page.put(page.row, star + 1, book.say(f"star.{star}"), bold=True, align="right", bottom=1)
            page.put(page.row + 1, star + 1, chance, "chance")
        page.put(page.row + 1, 0, book.say("label.chances"), font_color=MUTED, indent=0)
        page.row += 2


def _agreeing(score: Row) -> set[str]:
    """The numbers that follow from the ones before them, so that a formula may stand in for them."""
    found = {key for key in ("objective", "subjective") if _dimension_sum_is(score, key)}
    if score["total_exact"] is not None and same(score["objective"] + score["subjective"], score["total_exact"]):
        found |= {"total_exact", "total", "star"}
    return found


def _dimension_sum_is(score: Row, part: str) -> bool:
    ends = ("_se", "_low", "_high", "_df")
    values = [v for k, v in score.items() if k.startswith(f"{part}_") and not k.endswith(ends)]
    return score[part] is not None and None not in values and same(math.fsum(values), score[part])


def _interval(book: Book, score: Row, part: str) -> str | None:
    low, high = score[f"{part}_low"], score[f"{part}_high"]
    if low is None or high is None:
        return None
    return book.say("summary.interval", half=f"{(high - low) / 2:.1f}", low=f"{low:.1f}", high=f"{high:.1f}")


def _star(book: Book, score: Row, method_changes: bool) -> str | None:
    """The star, how sure it is as to sampling, and whether the method alone would change it."""
    if score["star"] is None:
        return None
    words = (stability(score["star_probability"]), "method_changes" if method_changes else "")
    said = [book.say(f"star.{int(score['star'])}"), *(book.say(f"stability.{word}") for word in words if word)]
    return " · ".join(said)


def _ranks(book: Book, score: Row) -> str | None:
    if score["rank_low"] is None or score["rank_high"] is None:
        return None
    text = book.say("summary.ranks", low=f"{score['rank_low']:.0f}", high=f"{score['rank_high']:.0f}")
    if score.get("rank_sim_low") is None or score.get("rank_sim_high") is None:
        return text
    low, high = (f"{score[f'rank_sim_{end}']:.0f}" for end in ("low", "high"))
    return text + book.say("summary.ranks_all", low=low, high=high)


#: what a community's change on the year before is told by
_CHANGES = ("change_objective", "change_subjective", "change_word")


def _change(page: Page, score: Row) -> None:
    book = page.book
    if all(score[name] is None for name in _CHANGES):
        return  # a first year, or one that nothing before compares with, which the notes say
    word = score["change_word"]
    page.text(book.say("summary.change"), bold=True)
    page.pairs(
        [
            (book.say("label.change_objective"), score["change_objective"], "signed"),
            (book.say("label.change_subjective"), score["change_subjective"], "signed"),
            (book.say("label.change_se"), score["change_subjective_se"], "points"),
            (book.say("label.change_word"), book.say(f"change.{word}") if word else None, "text"),
            (book.say("label.change_p"), score["change_p"], "test"),
            (book.say("label.change_q"), score["change_q"], "test"),
        ]
    )


def _largest_losses(page: Page, lines: list[Row]) -> None:
    """The indicators and items that cost most points, with the office that answers for them."""
    book = page.book
    losses = sorted((row for row in lines if row["points_lost"]), key=lambda row: -row["points_lost"])[:LOSSES]
    if not losses:
        return
    page.text(book.say("summary.losses"), bold=True)
    for row in losses:
        indicator = "indicator" in row
        name = row[f"name_{book.lang}"] if indicator else row[f"label_{book.lang}"]
        page.put(page.row, 0, row["indicator" if indicator else "item"], font_color=MUTED, indent=0)
        page.put(page.row, 1, row["points_lost"], "points")
        page.put(page.row, 2, " · ".join(filter(None, [name, row["office" if indicator else "offices"]])))
        page.row += 1
    page.gap()


def _flow(page: Page, flow: Row, score: Row) -> None:
    """From the responses received to those scored, and by which way they came."""
    book = page.book
    page.text(book.say("flow.reading"), font_color=MUTED)
    steps = ("received", "duplicate", "refused", "stored", "ineligible", "incomplete", "scored", "partial")
    first = page.row + 1
    at = {step: f"B{first + 1 + place}" for place, step in enumerate(steps)}
    sums = {"stored": ("received", "duplicate", "refused"), "scored": ("stored", "ineligible", "incomplete")}
    columns = [
        Column("name", book.say("flow.step"), width=26),
        Column("count", book.say("column.count"), "count", 12, summed=True),
        Column("words", book.say("flow.what"), width=80),
    ]
    page.table(
        columns,
        [{"name": book.say(f"flow.{s}"), "count": flow.get(s), "words": book.say(f"flow.about_{s}")} for s in steps],
        freeze=True,
    )
    for total, (whole, *less) in sums.items():
        n = {step: flow.get(step) or 0 for step in steps}
        if n[total] and n[total] == n[whole] - sum(n[step] for step in less):
            formula = "-".join(at[step] for step in (whole, *less))
            page.put(first + steps.index(total), 1, n[total], "count", formula, bold=True, bottom=4)
    modes = parts(flow.get("modes") or {})
    if modes:
        page.gap()
        rows = [{"name": book.say(f"mode.{mode}"), "count": n} for mode, n in modes.items()]
        page.table(
            [Column("name", book.say("flow.by_mode"), width=26), columns[1]], rows, total=book.say("column.total")
        )


def _method(page: Page, results: Results, code: str) -> Block:
    """How it was computed: scheme, preset, limits, formulas in words, versions; returns the table of stars."""
    book, meta = page.book, results.meta
    page.sheet.set_column(0, 0, 26)
    forms = enumerated(book.lang, (f"{q['name']} v{q['version']}" for q in meta["questionnaires"]))
    page.pairs(
        [
            (book.say("method.scheme"), f"{meta['scheme_names'][book.lang]} ({meta['scheme']})", "text"),
            (book.say("method.scheme_version"), meta["scheme_version"], "value"),
            *settled_pairs(book, meta),
            (book.say("method.questionnaires"), forms, "text"),
            (book.say("method.data_version"), meta["data_version"], "value"),
            (book.say("method.computed_at"), meta["computed_at"], "text"),
            (book.say("method.state"), state_of(results.community(code)["provisional"], book.lang), "text"),
            (book.say("method.taken_by"), taker() or None, "text"),
            (book.say("method.program"), program_version(), "text"),
            (book.say("method.preset"), meta["preset"], "text"),
            *(
                (book.say("method.levels", levels=levels), " / ".join(f"{s:g}" for s in scores), "text")
                for levels, scores in meta["preset_scores"].items()
            ),
            (book.say("method.min_responses"), meta["min_responses"], "count"),
            (book.say("method.complete_share"), meta["complete_share"], "share"),
            (book.say("method.partial_share"), meta["partial_share"], "share"),
            *weighting_pairs(book, results, code),
        ]
    )
    page.gap()
    columns = [
        Column("star", book.say("label.star"), width=26),
        Column("minimum", book.say("method.minimum"), "value", 18),
        Column("decided", book.say("method.decided_by"), width=30),
    ]
    rows = [
        {
            "star": book.say(f"star.{s['star']}"),
            "minimum": s["minimum"],
            "decided": book.say(f"decided.{s['decided_by']}"),
        }
        for s in meta["stars"]
    ]
    stars = page.table(columns, rows)
    page.gap()
    for formula in ("item", "dimension", "indicator", "total", "error", "star", "rank", "change", "small"):
        page.text(book.say(f"formula.{formula}"))
    return stars


@cache
def program_version() -> str:
    """The installed version of this program, ``""`` in a checkout that is not installed."""
    try:
        return version("xingfu")
    except PackageNotFoundError:
        return ""
