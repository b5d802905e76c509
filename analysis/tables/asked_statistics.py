"""Items and statistics as they are asked for: ``mean``, ``total``, ``share``, ``top2``, ``ratio:Y/X``, ``median``, ``quantile:P``, ``sd``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.sample.item_values import as_number
from analysis.sample.pooled_sample import Pool
from survey.core.errors import Refused

#: codings of questions that can be estimated
CLOSED = ("choice", "step", "number", "multiple")
KINDS = ("mean", "total", "share", "top2", "ratio:Y/X", "median", "quantile:P", "sd")
_PLAIN = ("mean", "total", "share", "top2", "median", "sd")
#: those that are linear in influences, so that two groups can be compared
COMPARED = ("mean", "total", "share", "top2", "ratio")


@dataclass(frozen=True)
class Statistic:
    """``word`` as it was asked for · ``kind`` · ``p`` of a quantile · ``top``, ``bottom`` questions of a ratio."""

    word: str
    kind: str
    p: float = 0.5
    top: str = ""
    bottom: str = ""


def asked_statistics(words: Iterable[str]) -> tuple[Statistic, ...]:
    """Each once, in the order asked for; raises Refused for a word that is none."""
    return tuple(dict.fromkeys(_statistic(word) for word in words))


def _statistic(word: str) -> Statistic:
    kind, colon, argument = word.partition(":")
    if word in _PLAIN:
        return Statistic(word, "quantile" if word == "median" else word)
    if kind == "quantile" and colon:
        p = as_number(argument)
        if p is None or not 0 < p < 1:
            raise Refused("estimation.bad_quantile", found=argument)
        return Statistic(word, kind, p)
    top, slash, bottom = argument.partition("/")
    if kind == "ratio" and slash and top and bottom:
        return Statistic(word, kind, top=top, bottom=bottom)
    raise Refused("estimation.unknown_stat", found=word, known=list(KINDS))


def asked_items(sample: Pool, items: Sequence[str] | None) -> list[str]:
    """The items asked for, checked, or all that can be estimated."""
    every = {q.name: q for form, _ in sample.parts for q in form.questions}
    usual = [q.name for q in every.values() if not q.role and q.coding in CLOSED]
    for name in items or ():
        if name not in every:
            raise Refused("estimation.unknown_item", name=name, known=list(usual))
        if every[name].coding not in CLOSED:
            raise Refused("estimation.open_item", name=name)
    return usual if items is None else list(dict.fromkeys(items))
