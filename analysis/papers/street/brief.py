"""The facts of a leader's page before the meeting (会前一页纸): how we stand, what is final, what is real, where to act, who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from analysis.awards.tables import money
from analysis.improvement.lost_points import answering, office_frame
from analysis.papers.diagnosis import foot
from analysis.papers.street.one_street import Row, Street
from analysis.papers.way_lines import star_name
from analysis.scoring.rating import stability
from analysis.tables import number_words as numbers
from survey.core.lang import enumerated, say

#: rows of the league, the first and the last of them where there are more, and lines that a page has room for
ROWS, FIRST, LAST, LINES = 16, 10, 5, 5
#: words of the template that hold no number
WORDS = (
    *("title", "stand", "final", "real", "act", "who", "rank", "community", "total", "star", "sure", "status", "what"),
    *("offices", "lost", "places", "office", "page_of", "act_note", "who_note", "league_note", "nothing"),
)


def brief(street: Street, lang: str) -> dict[str, Any]:
    """The facts as JSON values; every number is one of the street's workbook."""
    meta, rows = street.results.meta, street.rows
    tags = [say(lang, f"export.notice.{key}") for key in ("sample", "illustrative") if meta.get(key)]
    tags.append(
        say(lang, "papers.as_of", date=str(meta["computed_at"])[:10])
        if street.provisional
        else say(lang, "street_papers.state_closed")
    )
    league, left_out = _league(street, lang)
    return {
        "lang": lang,
        "word": {key: say(lang, f"brief.{key}") for key in WORDS},
        "head": {"street": street.title(lang), "year": str(street.year), "tags": tags},
        "lead": _lead(rows, lang),
        "league": league,
        "left_out": say(lang, "brief.left_out", n=left_out) if left_out else "",
        "final": _final(street, lang),
        "real": _real(street, lang),
        "act": _act(street, lang),
        "who": _who(street, lang),
        "foot": foot(street.results, lang, street.provisional),
    }


def _lead(rows: Sequence[Row], lang: str) -> str:
    """How many there are, their mean, and how many of each star."""
    totals = [float(row["total"]) for row in rows if row["total"] is not None]
    if not totals:
        return say(lang, "brief.no_totals", n=len(rows))
    stars = Counter(int(row["star"]) for row in rows if row["star"] is not None and row["status"] != "vetoed")
    told = [
        say(lang, "brief.of_star", star=star_name(lang, star), n=stars[star]) for star in sorted(stars, reverse=True)
    ]
    mean = numbers.points(sum(totals) / len(totals), 1)
    return say(lang, "brief.lead", n=len(rows), known=len(totals), mean=mean, stars=enumerated(lang, told))


def _league(street: Street, lang: str) -> tuple[list[dict[str, Any]], int]:
    rows = street.rows
    thresholds = [float(s["minimum"]) for s in street.results.meta["stars"]]
    shown = rows if len(rows) <= ROWS else [*rows[:FIRST], *rows[-LAST:]]
    found = []
    for row in shown:
        sure = stability(row["star_probability"]) if row["star_probability"] is not None else ""
        words = [say(lang, f"street_papers.sure.{sure}")] if sure else []
        if str(row["community_code"]) in street.base.method_changes:
            words.append(say(lang, "street_papers.sure.method_changes"))
        half = numbers.half_width(row["total_low"], row["total_high"], around=row["total_exact"])
        found.append(
            {
                "rank": numbers.ranks(row["rank"], row["rank_low"], row["rank_high"]),
                "community": str(row["community"]),
                "total": numbers.total(row["total"], thresholds),
                "half": half,
                "star": star_name(lang, row["star"]),
                "sure": " · ".join(words) or numbers.DASH,
                "status": say(lang, f"export.status.{row['status']}") if row["status"] else numbers.DASH,
            }
        )
    return found, len(rows) - len(shown)


