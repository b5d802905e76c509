"""The command ``xingfu``: the packages' tables of commands hung on one Typer app.

What a command needs is imported when it runs; help, ``--version`` and a wrong call need the tables and the texts.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.main import get_command

from analysis.commands.command_list import COMMANDS as SCORES
from survey.commands.command_list import COMMANDS as INTAKE
from survey.commands.command_tree import Command, Group, Hung, hang, localised
from survey.commands.parameters import read_plainly
from survey.commands.versions import versions
from survey.commands.voice import Voice, sentence, store_place, user
from survey.core import commits
from survey.core.disk import name_too_long, shortened_name
from survey.core.errors import XingfuError
from survey.core.lang import COMMAND, LANGUAGES, enumerated, environment_language, known, language, on_surface, say
from survey.core.plain_table import PlainTable, json_text
from survey.files.taking import taken_by

SHOWING = (
    Command("demo", "dashboard.serving.cli:demo", "cli.help.demo"),
    Command("serve", "dashboard.serving.cli:serve", "cli.help.serve"),
    Group(
        "users",
        "users.help.users",
        (
            Command("add", "dashboard.accounts.commands:add", "users.help.add"),
            Command("list", "dashboard.accounts.commands:list_accounts", "users.help.list"),
            Command("change", "dashboard.accounts.commands:change", "users.help.change"),
            Command("disable", "dashboard.accounts.commands:disable", "users.help.disable"),
            Command("enable", "dashboard.accounts.commands:enable", "users.help.enable"),
            Command("reset", "dashboard.accounts.commands:reset", "users.help.reset"),
        ),
    ),
    Group(
        "tokens",
        "tokens.help.tokens",
        (
            Command("add", "dashboard.accounts.program_commands:add", "tokens.help.add"),
            Command("list", "dashboard.accounts.program_commands:list_programs", "tokens.help.list"),
            Command("revoke", "dashboard.accounts.program_commands:revoke", "tokens.help.revoke"),
        ),
    ),
)

STOPPED = 130
app = typer.Typer(cls=Hung, name="xingfu", help="cli.help.xingfu", no_args_is_help=True, add_completion=False)

#: options that may stand anywhere on the line, and whether they take a value
_GLOBAL = {"--store": True, "--lang": True, "--json": False}


def _show_version(context: typer.Context, asked: bool) -> None:
    if not asked:
        return
    voice: Voice = context.obj
    if voice.as_json:
        sys.stdout.write(json_text(PlainTable.of_rows([versions()]), {"lang": voice.lang}))
    else:
        voice.write_line(voice.say("cli.version", **versions()), sys.stdout)
    raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    store: Annotated[str | None, typer.Option("--store", metavar="URL_OR_PATH", help="cli.option.store")] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="cli.option.lang")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="cli.option.json")] = False,
    version: Annotated[  # the callback answers it
        bool, typer.Option("--version", help="cli.option.version", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    chosen = language(lang) if lang else environment_language()
    context.obj.place = store_place(store)  # for whoever words what ends the command
    context.obj = Voice(context.obj.place, chosen, as_json, late=context.obj.late)


def command_tree() -> Any:
    """The root with all commands hung on it; help texts are keys still."""
    root: Any = read_plainly(get_command(app))
    hang(root, (*INTAKE, *SCORES, *SHOWING), _session)
    return root


def _session(voice: Voice) -> Any:
    """What a command is given: here, since the store takes a second to import and only commands need it."""
    from survey.commands.console import Session
    from survey.files.waiting import sweep

    sweep()
    return Session(voice.place, voice.lang, voice.as_json, _recompute, _not_counted, _would_wait, late=voice.late)


def _recompute(store: Any, years: Iterable[int]) -> Sequence[int]:
    """Compute the results of these years again; imported when something was stored, not before."""
    from analysis.publication import snapshots

    return snapshots.recompute(store, years)


def _not_counted(store: Any, years: Iterable[int]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """What to say of these years where their published results do not count what was stored; imported as above."""
    from analysis.publication import fixed_versions

    with store.read() as conn:
        return fixed_versions.not_counted(conn, years)


def _would_wait(store: Any, places: Iterable[tuple[int, str]]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The same before anything is stored; imported as above."""
    from analysis.publication import fixed_versions

    with store.read() as conn:
        return fixed_versions.would_wait(conn, places)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status that docs/cli.md promises.  No user ever sees a traceback."""
    # matrices here are small: OpenBLAS, which reads this once, when numpy comes in, would spend more on its threads
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with on_surface(COMMAND), taken_by(user()):
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    words = _globals_first(list(sys.argv[1:] if arguments is None else arguments))
    lang = _language(words)
    voice = Voice(store_place(None), lang or environment_language(), "--json" in words)
    if lang is None:
        voice.tell("cli.bad_lang", languages=list(LANGUAGES))
        return 2
    command = localised(command_tree(), lang)
    with commits.counted() as work, _stoppable():
        try:
            result = command.main(words, prog_name="xingfu", standalone_mode=False, obj=voice)
        except BaseException as error:
            return _told(error, voice, work)
        if result == STOPPED:  # Typer's word for Ctrl+C
            return _told(KeyboardInterrupt(), voice, work)
    return max([result if isinstance(result, int) else 0, *voice.late])


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl+C does: what it was at is taken back, what waits is deleted.

    What was ignored before (``nohup``) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(error: BaseException, voice: Voice, work: commits.Work) -> int:
    """Say what ended the command, and what had been stored by then; returns the exit status."""
    if isinstance(error, XingfuError):
        sentence(error, voice)
        status = error.status
    elif isinstance(error, typer.TyperException):
        voice.write_line(_usage(error, voice.lang))
        return 2
    elif isinstance(error, (KeyboardInterrupt, typer.Abort)):
        voice.tell("cli.stopped")
        status = STOPPED
    elif isinstance(error, BrokenPipeError):  # the reader of our output went away (`xingfu … | head`)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 0
    elif isinstance(error, OSError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - what it still holds can't be written either
        if name_too_long(error) and isinstance(error.filename, str):
            voice.tell("disk.name_too_long", name=shortened_name(error.filename))
        else:
            voice.tell("cli.system_refused", reason=error.strerror or type(error).__name__)
        status = 5
    elif isinstance(error, MemoryError):
        voice.tell("cli.no_memory")
        status = 5
    elif isinstance(error, Exception):
        if os.environ.get("XINGFU_DEBUG"):
            voice.write_line("".join(traceback.format_exception(error)))
        status = _fault(error, voice)
    else:
        raise error
    outcome = commits.outcome_after(error, work)
    if outcome:
        voice.tell(outcome)
    return status


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
            following = words[place + 1] if place + 1 < len(words) else ""
            value = word.partition("=")[2] if "=" in word else following
            return value if value in LANGUAGES else None
    return environment_language()


#: pydantic's names for a number out of bounds → our text, and where the bound stands
_BOUNDS = {"greater_than_equal": ("too_small", "ge"), "less_than_equal": ("too_large", "le")}


def _wrong_value(error: typer.TyperException, name: str, lang: str) -> str:
    """What was typed for an option and what may be; ``""`` where the error does not say it."""
    errors = getattr(error.__cause__, "errors", None)
    if errors is None or not name:
        return ""
    wrong = errors()[0]
    said = {"name": name, "found": wrong["input"]}
    choices = re.findall("'([^']*)'", wrong["msg"].partition(" is not one of ")[2])
    if choices:
        return say(lang, "cli.usage.wrong_choice", **said, choices=enumerated(lang, choices))
    if wrong["type"] in _BOUNDS:
        key, bound = _BOUNDS[wrong["type"]]
        return say(lang, f"cli.usage.{key}", **said, limit=wrong["ctx"][bound])
    if wrong["type"].startswith("int"):
        return say(lang, "cli.usage.wrong_whole", **said)
    return say(lang, "cli.usage.wrong_number", **said) if wrong["type"].startswith("float") else ""


def _fault(error: Exception, voice: Voice) -> int:
    """Say what nobody expected: that the store is damaged, where a value in it is of another kind, else that it is our fault."""
    from survey.store.upkeep.strange_values import require_usual

    try:
        require_usual(voice.place)
    except XingfuError as why:
        sentence(why, voice)
        return why.status
    voice.tell("cli.our_fault", kind=type(error).__name__, text=str(error)[:200])
    return 1


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
    text = _wrong_value(error, name, lang) if kind == "BadParameter" else ""
    if not text:
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
