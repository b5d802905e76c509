"""What a user reads, in Chinese and English, one folder per language in each room.

A package (``survey``, ``analysis``, ``dashboard``) keeps its texts in ``texts/zh/*.toml`` and
``texts/en/*.toml``, one file a room.  A key is the table in the file, a dot, and the (dotted) key
in it: ``checking.not_a_choice``.  Tables are unique over all files of a language.  A text names a limit
as ``limits.words`` does (``{totals_below}``) and follows it, whoever says it.  A number of an English text carries its
noun in both forms, and the verb with it where there is one: ``{n:row is|rows are} left out``.

A sentence suits where it is read: one on a page names no command or option, one on the command line no button.  A text
that both say in other words has two wordings, ``key.page = …`` and ``key.command = …``; ``say`` takes that of the
surface of its context, which the command sets once (``on_surface``) and the dashboard once a request.
"""

from __future__ import annotations

import os
import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from survey.core import limits
from survey.core.masking import masked

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
ROOMS = ("survey", "analysis", "dashboard")
#: where a text is read: on a page of the dashboard, or on the command line
PAGE, COMMAND = SURFACES = ("page", "command")
#: a thread that nobody told is one of the dashboard's: its server and its jobs have threads of their own
_surface: ContextVar[str] = ContextVar("surface", default=PAGE)
#: what names are called in the reader's language, where it is another than theirs
_names: ContextVar[Mapping[str, str]] = ContextVar("names", default=MappingProxyType({}))
#: at the end of a list: there are more
MORE = "…"
#: what parts a name from what stands beside it
_BESIDE = re.compile(r"([\s、,，·()（）:：;；|]+)")
#: parameters of a text that quote a file as it is
QUOTES = frozenset({"found", "file", "files", "sheet", "header", "headers", "value", "word", "known"})
#: parameters that list places, numbers and days, never words of a file: findings keep them as one text, listed as Chinese does
LISTED_PLACES = frozenset(
    {"cells", "rows", "batch", "batches", "pairs", "readings", "codes", "years", "keys", "suggested"}
)
#: a table's first name where its heading begins a line; texts stand in quotes, so that no other line begins so
_TABLE = re.compile(r"^\[([A-Za-z0-9_-]+)", re.MULTILINE)


def language(value: str | None) -> str:
    """Return ``zh`` or ``en`` for what a user, a browser or the environment asked for."""
    if value is not None and value in LANGUAGES:
        return value
    head = (value or "").strip().lower()[:2]
    return head if head in LANGUAGES else DEFAULT_LANGUAGE


def environment_language() -> str:
    """The language of ``$XINGFU_LANG``, else Chinese."""
    return language(os.environ.get("XINGFU_LANG"))


@contextmanager
def on_surface(surface: str) -> Iterator[None]:
    """Word what the block says for this surface, in this thread."""
    token = _surface.set(surface)
    try:
        yield
    finally:
        _surface.reset(token)


@contextmanager
def calling(names: Mapping[str, str]) -> Iterator[None]:
    """Call what has a name in the reader's language (name → that name) by it in the block, in this thread."""
    token = _names.set(names)
    try:
        yield
    finally:
        _names.reset(token)


def called(text: str) -> str:
    """A name as the reader's language calls it, also where it stands among others or beside a number (``甲社区、乙社区``,
    ``甲社区 · 纸质``); within a sentence it stays as it is, and so does any other text."""
    names = _names.get()
    if not names or text.isascii():
        return text
    if text in names:
        return names[text]
    parts = _BESIDE.split(text)
    if not any(one in names for one in parts[::2]):
        return text
    return "".join(names.get(one, one) if n % 2 == 0 else one.replace("、", ", ") for n, one in enumerate(parts))


def called_all(value: Any) -> Any:
    """Facts of a paper with each text in them ``called`` as the reader's language does; keys stay."""
    if not _names.get():
        return value
    if isinstance(value, str):
        return called(value)
    if isinstance(value, Mapping):
        return {key: called_all(one) for key, one in value.items()}
    return [called_all(one) for one in value] if isinstance(value, (list, tuple)) else value


