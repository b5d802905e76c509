"""The commands ``backup`` and ``restore``: a copy of the store while it is in use, and a store made of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from survey.commands.console import session_of
from survey.commands.voice import user
from survey.core.errors import Refused, WrongUsage
from survey.store import audit
from survey.store.upkeep import backup as upkeep


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="upkeep.argument.out")],
    keep: Annotated[int | None, typer.Option("--keep", metavar="N", min=1, help="upkeep.option.keep")] = None,
) -> None:
    """Copy the store, in use or not, into a file of its own, and look it over."""
    session = session_of(context)
    if keep is not None and not out.is_dir():
        raise WrongUsage("upkeep.keep_in_folder", place=str(out))
    with session.store() as store:
        done = upkeep.backup(store, out)
        if not store.read_only:  # where nothing can be written, nobody can ask when it was either
            with store.write(aside=True) as conn:
                audit.record(conn, user(), "backup", Path(done.file).name, {"bytes": done.size})
        older = [] if keep is None else upkeep.drop_older(store, out, keep, Path(done.file))
    session.tell("upkeep.backed_up", file=done.file)
    if older:
        session.tell("upkeep.dropped", n=len(older), keep=keep)
    session.emit([done.row()])


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="upkeep.argument.file")],
) -> None:
    """Make a store of a backup, where there is none."""
    session = session_of(context)
    if "://" in session.place:
        raise Refused("upkeep.postgresql", where=session.place.rpartition("@")[2])
    done = upkeep.restore(file, Path(session.place).expanduser())
    session.tell("upkeep.restored", file=str(file), place=done.file)
    session.emit([done.row()])
