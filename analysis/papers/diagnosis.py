"""The facts of a diagnosis (社区诊断书): one page on a community and year, worded here, laid out by its template.

Everything is read from ``Results``; what is held back for small groups there is absent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.awards.verdicts import Verdict
from analysis.awards.verdicts import words as verdict_words
from analysis.exports.origin import origin
from analysis.improvement.lost_points import lines_of, loss_frame, scored_lines
from analysis.improvement.next_star import Lift, lifts
from analysis.improvement.task_list import TaskList
from analysis.papers.earlier_tasks import task_line
from analysis.papers.profile import dimension_bars, item_bars, trend
from analysis.papers.since_last_year import move_lines, moved, value_words
from analysis.papers.way_lines import star_name, way_lines
from analysis.scoring.rating import stability
from analysis.scoring.results import Results
from analysis.statistics.differences import known_error
from analysis.statistics.notes import note_text
from analysis.tables import number_words as numbers
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.lazily import cached_property

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sources:
    """What diagnoses of a year are made from: results by year, oldest first, this year's last; what was decided; codes of
    those whose star the method alone would change; ``find_tasks`` gives those of the year before."""

    years: Sequence[Results]
    verdicts: Mapping[str, Verdict]
    method_changes: frozenset[str] = frozenset()
    find_tasks: Callable[[], TaskList | None] = lambda: None

    @property
    def results(self) -> Results:
        """Those of the year itself."""
        return self.years[-1]

    @cached_property
    def tasks(self) -> TaskList | None:
        """Tasks of the year before, with what this one says of them: held against each other only for papers that tell of them."""
        return self.find_tasks()

    @cached_property
    def losses(self) -> pd.DataFrame:
        """``loss_frame`` of the year."""
        return loss_frame(self.results)

    @cached_property
    def ways(self) -> Mapping[str, Lift]:
        """Each community's way to its next star."""
        return lifts(self.results, self.losses)

    @cached_property
    def lines(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        """``scored_lines`` of the year and of the one before; None where that is not there."""
        if len(self.years) < 2 or int(self.years[-2].meta["year"]) != int(self.results.meta["year"]) - 1:
            return None
        return scored_lines(self.results), scored_lines(self.years[-2])

    def reported(self, code: str) -> list[dict[str, dict[str, str]]]:
        """Indicator → its value in words, of the year before and of the year."""
        return [
            {str(row["indicator"]): value_words(row) for row in results.rows("indicators", code)}
            for results in self.years[-2:]
        ]


def diagnosis(sources: Sources, code: str, lang: str) -> dict[str, Any]:
    """The facts of one community as JSON values; raises Refused for one that the year does not have."""
    results = sources.results
    try:
        row = results.community(code)
    except KeyError as error:
        raise Refused("export.no_community", year=results.meta["year"], community=code) from error
    few = (row["n"] or 0) < limits.TOTALS_BELOW
    mine = sources.losses[sources.losses["community_code"] == code]
    se, df = known_error(results.scores[results.scores["community_code"] == code])
    change = None if sources.lines is None else moved(*sources.lines, code, sources.reported(code))
    ways = way_lines(row, sources.ways.get(code), lines_of(mine), float(se[0]), float(df[0]), lang)
    return {
        "lang": lang,
        "word": {key: say(lang, f"papers.diagnosis.{key}") for key in WORDS},
        "head": _head(results, row, lang),
        "lead": _lead(row, ways, lang),
        "card": _card(sources, row, lang),
        "ways": ways,
        "dimensions": dimension_bars(results, row, few, lang),
        "trend": trend(sources.years, code, lang),
        "items": [] if few else item_bars(results, row, lang),
        "moves": move_lines(change, lang),
        "tasks": task_line(sources.tasks, code, lang),
        "sample": _sample(results, row, code, lang),
        "foot": foot(results, lang, row["provisional"]),
    }


#: words of the template that hold no number
WORDS = (
    *("title", "subtitle", "total", "star", "chances", "objective", "subjective", "rank", "now", "what", "offices"),
    *("gain", "calculated", "chance", "dimensions", "dimensions_note", "mean_mark", "score", "objective_difference"),
    *("subjective_difference", "trend", "trend_note", "items", "items_note", "question", "lost", "better", "worse"),
    *("best", "sample", "sign_community", "sign_street", "sign_date", "page_of", "ways_note", "no_items", "no_moves"),
    "tasks_head",
)


def _head(results: Results, row: Row, lang: str) -> dict[str, Any]:
    meta = results.meta
    tags = [("sample", meta.get("sample")), ("illustrative", meta.get("illustrative"))]
    found = [say(lang, f"export.notice.{key}") for key, on in tags if on]
    if row["provisional"]:
        found.append(say(lang, "papers.as_of", date=str(meta["computed_at"])[:10]))
    return {
        "street": str(row["sub_district"] or ""),
        "community": str(row["community"]),
        "year": str(row["year"]).split(".")[0],
        "tags": found,
    }


def _lead(row: Row, ways: Mapping[str, Any] | None, lang: str) -> str:
    """The answer in one or two sentences."""
    if row["total"] is None:
        return note_text(row["note"], lang) or say(lang, "papers.diagnosis.no_total")
    word = stability(row["star_probability"]) if row["star_probability"] is not None else ""
    sure = say(lang, f"export.stability.{word}") if word else say(lang, "papers.diagnosis.no_error")
    said = say(lang, "papers.diagnosis.lead", star=star_name(lang, row["star"]), sure=sure)
    if row["status"] == "vetoed":
        return said + say(lang, "papers.diagnosis.lead_vetoed")
    if ways is None:
        return said
    said += say(lang, "papers.diagnosis.lead_gap", star=ways["star"], gap=ways["gap"])
    best = next((one for one in ways["rows"] if one["best"]), None)
    if best is None:
        return said
    key = "lead_step" if best["chance"] != numbers.DASH else "lead_step_only"
    return said + say(
        lang,
        f"papers.diagnosis.{key}",
        what=best["what"],
        offices=best["offices"],
        total=best["total"],
        star=ways["star"],
        chance=best["chance"],
    )


def _held_key(row: Mapping[str, Any]) -> str:
    """What the title is called that the community came with: it is its own no more once the year has named it."""
    return "papers.held" if row.get("title_event") in (None, "", "pending") else "papers.held_before"


def _card(sources: Sources, row: Row, lang: str) -> dict[str, Any]:
    meta = sources.results.meta
    full = {part: sum(float(d[f"{part}_points"]) for d in meta["dimensions"]) for part in ("objective", "subjective")}
    thresholds = [float(s["minimum"]) for s in meta["stars"]]
    chances = [
        {"star": star, "name": star_name(lang, star), "share": float(p), "text": numbers.chance(p)}
        for star in range(6)
        if (p := row.get(f"star_p{star}")) is not None and p >= 0.005
    ]
    half = numbers.half_width(row["subjective_low"], row["subjective_high"], around=row["subjective"])
    verdict = sources.verdicts.get(str(row["community_code"]))
    held = row.get("title_before")
    sure = stability(row["star_probability"]) if row["star_probability"] is not None else ""
    return {
        "total": numbers.total(row["total"], thresholds),
        "full": numbers.points(sum(full.values())),
        "half": numbers.half_width(row["total_low"], row["total_high"], around=row["total_exact"]),
        "stars": None if row["star"] is None else int(row["star"]),
        "star": star_name(lang, row["star"]),
        "held": say(lang, _held_key(row), star=star_name(lang, held), year=f"{row['title_before_year']:.0f}")
        if held
        else "",
        "decided": list(verdict_words(verdict, lang).values()) if verdict is not None else [],
        "chances": chances,
        "sure": say(lang, f"export.stability.{sure}") if sure else "",
        "method": say(lang, "export.stability.method_changes")
        if str(row["community_code"]) in sources.method_changes
        else "",
        "objective": f"{numbers.points(row['objective'])} / {numbers.points(full['objective'])}",
        "subjective": f"{numbers.points(row['subjective'])} {half} / {numbers.points(full['subjective'])}",
        "rank": numbers.ranks(row["rank"], row["rank_low"], row["rank_high"]),
    }


def _sample(results: Results, row: Row, code: str, lang: str) -> str:
    flow = next(iter(results.rows("flow", code)), {})
    modes = [f"{say(lang, f'export.mode.{mode}')} {n}" for mode, n in sorted((flow.get("modes") or {}).items())]
    missing = sum(r["state"] == "missing" for r in results.rows("indicators", code))
    text = say(
        lang,
        "papers.diagnosis.sample_text",
        n=numbers.count(row["n"]),
        received=numbers.count(row["n_received"]),
        excluded=numbers.count(row["n_excluded"]),
    )
    if modes:
        text += say(lang, "papers.diagnosis.sample_modes", modes=modes)
    text += say(lang, "papers.diagnosis.sample_error")
    if missing:
        text += say(lang, "papers.diagnosis.sample_indicators", missing=missing)
    notes = note_text(row["note"], lang)
    return text + (notes if notes else "")


def foot(results: Results, lang: str, provisional: object, *, named: bool = True) -> list[str]:
    """What stands at the foot of every paper: scheme, data, state of the year and, unless it hangs in public, who took it."""
    found = origin(results.meta, lang, bool(provisional), named=named)
    return [found.scheme, found.data, found.taken]
