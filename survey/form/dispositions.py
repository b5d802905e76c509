"""Outcomes of telephone contacts (访问结果): AAPOR's codes behind the words that call sheets use.

Source: AAPOR, Standard Definitions (10th ed. 2023), telephone dispositions.  Codes of four digits behind the point
that AAPOR does not have (2.113, 3.131) are refinements and count as the code they begin with.
Nobody has to know a code: every outcome goes by its everyday words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz, process

from survey.core.cells import answer_key
from survey.core.lang import say, separator
from survey.core.lazily import cached_property
from survey.form.model import Question

AaporClass = Literal["I", "P", "R", "NC", "O", "UH", "UO", "NE"]
#: the order in which AAPOR lists them: complete, partial, refusal, non-contact, other, unknown (household, other),
#: what a later attempt can't take back: an interview, then a definite answer, then contact, then a household
_RANK: Mapping[str, int] = {"I": 5, "P": 4, "R": 3, "O": 3, "NE": 3, "NC": 2, "UO": 1, "UH": 0}
_NEAR = 45.0
_MINUTES_NO_ANSWER, _MINUTES_REFUSED = 180, 10_080


@dataclass(frozen=True, slots=True)
class Disposition:
    """One outcome of a contact.

    ``final``: no further call follows from it; else ``retry`` is after how many minutes the next may (None: as agreed).
    ``words``: what call sheets write for it.
    """

    code: str
    aapor: AaporClass
    zh: str
    en: str
    words: tuple[str, ...] = ()
    final: bool = True
    retry: int | None = None

    @property
    def interview(self) -> bool:
        """Whether it left answers: complete or partial."""
        return self.aapor in ("I", "P")

    def label(self, lang: str) -> str:
        """The outcome in the reader's language."""
        return self.zh if lang == "zh" else self.en


def _final(code: str, aapor: AaporClass, zh: str, en: str, words: str = "") -> Disposition:
    return Disposition(code, aapor, zh, en, tuple(words.split("|")) if words else ())


def _again(code: str, aapor: AaporClass, zh: str, en: str, retry: int | None, words: str) -> Disposition:
    return Disposition(code, aapor, zh, en, tuple(words.split("|")), final=False, retry=retry)


