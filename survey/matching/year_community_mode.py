"""What names and cells say of a file: which year, which community, how the interviews were held.

Every proposal says from where it comes and how sure it is; nothing here decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from survey.core.cells import answer_key, as_datetime, as_number, clean
from survey.core.lang import known, say
from survey.core.lazily import cached_property
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register
from survey.store.year.register import Community

Source = Literal[
    "column", "platform", "questionnaire", "content", "title", "sheet", "file", "dates", "register", "usual"
]


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence by its key and parameters, worded when it is shown."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def word(self, lang: str) -> str:
        """The sentence in the reader's language; names of platforms and sources are worded, too."""
        return say(lang, self.key, **{name: _worded(lang, name, value) for name, value in self.params.items()})


#: parameters whose values are worded → the head of their texts' keys
_WORDED = {"platform": "recognition.platform.", "first": "recognition.source.", "second": "recognition.source."}


def _worded(lang: str, name: str, value: Any) -> Any:
    key = f"{_WORDED[name]}{value}" if name in _WORDED else ""
    return say(lang, key) if key and known(key) else value


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to fill in, from where it comes, and how sure it is (0–1).

    ``value``: what to give beside the file; None where there is nothing to give: the column says it, or nobody knows
    (then ``certainty`` is 0).  ``values``: what a column says, or what else it could be.
    """

    value: str | int | None
    source: Source
    certainty: float
    reason: Reason
    values: tuple[str | int, ...] = ()

    @property
    def open(self) -> bool:
        """Whether a person has to say it: nothing in the file does."""
        return self.value is None and self.source != "column"

    def as_json(self, lang: str) -> dict[str, Any]:
        """For a page or a program, the reason in words too."""
        return {
            "value": self.value,
            "source": self.source,
            "certainty": self.certainty,
            "values": list(self.values),
            "reason": self.reason.key,
            "params": dict(self.reason.params),
            "text": self.reason.word(lang),
        }


#: how sure a proposal is from which a page may go on without asking again
SURE = 0.8

_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<a>(?:19|20)\d\d)(?P<by>[-_.]){_MONTH}(?P=by){_DAY}|(?P<b>(?:19|20)\d\d)年{_MONTH}月{_DAY}日?"
    r"|(?P<c>(?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)\s*(年?)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年度?(?!\d)")
#: 问卷星 ends a file's name with two counts
_PLATFORM_TAIL = re.compile(r"(?<=按文本|按序号|按分数).*$")
_ENDINGS = ("社区居民委员会", "居民委员会", "社区居委会", "居委会", "社区", "村民委员会", "村委会")
#: behind a short name these say that something larger is meant
_LARGER = re.compile(r"(?:街道|镇|乡|区(?!块)|街|路|新区|县)")


def stem(file: str) -> str:
    """A file's name without folders, ending, and the counts that a platform writes behind it."""
    name = file.replace("\\", "/").rpartition("/")[2]
    name = name.rpartition(".")[0] or name
    return _PLATFORM_TAIL.sub(lambda m: re.sub(r"(?:_\d+){1,2}$", "", m[0]), name)


def years_in(text: str) -> list[tuple[int, float]]:
    """Years that a text names, each with how sure it is that the year of the survey is meant; a date is less so."""
    text = clean(text)
    found: dict[int, float] = {}
    rest = text
    for match in _DATE.finditer(text):
        found[int(match["a"] or match["b"] or match["c"])] = 0.6
        rest = rest.replace(match[0], " ")
    for match in _YEAR.finditer(rest):
        found[int(match[1])] = max(found.get(int(match[1]), 0.0), 0.95 if match[2] else 0.9)
    if not found:
        found = {2000 + int(m[1]): 0.6 for m in _SHORT_YEAR.finditer(rest)}
    return sorted(found.items(), key=lambda item: -item[1])


def year_of_cells(values: Iterable[Any]) -> tuple[Counter[int], int]:
    """Years that a column says (``2014``, ``2014年``), and how many filled cells say none."""
    years: Counter[int] = Counter()
    bad = 0
    for value, n in _distinct(values):
        text = clean(value).removesuffix("度").removesuffix("年")
        number = as_number(text)
        if number is not None and number.is_integer() and FIRST_YEAR <= number <= LAST_YEAR:
            years[int(number)] += n
        else:
            bad += n
    return years, bad


