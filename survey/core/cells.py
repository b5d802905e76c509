"""What one cell says: text, number or date, and what was normalised on the way.

Only what cannot be mistaken is normalised (width, invisible characters, surrounding space, thousands
separators, written dates); everything else is left for a finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

#: what nobody sees and what turns the direction of a line, with the controls that are no space; variation selectors
#: stay, they tell one way of writing a character of a name from another
INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]|(?<=[\u2e80-\u9fff\ufe00-\ufe0f]) (?=[\u2e80-\u9fff])")
#: a full stop that a clerk's keyboard puts behind a word; a dot may be part of a number
_STOPS = re.compile(r"(?<=[\w)%+])\s*。+$")
#: what stands between several choices in one cell
_SEPARATORS = "┋|;、,/+&\n "
_AND = ("以及", "还有", "和", "及", "与", "跟", "&", "+")
#: the number of an entry in a list
_ENTRY = re.compile(r"\d{1,2} ?[.、):] ?")
#: traditional characters of answers, places and headers → what the office writes
_SIMPLE = str.maketrans(
    "編總辦動鄰齡別間來體環衛狀滿較無沒會們對於說問題調與為應該還過時個數據單選擇員關係樂東區鎮鄉縣樓號莊園華麗慶龍馬鳳陽陰寧濱廣場興業豐橋嶺灣溝頭門長風雲靈況務達實歲職學歷萬億兩幾戶訪訊電話網絡紙質書寫簽見議報導記錄點評價優"
    "語讀認識護診醫療藥養愛親嚴擔憂貧窮費貴買賣購車輛運輸處備設築綠潔淨髒亂廢氣溫熱涼災難險穩壞賊盜騙鬧聲燈開啟閉裝維經濟營給從後裡邊遠進遷離轉變發現結類項順預領願額飯飲館戲劇藝術圖畫歡樣機構極標權條楊檢歸殘殺減測滬漢濕煙爭獎"
    "獨獲產異盡監礦礎稱種積競筆節範簡糧純級細組統絕綜線練縮績織繼續罷聯聽聰腦舉舊葉蘇蘭蟲衝補覺觀規視計訂討訓許訴詢詳誰課談請論證譯讓負財責貨貼資賓賞賬趙趕跡蹤軍軟載輕農連週遊違適遲郵醜鐵鋼錢鍵鐘閒陳陸隊階際隨雙雜雞靜頁頓頻顏"
    "驗驚魚鮮鳥麥黃黨齊齒劉創勞勢勵勸協卻厭參國圍團塊壓奪婦孫寶尋層島幣師帶幹廳彈徑復態慣慮懷懶戰戀拋掃掛採換損搶擁擴擾攤敗敵斷曉歐湯滅漲潛澤燒爺牆猶瑪盤確禮稅穀窩紅約紀紛納紹終絲綱緊緣縱繳羅義習聖膽臨莖萊蓋蔥虛裏製複誤誠謝讚"
    "贊贈贏趨軌輔輩辭遞鄧鄭釋針釘鈔銀銷鋪錯鎖鏡閱闆闊陣隱雖霧韓顧顯飛飾駐駕騎鬥鬆麵齋齣準瞭嗎麼這將兒乾餘榮衆眾夠幫寬擠鋸塵塗劃圓壟墊廚廟彙匯徵憑摺撥暫棄棟橫氾滯漁牽獻疊癒盪矯礙祿禦穫竈籠糾繪羣脈臺薦虧蝕託詐誇諮謀譽豬賺贖躍輪"
    "辯遺釀鋒鍋鑰闢隸霑韻顆餓騷髮鹽",
    "编总办动邻龄别间来体环卫状满较无没会们对于说问题调与为应该还过时个数据单选择员关系乐东区镇乡县楼号庄园华丽庆龙马凤阳阴宁滨广场兴业丰桥岭湾沟头门长风云灵况务达实岁职学历万亿两几户访讯电话网络纸质书写签见议报导记录点评价优"
    "语读认识护诊医疗药养爱亲严担忧贫穷费贵买卖购车辆运输处备设筑绿洁净脏乱废气温热凉灾难险稳坏贼盗骗闹声灯开启闭装维经济营给从后里边远进迁离转变发现结类项顺预领愿额饭饮馆戏剧艺术图画欢样机构极标权条杨检归残杀减测沪汉湿烟争奖"
    "独获产异尽监矿础称种积竞笔节范简粮纯级细组统绝综线练缩绩织继续罢联听聪脑举旧叶苏兰虫冲补觉观规视计订讨训许诉询详谁课谈请论证译让负财责货贴资宾赏账赵赶迹踪军软载轻农连周游违适迟邮丑铁钢钱键钟闲陈陆队阶际随双杂鸡静页顿频颜"
    "验惊鱼鲜鸟麦黄党齐齿刘创劳势励劝协却厌参国围团块压夺妇孙宝寻层岛币师带干厅弹径复态惯虑怀懒战恋抛扫挂采换损抢拥扩扰摊败敌断晓欧汤灭涨潜泽烧爷墙犹玛盘确礼税谷窝红约纪纷纳绍终丝纲紧缘纵缴罗义习圣胆临茎莱盖葱虚里制复误诚谢赞"
    "赞赠赢趋轨辅辈辞递邓郑释针钉钞银销铺错锁镜阅板阔阵隐虽雾韩顾显飞饰驻驾骑斗松面斋出准了吗么这将儿干余荣众众够帮宽挤锯尘涂划圆垄垫厨庙汇汇征凭折拨暂弃栋横泛滞渔牵献叠愈荡矫碍禄御获灶笼纠绘群脉台荐亏蚀托诈夸咨谋誉猪赚赎跃轮"
    "辩遗酿锋锅钥辟隶沾韵颗饿骚发盐",
)
#: boxes before or behind words, and those that say yes
_TICKED = "☑☒✅✔✓√■●▣◉⊠"
_BOX = re.compile(rf"\s*([{_TICKED}□☐○◯◇▢⬜])\s*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(:(\d{2})(\.\d+)?)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T")
#: half of a day before or behind the hours, and the zone that a form writes behind them
_HALF = re.compile(r"(上午|下午|晚上|早上|中午|凌晨|[ap]\.?m\.?)", re.I)
_ZONE = re.compile(r"\s*(?:GMT|UTC)?[+\-]\d{1,2}(?::?\d{2})?$|\s*(?:GMT|UTC|CST)$", re.I)
_DURATION = re.compile(r"((\d+)\s*(小时|时|h))?\s*((\d+)\s*(分钟|分|min|m))?\s*((\d+(\.\d+)?)\s*(秒|s)?)?")


def clean(value: Any) -> str:
    """A cell as comparable text: NFKC width, no invisible characters, single spaces, trimmed.

    Whole floats lose their ``.0`` (readers of workbooks give every number as a float).
    """
    if isinstance(value, str):
        if value.isascii() and value.isalnum():  # codes and numbers of respondents: nothing to normalise
            return value
        text = value
    elif isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    elif isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    elif isinstance(value, datetime):
        return value.isoformat(sep=" ")
    elif isinstance(value, (date, time)):
        return value.isoformat()
    elif isinstance(value, timedelta):
        return str(value)
    else:
        text = str(value)
    return _SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def typed(value: Any) -> str:
    """A cell as it was typed, without what nobody sees and the space around it; what is compared is ``clean``."""
    return INVISIBLE.sub("", value).strip() if isinstance(value, str) else clean(value)


def seen(value: Any) -> str:
    """A cell as it is seen: ``clean``, without variation selectors, without spaces between Chinese characters and without
    the full stop of a sentence behind a word."""
    text = clean(value)
    return text if text.isascii() else unstopped(_UNSEEN.sub("", text))


def unstopped(text: str) -> str:
    """The text without the full stop (``。``) behind its last word; what is nothing but marks stays."""
    return _STOPS.sub("", text) if text.endswith("。") else text


def simplified(text: str) -> str:
    """The text in the characters of the office, where somebody typed traditional ones (``滿意``)."""
    return text if text.isascii() else text.translate(_SIMPLE)


def answer_key(value: Any) -> str:
    """What a cell and a choice are compared by: as it is ``seen``, any case."""
    return seen(value).casefold()


def typed_width(text: str) -> int:
    """Columns that a text takes where every letter is as wide as the next: Chinese characters and full width take two."""
    return sum(1 + (ord(character) > 0x2E7F) for character in text)


def words_of(text: str, words: Mapping[str, int]) -> tuple[int, ...]:
    """The places of the words of which a text is made, where it is nothing but words and separators between them; else
    none.  The longest word counts, for a word may hold a separator."""
    found: set[int] = set()
    rest = text
    while rest:
        if not any(rest.startswith(w) for w in words) and (entry := _ENTRY.match(rest)):
            rest = rest[entry.end() :]
        word = max((w for w in words if rest.startswith(w)), key=len, default="")
        after = rest[len(word) :]
        rest = after.lstrip(_SEPARATORS)
        joint = next((a for a in _AND if rest.startswith(a)), "")
        if joint and not any(rest.startswith(w) for w in words):
            rest = rest[len(joint) :].lstrip(_SEPARATORS)
        if not word or (after and rest == after) or (joint and not rest):
            return ()
        found.add(words[word])
    return tuple(sorted(found))


def ticked_in(text: str, words: Mapping[str, int]) -> tuple[int, ...] | None:
    """The places of the words with a tick where every word of a text has a box (``☑看病 □食堂``), or of the letters that
    stand together (``ABD``); None where it is neither.  No tick at all gives ``()``."""
    pieces = _BOX.split(text)
    marks = pieces[1::2]
    said = pieces[2::2] if not pieces[0] else pieces[:-1:2] if not pieces[-1] else []
    if len(said) > 1:
        places = [words.get(answer_key(t.strip(_SEPARATORS))) for t in said]
        if all(p is not None for p in places):
            return tuple(sorted({p for m, p in zip(marks, places, strict=True) if m in _TICKED and p is not None}))
    letters = [words.get(c) for c in text.casefold()] if text.isascii() and text.isalpha() else []
    found = tuple(sorted({p for p in letters if p is not None}))
    return found if len(found) == len(letters) > 1 else None


def was_normalised(value: Any, text: str) -> bool:
    """Whether cleaning changed what stands in a text cell (so it is listed, never silent)."""
    return isinstance(value, str) and value != text


def as_number(value: Any) -> float | None:
    """The number in a cell, or None; booleans, dates and ``1O`` are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = unstopped(clean(value))
    if _NUMBER.fullmatch(text):
        return float(text)
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return None


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_NUMBER = re.compile(
    r"(?:(?P<d1000>[一二两三四五六七八九])千)?(?:[零〇]?(?P<d100>[一二两三四五六七八九]?)百)?"
    r"(?:[零〇]?(?P<d10>[一二两三四五六七八九]?)十)?(?:[零〇]?(?P<d1>[一二两三四五六七八九]))?"
)


