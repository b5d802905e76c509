"""Commands by name: what a table says about each is all that its group's help needs.

A module of commands is imported when one of its commands runs or is asked for its own help, never before:
``xingfu --help`` and a mistyped command cost no more than the table.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from survey.commands.parameters import read_plainly
from survey.core.lang import known, say


@dataclass(frozen=True)
class Command:
    """A line of the table: the name typed, where the function is, and the key of its help.

    ``place`` is ``module:function``, or ``module:app`` with a Typer application that has a command of this name.
    """

    name: str
    place: str
    help: str


@dataclass(frozen=True)
class Group:
    """Commands under one word; ``alone`` is what the word does where none of them follows it."""

    name: str
    help: str
    commands: tuple[Command | Group, ...]
    alone: Command | None = None


#: what the commands of a run share, out of what the root command was told
Prepare = Callable[[Any], Any]


class Listed(TyperCommand):
    """A command of which only its line is known; whoever calls it gets the real one."""

    def __init__(self, line: Command, prepare: Prepare) -> None:
        super().__init__(name=line.name, help=line.help)
        self.line, self.prepare = line, prepare
        self.lang: str | None = None

    def loaded(self) -> Any:
        """The command itself, its module imported; help texts are keys still."""
        module, _, name = self.line.place.partition(":")
        found = getattr(_imported(module), name)
        if isinstance(found, typer.Typer):
            group: Any = get_command(found)
            return read_plainly(group.commands[self.line.name])
        app = typer.Typer(add_completion=False)
        app.command(self.line.name, help=self.line.help)(found)
        return read_plainly(get_command(app))

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the real command; what it shares with others is made first."""
        command = self.loaded()
        if self.lang is not None:
            localised(command, self.lang)
        if parent is not None:
            parent.obj = self.prepare(parent.obj)
        return command.make_context(info_name, args, parent=parent, **extra)


def _imported(name: str) -> Any:
    """The module of this name.

    What modules hold stays as long as the program does.  The collector would look through all of it for garbage, several
    times while they are imported and again afterwards, which is a tenth of the time that a short command takes.
    """
    if name in sys.modules:
        return sys.modules[name]
    collects = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        if collects:
            gc.enable()


class Hung(TyperGroup):
    """A group that words a command in the reader's language when it is asked for, not all of them at the start."""

    lang: str | None = None
    #: the command that the group's own word is, if it is one
    alone: Listed | None = None

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the group, or of the command that its word is."""
        if self.alone is None or (args and args[0] in self.commands):
            return super().make_context(info_name, args, parent=parent, **extra)
        self.alone.lang = self.lang
        return self.alone.make_context(info_name, args, parent=parent, **extra)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        command = super().get_command(ctx, cmd_name)
        if command is not None and self.lang is not None and getattr(command, "lang", None) is None:
            localised(command, self.lang)
        return command


def hang(root: Any, lines: Iterable[Command | Group], prepare: Prepare) -> None:
    """Hang commands and groups on a group: commands first, as a reader looks for them."""
    for line in sorted(lines, key=lambda line: isinstance(line, Group)):
        if isinstance(line, Group):
            group = read_plainly(Hung(name=line.name, help=line.help, no_args_is_help=True))
            group.alone = None if line.alone is None else Listed(line.alone, prepare)
            hang(group, line.commands, prepare)
            root.add_command(group)
        else:
            root.add_command(Listed(line, prepare))


def localised(command: Any, lang: str) -> Any:
    """The command with its help texts in the reader's language (in code they are text keys); a group's in turn."""
    command.lang = lang
    command.help = _worded(command.help, lang)
    for parameter in command.params:
        parameter.help = _worded(getattr(parameter, "help", None), lang)
    if command.get_help_option_names:
        _localise_help_option(command, lang)
    _localise_headings(command, lang)
    return command


def _localise_headings(command: Any, lang: str) -> None:
    draw = command.format_help

    def format_help(context: Any, formatter: Any) -> None:
        from typer import rich_utils  # what draws help takes as long to import as all of Typer

        rich_utils.ARGUMENTS_PANEL_TITLE = say(lang, "cli.panel.arguments")
        rich_utils.OPTIONS_PANEL_TITLE = say(lang, "cli.panel.options")
        rich_utils.COMMANDS_PANEL_TITLE = say(lang, "cli.panel.commands")
        rich_utils.DEFAULT_STRING = say(lang, "cli.panel.default")
        rich_utils.REQUIRED_LONG_STRING = say(lang, "cli.panel.required")
        draw(context, formatter)

    command.format_help = format_help


def _localise_help_option(command: Any, lang: str) -> None:
    make = command.get_help_option

    def help_option(context: Any) -> Any:
        option = make(context)
        if option is not None:
            option.help = say(lang, "cli.option.help")
        return option

    command.get_help_option = help_option


def _worded(text: str | None, lang: str) -> str | None:
    return say(lang, text) if text and known(text) else text