def year_of_dates(values: Iterable[Any]) -> Counter[int]:
    """Years of the dates in a column."""
    years: Counter[int] = Counter()
    for value, n in _distinct(values):
        moment = as_datetime(value)
        if moment is not None:
            years[moment.year] += n
    return years


def _distinct(values: Iterable[Any]) -> list[tuple[Any, int]]:
    counted: Counter[Any] = Counter((type(v), v) for v in values if v is not None)
    return [(value, n) for (_, value), n in counted.items() if clean(value)]


@dataclass(frozen=True)
class Names:
    """What a file calls itself: its name, the sheet's, and the lines above the table."""

    file: str
    sheet: str = ""
    titles: tuple[str, ...] = ()

    @cached_property
    def texts(self) -> tuple[tuple[Source, str], ...]:
        """What is nearest to the cells comes first."""
        return (("sheet", self.sheet), *(("title", t) for t in self.titles), ("file", stem(self.file)))


@dataclass(frozen=True)
class Column:
    """A column as a clue: its header, its cells, how many rows there are to fill."""

    header: str
    values: Sequence[Any]
    rows: int


def propose_year(names: Names, column: Column | None, dates: Counter[int], form_year: int | None) -> Proposal:
    """The year: what the column says, else names, the questionnaire's setting, the dates; a conflict is never sure."""
    other = _year_beside(names, dates, form_year)
    if column is None:
        return other
    said, bad = year_of_cells(column.values)
    if not said:
        return other
    values = tuple(sorted(said))
    params: dict[str, Any] = {"header": column.header, "values": _list(values)}
    blank = column.rows - sum(said.values()) - bad
    if blank > 0:
        reason = Reason("recognition.year.column_partly", {**params, "blank": blank})
        alike = {values[0]} if len(values) == 1 else set()
        fitting = other.value in alike
        return Proposal(
            other.value, "column", other.certainty if fitting else min(other.certainty, 0.5), reason, values
        )
    return Proposal(None, "column", 1.0, Reason("recognition.year.column", params), values)


def _year_beside(names: Names, dates: Counter[int], form_year: int | None) -> Proposal:
    found: list[Proposal] = []
    for source, text in names.texts:
        years = years_in(text)
        if not years:
            continue
        value, certainty = years[0]
        if len(years) > 1 and years[1][1] == certainty:
            certainty = 0.4
        found.append(
            Proposal(value, source, certainty, Reason(f"recognition.year.{source}", {"year": value, "text": text}))
        )
    if form_year is not None:
        found.append(
            Proposal(form_year, "questionnaire", 0.9, Reason("recognition.year.questionnaire", {"year": form_year}))
        )
    if dates:
        value, n = dates.most_common(1)[0]
        share = n / dates.total()
        reason = Reason("recognition.year.dates", {"year": value, "share": f"{100 * share:.0f}"})
        found.append(Proposal(value, "dates", 0.85 if share >= 0.95 else 0.6, reason))
    if not found:
        return Proposal(None, "usual", 0.0, Reason("recognition.year.nothing"))
    best = max(found, key=lambda p: p.certainty)
    others = tuple(sorted({p.value for p in found if p.value is not None} - {best.value}))
    if not others:
        agreed = min(0.98, best.certainty + 0.03 * (len({p.source for p in found}) - 1))
        return replace(best, certainty=max(agreed, best.certainty))
    disagreeing = next(p for p in found if p.value != best.value)
    reason = Reason(
        "recognition.year.conflict",
        {"year": best.value, "first": best.source, "other": disagreeing.value, "second": disagreeing.source},
    )
    return replace(best, certainty=0.5, reason=reason, values=others)


