"""What a cell that is no answer as it stands may mean: marks around a choice, units, a range that became a date, an option with
words behind it.

Nothing here is applied unasked: the readings of a file are one proposal (``survey.coding.readings.reading_proposals``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any

from survey.answers.named_choices import named_choice, without_hint
from survey.answers.values import Reading, choice_words, number_text
from survey.answers.values_dates import date_problem, days_of
from survey.core import cells
from survey.core.cells import answer_key, as_number, chinese_number, clean, simplified, ticked_in, unnumbered
from survey.core.scale_words import no_opinion
from survey.form.model import Choice, Question

#: a meaning that counts as empty
EMPTY = ""
_MARKS = re.compile(r"[\s\"'“”‘’『』「」〖〗.,;:!?。、·*★☆√✓✔()\[\]【】《》<>_~\-—–]+")
_CODE = re.compile(r"[A-Za-z]|\d{1,3}")
_CIRCLED = re.compile(r"^[①-⑳⑴-⒇㈠-㈩\u2460-\u24ff]\s*")
_PREFIX = re.compile(r"^\s*[(\[]?\s*(?:[A-Za-z]|\d{1,2})\s*[)\].、:：．=\-(\[【]+\s*")
#: what somebody says before an answer: 我觉得一般, 感觉比较满意
_SPOKEN = re.compile(r"^(?:我|本人|个人)?(?:感觉|觉得|认为|感到)?(?:还是|是)?")
#: a letter or a number that stands right before a word: A很满意, A 很满意
_SIGN_BEFORE = re.compile(r"^(?:[A-Za-z]|\d{1,2})\s*(?=[\u4e00-\u9fff])")
#: the points of a choice behind it: 满意(4分), 满意4分, 满意=4
_POINTS = re.compile(r"\s*(?:[(\[【]\s*\d{1,3}(?:\.\d+)?\s*分?\s*[)\]】]|[=:\-]?\s*\d{1,3}\s*分|[=:]\s*\d{1,3})$")
#: … and before it: 5分 很满意
_POINTS_BEFORE = re.compile(r"^\d{1,3}(?:\.\d+)?\s*分\s*[:、,=\-—]?\s*(?=[^\W\d])")
#: words by which a number is about right; 四十多 and 40来岁 are other numbers
_ABOUT = re.compile(r"^(?:大约|大概|约|差不多|将近|接近|近)\s*|\s*(?:左右|上下)$")
#: ranges that are open at one end, as choices and cells say them
_OVER = re.compile(r"\d+\s*\+|以上|及以上|更多|超过|大于|≥|>|or more|over|more than", re.I)
_UNDER = re.compile(r"以下|以内|不到|不足|不满|未满|少于|低于|小于|≤|<|less than|under", re.I)
#: digits of a number of a range at most
_RANGE_DIGITS = 9
#: a number of years or persons that may lie in a range
_COUNTED = re.compile(
    r"(?:半|(\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3}))\s*(?:个)?(年|周岁|岁|人|口|户|次|天)\s*(半)?"
)
#: months, alone or behind years, for ranges of years; words around a time: 住了5年, 已满3年了, 5年多
_MONTHS_SAID = re.compile(r"(?:(.+年)\s*(?:零|又)?)?(半|\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个?月(半)?")
_LIVED = re.compile(
    r"^(?:我|已经?|大约|大概|约|在?(?:这里|这儿|本社区|本地|此))*(?:居?住|住满|来|搬来)?(?:了|有|满|已)*\s*|\s*(?:左右|多|余)?了?$"
)
#: what may stand in a range beside its numbers
_RANGE = re.compile(
    r"(?:[\s\d.+()<>≤≥~～—–\-至到及含和满年岁周个月人元万次分以上下内更多]|不到|不足|不满|未满|少于|超过|低于|小于|大于|years?|or more|less than|over|under)+",
    re.I,
)
#: a number with what it counts behind it: any word of one or two characters that changes no number
_UNIT = re.compile(
    r"([-+]?\d+(?:\.\d+)?)\s*(?:周岁|平方米|m2|㎡|years? old|years?|yrs?|y/?o|y|points?|/ ?10"
    r"|[^\W\d_a-zA-Z万千百十亿多余几来半左右上下以成折倍前后第]{1,2})"
    r"(?:\s*\([^()\d]{0,6}\d{1,3}[^()\d]{0,3}\))?",
    re.I,
)
_COMMA = re.compile(r"([-+]?\d{1,2}),(\d{1,2})")
#: larger numbers in Chinese characters are no ages, years or persons
_SPOKEN_UP_TO = 999
_YES, _NO = {"√", "✓", "✔", "☑", "y", "yes", "true", "对", "v"}, {"×", "x", "✗", "✘", "n", "no", "false", "错"}
_REFUSED = {"r", "ref", "拒", "拒绝", "拒绝回答", "拒访", "refused"}
_OTHER = re.compile(r"其他|其它|其余|other", re.I)
#: … as everyday writing has it
_ELSE = re.compile(r"^其[它余]")
_BARE = re.compile(r"[\W_]+")
_SPLIT = re.compile(r"[┋|;、,\n/+&]")
#: what stands between several choices, the surest first, and what is written beside one of them
_TIERS = (re.compile(r"[┋|;\n]"), re.compile(r"[、,&+]"))
_BEHIND = re.compile(r"[:：—–-]")
_BRACKETED = re.compile(r"[(\[【〖][^)\]】〗]*[)\]】〗]")
_CALLED = {
    "男": {"男性", "男士", "先生", "男生", "男的", "男同志", "♂", "m", "male", "man", "mr", "1"},
    "女": {"女性", "女士", "小姐", "女生", "女的", "女同志", "♀", "f", "female", "woman", "ms", "mrs", "2"},
}


def loosely(question: Question, read: Callable[[Any], Reading]) -> Callable[[Any], str | None]:
    """The function that says what a value which ``read`` does not understand may mean: a choice's name, a number as text,
    ``EMPTY``, or None."""
    kinds = {"choice": _choice, "step": _number, "number": _number, "date": _date}
    tries = kinds.get(question.coding)
    if tries is None:
        return lambda _: None
    words, names = choice_words(question), [c.name for c in question.choices]
    both = {
        _joined(pair): c.name for c in question.choices for pair in permutations(filter(None, c.labels.values()), 2)
    }

    def meant(value: Any) -> str | None:
        if question.coding == "choice" and cells.is_below_zero(value):
            return EMPTY if cells.is_unanswered(value) else None
        if question.coding == "choice":
            said = next(
                (names[words[k]] for t in _texts(value) if (k := t.casefold()) in words and not _lost(value, t)), None
            )
            said = said or (both.get(_joined([value])) if isinstance(value, str) else None)
            tried = (
                said,
                _choice(value, question),
                _ticked(value, words, names),
                _nothing(value),
                named_choice(value, question),
            )
            return next((t for t in tried if t is not None), None)
        if is_placeholder(value) or (question.coding == "date" and cells.is_unanswered(value)):
            return EMPTY
        found = tries(value, question)
        return found if found is None or not found or not read(found).problem else None

    return meant


def _joined(labels: Iterable[str]) -> str:
    """Two labels of a choice in one cell, whatever stands between them: 满意 Satisfied, 满意/Satisfied."""
    return _BARE.sub("", clean("".join(labels))).casefold()


def _ticked(value: Any, words: Mapping[str, int], names: Sequence[str]) -> str | None:
    """The one choice with a tick of those that stand with boxes in a cell; two ticks are no answer, and none is nothing."""
    found = ticked_in(clean(value), words) if isinstance(value, str) else None
    if found is None:
        return None
    return EMPTY if not found else names[found[0]] if len(found) == 1 else None


def _nothing(value: Any) -> str | None:
    return EMPTY if is_placeholder(value) else None


def is_placeholder(value: Any) -> bool:
    """Whether a cell says in words or strokes that there is no answer."""
    return isinstance(value, str) and clean(value).casefold() in cells.PLACEHOLDERS


def _date(value: Any, _question: Question) -> str | None:
    """The day of a serial number, and of an order that can be read one way only."""
    suggestion = date_problem(value)[1].get("suggestion")
    return None if suggestion is None else str(suggestion)


def _texts(value: Any) -> Iterator[str]:
    """A word without the letter, number and marks around it, best first."""
    if not isinstance(value, str):
        return
    raw = _CIRCLED.sub("", value.strip())
    text = clean(raw)
    yield text
    yield clean(unnumbered(text))
    yield clean(_PREFIX.sub("", text))
    yield _SIGN_BEFORE.sub("", text)
    yield _SPOKEN.sub("", text)
    for bare in dict.fromkeys((text, _POINTS.sub("", text), _POINTS_BEFORE.sub("", text), simplified(text))):
        yield bare
        yield _MARKS.sub("", bare)
        yield _MARKS.sub("", _PREFIX.sub("", bare))


def _lost(value: Any, text: str) -> bool:
    """Whether a code is what is left of another code and a mark: the 3 of ``2、3``."""
    whole = clean(value)
    bare = _CODE.fullmatch(text) is not None and _CODE.fullmatch(whole) is None
    return bare and [*filter(str.isalnum, whole)] != [*filter(str.isalnum, text)]


def _choice(value: Any, question: Question) -> str | None:
    """A range that became a date, a tick of a yes-or-no list, a short word for refused or don't know, other with words."""
    pairs = {_ends(c): c.name for c in question.choices if len(_ends(c)) == 2}
    days = {pairs[day] for day in days_of(value) if day in pairs}
    if len(days) == 1:
        return days.pop()
    if len(ranges := _ranges(value, question)) == 1 or len(ranges := _within(value, question)) == 1:
        return ranges[0]
    key = clean(value).casefold()
    if cells.is_unanswered(value):
        return EMPTY
    if len(question.choices) == 2 and key in _YES | _NO:
        sides = {("yes" if c.label("zh") in ("是", "有", "会", "yes") else "no"): c.name for c in question.choices}
        return sides.get("yes" if key in _YES else "no") if len(sides) == 2 else None
    if question.role == "sex" and (sex := _sex(key, question)):
        return sex
    state = "refused" if key in _REFUSED else no_opinion(key)
    said = [c.name for c in question.choices if c.missing and c.missing == state]
    return said[0] if len(said) == 1 else other_with_words(value, question)


