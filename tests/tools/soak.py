"""What is long by nature: a little of it in ``make test``, all of it in ``make soak``.

``SOAK_TIMES`` says how many times as long the soak is (unset: no soak), ``SOAK_SEED`` what it draws.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

TIMES = int(os.environ.get("SOAK_TIMES", "0"))
SEED = int(os.environ.get("SOAK_SEED", "2011"))
#: examples of a property in ``make soak`` for each one in ``make test``
MORE = 40


def examples(few: int, **more: Any) -> settings:
    """A property is tried on so many examples, in a soak on 40 × SOAK_TIMES as many."""
    return settings(max_examples=few * max(1, MORE * TIMES), deadline=None, **more)


def rounds(usual: int) -> int:
    """How often something long is repeated: so often, times SOAK_TIMES."""
    return usual * max(1, TIMES)


def told() -> str:
    """How to run the same again."""
    return f"soak: SOAK_SEED={SEED} SOAK_TIMES={TIMES}, {MORE * TIMES} examples for each one of make test"