class Places:
    """Communities by what a text may call them: code, name, alias, or the name without 社区."""

    def __init__(self, communities: Sequence[Community]) -> None:
        self.register = Register(communities)
        self.communities = list(communities)
        words: dict[str, set[int]] = {}
        self._short: dict[str, set[int]] = {}
        for place, c in enumerate(self.communities):
            for word in (c.name, *c.aliases):
                words.setdefault(_text_key(word), set()).add(place)
            for word in (c.name, *c.aliases):
                ending = next((e for e in _ENDINGS if _text_key(word).endswith(e)), "")
                bare = _text_key(word).removesuffix(ending)
                if ending and len(bare) > 1:
                    self._short.setdefault(bare, set()).add(place)
        self._words = {w: p for w, p in words.items() if len(w) > 1}
        self._codes = {_text_key(c.code): i for i, c in enumerate(self.communities) if len(c.code) > 1}
        self._areas = sorted(
            {_text_key(a) for c in self.communities for a in (c.sub_district, c.district) if a}, key=len, reverse=True
        )

    def named_in(self, text: str) -> dict[int, float]:
        """Position of each community that a text names, with how sure that is; longer names go first."""
        rest = _text_key(text)
        found: dict[int, float] = {}
        for word in sorted(self._words, key=len, reverse=True):
            if word in rest:
                rest = rest.replace(word, "\n")
                found |= dict.fromkeys(self._words[word], 0.95 if len(self._words[word]) == 1 else 0.4)
        for area in self._areas:
            rest = rest.replace(area, "\n")
        for word in sorted(self._short, key=len, reverse=True):
            at = rest.find(word)
            if at >= 0 and not _LARGER.match(rest, at + len(word)):
                rest = rest.replace(word, "\n")
                sure = 0.85 if len(self._short[word]) == 1 else 0.4
                found |= {p: max(found.get(p, 0), sure) for p in self._short[word]}
        for code, place in self._codes.items():
            if re.search(rf"(?<![a-z0-9]){re.escape(code)}(?![a-z0-9])", rest) and not code.isdigit():
                found.setdefault(place, 0.9)
        return found


def _text_key(text: str) -> str:
    return answer_key(text).replace(" ", "")


def propose_community(names: Names, column: Column | None, places: Places) -> Proposal:
    """The community: what the column says, else what sheet, title or file are named after."""
    other = _community_beside(names, places)
    if column is None:
        return other
    counted = [(places.register.find(v), n) for v, n in _distinct(column.values)]
    here = tuple(places.communities[p].name for p in sorted({p for p, _ in counted if p is not None}))
    unknown = sum(n for p, n in counted if p is None)
    filled = sum(n for _, n in counted)
    if not filled:
        return other
    params: dict[str, Any] = {
        "header": column.header,
        "n": len(here),
        "unknown": unknown,
        "blank": column.rows - filled,
    }
    if column.rows > filled:
        fits = other.value in here and len(here) == 1
        certainty = other.certainty if fits else min(other.certainty, 0.5)
        return Proposal(other.value, "column", certainty, Reason("recognition.community.column_partly", params), here)
    key = "recognition.community.column_unknown" if unknown else "recognition.community.column"
    certainty = 1.0 if not unknown else round(1 - unknown / filled, 2)
    return Proposal(None, "column", certainty, Reason(key, params), here)


def _community_beside(names: Names, places: Places) -> Proposal:
    for source, text in names.texts:
        found = places.named_in(text)
        if not found:
            continue
        best = max(found.values())
        first = [places.communities[p].name for p, sure in found.items() if sure == best]
        if len(first) == 1:
            reason = Reason(f"recognition.community.{source}", {"community": first[0], "text": text})
            others = tuple(places.communities[p].name for p in found if places.communities[p].name != first[0])
            return Proposal(first[0], source, best if not others else 0.7, reason, others)
        reason = Reason("recognition.community.several", {"text": text, "names": _list(first)})
        return Proposal(None, source, 0.0, reason, tuple(first))
    if len(places.communities) == 1:
        only = places.communities[0].name
        return Proposal(only, "register", 0.7, Reason("recognition.community.only", {"community": only}))
    return Proposal(None, "usual", 0.0, Reason("recognition.community.nothing"))


def _list(values: Iterable[Any]) -> str:
    return "、".join(map(str, values))
