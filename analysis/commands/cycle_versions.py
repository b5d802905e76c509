"""The command ``cycle versions``: what a year was archived with, the versions of its communities, the lists of its streets."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from analysis.commands.cycle import OnePlace, Street, Year
from analysis.commands.shared import community_code
from analysis.publication import cycle_steps, cycle_table, snapshots, version_list
from analysis.tables.scores import scores_for
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import years

_SCORES = ["community", "year", "total", "star", "star_awarded", "status", "title_event"]
_LISTED = ["sub_district", "rank", "rank_low", "rank_high", "community", "total", "star", "change_word", "status"]
_VERSIONS = [
    "community",
    "version",
    "state",
    "calculated_at",
    "published_from",
    "decided_total",
    "total",
    "star",
    "differs",
]
_LISTS = [
    "sub_district",
    "list",
    "published_at",
    "published_from",
    "published_to",
    "community",
    "communities",
    "versions",
]


def versions(
    context: typer.Context,
    year: Year,
    community: OnePlace = None,
    number: Annotated[int | None, typer.Option("--version", metavar="N", help="cycle_cli.option.version")] = None,
    show: Annotated[int | None, typer.Option("--show", metavar="N", help="cycle_cli.option.show")] = None,
    communities: Annotated[bool, typer.Option("--communities", help="cycle_cli.option.communities")] = False,
    lists: Annotated[bool, typer.Option("--lists", help="cycle_cli.option.lists")] = False,
    street: Street = "",
) -> None:
    """The versions that a year was archived with, those of its communities, the lists of its streets, or one of them."""
    session: Session = context.obj
    if show is not None and community is None and not lists:
        raise Refused("cycle_versions.whose", number=show)
    with session.store() as store:
        if community is not None or communities or lists:
            code = community_code(store, community) if community is not None else None
            if lists and code is None:
                _lists(session, store, year, show, street)
            else:
                _numbered(session, store, year, code, show)
        else:
            _archived(session, store, year, number)


def _archived(session: Session, store: Store, year: int, number: int | None) -> None:
    with store.read() as conn:
        if number is None:
            frame: pd.DataFrame = cycle_table.versions_table(conn, year)
        else:
            frame = scores_for([cycle_table.version(conn, year, number)], session.lang)
    session.emit(frame, shown=_SCORES if number else None, year=year, version=number)


def _lists(session: Session, store: Store, year: int, show: int | None, street: str) -> None:
    """The lists of every street, or of one; or the rows of one of them."""
    with store.read() as conn:
        found = version_list.year_versions(conn, year)
        if street:
            found.log.within(street)  # refuses one that the year has not
        if show is not None:
            frame = scores_for([version_list.list_shown(found, show, street)], session.lang)
            session.emit(frame, shown=_LISTED, year=year, list=show, street=street)
            return
        frame = version_list.lists_frame(conn, found)
    session.emit(frame[frame["sub_district"] == street] if street else frame, shown=_LISTS, year=year)


def _numbered(session: Session, store: Store, year: int, code: str | None, show: int | None) -> None:
    cycle_steps.compute_fixed(store, year)  # before it is told whether they have moved
    with store.read() as conn:
        found = version_list.year_versions(conn, year, None if code is None else [code])
        is_open = years.state(conn, year) == "open"
        if code is not None and show is not None:
            frame: pd.DataFrame = scores_for([version_list.shown(found, code, show)], session.lang)
            session.emit(frame, shown=_SCORES, year=year, version=show)
            return
        frame = version_list.versions_frame(conn, found, session.lang)
    session.emit(frame, shown=_VERSIONS, year=year)
    if code is not None and is_open and code in found.log.moved:
        row = snapshots.calculated(store, year).community(code)
        total, star = ("—" if row[name] is None else row[name] for name in ("total", "star"))
        star = star if star == "—" else int(star)
        session.tell("cycle_versions.newest", community=found.log.name(code), total=total, star=star)
