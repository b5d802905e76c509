"""A digest of results that is the same on every machine: numbers to 6 decimals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def rounded(value: Any) -> Any:
    """The same with numbers to 6 decimals, without a negative zero.

    Sums in another order differ around the 13th decimal; of ten thousand numbers none then falls on another side.
    """
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(one) for one in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def digest(body: Any) -> str:
    """A short word that is another one as soon as a name or a number is."""
    return hashlib.sha256(json.dumps(rounded(body), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
