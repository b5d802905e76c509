"""The command that writes the Word templates of the papers of a year, for an office to make its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.letters.letter_files import write_templates
from survey.commands.console import session_of


def letters_template(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="letters.option_folder")],
) -> None:
    """Write the templates that ship."""
    session = session_of(context)
    for path in write_templates(folder, session.lang):
        session.tell("cli.written", path=str(path))
