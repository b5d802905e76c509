"""How often one reader may ask: so many times within a minute, then not until it is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from survey.core import limits


class Pace:
    """Requests of each reader in the window that runs; kept in memory, each server process for itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, int]] = {}

    def wait(self, who: str) -> int:
        """Count a request; the whole seconds that the reader has to wait before another is answered, 0 for none."""
        with self._lock:
            now = self._clock()
            began, had = self._seen.get(who, (now, 0))
            if now - began >= limits.API_SECONDS:
                began, had = now, 0
                self._seen = {k: v for k, v in self._seen.items() if now - v[0] < limits.API_SECONDS}
            self._seen[who] = (began, had + 1)
            return 0 if had < limits.API_REQUESTS else max(1, round(began + limits.API_SECONDS - now))
