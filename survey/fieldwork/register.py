"""The register as it is looked up: a community by code, name, alias or former name, a mode by its word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from survey.core.cells import answer_key, chinese_number, seen, simplified
from survey.core.errors import Refused
from survey.store.year.facts import Periods
from survey.store.year.register import Community

_MODE_WORDS = {
    "paper": "paper",
    "书面": "paper",
    "纸质": "paper",
    "书面问卷": "paper",
    "纸质问卷": "paper",
    "面访": "paper",
    "入户": "paper",
    "mail": "paper",
    "post": "paper",
    "邮寄": "paper",
    "邮寄问卷": "paper",
    "信函": "paper",
    "face to face": "paper",
    "papi": "paper",
    "capi": "paper",
    "线下": "paper",
    "线下问卷": "paper",
    "现场": "paper",
    "现场问卷": "paper",
    "上门入户": "paper",
    "入户面访": "paper",
    "纸面": "paper",
    "纸本": "paper",
    "当面": "paper",
    "面谈": "paper",
    "拦访": "paper",
    "offline": "paper",
    "in person": "paper",
    "on paper": "paper",
    "网填": "web",
    "扫码填写": "web",
    "电子": "web",
    "电子版": "web",
    "网络版": "web",
    "网页": "web",
    "手机": "web",
    "手机填写": "web",
    "在线填写": "web",
    "online survey": "web",
    "电话访谈": "phone",
    "电话回访": "phone",
    "外呼": "phone",
    "telephone interview": "phone",
    "by phone": "phone",
    "面对面": "paper",
    "face-to-face": "paper",
    "f2f": "paper",
    "集中填答": "paper",
    "集中填写": "paper",
    "上门": "paper",
    "入户访问": "paper",
    "入户调查": "paper",
    "现场填写": "paper",
    "拦截": "paper",
    "街头拦访": "paper",
    "纸质版": "paper",
    "web": "web",
    "网络": "web",
    "线上": "web",
    "在线": "web",
    "网络问卷": "web",
    "电子问卷": "web",
    "网上": "web",
    "线上问卷": "web",
    "微信": "web",
    "小程序": "web",
    "微信小程序": "web",
    "扫码": "web",
    "二维码": "web",
    "互联网": "web",
    "微信群": "web",
    "公众号": "web",
    "微信公众号": "web",
    "网上填写": "web",
    "网络填写": "web",
    "链接": "web",
    "短信链接": "web",
    "问卷星": "web",
    "online": "web",
    "internet": "web",
    "cawi": "web",
    "phone": "phone",
    "电话": "phone",
    "电话调查": "phone",
    "电话访问": "phone",
    "电话问卷": "phone",
    "电访": "phone",
    "telephone": "phone",
    "tel": "phone",
    "cati": "phone",
}
#: those that stand within longer words, the longest first, and what may stand beside them without another meaning
_WITHIN = re.compile(
    "|".join(sorted((w for w in _MODE_WORDS if re.fullmatch(r"[\u4e00-\u9fff]+", w)), key=len, reverse=True))
)
_BESIDE = re.compile(
    r"问卷|调查|访问|访谈|填写|填答|填报|作答|答题|答卷|自填|代填|填|扫描|参与|提交|回收|收集|采集|录入|发放|方式|形式|渠道"
    r"|居民|访员|自助|员|表|版|类|式|端|[\s()/、,+\-]"
)
#: what stands behind a community's name when its office is named, and what tells neighbours apart
_OFFICE = re.compile(
    r"(?:社区|村)?(?:居民委员会|居委会|村民委员会|村委会|两委|党委|党总支|党支部|(?:党群|便民|综合|公共|居民|党员)*(?:服务中心|服务站|工作站))$"
)
#: a part of a community behind its name, in brackets or as the grid, the house or the group that it is
_PART_OF = re.compile(
    r"\s*(?:[(\[【<].{0,20}[)\]】>]|[-—_/ ]?\s*第?\s*[\d一二三四五六七八九十]{1,4}\s*[号#]?\s*(?:网格|楼|栋|幢|组|片区?|单元|小区|区块).{0,8})$"
)
_APART = frozenset(
    "东南西北中上下前后左右内外大小新老旧一二三四五六七八九十甲乙丙丁0123456789abcdefghijklmnopqrstuvwxyz"
)
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+")
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: likeness 0–100 from which an unknown community is like a known one, ahead of every other by so much; what stands
#: whole within a name counts as much as ``WITHIN``
LIKE, CLEAR, WITHIN, SHORTEST_LIKE = 75.0, 10.0, 90.0, 2


def mode_of(word: Any) -> str | None:
    """paper, web or phone from the usual words; None for any other."""
    return _MODE_WORDS.get(answer_key(word))


def mode_within(word: Any) -> str | None:
    """The mode of a word, else the one that every part of it means (``扫码网络``); None where parts mean several modes, or
    anything else (``非纸质``)."""
    key = answer_key(word)
    found = {_MODE_WORDS[known] for known in _WITHIN.findall(key)}
    sure = len(found) == 1 and not _BESIDE.sub("", _WITHIN.sub("", key))
    return _MODE_WORDS.get(key) or (found.pop() if sure else None)


class Register:
    """Communities by code, name, alias or former name, any width and case; ``history``: code → its facts by year."""

    def __init__(self, communities: Sequence[Community], history: Mapping[str, Periods] | None = None) -> None:
        self.communities = list(communities)
        self.history = history or {}
        self._index: dict[str, int] = {}
        words = [[(c.code,), (c.name,), tuple(c.aliases), c.former] for c in self.communities]
        for layer in range(4):  # a code wins over a name, a name over an alias, an alias over a name of other years
            for place, layers in enumerate(words):
                for word in layers[layer]:
                    self._index.setdefault(_place_key(word), place)

    def find(self, word: Any) -> int | None:
        """Position of the community that goes by this word, else None."""
        return self._index.get(_place_key(word))

    def nearest(self, word: Any) -> str:
        """The one community that an unknown word looks like (``西埠`` for 西埠社区), else ``''``; never applied."""
        key = _place_key(word)
        if len(key) < SHORTEST_LIKE or key.isdigit():
            return ""
        from rapidfuzz import fuzz  # every command knows the register, few meet a word that is not in it

        alike = dict.fromkeys(self._index.values(), 0.0)
        for known, place in self._index.items():
            within = WITHIN if key in known or known in key else 0.0
            alike[place] = max(alike[place], within, fuzz.ratio(key, known))
        best, second, *_ = [*sorted(alike.values(), reverse=True), 0.0, 0.0]
        if best < LIKE or best - second < CLEAR:
            return ""
        return self.communities[max(alike, key=lambda place: alike[place])].name

    def meant(self, word: Any) -> str:
        """The community that another spelling of its name may mean (``西街社区居委会``, traditional characters, a slip of the
        pen), else ``''``; proposed, never applied.  Names that differ in a number or a direction are two places."""
        text = simplified(seen(word))
        within = _without_office(_PART_OF.sub("", text))
        text = _without_office(text)
        for spelt in dict.fromkeys((within, f"{within}社区", text, f"{text}社区")):
            place = self.find(spelt)
            if place is not None:
                return self.communities[place].name
            key = _in_digits(_place_key(spelt))
            numbered = {at for known, at in self._index.items() if _in_digits(known) == key}
            if len(numbered) == 1:  # 红旗1社区 is 红旗一社区
                return self.communities[numbered.pop()].name
        for spelt in dict.fromkeys((within, text)):  # 红旗街道-东街社区-第3网格: the street before, the part behind
            near = self.nearest(spelt)
            if near and not _two_places(_place_key(spelt), _place_key(near)):
                return near
        return ""

    def names(self, limit: int = 20) -> str:
        """The names, for a sentence."""
        names = [c.name for c in self.communities[:limit]]
        return "、".join(names) + (" …" if len(self.communities) > limit else "")


def _without_office(text: str) -> str:
    """A name without the words for its office."""
    return _OFFICE.sub("", text)


def _two_places(one: str, other: str) -> bool:
    """Whether what differs between two names is what tells neighbours apart: 第一社区 and 第二社区."""
    if one in other or other in one:
        longer, shorter = max(one, other, key=len), min(one, other, key=len)
        rest = longer.replace(shorter, "", 1)
        within = longer.endswith(shorter) and rest.endswith(("街道", "镇", "乡", "区", "县", "市"))
        return not within and any(c in _APART for c in rest)
    parts = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return any(c in _APART for kind, a, b, x, y in parts if kind != "equal" for c in one[a:b] + other[x:y])


def _in_digits(key: str) -> str:
    """A name with its numerals in digits."""
    return _NUMERAL.sub(lambda m: m[0] if (n := chinese_number(m[0])) is None else str(n), key)


def _place_key(word: Any) -> str:
    return answer_key(word).replace(" ", "")


def first_writings(names: Sequence[str | None]) -> list[str | None]:
    """Each name as it was written first, so that two writings of a community that is new are one community."""
    first: dict[str, str] = {}
    keys = {name: _place_key(name) for name in dict.fromkeys(names) if name}
    return [first.setdefault(keys[name], name) if name else name for name in names]


def require_community(word: str, register: Register) -> int:
    """The register position of the community an option names; Refused if there is none."""
    place = register.find(word)
    if place is None:
        raise Refused("intake.unknown_community", found=word, known=register.names())
    return place