def chinese_number(text: str) -> int | None:
    """``三十五`` → 35, ``一百零二`` → 102; None for what is no number up to 9,999 in Chinese characters."""
    if text in ("零", "〇"):
        return 0
    match = _HAN_NUMBER.fullmatch(text)
    if match is None or not text:
        return None
    places = ((1000, "千"), (100, "百"), (10, "十"))
    total = sum(
        size * (_HAN_DIGITS[match[f"d{size}"]] if match[f"d{size}"] else 1) for size, sign in places if sign in text
    )
    return total + (_HAN_DIGITS[match["d1"]] if match["d1"] else 0)


def as_datetime(value: Any) -> datetime | None:
    """A date, with its time of day if there is one: a date cell, ``2013年5月6日``, ``2013.5.6``,
    ``2013-05-06 09:30``, ``20130506``.  Ambiguous orders (5/6/2013) and impossible days give None."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = unstopped(clean(value))
    if "T" in text and _ISO.match(text):  # ISO 8601 as Kobo and ODK write it; the offset is dropped, local time is kept
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            return None
    match = _DATE.match(text) or _DATE_DIGITS.fullmatch(text)
    if not match:
        return None
    rest = _ZONE.sub("", text[match.end() :].strip())
    half = _HALF.search(rest)
    rest = _HALF.sub("", rest).strip()
    clock = _TIME.fullmatch(rest) if rest else None
    if (rest and not clock) or (half and not clock):
        return None
    hours, minutes, seconds = (int(clock[1]), int(clock[2]), int(clock[4] or 0)) if clock else (0, 0, 0)
    if half:
        hours = _of_day(half[1].casefold(), hours)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), hours, minutes, seconds)
    except ValueError:
        return None


def _of_day(half: str, hours: int) -> int:
    """The hour of the day that a half of it and its hour mean: 下午 3 → 15, 上午 12 → 0."""
    later = half in ("下午", "晚上", "中午") or half.startswith("p")
    if hours > 12:
        return hours
    if half == "中午" and hours in (11, 12):
        return hours
    return hours % 12 + 12 * later


def iso(moment: datetime) -> str:
    """``2013-05-06``, with the time only where there is one."""
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(timespec="seconds")


def as_seconds(value: Any) -> float | None:
    """A duration in seconds: a number, ``123秒``, ``1分23秒``, ``0:02:03``, a time cell."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, time):
        return value.hour * 3600.0 + value.minute * 60 + value.second
    number = as_number(value)
    if number is not None:
        return number if number >= 0 else None
    text = clean(value)
    clock = _TIME.fullmatch(text)
    if clock and clock[4]:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60 + int(clock[4])
    match = _DURATION.fullmatch(text)
    if not text or not match:
        return None
    return float(match[2] or 0) * 3600 + float(match[5] or 0) * 60 + float(match[8] or 0)


