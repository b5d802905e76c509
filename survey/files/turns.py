"""So many at once, the others one after the other in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Turns:
    """Lets ``most()`` blocks run at a time; who came first goes first.

    Threads that compute share one interpreter with those that answer pages: thirty files at once would leave a page one
    turn in thirty, while in a row each of them is no later than it was together.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._running = 0
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def one(self) -> Iterator[None]:
        """One turn, waited for; it is over with the block, however that ends."""
        mine = threading.Event()
        with self._lock:
            self._waiting.append(mine)
            self._call()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._call()

    def _call(self) -> None:
        """Let in whoever is next; the lock is held."""
        while self._waiting and self._running < max(1, self._most()):
            self._running += 1
            self._waiting.popleft().set()
