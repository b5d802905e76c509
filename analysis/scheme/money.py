"""Amounts in yuan and shares as a scheme's workbook writes them, read exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from survey.errors import Refused

#: what payers are called → as contract and program know them
_PAYERS: Mapping[str, str] = {
    **dict.fromkeys(("区", "区政府", "区财政", "区级"), "district"),
    **dict.fromkeys(("街道", "街道办", "街道财政"), "street"),
    **dict.fromkeys(("市", "市政府", "市财政", "市级"), "city"),
}


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
