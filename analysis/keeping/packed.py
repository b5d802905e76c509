"""Results as the store keeps them: one line for what belongs to all communities, then one line for each community.

A community's line holds the rows that are its own (items, indicators, what weighting does), words that many communities
share stand once in the head.  So a line can be kept for the next results as it stands, without being read, and whoever
needs nothing but scores reads the head.  ``unpack`` gives what ``Results.from_json`` gives of the same results' ``to_json``,
which is how older programs kept them and how an archive holds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pandas as pd

from analysis.scoring.results import FRAMES, Results, plain_columns

#: frames and lists of rows that lie in the communities' lines
FRAMED = ("items", "indicators")
LISTED = ("weights", "weight_classes")
#: columns whose words stand once in the head, by frame
SHARED: Mapping[str, tuple[str, ...]] = {
    "items": ("item", "dimension", "label_zh", "label_en", "offices"),
    "indicators": ("indicator", "dimension", "name_zh", "name_en", "office"),
}
#: what a choice of a distribution says, in its order
_SPREAD = ("choice", "label_zh", "label_en", "level", "share", "score")
_CODE = "community_code"
_END = "\n"


@dataclass
class Lines:
    """``of``: community → its line; ``order``: frame or list → its communities in the order of their rows; ``columns``: frame
    → names; ``shared``: frame (and ``choices``) → what lines name by its number."""

    of: dict[str, str] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, frames: Mapping[str, pd.DataFrame], lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> bool:
        """Put the rows of these communities into lines of their own, in place of those that they have; False where the rows of
        a community do not lie together or an older program made them: then these are no lines of anything."""
        found: dict[str, dict[str, Any]] = {}
        words = _Words(self.shared)
        for name, frame in frames.items():
            cells = plain_columns(frame)
            if not {_CODE, *SHARED[name]} <= cells.keys():
                return False
            self.columns[name] = [*cells]
            spans = _spans(cells.pop(_CODE))
            if spans is None:
                return False
            self.order[name] = list(spans)
            packed = words.packed(name, cells)
            for code, (first, after) in spans.items():
                found.setdefault(code, {})[name] = [after - first, *(_short(c[first:after]) for c in packed)]
        for name, rows in lists.items():
            grouped = [(code, list(mine)) for code, mine in groupby(rows, lambda row: row[_CODE])]
            self.order[name] = [code for code, _ in grouped]
            if len({*self.order[name]}) < len(grouped):
                return False
            for code, mine in grouped:
                found.setdefault(code, {})[name] = mine
        self.of |= {code: _text(said) for code, said in found.items()}
        return True

    def head(self) -> dict[str, Any]:
        """What the head says of the lines."""
        place = {code: at for at, code in enumerate(self.of)}
        order = {name: [place[code] for code in codes] for name, codes in self.order.items()}
        return {"codes": list(self.of), "order": order, "line_columns": self.columns, "shared": self.shared}


def pack(results: Results, own: Mapping[str, Any] | None = None) -> str:
    """Results as text; ``own`` is kept in the head for whoever computes the next ones (``head_of``)."""
    lines = Lines()
    lists = {name: results.extra[name] for name in LISTED if name in results.extra}
    if not lines.add({name: getattr(results, name) for name in FRAMED}, lists):
        return results.to_json()
    return written(results, lines, own)


def written(results: Results, lines: Lines, own: Mapping[str, Any] | None = None) -> str:
    """The text of results whose rows of communities are these lines, whatever ``results`` has of them."""
    extra = {
        name: None if name in LISTED else value for name, value in results.extra.items()
    }  # their place among the others
    frames = {name: plain_columns(getattr(results, name)) for name in FRAMES if name not in FRAMED}
    head = {"meta": dict(results.meta), "extra": extra, "frames": frames, **lines.head(), "own": own or {}}
    return _END.join((_text(head), *lines.of.values(), ""))


def is_packed(text: str) -> bool:
    """Whether a kept text is of this kind; JSON as older programs kept it is one line."""
    return _END in text


def head_of(text: str) -> dict[str, Any]:
    """The head of a packed text; raises ValueError for what no program of ours wrote."""
    head: dict[str, Any] = json.loads(text[: text.index(_END)])
    return head


def lines_of(text: str, head: Mapping[str, Any]) -> Lines:
    """The lines of a packed text with this head."""
    codes = head["codes"]
    of = dict(zip(codes, text.split(_END)[1:-1], strict=True))
    order = {name: [codes[at] for at in places] for name, places in head["order"].items()}
    return Lines(of, order, head["line_columns"], head["shared"])


def unpack(text: str) -> Results:
    """Results of a kept text of either kind; raises ValueError, KeyError or TypeError for what no program of ours wrote."""
    if not is_packed(text):
        return Results.from_json(text)
    head = head_of(text)
    lines = lines_of(text, head)
    said = {code: json.loads(line) for code, line in lines.of.items()}
    extra = {
        **head["extra"],
        **{n: [r for c in lines.order[n] for r in said[c][n]] for n in LISTED if n in lines.order},
    }
    return _results(head, extra, {name: _laid(name, lines, said) for name in FRAMED})


def scores_of(text: str) -> Results:
    """The same without a row of items and indicators: scores, flow, streets and what is said of the year."""
    if not is_packed(text):
        return Results.from_json(text)
    head = head_of(text)
    return _results(head, {**head["extra"]}, {n: dict.fromkeys(head["line_columns"][n], ()) for n in FRAMED})


def rows_of(lines: Lines, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """``community_code`` and some columns of a frame that lies in lines."""
    cells = _laid(name, lines, {code: json.loads(lines.of[code]) for code in lines.order[name]})
    return pd.DataFrame({column: cells[column] for column in (_CODE, *columns)})


def _results(head: Mapping[str, Any], extra: Mapping[str, Any], framed: Mapping[str, Mapping[str, Any]]) -> Results:
    frames = {name: pd.DataFrame({**cells}) for name, cells in {**head["frames"], **framed}.items()}
    for name in ("scores", "streets"):
        frames[name] = FRAMES[name].floats(frames[name])
    return Results(meta=head["meta"], extra=extra, **frames)


def _laid(name: str, lines: Lines, said: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of a frame out of the lines of its communities."""
    words = SHARED[name]
    names = [c for c in lines.columns[name] if c != _CODE and c not in words]
    codes: list[str] = []
    heads: list[int] = []
    cells: dict[str, list[Any]] = {column: [] for column in names}
    for code in lines.order[name]:
        size, shared, *columns = said[code][name]
        codes += [code] * size
        heads += _long(shared, size)
        for column, values in zip(names, columns, strict=True):
            cells[column] += _long(values, size)
    known = lines.shared[name]
    for at, column in enumerate(words):
        cells[column] = [known[head][at] for head in heads]
    if "distribution" in cells:
        choices = lines.shared["choices"]
        cells["distribution"] = [_spread(choices, cell) for cell in cells["distribution"]]
    return {column: codes if column == _CODE else cells[column] for column in lines.columns[name]}


