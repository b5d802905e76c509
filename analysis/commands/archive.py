"""The command ``archive``: the pack of a closed year for the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.archive.pack import write_pack
from survey.commands.console import session_of
from survey.commands.voice import user
from survey.core.disk import try_place
from survey.core.errors import WrongUsage
from survey.store import audit


def archive(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="archive.option.folder")],
    year: Annotated[int, typer.Option("--year", metavar="Y", help="archive.option.year")],
    responses: Annotated[bool, typer.Option("--responses", help="archive.option.responses")] = False,
    classes: Annotated[bool, typer.Option("--classes/--no-classes", help="archive.option.classes")] = True,
) -> None:
    """Write everything of a closed year into a folder, with a manifest."""
    session = session_of(context)
    if not classes and not responses:
        raise WrongUsage("archive.classes_only")
    with session.store() as store:
        try_place(folder, folder=folder.suffix.lower() != ".zip" or folder.is_dir())
        if not store.read_only:  # what leaves is in the record before it is outside
            detail = {"folder": folder.name, "responses": responses, "classes": classes}
            with store.write(aside=True) as conn:
                audit.record(conn, user(), "archive", str(year), detail)
        packed = write_pack(store, year, folder, session.lang, with_responses=responses, classes=classes)
    session.tell("archive.written", n=packed.files, path=str(folder))
    if packed.single is not None:
        session.tell("archive.risk", rows=len(packed.single.frame), alone=packed.single.alone)
