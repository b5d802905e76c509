"""The command ``cycle``: a year from application to archive."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from analysis.commands.shared import community_code
from analysis.cycle.inherited_titles import mergers, titles_with_inherited
from analysis.cycle.title_rules import spoken_event
from analysis.cycle.workbooks import STEPS
from analysis.publication import cycle_steps, cycle_table
from analysis.publication.cycle_steps import import_lines
from analysis.publication.cycle_templates import cycle_template
from survey.commands.console import Session
from survey.core import limits
from survey.core.cells import as_datetime
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.input import read_input
from survey.store import Store
from survey.store.year import cycle
from survey.store.year.cycle import Event

_TITLE_SHOWN = [*cycle.TITLE_COLUMNS, "sources", "rule"]


class Kind(StrEnum):
    """Workbooks of the cycle."""

    applications = "applications"
    decisions = "decisions"
    titles = "titles"


class Body(StrEnum):
    """Who decides and names."""

    district = "district"
    city = "city"


class Outcome(StrEnum):
    """What is decided instead of a total."""

    not_rated = "not_rated"
    deferred = "deferred"
    kept_previous = "kept_previous"


class Switch(StrEnum):
    """On or off."""

    on = "on"
    off = "off"


Year = Annotated[int, typer.Argument(metavar="YEAR", min=FIRST_YEAR, max=LAST_YEAR, help="cli.argument.year")]
Place = Annotated[str, typer.Argument(metavar="COMMUNITY", help="cli.argument.community")]
Places = Annotated[list[str] | None, typer.Argument(metavar="[COMMUNITY]", help="cycle_cli.argument.communities")]
OnePlace = Annotated[str | None, typer.Argument(metavar="[COMMUNITY]", help="cycle_cli.argument.one_community")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="cycle_cli.option.by")]
Day = Annotated[str, typer.Option("--date", metavar="DAY", help="cycle_cli.option.date")]
Document = Annotated[str, typer.Option("--document", metavar="NO", help="cycle_cli.option.document")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="cycle_cli.option.reason")]
Street = Annotated[str, typer.Option("--street", metavar="S", help="cycle_cli.option.street")]
Star = Annotated[int | None, typer.Option("--star", metavar="N", help="cycle_cli.option.star")]

_SHOWN = [
    "community",
    "title_before",
    "applied_star",
    "vetoes",
    "calculated_total",
    "calculated_star",
    "decided_by",
    "decided_total",
    "star_awarded",
    "title_event",
    "status",
    "stage",
    "next",
]
_STEP_SHOWN = ["id", "at", "who", "kind", "community", "star", "total", "outcome", "document", "date", "reason"]


def who(by: str | None) -> str:
    """The person named, else the one who is logged in."""
    return by if by is not None else getpass.getuser()


def day(text: str) -> str:
    """A day as it is kept; what is no day is left as it is, and refused where it is used."""
    moment = as_datetime(text) if text else None
    return moment.date().isoformat() if moment else text


def give(session: Session, store: Store, kept: list[Event]) -> None:
    """The steps that were kept, as the list of steps shows them."""
    year = kept[0].year if kept else None
    with store.read() as conn:
        frame = cycle_table.steps_table(conn, year)
    frame = frame[frame["id"].isin([e.id for e in kept])]
    emit(session, frame, _STEP_SHOWN, year=year)


def emit(session: Session, frame: pd.DataFrame, shown: list[str], **meta: Any) -> None:
    """A table; on a terminal its stars are not called calculated ones, for these were decided."""
    if sys.stdout.isatty() and not session.as_json:
        frame, shown = frame.rename(columns={"star": "any_star"}), ["any_star" if c == "star" else c for c in shown]
    session.emit(frame, shown=shown, **meta)


def show(
    context: typer.Context,
    year: Annotated[int | None, typer.Argument(metavar="[YEAR]", help="cli.argument.year")] = None,
    street: Street = "",
) -> None:
    """Where each community stands and what comes next."""
    session: Session = context.obj
    with session.store() as store:
        found = cycle_table.read_cycle(store, year if year is not None else newest(store), street)
    frame = cycle_table.cycle_table(found)
    if sys.stdout.isatty() and not session.as_json:
        events = zip(frame["title_event"], frame["title_before"], strict=True)
        frame["title_event"] = [
            spoken_event(e, 0 if pd.isna(b) else int(b)) if isinstance(e, str) else None for e, b in events
        ]
        for name in ("stage", "next", "status", "title_event", "decided_by"):
            frame[name] = [session.say(f"cycle_words.{name}.{v}") if isinstance(v, str) else None for v in frame[name]]
    for name, part in found.parts().items():
        where = {"year": found.log.year, "stage": session.say(f"cycle_words.stage.{part.stands}")}
        session.tell("cycle_cli.street_at" if name else "cycle_cli.at", **where, street=name)
    session.emit(
        frame,
        shown=_SHOWN,
        year=found.log.year,
        closed=found.log.closed,
        stage=found.stage,
        counts=found.counts(),
        one_person=found.log.one_person,
        moved=bool(found.log.moved),
    )


def newest(store: Store) -> int:
    """The newest year that has steps or data; raises Refused if there is none."""
    from analysis.publication import snapshots

    with store.read() as conn:
        known = [*snapshots.data_years(conn), *(e.year for e in cycle.events(conn))]
    if not known:
        raise Refused("publishing.no_data")
    return max(known)


def log(
    context: typer.Context,
    year: Year,
    community: Annotated[str | None, typer.Argument(metavar="[COMMUNITY]", help="cli.argument.community")] = None,
    street: Street = "",
) -> None:
    """Every step of a year, who took it, when and on what document."""
    session: Session = context.obj
    with session.store() as store:
        code = community_code(store, community) if community else None
        with store.read() as conn:
            frame = cycle_table.steps_table(conn, year, code, street)
    emit(session, frame, _STEP_SHOWN, year=year)


def titles(context: typer.Context) -> None:
    """The history of titles."""
    session: Session = context.obj
    with session.store() as store, store.read() as conn:
        found = titles_with_inherited(cycle.titles(conn), mergers(conn))
        emit(session, found.reindex(columns=_TITLE_SHOWN), _TITLE_SHOWN)


def template(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="cycle_cli.argument.kind")],
    year: Year,
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
    street: Street = "",
) -> None:
    """Write a workbook to fill in."""
    session: Session = context.obj
    require_ending(out, ".xlsx")
    with session.store() as store:
        found = cycle_table.read_cycle(store, year, street)
        write_file(out, cycle_template(kind.value, found, session.lang), private=True)
    session.tell("cli.written", path=str(out))


def import_file(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="cycle_cli.argument.kind")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cycle_cli.argument.file")],
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cycle_cli.option.year")
    ] = None,
    by: By = None,
) -> None:
    """Take the steps of a workbook; all of them or none."""
    session: Session = context.obj
    with session.store() as store:
        kept = import_lines(
            store, kind.value, file.name, read_input(file, limits.SMALL_UPLOAD_BYTES), year=year, who=who(by)
        )
    session.show_findings(kept.findings)
    session.emit(
        [{"file": file.name, "kind": STEPS[kept.kind], "kept": kept.kept, "years": "、".join(map(str, kept.years))}]
    )


def apply(
    context: typer.Context,
    year: Year,
    community: Place,
    star: Star = None,
    date: Day = "",
    document: Document = "",
    reason: Reason = "",
    by: By = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="cycle_cli.option.withdraw")] = False,
) -> None:
    """A community applies for a star, or withdraws."""
    kind = "withdrawn" if withdraw else "applied"
    one(context, kind, year, community, by, star=star, date=day(date), document=document, reason=reason)


def one(context: typer.Context, kind: str, year: int, community: str, by: str | None, **values: Any) -> None:
    """Take one step of one community and show it."""
    session: Session = context.obj
    with session.store() as store:
        code = community_code(store, community) if community else ""
        give(session, store, [cycle_steps.take(store, Event(kind, year, code, who=who(by), **values))])


def decide(
    context: typer.Context,
    year: Year,
    community: Place,
    body: Annotated[Body | None, typer.Option("--body", help="cycle_cli.option.body")] = None,
    total: Annotated[float | None, typer.Option("--total", metavar="POINTS", help="cycle_cli.option.total")] = None,
    star: Star = None,
    document: Document = "",
    date: Day = "",
    reason: Reason = "",
    by: By = None,
    refused: Annotated[bool, typer.Option("--refused", help="cycle_cli.option.refused")] = False,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="cycle_cli.option.without_total")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="cycle_cli.option.withdraw_decision")] = False,
) -> None:
    """Enter what district or city decided, or take it back."""
    if withdraw:
        one(context, "decision_withdrawn", year, community, by, document=document, date=day(date), reason=reason)
        return
    one(
        context,
        "decided",
        year,
        community,
        by,
        body=body.value if body else "",
        total=total,
        star=star,
        document=document,
        date=day(date),
        reason=reason,
        outcome="refused" if refused else outcome.value if outcome else "",
    )


def persons(
    context: typer.Context,
    one_person: Annotated[Switch, typer.Argument(metavar="ONE_PERSON", help="cycle_cli.argument.one_person")],
    by: By = None,
) -> None:
    """Whether one person may enter and approve."""
    session: Session = context.obj
    with session.store() as store, store.write() as conn:
        cycle.set_one_person(conn, one_person is Switch.on, who(by))
    session.tell(f"cycle_cli.one_person_{one_person.value}")
