"""What takes longer than a request: done outside of it, one thread a job, seen only by who ordered it.

The registry is this server's memory.  After a restart there are no jobs: what a job had stored is stored, what it
had not is not (every file is one transaction), and the upload itself is gone, which the page says.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dashboard.web.request_log import line
from survey.core import commits, limits, progress
from survey.core.errors import Surroundings, XingfuError
from survey.core.lang import LANGUAGES
from survey.core.progress import Stage
from survey.store import audit

LOG = logging.getLogger("xingfu.dashboard")
#: files of so many uploads are read and checked at a time; the others wait their turn.  Their threads share one
#: processor: with four, everybody's pages wait longer and all is done later (docs/benchmarks.md)
WORKERS = 2
#: how long a request waits for a job before it answers that one is running (s)
PATIENCE = 0.3


@dataclass
class Line:
    """One file of a job: how far it is; ``stage`` None: not begun."""

    file: str
    stage: Stage | None = None
    done: bool = False


@dataclass
class Job:
    """``result`` once it has ended well, else ``error``, one sentence; ``mark`` is what it was ordered for."""

    user: str
    mark: Hashable
    lines: tuple[Line, ...]
    result: Any = None
    error: XingfuError | None = None
    said: dict[str, str] = field(default_factory=dict)
    """The error, and what had been stored by then, by language."""
    ended: threading.Event = field(default_factory=threading.Event, repr=False)
    stage: Stage | None = None
    """What is done for all files together."""

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self.ended.is_set()

    @contextmanager
    def at(self, number: int, last: bool = True) -> Iterator[None]:
        """Follow the stages of one file; it is done after the block if this was its last part."""
        line = self.lines[number]

        def tell(stage: Stage) -> None:
            line.stage = stage

        with progress.listening(tell):
            yield
        line.done = last

    @contextmanager
    def all_at(self) -> Iterator[None]:
        """Follow what is done for all files together."""

        def tell(stage: Stage) -> None:
            self.stage = stage

        with progress.listening(tell):
            yield


class Jobs:
    """The jobs of one server: at most one of a kind for an upload at a time."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="xingfu-job")
        self._lock = threading.Lock()
        self._jobs: dict[tuple[str, str], Job] = {}

    def start(
        self, token: str, kind: str, user: str, mark: Hashable, files: Sequence[str], work: Callable[[Job], Any]
    ) -> Job:
        """The job of this kind for the upload: the running one, the one that did just this, else a new one."""
        with self._lock:
            there = self._jobs.get((token, kind))
            if there is not None and (there.running or (there.mark == mark and there.error is None)):
                return there
            job = Job(user, mark, tuple(Line(file) for file in files))
            self._jobs.pop((token, kind), None)
            self._jobs[token, kind] = job
            self._forget_old()
        self._pool.submit(self._run, kind, job, work, audit.address())
        return job

    def end(self) -> None:
        """Wait until what is at work has ended, and begin nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def find(self, token: str, kind: str, user: str) -> Job | None:
        """The newest job of this kind for an upload; None if there is none or it is another viewer's."""
        with self._lock:
            job = self._jobs.get((token, kind))
        return job if job is not None and job.user == user else None

    def running(self, token: str, kind: str) -> bool:
        """Whether such a job is at work, whoever ordered it."""
        with self._lock:
            job = self._jobs.get((token, kind))
        return job is not None and job.running

    def _forget_old(self) -> None:
        ended = [key for key, job in self._jobs.items() if not job.running]
        for key in ended[: max(0, len(self._jobs) - limits.KEPT_JOBS)]:
            del self._jobs[key]

    @staticmethod
    def _run(kind: str, job: Job, work: Callable[[Job], Any], address: str) -> None:
        began = time.monotonic()
        with audit.asked_from(address), commits.counted() as done:
            try:
                job.result = work(job)
            except BaseException as error:  # a thread has nobody above it: whatever it was becomes one sentence
                if isinstance(error, XingfuError):
                    failed = error
                else:
                    LOG.error("job failed after %.1f s", time.monotonic() - began, exc_info=error)
                    failed = Surroundings("page_import.job_failed")
                job.said = {lang: commits.worded(failed, done, lang, error) for lang in LANGUAGES}
                job.error = failed
            finally:
                job.ended.set()
                took = round(time.monotonic() - began, 3)
                line(logging.INFO, "job", kind=kind, files=len(job.lines), seconds=took, failed=job.error is not None)
