"""The facts of a notice to hang up (公示版) once a community is named: title, dimensions, what improves next.

Neither a rank nor a comparison, no group of respondents, no probability; of few respondents the objective points only.
"""

from __future__ import annotations

from typing import Any

from analysis.awards.verdicts import Verdict
from analysis.improvement.lost_points import lines_of
from analysis.papers.diagnosis import Sources, foot
from analysis.papers.way_lines import star_name
from analysis.tables import number_words as numbers
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import say

#: what improves next: lines that a page has room for
NEXT = 3
WORDS = ("title", "subtitle", "dimensions", "dimensions_note", "next", "next_note", "nothing")


def named(verdict: Verdict | None) -> bool:
    """Whether a community holds a title of this year that may be hung up: none before the naming, none that is held back."""
    return (
        verdict is not None
        and verdict.title is not None
        and bool(verdict.title.star)
        and verdict.title.subject != "history"
        and verdict.status == "named"
    )


def notice(sources: Sources, code: str, lang: str) -> dict[str, Any]:
    """The facts as JSON values; raises Refused for a community that the year does not have, or that is not named."""
    results, verdict = sources.results, sources.verdicts.get(code)
    try:
        row = results.community(code)
    except KeyError as error:
        raise Refused("export.no_community", year=results.meta["year"], community=code) from error
    if verdict is None or verdict.title is None or not named(verdict):
        raise Refused("notice.not_named", year=results.meta["year"], community=row["community"])
    event, meta = verdict.title, results.meta
    body = say(lang, f"cycle_words.named_by.{event.body}") if event.body else ""
    few = (row["n"] or 0) < limits.TOTALS_BELOW
    losses = lines_of(sources.losses[sources.losses["community_code"] == code])
    steps = [r for r in losses if r["kind"] == "objective"][:NEXT]
    return {
        "lang": lang,
        "word": {key: say(lang, f"notice.{key}") for key in WORDS},
        "head": {
            "street": str(row["sub_district"] or ""),
            "community": str(row["community"]),
            "year": str(meta["year"]),
            "tags": [say(lang, f"export.notice.{key}") for key in ("sample", "illustrative") if meta.get(key)],
        },
        "stars": int(event.star or 0),
        "star": star_name(lang, event.star),
        "by": " · ".join(filter(None, [body, event.document, event.date])),
        "dimensions": [_dimension(d, row, lang, few=few) for d in meta["dimensions"]],
        "next": [str(r[f"name_{lang}"] or r["name_zh"]) for r in steps],
        "foot": foot(results, lang, row["provisional"], named=False),
    }


def _dimension(d: Any, row: Any, lang: str, *, few: bool) -> dict[str, Any]:
    """Points of both parts; of the objective part alone where there were few respondents."""
    parts = ("objective",) if few else ("objective", "subjective")
    held = [row.get(f"{part}_{d['code']}") if d[f"{part}_points"] else 0.0 for part in parts]
    full = sum(float(d[f"{part}_points"]) for part in parts)
    got = None if None in held else sum(float(v) for v in held)
    return {
        "name": str(d[f"name_{lang}"] or d["code"]),
        "text": f"{numbers.points(got)} / {numbers.points(full)}",
        "share": 0.0 if got is None or not full else round(min(got / full, 1.0), 5),
    }