def _ranges(value: Any, question: Question) -> list[str]:
    """The choices that are the same range in other words: 1~4年 of 1-4, 20年及以上 of 20+, 1年以下 of 不到1年."""
    said = _range(clean(value)) if isinstance(value, str) else None
    return [] if said is None else [c.name for c in question.choices if _range(clean(c.label("zh"))) == said]


def _within(value: Any, question: Question) -> list[str]:
    """The choices, ranges all but one or two, in which a number with its unit lies: 3年 of 1-4, 半年 and 8个月 of 不到1年, 住了25年
    of 20以上.

    A bare number may be a code of the list.
    """
    text = _LIVED.sub("", clean(value)) if isinstance(value, str) else ""
    ranges = {c.name: found for c in question.choices if (found := _range(clean(c.label("zh"))))}
    of_years = any("年" in c.label("zh") for c in question.choices)
    months = _MONTHS_SAID.fullmatch(text) if of_years and "月" in text else None
    years = _quantity(months[1]) if months and months[1] else 0.0
    if months and ("个" in text or months[1] or months[2] == "半"):  # 3月 may be March
        count = 0.5 if months[2] == "半" else _number_said(months[2])
        number = None if years is None or count is None else years + (count + 0.5 * bool(months[3])) / 12
    else:
        number = _quantity(text)
    if number is None or len(ranges) < max(2, len(question.choices) - 2):
        return []
    return [name for name, (kind, ends) in ranges.items() if _holds(kind, ends, number)]


