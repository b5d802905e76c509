"""How often one reader may ask: so many times within a minute, then not until it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from survey.core import limits
from survey.files.shelf import Shelf

_NOTE = "pace"


class Pace:
    """Requests of each reader in the window that runs, counted over all processes of the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, shelf: Shelf | None = None) -> None:
        self._clock = clock
        self._shelf = Shelf() if shelf is None else shelf

    def wait(self, who: str) -> int:
        """Count a request; the whole seconds that the reader has to wait before another is answered, 0 for none."""
        reader = sha256(who.encode()).hexdigest()[:32]
        with self._shelf.noted(_NOTE) as seen:
            now = self._clock()
            began, had = seen.get(reader, (now, 0))
            if now - began >= limits.API_SECONDS:
                began, had = now, 0
                for other in [k for k, v in seen.items() if now - v[0] >= limits.API_SECONDS]:
                    del seen[other]
            seen[reader] = [began, had + 1]
            return 0 if had < limits.API_REQUESTS else max(1, round(began + limits.API_SECONDS - now))

    def readers(self) -> int:
        """How many are counted now."""
        with self._shelf.noted(_NOTE) as seen:
            return len(seen)