def _final(street: Street, lang: str) -> list[str]:
    """What has been decided already, what stands in the way, the targets, the money."""
    counts = Counter(str(row["status"] or "incomplete") for row in street.rows)
    told = [
        say(lang, "brief.of_status", status=say(lang, f"export.status.{status}"), n=n)
        for status, n in counts.most_common()
    ]
    found = [say(lang, "brief.statuses", told=enumerated(lang, told))]
    vetoed = [str(row["community"]) for row in street.rows if row["status"] == "vetoed"]
    if vetoed:
        found.append(say(lang, "brief.vetoed", names=_names(vetoed, lang)))
    for p in street.goals.progress.get("calculated" if street.provisional else "title", ()) if street.goals else ():
        star = say(lang, "street_papers.at_least", star=star_name(lang, p.target.star))
        state = say(lang, f"awards.state.{p.state}") if p.state else numbers.DASH
        found.append(say(lang, "brief.target", star=star, reached=p.reached, required=p.required, state=state))
    if street.lines:
        due, paid = sum(line.due or 0 for line in street.lines), sum(line.paid for line in street.lines)
        found.append(say(lang, "brief.money", due=money(lang, due), paid=money(lang, paid)))
    return found


def _real(street: Street, lang: str) -> list[str]:
    """What the sampling error leaves of stars, ranks and changes."""
    rated = [row for row in street.rows if row["star_probability"] is not None]
    if not rated:
        return [say(lang, "brief.no_error")]
    kinds: dict[str, list[str]] = {}
    for row in rated:
        kinds.setdefault(stability(row["star_probability"]), []).append(str(row["community"]))
    found = [say(lang, "brief.stable", n=len(kinds.get("stable", ())), of=len(rated))]
    if kinds.get("borderline"):
        found.append(say(lang, "brief.borderline", names=_names(kinds["borderline"], lang)))
    changes = [str(row["community"]) for row in rated if str(row["community_code"]) in street.base.method_changes]
    if changes:
        found.append(say(lang, "brief.method", names=_names(changes, lang)))
    ranked = [row for row in street.rows if row["rank"] is not None and row["rank_low"] is not None]
    sure = [row for row in ranked if row["rank_low"] == row["rank_high"]]
    if ranked:
        found.append(say(lang, "brief.ranks", n=len(sure), of=len(ranked)))
    for word in ("up", "down"):
        names = [str(row["community"]) for row in street.rows if row["change_word"] == word]
        if names:
            found.append(say(lang, f"brief.{word}", names=_names(names, lang)))
    if any(row["change_word"] for row in street.rows) and len(found) < 6:
        n = sum(row["change_word"] == "no_clear_change" for row in street.rows)
        found.append(say(lang, "brief.no_clear_change", n=n))
    return found


def _act(street: Street, lang: str) -> list[dict[str, str]]:
    """The indicators and items that lost most points over all communities."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    for loss in street.losses:
        one = sums.setdefault((str(loss["kind"]), str(loss["code"])), {"lost": 0.0, "places": set(), "loss": loss})
        one["lost"] += float(loss["points_lost"])
        one["places"].add(loss["community_code"])
    found = sorted(sums.values(), key=lambda one: (-one["lost"], str(one["loss"]["code"])))[:LINES]
    return [
        {
            "what": str(one["loss"][f"name_{lang}"] or one["loss"]["name_zh"]),
            "offices": "、".join(answering(one["loss"])) or numbers.DASH,
            "lost": numbers.least(one["lost"]),
            "places": numbers.count(len(one["places"])),
        }
        for one in found
    ]


def _who(street: Street, lang: str) -> list[dict[str, str]]:
    """The offices in whose charge most points were lost, and what of it most."""
    found = [r for r in office_frame(street.losses).to_dict("records") if r["office"]]
    lines = []
    for row in found[:LINES]:
        mine: dict[str, float] = {}
        for loss in street.losses:
            if row["office"] in answering(loss):
                name = str(loss[f"name_{lang}"] or loss["name_zh"])
                mine[name] = mine.get(name, 0.0) + float(loss["points_lost"])
        lines.append(
            {
                "office": str(row["office"]),
                "lost": numbers.least(row["lost"]),
                "places": numbers.count(row["communities"]),
                "what": max(mine, key=lambda name: mine[name], default=numbers.DASH),
            }
        )
    return lines


def _names(names: Sequence[str], lang: str) -> str:
    """The first names, then how many more."""
    text = enumerated(lang, names[:LINES])
    return text if len(names) <= LINES else text + say(lang, "brief.more", n=len(names) - LINES)
