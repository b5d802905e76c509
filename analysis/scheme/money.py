"""Amounts in yuan and shares as a scheme's workbook writes them, read exactly."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from survey.errors import Refused


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
