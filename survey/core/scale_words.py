"""Words of answer scales: how strong a word is, on which side, and which whole scales are in use.

A word is a degree (how much) and a stem (of what): ``不太满意`` is −1 of ``满意``, ``very unsafe`` −5 of ``safe``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey.core.cells import answer_key, unnumbered

FREQUENCY = "frequency"


@dataclass(frozen=True, slots=True)
class Step:
    """How much of what: ``degree`` 6 … −6 (0 = middle), ``stem`` is empty where the word fits any scale."""

    degree: int
    stem: str


_PREFIXES: tuple[tuple[int, str], ...] = (
    (-6, r"最不|超级不|非常不|极其不|极为不|极不|十分不|特别不|完全不|根本不|一点也不|一点都不|毫不|not at all "),
    (-5, r"很不|相当不"),
    (-3, r"挺不|蛮不|比较不|较为不|较不"),
    (-2, r"有点儿不|有点不|有些不|稍微不|稍不|略不"),
    (-1, r"不太|不大|不怎么|不很|不够|不是很|不甚|不十分|不非常|not (?:very|so|too|really|particularly) "),
    (-4, r"不|没有|没|无|not "),
    (6, r"最|超级|非常|极其|极为|极|十分|特别|完全|(?:extremely|completely|totally|strongly|highly|entirely) "),
    (5, r"很|相当|明显|显著|(?:very|much) "),
    (3, r"比较|较为|较|挺|蛮|(?:mostly|fairly|quite|rather|generally|moderately) "),
    (2, r"基本上|基本|大体|还算|尚"),
    (1, r"有点儿|有点|有些|有所|略有|稍微|稍|略|(?:somewhat|slightly|a little|a bit|partly) "),
    (0, r"一般"),
)
_PREFIX = re.compile("|".join(f"(?P<d{i}>{words})" for i, (_, words) in enumerate(_PREFIXES)))
_MIDDLE = re.compile(
    r"一般般?|普通|中立|中等|中|差不多|无所谓|不好不坏|既不.+也不.+|没有?变化|无变化|不变|一样"
    r"|neither.*|neutral|average|so-so|fair|ok|okay|(?:about )?the same|no change|indifferent"
)
#: words that stand for a step by themselves
_WHOLE = {
    "不满": Step(-4, "满意"), "很不满": Step(-5, "满意"), "不错": Step(4, "好"), "优秀": Step(6, "好"), "优": Step(6, "好"), "良": Step(4, "好"),
    "劣": Step(-6, "好"), "低劣": Step(-6, "好"), "恶劣": Step(-6, "好"),
    "合格": Step(2, "好"), "及格": Step(2, "好"), "不合格": Step(-4, "好"), "不及格": Step(-4, "好"),
    "还行": Step(2, ""), "还可以": Step(2, ""), "可以": Step(2, ""), "尚可": Step(2, ""),
    "excellent": Step(6, "good"), "terrible": Step(-6, "good"),
    "是": Step(4, "是"), "有": Step(4, "是"), "yes": Step(4, "是"), "√": Step(4, "是"), "否": Step(-4, "是"),
    "不是": Step(-4, "是"), "没有": Step(-4, "是"), "无": Step(-4, "是"), "no": Step(-4, "是"), "×": Step(-4, "是"),
    "总是": Step(5, FREQUENCY), "一直": Step(5, FREQUENCY), "always": Step(5, FREQUENCY),
    "经常": Step(4, FREQUENCY), "常常": Step(4, FREQUENCY), "often": Step(4, FREQUENCY),
    "usually": Step(4, FREQUENCY), "有时": Step(2, FREQUENCY), "有时候": Step(2, FREQUENCY),
    "sometimes": Step(2, FREQUENCY), "偶尔": Step(0, FREQUENCY), "occasionally": Step(0, FREQUENCY),
    "很少": Step(-1, FREQUENCY), "极少": Step(-1, FREQUENCY), "rarely": Step(-1, FREQUENCY),
    "seldom": Step(-1, FREQUENCY), "从不": Step(-4, FREQUENCY), "从来不": Step(-4, FREQUENCY),
    "从未": Step(-4, FREQUENCY), "从没有": Step(-4, FREQUENCY), "never": Step(-4, FREQUENCY),
}  # fmt: skip
_SAME = {
    "便利": "方便", "便": "方便", "赞成": "同意", "认同": "同意", "公平": "公正", "良好": "好", "变好": "好", "好转": "好",
    "改善": "好", "好了": "好", "变好了": "好", "清洁": "干净", "整洁": "干净",
}  # fmt: skip
_OPPOSITES = {
    "差": "好", "坏": "好", "糟": "好", "糟糕": "好", "差了": "好", "变差": "好", "变差了": "好", "恶化": "好",
    "危险": "安全", "反对": "同意", "脏": "干净", "dissatisfied": "satisfied", "unsatisfied": "satisfied",
    "unhappy": "happy", "unsafe": "safe", "disagree": "agree", "inconvenient": "convenient",
    "unimportant": "important", "unlikely": "likely", "unfair": "fair", "dirty": "clean", "bad": "good",
    "poor": "good", "worse": "better",
}  # fmt: skip
#: more of these is better, whatever the question; of the others only the questionnaire knows
PRAISE = frozenset({
    "满意", "好", "安全", "方便", "幸福", "公正", "干净", "快乐", "舒适", "及时", "热情", "和谐", "融洽", "清楚", "信任",
    "同意", "认可", "支持", "符合", "satisfied", "good", "safe", "happy", "convenient", "clean", "better", "agree",
})  # fmt: skip

#: whole scales in use, the usual ones first; 满意 and 经常 stand for any stem of their kind
_IN_USE = """
满意/不满意 经常/从不
满意/一般/不满意 满意/基本满意/不满意 很满意/满意/不满意 很满意/一般/很不满意 经常/偶尔/从不 经常/有时/从不
很满意/比较满意/不太满意/很不满意 很满意/满意/不满意/很不满意 很满意/比较满意/不太满意/不满意
满意/比较满意/不太满意/不满意 很满意/满意/不太满意/不满意 很满意/满意/不太满意/很不满意 很满意/满意/一般/不满意
很满意/满意/基本满意/不满意 满意/基本满意/不太满意/不满意 很满意/比较满意/一般/不满意 满意/比较满意/一般/不满意
很满意/比较满意/不满意/很不满意 很满意/比较满意/比较不满意/很不满意 满意/比较满意/比较不满意/不满意
满意/比较满意/一般/不太满意 总是/经常/偶尔/从不 经常/有时/很少/从不 经常/有时/偶尔/从不 总是/经常/有时/从不
很满意/满意/一般/不满意/很不满意 很满意/比较满意/一般/不太满意/很不满意 很满意/满意/基本满意/不太满意/不满意
很满意/比较满意/一般/不太满意/不满意 很满意/满意/一般/不太满意/不满意 满意/比较满意/一般/不太满意/不满意
很满意/比较满意/一般/比较不满意/很不满意 很满意/满意/一般/不太满意/很不满意 很满意/比较满意/一般/不满意/很不满意
满意/比较满意/一般/比较不满意/不满意 很满意/满意/一般/比较不满意/很不满意 很满意/比较满意/基本满意/不太满意/不满意
满意/比较满意/基本满意/不太满意/不满意 很满意/满意/基本满意/不满意/很不满意 很满意/满意/比较满意/不太满意/不满意
很满意/满意/基本满意/一般/不满意 非常满意/很满意/满意/一般/不满意 总是/经常/有时/很少/从不 总是/经常/偶尔/很少/从不
总是/经常/有时/偶尔/从不
很满意/满意/比较满意/比较不满意/不满意/很不满意 很满意/比较满意/基本满意/不太满意/不满意/很不满意
很满意/满意/基本满意/不太满意/不满意/很不满意 很满意/满意/比较满意/不太满意/不满意/很不满意
很满意/满意/比较满意/一般/比较不满意/不满意/很不满意 很满意/满意/比较满意/一般/不太满意/不满意/很不满意
非常满意/很满意/满意/一般/不满意/很不满意/非常不满意 非常满意/满意/基本满意/一般/不太满意/不满意/非常不满意
"""

_STATES = {
    "dont_know": "不清楚 不了解 说不清 说不清楚 不知道 不好说 不确定 难说 很难说 没法说 无法判断 "
    "don't_know don’t_know dont_know do_not_know dk not_sure unsure can't_say no_opinion",
    "refused": "拒答 拒绝回答 拒绝 不愿回答 不愿意回答 不想回答 不便回答 不方便回答 "
    "refused refusal refuse_to_answer prefer_not_to_say prefer_not_to_answer",
    "not_applicable": "不适用 不涉及 无此情况 没有此情况 没有这种情况 not_applicable n/a",
}
_STATE_OF = {word.replace("_", " "): state for state, words in _STATES.items() for word in words.split()}


def comparable(word: str) -> str:
    """A word as it is looked up: plain width and case, without a leading number."""
    return unnumbered(answer_key(word))


def no_opinion(word: str) -> str:
    """``dont_know``, ``refused`` or ``not_applicable`` for the words that say so, else nothing.

    ``不了解`` is also the lowest step of 很了解/比较了解/…: the other words of the scale decide.
    """
    return _STATE_OF.get(comparable(word), "")


def step(word: str) -> Step | None:
    """The step that a word of any stem would be; None where it can be none (digits, long texts).

    Every short word is a step of something: only several with one stem make a scale.
    """
    text = comparable(word).rstrip("。.!")
    if text in _WHOLE:
        return _WHOLE[text]
    if _MIDDLE.fullmatch(text):
        return Step(0, "")
    if not text or any(c.isdigit() for c in text) or len(text) > 30:
        return None
    match = _PREFIX.match(text)
    degree = _PREFIXES[int((match.lastgroup or "d0")[1:])][0] if match else 4
    stem = text[match.end() :].strip() if match else text
    if not stem:
        return None
    if stem in _OPPOSITES:
        turned = {4: -4, 6: -6, 5: -5, 3: -3, 1: -2}.get(degree)
        return None if turned is None else Step(turned, _OPPOSITES[stem])
    return Step(degree, _SAME.get(stem, stem))


def folded(degrees: tuple[int, ...]) -> tuple[int, ...]:
    """``非常`` counts as ``很`` (and ``有点`` as ``比较``) where the scale does not have both on that side."""
    held = set(degrees)
    fold = {a: b for a, b in ((6, 5), (-6, -5), (1, 3), (-2, -3)) if b not in held}
    return tuple(fold.get(d, d) for d in degrees)


def _scales(frequency: bool) -> tuple[tuple[int, ...], ...]:
    found: dict[tuple[int, ...], None] = {}
    for line in _IN_USE.split():
        steps = [s for word in line.split("/") if (s := step(word))]
        if (steps[0].stem == FREQUENCY) == frequency:
            found[folded(tuple(s.degree for s in steps))] = None
    return tuple(found)


_DEGREES = {frequency: _scales(frequency) for frequency in (False, True)}


def in_use(stem: str) -> tuple[tuple[int, ...], ...]:
    """The known scales of a stem's kind as degrees, most first (strongest to weakest), folded."""
    return _DEGREES[stem == FREQUENCY]


def is_unbalanced(degrees: tuple[int, ...], stem: str) -> bool:
    """Whether a scale has more steps on one side than on the other (基本满意 as its middle praises)."""
    return stem != FREQUENCY and sum(d > 0 for d in degrees) != sum(d < 0 for d in degrees)
