"""Which papers there are, what one of each is about, and the fields that its template may use.

A template knows plain fields (``{{ street }}``, ``{{ community.name }}``) and loops over the lists that stand here; docs/letters.md
says every field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Per = Literal["street", "community", "objection", "office"]

#: fields of every paper
COMMON = ("street", "year", "scheme", "scheme_version", "data_version", "state", "notice", "computed_at", "taken_by")
PUBLICATION = ("publicised_from", "publicised_until", "publication_document")
_COMMUNITY = (
    *("name", "code", "type", "feature", "n"),
    *("applied_star", "applied_date", "title_before", "title_before_year", "vetoes"),
    *("objective", "subjective", "total", "low", "high", "star", "gap", "status"),
    *("decided_body", "star_awarded", "decision_document", "decision_date", "decision_by"),
    *("event", "naming_body", "naming_document", "naming_date", "award", "paid"),
)
_DIMENSION = ("name", "objective", "subjective", "full")
_PAYMENT = ("community", "star", "payer", "due", "paid", "open")
_SUM = ("payer", "due", "paid", "open")
_VETO = ("community", "subject", "status", "date", "until", "document", "reason")
_OBJECTION = ("community", "subject", "date", "document", "reason", "status", "answer", "answered_by", "answered")
_TASK = ("community", "name", "lost", "why", "action", "person", "deadline", "status")
_DUTY = ("what", "places", "due")
_FILE = ("number", "name", "about")

#: name in a template → the fields of one of it
RECORDS: Mapping[str, tuple[str, ...]] = {
    "community": _COMMUNITY,
    "objection": _OBJECTION,
}
LISTS: Mapping[str, tuple[str, ...]] = {
    "communities": _COMMUNITY,
    "named": _COMMUNITY,
    "recommended": _COMMUNITY,
    "reevaluated": _COMMUNITY,
    "dimensions": _DIMENSION,
    "payments": _PAYMENT,
    "sums": _SUM,
    "vetoes": _VETO,
    "tasks": _TASK,
    "duties": _DUTY,
    "files": _FILE,
}


@dataclass(frozen=True)
class Letter:
    """A paper: its ``key``, what one of it is about, further plain ``fields``, the ``records`` and ``lists`` it may use."""

    key: str
    per: Per
    fields: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def plain(self) -> frozenset[str]:
        """Names that stand by themselves."""
        return frozenset(COMMON + self.fields)


#: in the order of the year
LETTERS: tuple[Letter, ...] = (
    Letter("application", "community", records=("community",)),
    Letter("eligibility", "street", lists=("communities", "vetoes")),
    Letter("summary", "street", lists=("communities",)),
    Letter("announcement", "street", PUBLICATION, lists=("communities",)),
    Letter("objection", "objection", records=("objection", "community")),
    Letter("notice", "community", PUBLICATION, records=("community",), lists=("dimensions",)),
    Letter("recommendation", "street", lists=("recommended",)),
    Letter("commendation", "street", lists=("named",)),
    Letter("awards", "street", lists=("payments", "sums")),
    Letter("reevaluation", "street", lists=("reevaluated",)),
    Letter("improvement", "office", ("office",), lists=("tasks",)),
    Letter("reminder", "office", ("office", "today"), lists=("duties",)),
    Letter("contents", "street", lists=("files",)),
)