def _number_said(text: str) -> float | None:
    spoken = 2 if text == "两" else chinese_number(text)
    return float(spoken) if spoken is not None else float(text) if text[0].isdigit() else None


def _quantity(text: str) -> float | None:
    """The number of years, persons … that a text says with its unit: 半年, 3年, 三年半; None where it says none."""
    said = _COUNTED.fullmatch(text)
    if said is None:
        return None
    number = 0.5 if said[1] is None else _number_said(said[1])
    return None if number is None else number + (0.5 if said[3] else 0.0)


def _holds(kind: str, ends: tuple[int, ...], number: float) -> bool:
    if kind == "over":
        return number >= ends[0]
    if kind == "under":
        return number < ends[0]
    return min(ends) <= number < max(ends) + 1


def _range(text: str) -> tuple[str, tuple[int, ...]] | None:
    """Which end of a range is open (``over``, ``under``, ``''`` none) and its numbers; None for what is no range."""
    found = re.findall(r"\d+", text)
    if not 1 <= len(found) <= 2 or max(map(len, found)) > _RANGE_DIGITS or not _RANGE.fullmatch(text):
        return None
    numbers = tuple(map(int, found))
    kind = "over" if _OVER.search(text) else "under" if _UNDER.search(text) else ""
    return (kind, numbers) if (len(numbers) == 2) != bool(kind) else None


def _sex(key: str, question: Question) -> str | None:
    """男性, 先生, 1 (as GB/T 2261.1 numbers them) for the choice that is called 男; likewise 女."""
    called = next((sex for sex, words in _CALLED.items() if key in words), "")
    found = [c.name for c in question.choices if called and clean(c.label("zh")) == called]
    return found[0] if len(found) == 1 else None


def other_choice(question: Question) -> Choice | None:
    """The one choice 其他 of a question."""
    found = [c for c in question.choices if any(_OTHER.match(t) for t in c.labels.values())]
    return found[0] if len(found) == 1 else None


def other_with_words(value: Any, question: Question) -> str | None:
    """The choice 其他 of which a cell says what else (``其他：陪诊``)."""
    text = _ELSE.sub("其他", clean(value)) if isinstance(value, str) else ""
    other = other_choice(question)
    if other is None or not text:
        return None
    said = sorted((t for t in (*other.labels.values(), *other.aliases) if t), key=len, reverse=True)
    for label in (*map(clean, said), *map(without_hint, said)):
        label = _ELSE.sub("其他", label)
        if label and text.casefold().startswith(label.casefold()):
            rest = text[len(label) :]
            return other.name if re.match(r"\s*[:(\[【〖,;—\-_ ]", rest) or not rest else None
    return None


