"""One small table of answers, to be written as each platform exports it, and read back through a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from survey.core.cells import answer_key, clean
from survey.files.layouts.layout import Layout
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet
from tests.tools.soak import examples

SCALE = ("很满意", "满意", "一般", "不满意", "很不满意")
PLACES = ("公园", "广场", "文化站", "老年大学(含分校)", "其他")


@dataclass(frozen=True)
class Asked:
    """A question: ``one`` and ``many`` have options, ``text`` has none; ``stem`` makes it an item of a matrix."""

    name: str
    kind: str
    label: str
    options: tuple[str, ...] = ()
    stem: str = ""


@dataclass(frozen=True)
class Table:
    """Questions and rows of answers: the place of an option, a set of them, a text, ``skipped`` or None (blank)."""

    asked: tuple[Asked, ...]
    rows: tuple[tuple[Any, ...], ...]


ASKED = (
    Asked("Q1", "one", "到社区办事的方便程度", SCALE),
    Asked("M1", "one", "楼道、街巷的清洁卫生", SCALE, "您对以下方面满意吗?"),
    Asked("M2", "one", "绿化(含公园)", SCALE, "您对以下方面满意吗?"),
    Asked("M3", "one", "垃圾投放:分类和清运", SCALE, "您对以下方面满意吗?"),
    Asked("W", "many", "您去过哪里(近一个月)", PLACES),
    Asked("F", "text", "最希望社区改进的一件事"),
)
#: no deadline: the machine that runs the tests may be busy
FEW = examples(12)
_TEXTS = st.sampled_from(["修路", "多种树,少停车", "3号楼漏水;没人管", "无", "路灯 不亮"])


@st.composite
def tables(draw: st.DrawFn, *, skipped: bool = True, none_ticked: bool = True) -> Table:
    """Up to a dozen responses to ``ASKED``; every row answers Q1, so none is blank."""
    missing = st.sampled_from([None, "skipped"] if skipped else [None])

    def answer(question: Asked) -> st.SearchStrategy[Any]:
        if question.kind == "one":
            option = st.integers(0, len(question.options) - 1)
            return option if question.name == "Q1" else option | missing
        if question.kind == "many":
            ticked = st.frozensets(st.integers(0, len(question.options) - 1), min_size=0 if none_ticked else 1)
            return ticked | missing
        return _TEXTS | st.none()

    rows = draw(st.lists(st.tuples(*(answer(q) for q in ASKED)), min_size=1, max_size=12))
    return Table(ASKED, tuple(rows))


def sheet(rows: Sequence[Sequence[Any]], file: str, **more: Any) -> Sheet:
    """Rows made even, as the readers give them."""
    width = max(map(len, rows))
    even = [[None if v == "" else v for v in row] + [None] * (width - len(row)) for row in rows]
    return Sheet(file, "Sheet1", even, **more)


def read_back(layout: Layout, asked: Sequence[Asked] = ASKED) -> tuple[tuple[Any, ...], ...]:
    """The answers that a layout gives, by the plainest reader that obeys it."""
    found = {q.name: _columns(layout, q) for q in asked}
    rows = []
    for row in range(layout.first, len(layout.sheet.rows)):
        cells = layout.sheet.rows[row]
        if row in layout.skip or not any(clean(v) for v in cells if v is not None):
            continue
        rows.append(tuple(_answer(layout, q, found[q.name], cells) for q in asked))
    return tuple(rows)


def _columns(layout: Layout, asked: Asked) -> dict[str, int]:
    """Option ('' for a whole answer) → column."""
    names = {header_key(asked.name), header_key(asked.label)}
    options = [(o, o) for o in asked.options] + [(str(i), o) for i, o in enumerate(asked.options, 1)]
    joined = {header_key(f"{n}/{text}"): o for n in names for text, o in options} if asked.kind == "many" else {}
    columns: dict[str, int] = {}
    for column in layout.questions:
        for text in map(header_key, column.texts):  # best first
            if text in names or text in joined:
                option = joined.get(text, column.option)
                assert option not in columns, (asked, option)
                columns[option] = column.index
                break
    return columns


def _answer(layout: Layout, asked: Asked, columns: dict[str, int], cells: Sequence[Any]) -> Any:
    if "" in columns:
        value = cells[columns[""]]
        if value is None or answer_key(value) in layout.words:
            return _state(layout, value)
        if asked.kind == "text":
            return clean(value)
        if asked.kind == "one":
            return _place(layout, asked, value)
        value = value if layout.read is None else layout.read(value)
        return frozenset(_place(layout, asked, part) for part in str(value).split(layout.separator))
    ticked, states = set(), []
    for option, index in columns.items():
        value = cells[index]
        if value is None or answer_key(value) in layout.words:
            states.append(_state(layout, value))
            continue
        value = value if layout.read is None else layout.read(value)
        yes = {"1", "true", "y", "yes", "是", option.casefold()}
        if answer_key(value) in yes:
            ticked.add(_option(asked, option))
        else:
            assert answer_key(value) in {"0", "false", "n", "no", "否"}, value
    return states[0] if len(states) == len(columns) else frozenset(ticked)


def _state(layout: Layout, value: Any) -> str | None:
    state = None if value is None else layout.words[answer_key(value)]
    return None if state == "blank" else state


def _place(layout: Layout, asked: Asked, value: Any) -> int:
    value = value if layout.read is None else layout.read(value)
    if layout.coded_by == "order":
        return int(clean(value)) - 1
    return _option(asked, clean(value))


def _option(asked: Asked, text: str) -> int:
    names = [str(i + 1) for i in range(len(asked.options))]
    return names.index(text) if text in names else asked.options.index(text)
