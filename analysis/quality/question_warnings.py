"""What a survey designer should look at, from the numbers of one dimension: codes with parameters, worded when shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.core.lang import say

ALPHA_LOW, ALPHA_HIGH = 0.60, 0.95
REST_LOW = 0.20
#: alpha without an item that is higher by this much is worth a word
WITHOUT_GAIN = 0.02
ITEM_END, SCALE_TOP = 0.60, 0.15
UNKNOWN_NOTE, UNKNOWN_WARN = 0.05, 0.20
DOMINATES = 0.50
PAIRWISE_DIFFERS = 0.02

Block = Mapping[str, Any]
Warning_ = dict[str, Any]


def warnings_of(block: Block) -> list[Warning_]:
    """``code, level (warn|note), params`` of a dimension's block, the serious ones first.

    All items together are only warned of as a whole: their alpha is high because they are many.
    """
    found = [*_whole(block)]
    if block["dimension"]:
        for item in block["items"] if block["k"] > 1 else ():
            found += _item(item, block)
        found += _unknown(block["items"])
    return sorted(found, key=lambda w: w["level"] != "warn")


def worded(warning: Mapping[str, Any], lang: str) -> str:
    """The sentence of a warning."""
    params = dict(warning["params"])
    if "items" in params:
        between = say(lang, "reliability.between")
        params["items"] = between.join(say(lang, "reliability.item_share", **item) for item in params["items"])
    return say(lang, f"reliability.warn.{warning['code']}", **params)


def _made(code: str, level: str, **params: Any) -> Warning_:
    return {"code": code, "level": level, "params": params}


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _whole(block: Block) -> list[Warning_]:
    found: list[Warning_] = []
    value = block["alpha"]
    if block["k"] < 2:
        return [_made("one_item", "note")]
    if value != value:
        return [_made("no_variation", "warn")]
    if value < ALPHA_LOW:
        found.append(_made("alpha_low", "warn", alpha=_two(value)))
    if value > ALPHA_HIGH and block["dimension"]:
        found.append(_made("alpha_high", "warn", alpha=_two(value)))
    if block["state"] == "unsure":
        found.append(_made("unsure", "note", n=block["n"]))
    if abs(block["alpha_pairwise"] - value) >= PAIRWISE_DIFFERS:
        found.append(
            _made(
                "pairwise",
                "note",
                alpha=_two(value),
                pairwise=_two(block["alpha_pairwise"]),
                n=block["n"],
                scored=block["n_scored"],
            )
        )
    if block["best_share"] > SCALE_TOP:
        found.append(_made("scale_top", "note", share=f"{100 * block['best_share']:.1f}"))
    if block["heywood"]:
        found.append(_made("heywood", "note"))
    return found


def _item(item: Mapping[str, Any], block: Block) -> list[Warning_]:
    found: list[Warning_] = []
    name = {"item": item["item"], "place": item["place"]}
    rest = item["item_rest"]
    if rest != rest:
        found.append(_made("item_flat", "warn", **name))
    elif rest < REST_LOW:
        code = "item_reversed" if rest < 0 else "item_alone"
        found.append(_made(code, "warn", k=block["k"], rest=_two(rest), **name))
    elif item["alpha_without"] - block["alpha"] >= WITHOUT_GAIN:
        found.append(
            _made("item_lowers", "note", alpha=_two(block["alpha"]), without=_two(item["alpha_without"]), **name)
        )
    if block["k"] > 2 and item["variance_share"] > DOMINATES:
        found.append(_made("item_dominates", "warn", share=_percent(item["variance_share"]), **name))
    for end in ("best", "worst"):
        if item[f"{end}_share"] >= ITEM_END:
            found.append(_made(f"item_{end}", "note", share=_percent(item[f"{end}_share"]), **name))
    return found


def _unknown(items: Sequence[Mapping[str, Any]]) -> list[Warning_]:
    """Items that many have no opinion on, those of a kind in one sentence."""
    found = []
    for level, low, high in (("warn", UNKNOWN_WARN, 1.0), ("note", UNKNOWN_NOTE, UNKNOWN_WARN)):
        many = [
            {"place": i["place"], "item": i["item"], "share": _percent(i["no_opinion"])}
            for i in items
            if low < i["no_opinion"] <= high
        ]
        if many:
            found.append(_made(f"unknown_{level}", level, items=many))
    return found
