"""Several processes that answer at one address: started from one, watched by it, ended with it.

They are forks of the one that starts them, so what it has loaded is theirs without a second copy, and one that died is
there again within a moment.  It does no work of its own and holds no connection that they could share.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from survey.core.errors import Surroundings, WrongUsage
from survey.core.lang import say

LOG = logging.getLogger("xingfu.dashboard")
#: seconds in which workers end by themselves once they are asked to
GRACE = 60.0
#: seconds that a worker whose starter was killed may still take
ORPHAN = 10.0
#: a worker that lives no longer (s) was started in vain; after so many in a row none is started any more
YOUNG, IN_VAIN = 5.0, 3
#: what a worker does: its number (from 0), and what to call once it answers
Work = Callable[[int, Callable[[], object]], None]


def require_here() -> None:
    """Raise WrongUsage where processes can't be forked (Windows)."""
    if not hasattr(os, "fork"):
        raise WrongUsage("dash_errors.no_workers")


def run(count: int, work: Work, ready: Callable[[], None], lang: str) -> None:
    """Have ``count`` processes do ``work`` until this one is interrupted; ``ready`` is called once all of them answer.

    One that ends is started again, and the log says so.  Raises Surroundings where they end as soon as they start.
    """
    team = _Team(work, lang)
    try:
        for number in range(count):
            team.start(number)
        team.wait_until_up(count)
        ready()
        team.watch()
    except KeyboardInterrupt:
        pass
    finally:
        team.end()


class _Team:
    """Workers by their process."""

    def __init__(self, work: Work, lang: str) -> None:
        self._work, self._lang = work, lang
        self._there: dict[int, tuple[int, float]] = {}
        self._alive, self._held = os.pipe()  # nobody writes: whoever reads to its end learns that this process is gone
        self._up, self._told = os.pipe()

    def start(self, number: int) -> None:
        """Start the worker of a number."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        stops = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)  # none is lost between the fork and its note
        try:
            process = os.fork()
            if not process:
                self._be(number, before)
            self._there[process] = (number, time.monotonic())
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def wait_until_up(self, count: int) -> None:
        """Return once so many have said that they answer; raises Surroundings where one ends before."""
        while count:
            if select.select([self._up], [], [], 0.2)[0]:
                count -= len(os.read(self._up, count))
            elif (ended := self._ended(os.WNOHANG)) is not None:
                raise Surroundings("dash_errors.worker_fails", reason=ended[1])

    def watch(self) -> NoReturn:
        """Start again whoever ends; raises Surroundings where that is in vain."""
        in_vain = 0
        while True:
            ended = self._ended(0)
            assert ended is not None
            number, reason, lived = ended
            in_vain = in_vain + 1 if lived < YOUNG else 0
            if in_vain == IN_VAIN:
                raise Surroundings("dash_errors.worker_fails", reason=reason)
            LOG.warning("%s", say(self._lang, "dash_errors.worker_again", number=number + 1, reason=reason))
            self.start(number)

    def end(self) -> None:
        """End all and wait for it; who takes too long, or all at a second interruption, are killed."""
        for process in self._there:
            os.kill(process, signal.SIGTERM)
        until = time.monotonic() + GRACE
        while self._there:
            try:
                if self._ended(os.WNOHANG) is None:
                    if time.monotonic() > until:
                        raise KeyboardInterrupt
                    time.sleep(0.05)
            except KeyboardInterrupt:
                until = float("inf")
                for process in self._there:
                    os.kill(process, signal.SIGKILL)
        for number in (self._alive, self._held, self._up, self._told):
            os.close(number)

    def _ended(self, how: int) -> tuple[int, str, float] | None:
        """Number of a worker that has ended, why, and how long it lived (s); None where none has."""
        process, status = os.waitpid(-1, how)
        if not process:
            return None
        number, since = self._there.pop(process)
        code = os.waitstatus_to_exitcode(status)
        return number, f"signal {-code}" if code < 0 else f"status {code}", time.monotonic() - since

    def _be(self, number: int, mask: set[int | signal.Signals]) -> NoReturn:
        """What a worker is, from its fork to its end; it never goes back to who called ``start``."""
        code = 1
        try:
            os.close(self._held)
            for stop in (signal.SIGINT, signal.SIGHUP):  # of the whole terminal: the one that started us passes it on
                signal.signal(stop, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            threading.Thread(target=self._outlived, name="starter", daemon=True).start()
            self._work(number, lambda: os.write(self._told, b"."))
            code = 0
        except KeyboardInterrupt:
            code = 0
        except BaseException as error:
            LOG.error("worker %d failed", number + 1, exc_info=error)
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)

    def _outlived(self) -> None:
        """End, once the process that started this one is gone, however it went."""
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN)
        os._exit(1)