DISPOSITIONS: tuple[Disposition, ...] = (
    _final("1.1", "I", "完成", "Complete interview",
           "已完成|完成访问|访问完成|访问成功|成功访问|成功|完访|成功完成|全部完成|完整完成|接受访问|有效|completed|interviewed|success|done"),
    _final("1.2", "P", "部分完成", "Partial interview", "未全部完成|部分访问|完成部分|partially completed|partial"),
    _final("2.11", "R", "拒访", "Refusal",
           "拒绝|拒绝访问|拒接受访问|不愿意|不愿接受访问|不接受访问|不配合|接通即挂断|直接挂断|挂断|接通后挂断|refused|hung up|hang up"),
    _again("2.111", "R", "他人拒绝", "Refusal by somebody else", _MINUTES_REFUSED,
           "家人拒绝|家属拒绝|他人代为拒绝|家人拒访|household refusal|refused by other"),
    _final("2.112", "R", "本人拒绝", "Refusal by the respondent",
           "本人拒访|坚决拒绝|坚决拒访|硬拒绝|明确拒绝|respondent refusal|hard refusal"),
    _again("2.113", "R", "婉拒", "Soft refusal", _MINUTES_REFUSED, "委婉拒绝|软拒绝|软拒访|soft refusal"),
    _final("2.12", "R", "中途退出", "Break-off",
           "中途挂断|中途拒访|中途拒绝|中途终止|中途中断|访问中断|中止访问|break off|broke off|breakoff"),
    _again("2.20", "NC", "约访", "Appointment", None,
           "预约|预约回访|约定时间|约时间|已预约|改约|另约|稍后再打|稍后再拨|再联系|改日再访|改天再访|现在没空|现在不方便|不方便"
           "|没时间|没空|正忙|call back|callback|call back later"),
    _again("2.21", "NC", "本人不在", "Respondent not available", _MINUTES_NO_ANSWER,
           "本人始终不在|不在家|不在|外出|出差|被访者不在|他人接听|respondent never available|not at home"),
    _again("2.22", "NC", "答录(确认住户)", "Answering machine of the household", _MINUTES_NO_ANSWER,
           "答录机(确认住户)|telephone answering device confirming household"),
    _final("2.31", "O", "去世", "Died", "已去世|过世|已故|死亡|dead|deceased"),
    _final("2.32", "O", "身体/精神原因不能答", "Physically or mentally unable",
           "身体原因|生病|住院|重病|听力障碍|聋哑|听不见|年老无法回答|无法沟通|unable|too ill|hard of hearing"),
    _final("2.33", "O", "语言/方言障碍", "Language",
           "语言不通|语言障碍|方言障碍|方言不通|听不懂普通话|听不懂|language barrier|language problem"),
    _again("2.34", "O", "通话质量差", "Poor sound", _MINUTES_NO_ANSWER, "听不清|声音不清|杂音|信号不好|poor audio quality"),
    _again("2.35", "O", "所在场合不便", "Place does not allow it", _MINUTES_NO_ANSWER,
           "开车|正在开车|开会|正在开会|上班|driving|at work"),
    _final("2.36", "O", "其他合格未访", "Other eligible, no interview", "其他原因未访|miscellaneous"),
    _again("3.11", "UH", "未拨打", "Not attempted", 0, "未访|未打|未联系|尚未拨打|not attempted|not called"),
    _again("3.12", "UH", "占线", "Busy", _MINUTES_NO_ANSWER, "忙音|通话中|正在通话|用户忙|line busy|engaged|always busy"),
    _again("3.13", "UH", "无人接听", "No answer", _MINUTES_NO_ANSWER,
           "无人接|无应答|无人应答|未接|未接听|没人接|不接|不接听|不接电话|久叫不应|noanswer|unanswered"),
    _again("3.131", "UH", "关机", "Switched off or out of reach", _MINUTES_NO_ANSWER,
           "已关机|不在服务区|无法接通|暂时无法接通|无法联系|switched off|phone off|out of reach|unreachable"),
    _again("3.14", "UH", "语音信箱", "Voice mail", _MINUTES_NO_ANSWER,
           "语音信箱(不知是否住户)|答录机|答录|留言|转语音信箱|来电提醒|voicemail|answering machine"),
    _again("3.15", "UH", "来电拦截", "Blocked", _MINUTES_NO_ANSWER,
           "来电拦截/骚扰标记|骚扰拦截|骚扰标记|被拦截|拦截|黑名单|智能拦截|call blocked|call blocking"),
    _again("3.16", "UH", "线路技术问题", "Technical problem", _MINUTES_NO_ANSWER,
           "线路故障|线路忙|技术问题|呼叫失败|拨打失败|呼叫限制|technical phone problem|line fault"),
    _again("3.21", "UO", "未完成甄别", "Screening not completed", _MINUTES_NO_ANSWER,
           "甄别未完成|无法确认资格|资格不明|未甄别|no screener completed|not screened"),
    _final("3.91", "UO", "其他不明", "Other, unknown", "其他|其它|不明|不详|其他情况|other|unknown"),
    _final("4.10", "NE", "非本样本", "Not of the sample",
           "不是本人|非本人|打错|号码错误|错号|号码不对|查无此人|不认识此人|样本重复|重复样本|wrong number|wrong person|out of sample"),
    _final("4.20", "NE", "传真", "Fax", "传真机|传真号|fax line|fax or data line"),
    _final("4.30", "NE", "空号停机", "Not in service",
           "空号|停机|号码不存在|已停机|欠费停机|暂停服务|已停用|号码停用|已销号|销号|空号/停机|non-working|disconnected|nonworking number"),
    _final("4.50", "NE", "单位电话", "Not a household", "单位|企业电话|公司电话|办公电话|非住宅|非住宅电话|business|nonresidence"),
    _final("4.54", "NE", "非本社区居民", "Does not live in the community",
           "不是本社区|非本社区|不是本社区居民|不住本社区|已搬走|搬走|已搬迁|搬家|搬离|不在本社区居住|不住这里|moved away|moved"),
    _final("4.70", "NE", "无合格者", "Nobody eligible",
           "不合格|甄别不合格|不符合条件|不符合|未满18岁|未成年|居住不满半年|无合格受访者|no eligible respondent|not eligible|screened out"),
    _final("4.80", "NE", "配额已满", "Quota filled", "配额满|超配额|配额外|样本已满|quota full|over quota"),
)  # fmt: skip