def parts_of_other(value: Any, question: Question) -> dict[str, str]:
    """Parts of a cell of several choices that are 其他 with words → the choice; {} where some part means nothing."""
    words = choice_words(question)
    text = clean(value) if isinstance(value, str) else ""
    if is_placeholder(value) or cells.is_unanswered(value):
        return {clean(value): EMPTY}
    if cells.is_below_zero(value):
        return {}
    same = {_BARE.sub("", simplified(t)): c.name for c in question.choices for t in map(clean, c.labels.values()) if t}
    if (option := same.get(_BARE.sub("", simplified(text)))) is not None:  # 看病/买药 of 看病,买药
        return {text: option}
    whole = other_with_words(text, question)
    if whole is not None and not _SPLIT.search(text):
        return {text: whole}
    found = _apart(text, question, words, same, _TIERS)
    if found is None:
        return {text: whole} if whole is not None else {}
    return found


def _apart(
    text: str, question: Question, words: Mapping[str, int], same: Mapping[str, str], tiers: Sequence[re.Pattern[str]]
) -> dict[str, str] | None:
    """What the parts of a text mean that are no choices as they stand, a choice that holds a separator kept whole; None
    where some part means nothing."""
    if answer_key(text) in words:
        return {}
    bare = _BARE.sub("", simplified(text))
    meant = same.get(bare) or same.get(bare.removesuffix("等"))
    if meant is None and not any(tier.search(_BRACKETED.sub("", text)) for tier in _TIERS):
        meant = other_with_words(text, question)
    if meant is not None:
        return {text: meant}
    if not tiers:
        return None
    parts = _outside(tiers[0], text)
    found: dict[str, str] = {}
    at = 0
    while at < len(parts):
        for end in range(
            len(parts), at, -1
        ):  # the longest run of parts that is a choice: 看病、买药 of 看病、买药、停车
            run = parts[at:end]
            joined = _BARE.sub("", simplified("".join(run)))
            if len(run) > 1 and joined in same and len(parts) > len(run):
                name = same[joined]
                written = text[text.index(run[0]) : text.rindex(run[-1]) + len(run[-1])]
                if answer_key(written) not in words:
                    found[written] = name
                break
            if len(run) == 1 and end < len(parts) and other_with_words(run[0], question) and _BEHIND.search(run[0]):
                rest = text[text.index(run[0]) :]  # 其他：陪诊、送餐: what follows is what else
                if all(_apart(p, question, words, same, tiers[1:]) is None for p in parts[end:]):
                    meant = other_with_words(run[0], question)
                    return found | ({rest: meant} if meant else {})
            if len(run) == 1:
                inner = _apart(run[0], question, words, same, tiers[1:])
                if inner is None:
                    return None
                found |= inner
        at = end
    return found


def _outside(separator: re.Pattern[str], text: str) -> list[str]:
    """The parts of a text between the separators that stand in no brackets."""
    inside = [match.span() for match in _BRACKETED.finditer(text)]
    parts, start = [], 0
    for match in separator.finditer(text):
        if not any(a < match.start() < b for a, b in inside):
            parts.append(text[start : match.start()])
            start = match.end()
    return [p.strip() for p in (*parts, text[start:]) if p.strip()]


def _ends(choice: Choice) -> tuple[int, ...]:
    """The numbers of a range (``10-19``, ``5至9年``)."""
    text = clean(choice.label("zh"))
    return tuple(int(n) for n in re.findall(r"\d+", text)) if re.search(r"\d\D{1,3}\d", text) else ()


def _number(value: Any, question: Question) -> str | None:
    """A number with its unit, with a decimal comma, in Chinese characters; what a platform writes for no answer."""
    text = clean(value)
    low = question.low
    if cells.is_unanswered(value) and (low is None or low >= 0):
        return EMPTY
    if not isinstance(value, str):
        return None
    about = _ABOUT.sub("", text)
    if match := _UNIT.fullmatch(about):
        return number_text(float(match[1]))
    if about != text and (number := as_number(about)) is not None:
        return number_text(number)
    if match := _COMMA.fullmatch(text):
        return f"{match[1]}.{match[2]}"
    bare = text.strip("。.,;、'\"")
    if bare != text and as_number(bare) is not None:
        return bare
    spoken = chinese_number(re.sub(r"(?:周岁|岁|分|年|人|口)$", "", text))
    return None if spoken is None or spoken > _SPOKEN_UP_TO else str(spoken)
