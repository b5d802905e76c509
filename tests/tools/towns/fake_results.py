"""Believable results of 12 invented communities over three years, straight from the columns of ``Results``.

States on purpose: 西埠 has too few responses, 大榕 has no objective part in 2014, 柳营 is below 650, 南塔 stands just
under four stars, 青藤 is a self-selected sample in 2012.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.scoring.results import (
    DECIDED_COLUMNS,
    FLOW_COLUMNS,
    INDICATOR_COLUMNS,
    ITEM_COLUMNS,
    SCORE_COLUMNS,
    STREET_COLUMNS,
    Results,
)

NAMES = ("春晖", "锦园", "望江", "桂湖", "青藤", "南塔", "柏里", "云亭", "大榕", "石桥", "西埠", "柳营")
CODES = tuple(f"SL{i:02d}" for i in range(1, 13))
QUALITY = (0.925, 0.875, 0.846, 0.822, 0.809, 0.797, 0.783, 0.764, 0.751, 0.727, 0.706, 0.637)
YEARS = (2012, 2013, 2014)
STREET = "示例街道"
DIMENSIONS: tuple[dict[str, Any], ...] = (
    {"code": "autonomy", "name_zh": "自治型·民主公平感", "name_en": "Self-governance · fairness",
     "lead_office": "组织办", "responsible_offices": ["纪工委", "事务办", "司法所"]},
    {"code": "ecology", "name_zh": "生态型·环境舒适感", "name_en": "Ecology · comfort",
     "lead_office": "城管办", "responsible_offices": ["宣传办", "计生办"]},
    {"code": "service", "name_zh": "服务型·生活愉悦感", "name_en": "Service · ease of life",
     "lead_office": "事务办、社工办", "responsible_offices": ["纪工委", "组织办"]},
    {"code": "culture", "name_zh": "文化型·精神富有感", "name_en": "Culture · inner wealth",
     "lead_office": "宣传办", "responsible_offices": ["文化站"]},
    {"code": "harmony", "name_zh": "和谐型·家园归属感", "name_en": "Harmony · belonging",
     "lead_office": "综治办", "responsible_offices": ["司法所", "妇联"]},
)  # fmt: skip
INDICATORS = (
    ("ZZ03", "autonomy", "居民(代表)会议、听证会、论坛次数", "Deliberation meetings a year", 70, "事务办"),
    ("ZZ04", "autonomy", "居务、财务公开", "Disclosure of affairs and accounts", 70, "纪工委"),
    ("ST01", "ecology", "生活垃圾日产日清与分类", "Daily waste removal and sorting", 70, "城管办"),
    ("ST02", "ecology", "“六乱”整治", "Six disorders", 70, "城管办"),
    ("FW01", "service", "每百户社区服务用房面积", "Service floor space per 100 households", 70, "事务办"),
    ("FW04", "service", "居家养老服务覆盖率", "Home-care coverage of elderly in need", 70, "事务办"),
    ("WH02", "culture", "邻居节、文化节活动", "Festival and culture events", 70, "宣传办"),
    ("WH06", "culture", "市民学校、老年大学、全民阅读", "Civic school, senior learning, reading", 70, "文化站"),
    ("HX01", "harmony", "社会治安与刑事案件", "Public order and crime", 70, "综治办"),
    ("HX02", "harmony", "矛盾纠纷调处成功率", "Disputes settled", 70, "司法所"),
)
ITEMS = (
    ("A2", "autonomy", "居务、财务公开的及时和清楚", "Timely, clear disclosure of affairs and accounts"),
    ("A3", "autonomy", "居民参与社区大事讨论的机会", "Chances to take part in community decisions"),
    ("B1", "ecology", "楼道、街巷的清洁卫生", "Cleanliness of stairways and lanes"),
    ("B3", "ecology", "乱搭建、乱停车、乱设摊的治理", "Control of illegal building, parking, stalls"),
    ("C1", "service", "到社区办事的方便程度", "Ease of getting things done"),
    ("C2", "service", "看病、买药和健康服务", "Access to medical and health service"),
    ("D1", "culture", "文体活动场地和设施", "Places and equipment for culture and sport"),
    ("D2", "culture", "社区文化节庆活动", "Community culture and festival events"),
    ("E1", "harmony", "在社区居住的安全", "Safety of living here"),
    ("E2", "harmony", "邻里之间的来往和互助", "Contact and mutual help among neighbours"),
)
LEVELS = (("1", "很满意", "Very satisfied"), ("2", "满意", "Satisfied"), ("3", "一般", "Neither"),
          ("4", "不满意", "Dissatisfied"), ("5", "很不满意", "Very dissatisfied"))  # fmt: skip
BOUNDS = (650.0, 700.0, 750.0, 800.0, 900.0)


def _meta(year: int) -> dict[str, Any]:
    points = {"objective_points": 140.0, "subjective_points": 60.0}
    return {
        "year": year, "scheme": "default", "scheme_version": 1,
        "scheme_names": {"zh": "示例测评体系", "en": "Example scheme"}, "illustrative": True, "data_version": 7,
        "computed_at": f"{year}-11-20T16:02:00+08:00", "sample": True, "preset": "gd2011",
        "preset_scores": {"5": [100, 80, 60, 40, 0]}, "min_responses": 50, "complete_share": 0.8,
        "partial_share": 0.5, "weighting": "none", "dimensions": [{**d, **points} for d in DIMENSIONS],
        "stars": [{"star": i + 1, "minimum": b, "decided_by": "district" if i < 3 else "city"}
                  for i, b in enumerate(BOUNDS)],
        "targets": [{"star": 3, "share": 1.0, "due_year": 2015}, {"star": 4, "share": 0.5, "due_year": 2015},
                    {"star": 5, "share": 0.3, "due_year": 2015}],
        "questionnaires": [{"name": "default", "version": 1, "title": "居民幸福感调查"}], "full_marks": 1000.0,
    }  # fmt: skip


def _community(index: int, year: int, rng: np.random.Generator) -> dict[str, Any]:
    """One score row before ranks and changes."""
    quality = QUALITY[index] - 0.011 * (2014 - year) + rng.normal(0, 0.003) * (year < 2014)
    n = 38 if NAMES[index] == "西埠" else int(rng.integers(188, 214))
    row: dict[str, Any] = dict.fromkeys(SCORE_COLUMNS.names)
    shares = quality + rng.normal(0, 0.02, 5)
    shares += quality - shares.mean()
    objective, subjective = 140 * np.minimum(shares, 0.99), 60 * np.minimum(shares - 0.01, 0.99)
    missing = NAMES[index] == "大榕" and year == 2014
    se, df = 3.1 * (200 / n) ** 0.5 + index % 4 * 0.6, n - 1
    row.update(sub_district=STREET, community_code=CODES[index], community=NAMES[index] + "社区", year=year, n=n,
               n_received=n + 9, n_partial=3, n_excluded=7, subjective=subjective.sum(), subjective_se=se,
               subjective_df=df, provisional=year == 2014, status="calculated", note="", note_text="")  # fmt: skip
    half = stats.t.ppf(0.975, df) * se
    row.update(subjective_low=row["subjective"] - half, subjective_high=row["subjective"] + half)
    for d, o, s in zip(DIMENSIONS, objective, subjective, strict=True):
        row[f"objective_{d['code']}"] = None if missing else o
        row[f"subjective_{d['code']}"] = s
        row[f"subjective_{d['code']}_se"] = se / 5**0.5
    row["objective"] = None if missing else objective.sum()
    if missing:
        row.update(status="incomplete", note="objective_missing")
    elif n < 50:
        row.update(status="incomplete", note="too_few_responses")
    else:
        _rate(row, half)
    return row


def _rate(row: dict[str, Any], half: float) -> None:
    exact = row["objective"] + row["subjective"]
    row.update(total_exact=exact, total=round(exact, 2), total_low=exact - half, total_high=exact + half)
    star = int(sum(row["total"] >= b for b in BOUNDS))
    edges = [-np.inf, *BOUNDS, np.inf]
    below = [float(stats.t.cdf((e - exact) / row["subjective_se"], row["subjective_df"])) for e in edges]
    chances = np.diff(below)
    row.update({f"star_p{i}": float(p) for i, p in enumerate(chances)}, star=star,
               star_probability=float(chances[star]), star_awarded=star,
               star_next_gap=None if star == 5 else BOUNDS[star] - row["total"])  # fmt: skip


def _compare(rows: list[dict[str, Any]], before: pd.DataFrame | None) -> None:
    rated = sorted((r for r in rows if r["total"] is not None), key=lambda r: -r["total"])
    for place, row in enumerate(rated, 1):
        row.update(rank=place, rank_low=max(1, place - (place % 3 == 2)), rank_high=place + (place % 3 == 1))
    for row in rows:
        if before is None:
            continue
        old = before[before["community_code"] == row["community_code"]].iloc[0]
        change = row["subjective"] - old["subjective"]
        se = float(np.hypot(row["subjective_se"], old["subjective_se"]))
        p = float(2 * stats.norm.sf(abs(change) / se))
        row.update(change_subjective=change, change_subjective_se=se, change_p=p, change_q=min(1.0, p * 2),
                   change_word="no_clear_change" if p * 2 >= 0.05 else ("up" if change > 0 else "down"))  # fmt: skip
        if row["objective"] is not None and pd.notna(old["objective"]):
            row["change_objective"] = row["objective"] - old["objective"]


def _items(row: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    out = []
    for name, dimension, zh, en in ITEMS:
        score = float(row[f"subjective_{dimension}"] / 60 * 100) + (3 if int(name[1]) % 2 else -3)
        top = max(0.05, score / 100 - 0.42)
        shares = np.array([top, 0.36, max(0.02, 0.52 - top), 0.09, 0.03])
        shares /= shares.sum()
        spread = [{"choice": c, "label_zh": z, "label_en": e, "level": i + 1, "share": float(s)}
                  for i, ((c, z, e), s) in enumerate(zip(LEVELS, shares, strict=True))]  # fmt: skip
        out.append({"community_code": row["community_code"], "item": name, "dimension": dimension, "label_zh": zh,
                    "label_en": en, "offices": next(d["lead_office"] for d in DIMENSIONS if d["code"] == dimension),
                    "n": row["n"] - 5, "n_asked": row["n"], "score": score, "se": 1.4, "low": score - 2.8, "high": score + 2.8, "points": 30.0,
                    "points_got": score * 0.3, "points_lost": 30 - score * 0.3,
                    "missing_share": float(rng.uniform(0.01, 0.09)), "distribution": spread})  # fmt: skip
    return out


def _indicators(row: dict[str, Any], rng: np.random.Generator) -> list[dict[str, Any]]:
    out = []
    for number, (code, dimension, zh, en, points, office) in enumerate(INDICATORS):
        whole = row[f"objective_{dimension}"]
        got = None if whole is None else whole / 2 + (4 if number % 2 else -4)
        got = None if got is None else min(float(points), got)
        out.append(dict.fromkeys(INDICATOR_COLUMNS.names) | {
            "community_code": row["community_code"], "indicator": code, "dimension": dimension, "name_zh": zh,
            "name_en": en, "office": office, "points": float(points), "points_got": got,
            "points_lost": None if got is None else points - got, "value": float(rng.integers(3, 40)),
            "state": "missing" if got is None else "reported", "reason": "", "reason_params": {}, "batch": 3,
            "file": "客观指标_2014.xlsx", "sheet": "指标值", "row": number + 2,
        })  # fmt: skip
    return out


def _street(year: int, rows: list[dict[str, Any]], before: Results | None) -> dict[str, Any]:
    totals = [r["total"] for r in rows if r["total"] is not None]
    subjective = float(np.mean([r["subjective"] for r in rows]))
    old = None if before is None else float(before.streets.iloc[0]["subjective"])
    return dict.fromkeys(STREET_COLUMNS.names) | {
        "sub_district": STREET, "communities": len(rows), "with_total": len(totals), "mean_total": float(np.mean(totals)),
        "weighted_total": float(np.mean(totals)) + 1.2, "coverage": 0.87, "subjective": subjective, "subjective_se": 1.3,
        "subjective_low": subjective - 2.6, "subjective_high": subjective + 2.6,
        "change_subjective": None if old is None else subjective - old,
        "change_subjective_se": None if old is None else 1.8, "change_p": None if old is None else 0.4,
        "change_word": None if old is None else "no_clear_change", "n": sum(r["n"] for r in rows), "note": "",
    }  # fmt: skip


@cache
def fake_results(year: int = 2014) -> Results:
    """The invented results of one year."""
    before = fake_results(year - 1) if year > YEARS[0] else None
    rng = np.random.default_rng(year)
    rows = [_community(i, year, rng) for i in range(len(NAMES))]
    _compare(rows, None if before is None else before.scores)
    columns = [*SCORE_COLUMNS.names, *DECIDED_COLUMNS.names]  # nothing is decided
    for d in DIMENSIONS:
        columns += [f"objective_{d['code']}", f"subjective_{d['code']}", f"subjective_{d['code']}_se"]
    flow = [{"community_code": r["community_code"], "received": r["n"] + 9, "duplicate": 2, "refused": 0,
             "stored": r["n"] + 7, "ineligible": 0, "incomplete": 7, "partial": 3, "scored": r["n"],
             "modes": {"paper": int(r["n"] * 0.63), "phone": r["n"] - int(r["n"] * 0.63)}} for r in rows]  # fmt: skip
    return Results(
        meta=_meta(year),
        scores=pd.DataFrame(rows, columns=columns),
        items=pd.DataFrame([i for r in rows for i in _items(r, rng)], columns=list(ITEM_COLUMNS.names)),
        indicators=pd.DataFrame([i for r in rows for i in _indicators(r, rng)], columns=list(INDICATOR_COLUMNS.names)),
        flow=pd.DataFrame(flow, columns=list(FLOW_COLUMNS.names)),
        streets=pd.DataFrame([_street(year, rows, before)], columns=list(STREET_COLUMNS.names)),
    )


#: the one whose star the answer scale or weights would change
METHOD_CHANGES = "SL05"


class FakeSource:
    """The results of three years, without a store (see ``dashboard.data.results.Source``)."""

    def __init__(self, years: tuple[int, ...] = YEARS, many: int = 0) -> None:
        self._years = years
        self._many = many

    def years(self) -> tuple[int, ...]:
        return self._years

    def results(self, year: int) -> Results:
        found = fake_results(year)
        return _widen(found, self._many) if self._many else found

    def method_changes(self, year: int) -> frozenset[str]:
        return frozenset({METHOD_CHANGES})

    def snapshot(self, year: int) -> str:
        return f"fake-{year}-{self._many}"

    def as_of(self, changes: int) -> int:
        return changes

    def decided(self) -> str:
        return "fake"

    @contextmanager
    def renewing(self) -> Iterator[None]:
        yield


def _widen(found: Results, many: int) -> Results:
    """The same communities repeated under other codes, to see how a long list behaves."""
    scores = pd.concat([found.scores.assign(community_code=found.scores["community_code"] + f"-{k}",
                                            community=found.scores["community"] + str(k)) for k in range(many)],
                       ignore_index=True)  # fmt: skip
    return Results(found.meta, scores, found.items, found.indicators, found.flow, found.streets, found.extra)