def _flatten(prefix: str, table: Mapping[str, Any], surface: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and set(value) == set(SURFACES):
            flat[name] = str(value[surface])
        elif isinstance(value, Mapping):
            flat.update(_flatten(f"{name}.", value, surface))
        else:
            flat[name] = str(value)
    return flat


@cache
def _files(lang: str) -> Mapping[str, Path]:
    """The file of each table of a language; raises ValueError if two files hold the same table."""
    files: dict[str, Path] = {}
    root = Path(__file__).resolve().parent.parent.parent
    for room in ROOMS:
        for path in sorted((root / room / "texts" / lang).glob("*.toml")):
            for table in dict.fromkeys(_TABLE.findall(path.read_text(encoding="utf-8"))):
                if table in files:
                    raise ValueError(f"two text files hold the table {table!r}: {files[table]}, {path}")
                files[table] = path
    return files


@cache
def _texts(path: Path, surface: str) -> Mapping[str, str]:
    return _flatten("", tomllib.loads(path.read_text(encoding="utf-8")), surface)


def _of(lang: str, key: str) -> Mapping[str, str]:
    """The texts, for the surface of this context, of the file that holds the table of ``key``: parsed when somebody asks, as a run needs but a few."""
    path = _files(lang).get(key.partition(".")[0])
    return {} if path is None else _texts(path, _surface.get())


@cache
def catalogue(lang: str, surface: str = PAGE) -> Mapping[str, str]:
    """All texts of one language and surface, keyed ``table.key``; raises ValueError if two files hold the same table."""
    paths = dict.fromkeys(_files(lang).values())
    return {key: text for path in paths for key, text in _texts(path, surface).items()}


def separator(lang: str) -> str:
    """What stands between the texts of a list in a reader's language."""
    return "、" if lang == "zh" else ", "


def first(texts: Sequence[Any], most: int) -> list[str]:
    """The first of these texts, for a sentence that lists them; ``…`` behind them where there are more."""
    return [str(one) for one in texts[:most]] + [MORE] * (len(texts) > most)


#: who acts at this machine's own address while nobody has an account, as the store keeps it
LOCAL_USER = "local"


def said_who(who: Any, lang: str) -> str:
    """Who did something, as a reader is told: the person of this machine has no name that could be shown."""
    return say(lang, "person.local_user") if who == LOCAL_USER else str(who or "")


def enumerated(lang: str, texts: Iterable[str], most: int | None = None) -> str:
    """Texts as one list in a reader's language, at most so many of them and then ``…``."""
    every = [called(text) for text in texts]
    shown = every if most is None else every[:most]
    return separator(lang).join(shown) + (" …" if len(shown) < len(every) else "")


class _Given(dict[str, Any]):
    """Parameters of a text; a limit that it names and its caller does not give comes from ``limits``."""

    def __missing__(self, name: str) -> str:
        return limits.words()[name]


class _Words(string.Formatter):
    """Fills texts in which a number carries its noun: ``{n:row is|rows are}`` is ``1 row is`` and ``2 rows are``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value, and after it the first wording for 1, else the second."""
        one, found, many = format_spec.partition("|")
        if not found:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else many}"


_WORDS = _Words()


def say(lang: str, key: str, /, **params: Any) -> str:
    """The text of ``key`` with its ``{placeholders}`` filled; an unknown key is a fault of ours.

    What fills them may come out of a cell, the name of a file or of a sheet: numbers of persons are masked in it.  What is a
    name is ``called`` as the reader's language does, but not where a file is quoted (``QUOTES``).  A list or tuple of texts is
    ``enumerated`` in the reader's language; ``…`` at its end says that there are more.
    """
    lang = language(lang)
    text = _of(lang, key)[key]
    if not params and "{" not in text and "}" not in text:  # most are plain
        return text
    shown = {name: _shown(lang, name, value) for name, value in params.items()}
    return _WORDS.vformat(text, (), _Given(shown)) if "|" in text else text.format_map(_Given(shown))


def _shown(lang: str, name: str, value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        texts = [str(one) for one in value]
        more = len(texts) > 1 and texts[-1] == MORE
        with calling({}) if name in QUOTES else nullcontext():
            return masked(enumerated(lang, texts[: len(texts) - more]) + more * f" {MORE}")
    if not isinstance(value, str):
        return value
    if name in LISTED_PLACES:
        value = value.replace(separator("zh"), separator(lang))
    return masked(value if name in QUOTES else called(value))


def known(key: str) -> bool:
    """Whether a text of this key exists (both sets are held equal by a test)."""
    return key in _of(DEFAULT_LANGUAGE, key)
