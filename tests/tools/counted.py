"""How often something is called while a test runs."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def counted(
    monkeypatch: pytest.MonkeyPatch, owner: Any, *names: str, times: Counter[str] | None = None
) -> Counter[str]:
    """Count the calls of ``owner``'s functions by name; each is carried out as ever."""
    times = Counter() if times is None else times
    for name in names:
        monkeypatch.setattr(owner, name, _counting(getattr(owner, name), name, times))
    return times


def _counting(real: Any, name: str, times: Counter[str]) -> Any:
    def call(*given: Any, **named: Any) -> Any:
        times[name] += 1
        return real(*given, **named)

    return call
