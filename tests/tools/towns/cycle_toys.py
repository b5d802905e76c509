"""A street of three communities under the default scheme, and a log that takes steps without a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analysis.cycle.stages import standing
from analysis.cycle.step_log import Log
from analysis.cycle.title_rules import rules_of
from analysis.cycle.transitions import propose
from analysis.scheme import default_scheme
from survey.core.errors import Refused
from survey.store.year.cycle import Event

NAMES = {"A01": "桂花社区", "A02": "银杏社区", "A03": "香樟社区"}


def toy_log(year: int = 2014, **settings: str) -> Log:
    """A year with nothing done."""
    scheme = default_scheme()
    return Log(year, (), rules_of(replace(scheme, settings={**scheme.settings, **settings})), NAMES)


def done(log: Log, kind: str, code: str = "", **more: Any) -> Log:
    """The log after one more step; what a document would say is filled in."""
    values: dict[str, Any] = {"who": "李", "document": "1号", "date": f"{log.year}-12-01", "until": "", **more}
    if kind == "publicised":
        values = {"until": f"{log.year}-12-01", **values, "date": more.get("date", f"{log.year}-11-20")}
        values["until"] = more.get("until", f"{log.year}-11-27")
    step = propose(log, Event(kind, log.year, code, **values))
    number = max((e.id for e in log.events), default=0) + 1
    closed = log.closed if kind not in ("closed", "corrected") else kind == "closed"
    return replace(log, events=(*log.events, replace(step, id=number)), closed=closed)


def after(log: Log, year: int) -> Log:
    """A later year that knows the steps of this one."""
    return replace(log, year=year, closed=False)


def published(log: Log, **stars: int) -> Log:
    """Applications, review, calculation and publication of these communities; a holder needs no application."""
    for code, star in stars.items():
        log = done(log, "applied", code, star=star) if star else log
    for code in stars:
        log = done(log, "reviewed", code)
    return done(done(log, "calculated"), "publicised")


def decided(log: Log, code: str, total: float, **more: Any) -> Log:
    """The district's decision."""
    return done(log, "decided", code, total=total, body=more.pop("body", "district"), **more)


def refused(key: str, call, *args, **more) -> str:
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert error.value.key == f"cycle.{key}"
    assert "{" not in error.value.word("zh") + error.value.word("en")
    return error.value.word("zh")


def next_of(log, code="A01"):
    at = standing(log, code)
    return at.stage, at.next
