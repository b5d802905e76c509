"""What a user reads, in Chinese and English, one folder per language in each room.

A package (``survey``, ``analysis``, ``dashboard``) keeps its texts in ``texts/zh/*.toml`` and
``texts/en/*.toml``, one file a room.  A key is the table in the file, a dot, and the (dotted) key
in it: ``checking.not_a_choice``.  Tables are unique over all files of a language.  A text names a limit
as ``limits.words`` does (``{totals_below}``) and follows it, whoever says it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from survey.core import limits

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
ROOMS = ("survey", "analysis", "dashboard")


def language(value: str | None) -> str:
    """Return ``zh`` or ``en`` for what a user, a browser or the environment asked for."""
    head = (value or "").strip().lower()[:2]
    return head if head in LANGUAGES else DEFAULT_LANGUAGE


def environment_language() -> str:
    """The language of ``$XINGFU_LANG``, else Chinese."""
    return language(os.environ.get("XINGFU_LANG"))


def _flatten(prefix: str, table: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            flat.update(_flatten(f"{name}.", value))
        else:
            flat[name] = str(value)
    return flat


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All texts of one language, keyed ``table.key``; raises ValueError if two files hold the same table."""
    texts: dict[str, str] = {}
    tables: dict[str, Path] = {}
    root = Path(__file__).resolve().parent.parent.parent
    for room in ROOMS:
        for path in sorted((root / room / "texts" / lang).glob("*.toml")):
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            for table in content:
                if table in tables:
                    raise ValueError(f"two text files hold the table {table!r}: {tables[table]}, {path}")
                tables[table] = path
            texts.update(_flatten("", content))
    return texts


class _Given(dict[str, Any]):
    """Parameters of a text; a limit that it names and its caller does not give comes from ``limits``."""

    def __missing__(self, name: str) -> str:
        return limits.words()[name]


def say(lang: str, key: str, /, **params: Any) -> str:
    """The text of ``key`` with its ``{placeholders}`` filled; an unknown key is a fault of ours."""
    return catalogue(language(lang))[key].format_map(_Given(params))


def known(key: str) -> bool:
    """Whether a text of this key exists (both sets are held equal by a test)."""
    return key in catalogue(DEFAULT_LANGUAGE)