class _Words:
    """What lines name by its number: more is added behind what is there, so that older lines stay as they are."""

    def __init__(self, shared: dict[str, list[Any]]) -> None:
        self.shared = shared
        for name in (*SHARED, "choices"):
            shared.setdefault(name, [])
        self.places = {name: {_key(one): at for at, one in enumerate(known)} for name, known in shared.items()}

    def packed(self, name: str, cells: dict[str, list[Any]]) -> list[list[Any]]:
        """The columns of a frame as its lines have them: first the number of what is shared."""
        heads = [self._place(name, row) for row in zip(*(cells.pop(c) for c in SHARED[name]), strict=True)]
        if "distribution" in cells:
            cells["distribution"] = [self._spread(cell) for cell in cells["distribution"]]
        return [heads, *cells.values()]

    def _place(self, name: str, row: tuple[Any, ...]) -> int:
        places = self.places[name]
        found = places.get(row)
        if found is None:
            found = places[row] = len(places)
            self.shared[name].append(list(row))
        return found

    def _spread(self, cell: Any) -> Any:
        """The number of the choices and the share of each; what is not of that shape stays as it is."""
        if not cell or any(tuple(choice) != _SPREAD for choice in cell):
            return cell
        heads = tuple((c["choice"], c["label_zh"], c["label_en"], c["level"], c["score"]) for c in cell)
        return [self._place("choices", heads), *(c["share"] for c in cell)]


def _key(known: Any) -> Any:
    """What was shared, as it is looked for."""
    return tuple(_key(one) for one in known) if isinstance(known, list) else known


def _spread(choices: Sequence[Any], cell: Any) -> Any:
    if not cell or isinstance(cell[0], dict):
        return cell
    heads = choices[cell[0]]
    return [
        {"choice": choice, "label_zh": zh, "label_en": en, "level": level, "share": share, "score": score}
        for (choice, zh, en, level, score), share in zip(heads, cell[1:], strict=True)
    ]


def _spans(codes: Sequence[str]) -> dict[str, tuple[int, int]] | None:
    """Community → its first row and that after its last; None where those of another one lie between."""
    spans: dict[str, tuple[int, int]] = {}
    at = 0
    for code, rows in groupby(codes):
        after = at + sum(1 for _ in rows)
        if code in spans:
            return None
        spans[code] = (at, after)
        at = after
    return spans


def _short(cells: list[Any]) -> Any:
    """One text or nothing where every row has it, else the cells."""
    first = cells[0]
    if first is not None and type(first) is not str:
        return cells
    return first if cells.count(first) == len(cells) else cells


def _long(cells: Any, size: int) -> Iterable[Any]:
    return cells if isinstance(cells, list) else [cells] * size


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
