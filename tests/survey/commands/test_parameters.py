"""What is typed for a parameter is read as Typer reads it, and refused as Typer refuses it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from survey.commands.parameters import read_plainly


def command(given: list) -> typer.Typer:
    """A command with a parameter of each kind; what it was called with goes to ``given``."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def walk(
        where: str,
        year: Annotated[int | None, typer.Option(min=1990, max=2100)] = None,
        speed: Annotated[float, typer.Option(min=0.0, max=9.0)] = 1.5,
        name: Annotated[str, typer.Option()] = "",
        tag: Annotated[list[str] | None, typer.Option()] = None,
        out: Annotated[Path | None, typer.Option()] = None,
        fast: Annotated[bool, typer.Option("--fast")] = False,
    ) -> None:
        given.append((where, year, speed, name, tag, out, fast))

    return app


LINES = [
    ["there"],
    ["there", "--year", "2014", "--name", "甲", "--fast"],
    ["there", "--tag", "a", "--tag", "b", "--out", "x.csv"],
    ["2014", "--speed", "2"],
    ["there", "--speed", "2.5", "--year", "+2014"],
    ["there", "--year", " 2014 "],
    ["there", "--year", "002014"],
    ["there", "--year", "２０１４"],
    ["there", "--year", "1989"],
    ["there", "--year", "2101"],
    ["there", "--year", "2014.0"],
    ["there", "--year", "2014.5"],
    ["there", "--year", "ten"],
    ["there", "--year", ""],
    ["there", "--year", "9" * 30],
    ["there", "--speed", "-1"],
    ["there", "--speed", "nan"],
    ["there", "--speed", "fast"],
    [],
]


def outcome(line: list[str], *, plainly: bool) -> object:
    """What the command is called with, or how the call is refused."""
    given: list = []
    made = get_command(command(given))
    if plainly:
        read_plainly(made)
    try:
        made.main(line, prog_name="walk", standalone_mode=False)
    except typer.TyperException as error:
        return type(error).__name__, error.format_message()
    return given


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_the_same_comes_of_it(line):
    assert repr(outcome(line, plainly=True)) == repr(outcome(line, plainly=False))


def test_help_is_the_same(capsys):
    shown = []
    for plainly in (True, False):
        outcome(["--help"], plainly=plainly)
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert "--year" in shown[0]
