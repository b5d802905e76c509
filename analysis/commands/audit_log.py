"""The commands ``audit``: who did what when, and whether the record is as it was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.core.plain_table import PlainTable
from survey.store import Store, audit, breaks, settings
from survey.store.audit import Entry
from survey.store.engine.base import to_json

COLUMNS = ("entry", "at", "who", "address", "action", "subject", "outcome", "detail", "hash")
BREAKS = ("kind", "first", "last", "place", "message")
_KNOWN = re.compile(r"(\d{1,9}):([a-p]{64})")


def list_entries(
    context: typer.Context,
    who: Annotated[str, typer.Option("--who", metavar="W", help="audit_cli.help.who")] = "",
    action: Annotated[str, typer.Option("--action", metavar="A", help="audit_cli.help.action")] = "",
    since: Annotated[str, typer.Option("--since", metavar="D", help="audit_cli.help.since")] = "",
    until: Annotated[str, typer.Option("--until", metavar="D", help="audit_cli.help.until")] = "",
    last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="audit_cli.help.last")] = 100,
) -> None:
    """Show the newest entries."""
    session = session_of(context)
    with session.store() as store:
        rows = _rows(store, last, who, action, since, until)
    session.emit(PlainTable.of_rows(rows, COLUMNS), shown=["entry", "at", "who", "address", "action", "subject"])


def export_entries(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="audit_cli.help.out")],
    who: Annotated[str, typer.Option("--who", metavar="W", help="audit_cli.help.who")] = "",
    action: Annotated[str, typer.Option("--action", metavar="A", help="audit_cli.help.action")] = "",
    since: Annotated[str, typer.Option("--since", metavar="D", help="audit_cli.help.since")] = "",
    until: Annotated[str, typer.Option("--until", metavar="D", help="audit_cli.help.until")] = "",
) -> None:
    """Write the record to a file, which the record says."""
    import pandas as pd  # what is shown on the terminal needs none

    from analysis.exports.flat_files import write_table

    session = session_of(context)
    with session.store() as store:
        rows = _rows(store, None, who, action, since, until)
        if not store.read_only:  # what leaves is in the record before it is outside
            with store.write(aside=True) as conn:
                audit.record(conn, user(), "audit export", out.name, {"entries": len(rows)})
        write_table(pd.DataFrame(rows, columns=list(COLUMNS)), out, {"lang": session.lang})
    session.tell("cli.written", path=str(out))


def verify(
    context: typer.Context,
    known: Annotated[str, typer.Option("--known", metavar="N:HASH", help="audit_cli.help.known")] = "",
) -> None:
    """Look whether every entry is as it was written and none is missing."""
    session = session_of(context)
    noted = _KNOWN.fullmatch(known)
    if known and noted is None:
        raise Refused("audit_cli.bad_known", found=known)
    with session.store() as store, store.read() as conn:
        found = breaks.check(conn, (int(noted[1]), noted[2]) if noted else None)
    _tell(session, found)
    if found.breaks:
        session.late.append(Refused.status)


def _tell(session: Session, found: breaks.Checked) -> None:
    rows = [{**vars(b), "message": _sentence(session, b)} for b in found.breaks]
    session.emit(PlainTable.of_rows(rows, BREAKS), shown=["message"], newest=found.newest, hash=found.head)
    if found.linked:
        session.tell("audit_cli.linked", last=found.linked)
    if not found.breaks:
        session.tell("audit_cli.whole", n=found.entries)
    session.tell("audit_cli.head", known=f"{found.newest}:{found.head}")


def _sentence(session: Session, found: breaks.Break) -> str:
    return session.say(f"audit_cli.break_{found.kind}", first=found.first, last=found.last, place=found.place)


def _rows(store: Store, last: int | None, who: str, action: str, since: str, until: str) -> Sequence[dict[str, Any]]:
    with store.read() as conn:
        zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
        begin, end = (_moment(text, zone, after) for text, after in ((since, False), (until, True)))
        found = audit.listing(conn, last, who=who, action=action, since=begin, until=end)
        return [_row(entry, zone) for entry in found]


def _moment(text: str, zone: ZoneInfo, after: bool) -> datetime | None:
    """The beginning of a day in the store's time zone, or its end; raises Refused for what is no day."""
    if not text:
        return None
    day = as_datetime(text)
    if day is None:
        raise Refused("audit_cli.bad_day", found=text)
    return datetime.combine(day.date() + timedelta(days=after), time(), zone)


def _row(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in ("who", "address", "action", "subject", "outcome")}
    detail = to_json(entry.detail, sort_keys=True) if entry.detail else ""
    at = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return {"entry": entry.id, "at": at, **told, "detail": detail, "hash": entry.chain}
