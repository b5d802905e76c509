"""What is owed in a year as one viewer may see it, their own apart; due dates set; reminders worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from analysis.duties.duty import COLUMNS, Duties, Duty, duty_frame, owner_word, urging
from analysis.duties.year_duties import year_duties
from analysis.exports.files import safe_name
from analysis.improvement.lost_points import offices_of
from dashboard.data import files
from dashboard.data.results import Source
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer, may, require
from dashboard.web.permissions import granted
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.lazily import cached_property
from survey.core.masking import masked
from survey.store import Store, settings
from survey.store.year import plans

#: kinds of duty that a day may be set for
DUE = plans.DUE
TEXT = "text/plain; charset=utf-8"
OVERDUE = "overdue"
#: who has none of these permissions owes nothing
OWES = ("self_assess", "enter_values", "review", "enter_step")
#: parts the kind of an owner from its name in an address
PART = "~"


@dataclass(frozen=True)
class Todo:
    """``found``: what is owed and in scope, as the filters leave it; ``own``: whether a duty is the viewer's; ``owes``: the
    viewer may owe anything at all; ``street`` chosen, one of ``streets``, empty for all; ``sets``: the viewer may set due
    dates, ``urges``: and others be reminded; ``sample``: invented data."""

    found: Duties
    own: Callable[[Duty], bool]
    streets: tuple[str, ...]
    street: str
    late_only: bool
    sets: bool
    owes: bool
    urges: bool
    sample: bool

    @cached_property
    def mine(self) -> Duties:
        """What the viewer owes."""
        return replace(self.found, rows=tuple(d for d in self.found.rows if self.own(d)))

    @cached_property
    def others(self) -> Duties:
        """What others owe."""
        return replace(self.found, rows=tuple(d for d in self.found.rows if not self.own(d)))


def todo(viewer: Viewer, source: Source, store: Store, year: int, filters: Mapping[str, str]) -> Todo:
    """The duties of a year; raises Refused for a year without a scheme and a street that is not there."""
    require(viewer, "see")
    here = viewer.at(year)
    found = year_duties(store, year, source.results)
    shown = [code for code in found.names if here.sees(code)]
    streets = tuple(dict.fromkeys(street for c in shown if (street := found.streets.get(c))))
    street, late = filters.get("street", ""), filters.get("state") == OVERDUE
    if street and street not in streets:
        street = ""  # an address keeps its street from page to page; another year may not have it
    money, urges, own = may(viewer, "see_all"), _urges(viewer), _own(here)
    rows = tuple(
        d
        for d in found.rows
        if here.sees(d.community) and (money or d.kind != "payments") and (urges or d.kind != "tasks" or own(d))
    )
    scoped = replace(found, rows=rows, names={c: found.names[c] for c in shown})
    with store.read() as conn:
        sample = settings.get(conn, "sample") == "1"
    sets = may(viewer, "set_dates")
    owes = any(granted(viewer.role, name) for name in OWES)
    return Todo(scoped.only(street=street, overdue=late), own, streets, street, late, sets, owes, urges, sample)


def _urges(viewer: Viewer) -> bool:
    """Whether a viewer reminds others, and reads what offices have yet to plan: who leads, looks over or takes the steps."""
    return may(viewer, "see_all") or granted(viewer.role, "enter_step")


def _own(viewer: Viewer) -> Callable[[Duty], bool]:
    """Whether a duty is the viewer's own, told from what they may do and for what."""
    steps, reviews = granted(viewer.role, "enter_step"), granted(viewer.role, "review")
    values, self_scores = granted(viewer.role, "enter_values"), granted(viewer.role, "self_assess")

    def own(duty: Duty) -> bool:
        if duty.owner_kind == "office":
            mine = viewer.offices
            return values and mine is not None and bool(mine & {duty.owner, *offices_of(duty.owner)})
        if duty.owner_kind == "community":
            return self_scores and not values
        if duty.owner_kind == "review":
            return reviews and (not duty.office or viewer.answers_for(duty.office))
        return steps

    return own


def table(viewer: Viewer, source: Source, store: Store, year: int, filters: Mapping[str, str], lang: str) -> files.File:
    """What the filters leave, as a workbook."""
    data = todo(viewer, source, store, year, filters)
    stem = "_".join(x for x in (str(year), data.street, say(lang, "page_todo.title"), _sample(data, lang)) if x)
    shown = Shown(
        lang,
        stem.replace("_", " "),
        COLUMNS,
        left_out=("owner_kind", "duty", "community_code"),
        sample=bool(_sample(data, lang)),
        source=source.results(year) if year in source.years() else None,
    )
    return files.table(safe_name(stem), duty_frame(data.found, lang), "xlsx", shown)


def letter(
    viewer: Viewer, source: Source, store: Store, year: int, filters: Mapping[str, str], lang: str
) -> files.File:
    """The reminder to one who owes (``who``: kind~name), as text.

    Raises Refused for who reminds nobody, and for one who owes nothing in scope.
    """
    if not _urges(viewer):
        raise Refused("dash_errors.forbidden")
    data = todo(viewer, source, store, year, filters)
    kind, _, name = filters.get("who", "").partition(PART)
    if (kind, name) not in data.found.owners:
        raise Refused("page_todo.nothing_owed")
    text = masked(urging(data.found, (kind, name), lang, data.sample))
    who = owner_word(lang, kind, name, data.found.names)
    stem = "_".join(x for x in (str(year), say(lang, "page_todo.letter"), who, _sample(data, lang)) if x)
    return f"{safe_name(stem)}.txt", files.BOM + text.replace("\n", "\r\n").encode(), TEXT


def _sample(data: Todo, lang: str) -> str:
    return say(lang, "dash_words.sample") if data.sample else ""


def set_dates(viewer: Viewer, store: Store, year: int, said: Mapping[str, str]) -> int:
    """Keep the due dates of a year; returns how many changed. Raises Refused for who may not, and for what is no day."""
    require(viewer, "set_dates")
    with store.write() as conn:
        return len(plans.set_due(conn, year, said, viewer.user))