# ── Numbers that forms and people put before a text: ``3、``, ``Q3.``, ``(3)``, ``第3题``, ``A.``, ``5=``


_ENCLOSED = r"第\s*\d{1,3}\s*[题问项]|[(\[【]\s*[A-Za-z]?\d{1,3}\s*[)\]】]"
_CODE = r"(?:[A-Za-z]{1,2}-?)?\d{1,3}(?:[.\-]\d{1,3})*"
_MARKED = rf"{_CODE}(?=\s*[.、:)=\-—])|[A-Za-z](?=\s*[.、:)=])"
#: only a space behind it: "5 分" and "18 岁" are quantities
_SPACED = (
    rf"{_CODE}(?=\s+(?![岁年月日天周分次个人户元万%]|小时|级|years?\b|months?\b|days?\b|hours?\b"
    r"|times\b|people\b|points?\b))"
)
_NUMBERING = re.compile(rf"(?:{_ENCLOSED}|{_MARKED}|{_SPACED})\s*[.、:)=\-—]*\s*(?=[^\d\s.、:)=\-—])")


def unnumbered(text: str) -> str:
    """The text without its leading number or letter, as it is where there is none or nothing else.

    ``text`` has plain width (NFKC).  A number that is part of the text stays: ``18-29岁``, ``5 分``.
    """
    match = _NUMBERING.match(text)
    return text[match.end() :] if match else text