@dataclass(frozen=True)
class Outcomes:
    """A table of outcomes that words are looked up in; the project's own or that of a survey centre."""

    dispositions: tuple[Disposition, ...] = DISPOSITIONS

    @cached_property
    def by_code(self) -> Mapping[str, Disposition]:
        """Code → outcome."""
        return {d.code: d for d in self.dispositions}

    @cached_property
    def _by_word(self) -> Mapping[str, Disposition]:
        words: dict[str, Disposition] = {}
        for d in self.dispositions:  # names of all outcomes go before anybody's synonyms
            for word in (d.zh, d.en):
                words.setdefault(_word_key(word), d)
        for d in self.dispositions:
            for word in d.words:
                words.setdefault(_word_key(word), d)
        return words

    @cached_property
    def _by_number(self) -> Mapping[str, Disposition]:
        """A spreadsheet shows 4.10 as 4.1, so a code is known without its last zeros."""
        numbers: dict[str, Disposition] = {}
        for d in self.dispositions:
            numbers.setdefault(d.code.rstrip("0"), d)
        return numbers

    def find(self, value: Any) -> Disposition | None:
        """The outcome that a cell names by code or word (any width and case, spaces and full stops aside)."""
        key = _word_key(value)
        head, dot, tail = key.partition(".")
        if dot and head.isdigit() and tail.isdigit():
            return self.by_code.get(key) or self._by_number.get(key.rstrip("0"))
        return self._by_word.get(key)

    def near(self, value: Any) -> Disposition | None:
        """The outcome whose words are nearest to a cell: a suggestion, never applied; None where nothing is near."""
        found = process.extractOne(_word_key(value), list(self._by_word), scorer=_likeness, score_cutoff=_NEAR)
        return None if found is None else self._by_word[found[0]]

    def listed(self, lang: str) -> str:
        """The outcomes that occur most, for a sentence."""
        return separator(lang).join(self.by_code[c].label(lang) for c in _COMMON if c in self.by_code)

    def with_choices(self, question: Question | None) -> Outcomes:
        """This table with the words of a questionnaire's own outcome list: choices named by code, or by a known word."""
        if question is None:
            return self
        more: dict[str, list[str]] = {}
        for choice in question.choices:
            own = (choice.name, *choice.labels.values(), *choice.aliases)
            known = next((d for word in own if (d := self.find(word))), None)
            if known:
                more.setdefault(known.code, []).extend(own)
        return Outcomes(tuple(
            Disposition(d.code, d.aapor, d.zh, d.en, (*d.words, *more.get(d.code, ())), d.final, d.retry)
            for d in self.dispositions
        ))  # fmt: skip

    def final(self, codes: Iterable[str]) -> Disposition | None:
        """What a case came to, from the codes of its attempts in order (``decides``)."""
        tried = list(codes)
        place = self.decides(tried)
        return None if place is None else self.by_code[tried[place]]

    def decides(self, codes: Sequence[str]) -> int | None:
        """The place of the attempt that says what a case came to; None where no code is known.

        An interview stays one; after it a definite answer (refusal, other reason, not eligible), then contact, then
        what is unknown; the latest where several are alike (AAPOR, Standard Definitions, “final disposition codes”).
        """
        known = [i for i, code in enumerate(codes) if code in self.by_code]
        return max(reversed(known), key=lambda i: _RANK[self.by_code[codes[i]].aapor], default=None)


_COMMON = ("1.1", "1.2", "2.11", "2.12", "2.20", "3.12", "3.13", "3.131", "4.30", "4.54", "4.70")


def class_label(aapor: str, lang: str) -> str:
    """The AAPOR class in words."""
    return say(lang, f"calls.class.{aapor}")


def _word_key(value: Any) -> str:
    return answer_key(value).replace(" ", "").rstrip(".。")


def _likeness(a: str, b: str, **_: Any) -> float:
    """Likeness of short words: what they share of the longer, or one standing whole in the other."""
    plain = fuzz.ratio(a, b)
    inside = 90.0 * min(len(a), len(b)) / max(len(a), len(b), 1) + 10 if a and b and (a in b or b in a) else 0.0
    return max(plain, inside)
