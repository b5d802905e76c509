"""The server's log as lines of JSON, for whatever collects logs: in a file of its own, or on standard error.

Each line has ``at`` (when, with its zone), ``level``, ``event`` and what belongs to the event.  Numbers of persons are
masked as in every log, in tracebacks too.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler

from dashboard.web.request_log import FIELDS
from dashboard.web.security import mask_logs
from survey.core.errors import Surroundings

#: as the name of a file: standard error
STANDARD = "-"
#: loggers of ours begin so; of anybody else only warnings are written
OURS = "xingfu"


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        found = {
            "at": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **getattr(record, FIELDS, {"event": "message", "of": record.name, "text": record.getMessage()}),
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            found["traceback"] = record.exc_text
        return json.dumps(found, ensure_ascii=False)


@contextmanager
def lines_to(place: str) -> Iterator[None]:
    """Write the log there while the block runs: the file, or standard error for ``-``; nothing for an empty place.

    The file is its owner's alone, grows, and is opened anew where a program that rotates logs has moved it away.
    Raises Surroundings where it can't be written.
    """
    if not place:
        yield
        return
    mask_logs()
    handler = _handler(place)
    handler.setFormatter(JsonLines())
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    level = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        ours.setLevel(level)
        root.removeHandler(handler)
        handler.close()


class _Private(WatchedFileHandler):
    """A file that is its owner's alone, also when it is made anew after it was moved away."""

    def _open(self) -> TextIOWrapper:
        with open(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab"):
            return super()._open()


def _handler(place: str) -> logging.Handler:
    if place == STANDARD:
        return logging.StreamHandler(sys.stderr)
    try:
        return _Private(place, encoding="utf-8")
    except OSError as error:
        raise Surroundings("disk.cannot_write", path=place, reason=error.strerror or str(error)) from error
