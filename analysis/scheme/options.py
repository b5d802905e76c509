"""What the founding document leaves open and a scheme's settings decide: one list for every room that reads them.

The rooms of titles and of money take their words from here, the checker refuses what stands in no list, the template
writes every key with what applies without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from survey.core.errors import Refused

# ── Amounts in yuan and shares as a scheme's workbook writes them, read exactly


#: what payers are called → as the program knows them
_PAYERS: Mapping[str, str] = {
    **dict.fromkeys(("区", "区政府", "区财政", "区级"), "district"),
    **dict.fromkeys(("街道", "街道办", "街道财政"), "street"),
    **dict.fromkeys(("市", "市政府", "市财政", "市级"), "city"),
}


def payer_key(word: str) -> str:
    """A payer as the program knows it: ``区``, ``区政府`` and ``区财政`` are ``district``; another word stays."""
    plain = unicodedata.normalize("NFKC", word).strip()
    return _PAYERS.get(plain, plain)


def parse_payers(text: str) -> dict[str, Decimal]:
    """``district:0.5 street:0.5`` or ``区:50% 街道:50%`` as payer → share, in order.

    Raises Refused where it can't be read or isn't 1 in all.
    """
    shares: dict[str, Decimal] = {}
    plain = unicodedata.normalize("NFKC", text).strip()
    for word in re.split(r"[\s,;、]+", plain):
        name, _, value = word.replace("=", ":").partition(":")
        name = _PAYERS.get(name, name)
        try:
            part = Decimal(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except InvalidOperation:
            raise Refused("scheme.payers", found=word) from None
        if not name or name in shares or not 0 <= part <= 1:
            raise Refused("scheme.payers", found=word)
        shares[name] = part
    if sum(shares.values()) != 1:
        raise Refused("scheme.payers_sum", found=text, sum=str(sum(shares.values())))
    return shares


def fen(yuan: float | str) -> int:
    """An amount in yuan as whole fen; raises Refused for what is no amount, is below 0 or has parts of a fen."""
    try:
        exact = Decimal(str(yuan).replace(",", "").strip()) * 100
    except InvalidOperation:
        raise Refused("awards.bad_amount", found=str(yuan)) from None
    if not exact.is_finite() or exact < 0 or exact != exact.to_integral_value() or exact >= 10**15:
        raise Refused("awards.bad_amount", found=str(yuan))
    return int(exact)


def share(text: str) -> Decimal:
    """``0.05`` or ``5%`` as an exact share; raises Refused for what is none from 0 to 1."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        value = Decimal(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ArithmeticError:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 1:
        raise Refused("awards.bad_tolerance", found=text)
    return value


TIER_PROMOTION, REPROMOTION, MANUAL = "tier_promotion", "repromotion", "tier_promotion_amount"
DEMOTION, VETO_TITLE, MERGER_TITLES = "demotion", "veto_title", "merger_titles"
TOLERANCE = "target_tolerance"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: the ``words`` it may say (the first applies without it), or ``reads``, which raises Refused.

    ``default``: what applies without the key, ``''`` where there is nothing to apply.
    """

    words: tuple[str, ...] = ()
    reads: Callable[[str], object] | None = None
    default: str = ""

    @property
    def unsaid(self) -> str:
        """What applies where the scheme says nothing."""
        return self.words[0] if self.words else self.default

    def problem(self, text: str) -> Refused | None:
        """Why ``text`` can't stand here, None where it can."""
        if self.words:
            expected = ", ".join(self.words)
            return None if text in self.words else Refused("scheme.option_unknown", found=text, expected=expected)
        try:
            if self.reads is not None:
                self.reads(text)
        except Refused as refused:
            return refused
        return None


#: key → what it may say
OPTIONS: Mapping[str, Option] = {
    DEMOTION: Option(("match", "one_step")),
    VETO_TITLE: Option(("pending", "suspend", "revoke")),
    TIER_PROMOTION: Option(("difference", "full", "none", "manual")),
    MANUAL: Option(reads=fen),
    REPROMOTION: Option(("high_water", "step")),
    TOLERANCE: Option(reads=share, default="0.05"),
    MERGER_TITLES: Option(("none", "highest", "lowest")),
}


def chosen(settings: Mapping[str, str], key: str) -> str:
    """What a scheme says of an option, or what applies without it; raises Refused for what can't stand there."""
    option = OPTIONS[key]
    said = settings.get(key, "") or option.unsaid
    refused = option.problem(said) if said else None
    if refused is not None and option.words:
        raise Refused("scheme.bad_option", key=key, found=said, expected=", ".join(option.words))
    if refused is not None:
        raise refused
    return said


# ── Scores of answer scales by their length, best first


LENGTHS = range(2, 12)


def even(levels: int, top: float = 100.0, bottom: float = 0.0) -> tuple[float, ...]:
    """Evenly spaced scores of a scale of ``levels``, best first."""
    return tuple(bottom + (top - bottom) * (levels - i) / (levels - 1) for i in range(1, levels + 1))


def default_presets() -> Mapping[str, Mapping[int, tuple[float, ...]]]:
    """The presets that ship: preset → {number of levels → scores best first}."""
    linear = {levels: even(levels) for levels in LENGTHS}
    return {
        "gd2011": {**linear, 5: (100.0, 80.0, 60.0, 40.0, 0.0)},
        "floor20": {levels: even(levels, bottom=20.0) for levels in LENGTHS},
        "low30": {**linear, 5: (100.0, 80.0, 60.0, 30.0, 0.0)},
        "linear": linear,
    }
