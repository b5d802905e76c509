"""The command ``xingfu``: each package's own ``cli.py`` hung on one Typer app."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer import rich_utils
from typer.main import get_command

import analysis.commands.main
import dashboard.cli
import survey.commands.main
from analysis.exports import flat_files
from analysis.publication import snapshots
from survey.commands.console import Session, sentence, store_place
from survey.core.errors import XingfuError
from survey.core.lang import LANGUAGES, environment_language, known, language, say

app = typer.Typer(name="xingfu", help="cli.help.xingfu", no_args_is_help=True, add_completion=False)
survey.commands.main.add_commands(app)
analysis.commands.main.add_commands(app)
dashboard.cli.add_commands(app)

#: options that may stand anywhere on the line, and whether they take a value
_GLOBAL = {"--store": True, "--lang": True, "--json": False}


@app.callback()
def _root(
    context: typer.Context,
    store: Annotated[str | None, typer.Option("--store", metavar="URL_OR_PATH", help="cli.option.store")] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="cli.option.lang")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.json")] = False,
) -> None:
    chosen = language(lang) if lang else environment_language()
    context.obj = Session(store_place(store), chosen, as_json, flat_files, snapshots.recompute)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status that docs/cli.md promises.  No user ever sees a traceback."""
    words = _globals_first(list(sys.argv[1:] if arguments is None else arguments))
    lang = _language(words)
    session = Session(store_place(None), lang, False, flat_files, snapshots.recompute)
    if lang is None:
        session.lang = environment_language()
        session.tell("cli.bad_lang", languages="、".join(LANGUAGES))
        return 2
    command = localised(get_command(app), lang)
    try:
        result = command.main(words, prog_name="xingfu", standalone_mode=False)
    except XingfuError as error:
        sentence(error, session)
        return error.status
    except typer.TyperException as error:
        session.write_line(_usage(error, lang))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        session.tell("cli.stopped")
        return 130
    except BrokenPipeError:  # the reader of our output went away (`xingfu … | head`)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 0
    except MemoryError:
        session.tell("cli.no_memory")
        return 5
    except Exception as error:
        if os.environ.get("XINGFU_DEBUG"):
            traceback.print_exc()
        session.tell("cli.our_fault", kind=type(error).__name__, text=str(error)[:200])
        return 1
    return result if isinstance(result, int) else 0


def _globals_first(words: list[str]) -> list[str]:
    """``--store``, ``--lang`` and ``--json`` may stand anywhere; the command line reads them first."""
    first: list[str] = []
    rest: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        name = word.split("=", 1)[0]
        if word == "--":
            rest += words[place:]
            break
        if name in _GLOBAL:
            takes = 2 if _GLOBAL[name] and "=" not in word else 1
            first += words[place : place + takes]
            place += takes
        else:
            rest.append(word)
            place += 1
    return first + rest


def _language(words: Sequence[str]) -> Any:
    """The language asked for, None if it is not one of ours."""
    for place, word in enumerate(words):
        if word == "--lang" or word.startswith("--lang="):
            value = word.partition("=")[2] or (words[place + 1] if place + 1 < len(words) else "")
            return value if value in LANGUAGES else None
    return environment_language()


def localised(command: Any, lang: str) -> Any:
    """The command tree with every help text in the reader's language (in code they are text keys)."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say(lang, "cli.panel.arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say(lang, "cli.panel.options")
    rich_utils.COMMANDS_PANEL_TITLE = say(lang, "cli.panel.commands")
    rich_utils.DEFAULT_STRING = say(lang, "cli.panel.default")
    rich_utils.REQUIRED_LONG_STRING = say(lang, "cli.panel.required")
    _localise(command, lang)
    return command


def _localise(command: Any, lang: str) -> None:
    command.help = _worded(command.help, lang)
    for parameter in command.params:
        parameter.help = _worded(getattr(parameter, "help", None), lang)
    if command.get_help_option_names:
        _localise_help_option(command, lang)
    for child in getattr(command, "commands", {}).values():
        _localise(child, lang)


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


def _usage(error: typer.TyperException, lang: str) -> str:
    """What was wrong with the call, in the reader's language."""
    kind = type(error).__name__
    message = error.format_message()
    if kind == "NoArgsIsHelpError":
        return message
    name = getattr(error, "option_name", "") or _parameter_name(getattr(error, "param", None))
    unknown = re.fullmatch(r"No such command '(.*)'\.?", message)
    if unknown:
        kind, name = "NoSuchCommand", unknown[1]
    key = f"cli.usage.{kind}"
    text = say(lang, key, name=name) if known(key) and name else say(lang, "cli.usage.other", text=message)
    context = getattr(error, "ctx", None)
    return f"{text} {say(lang, 'cli.usage.help', command=context.command_path if context else 'xingfu')}"


def _parameter_name(parameter: Any) -> str:
    """``--year`` or ``FILE``, as the help shows it."""
    if parameter is None:
        return ""
    if parameter.opts and parameter.opts[0].startswith("-"):
        return str(parameter.opts[0])
    return str(getattr(parameter, "metavar", None) or parameter.name)


if __name__ == "__main__":
    sys.exit(main())
