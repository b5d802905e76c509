"""What a user reads, in Chinese and English, one folder per language in each room.

A room (``survey``, ``analysis``, ``dashboard``) keeps its texts in ``texts/zh/*.toml`` and
``texts/en/*.toml``.  A key is the file's stem, a dot, and the (dotted) key in the file:
``checking.bad_choice``.  Stems are unique over all rooms, so a key says where its text lives.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

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
        name = f"{prefix}.{key}"
        if isinstance(value, Mapping):
            flat.update(_flatten(name, value))
        else:
            flat[name] = str(value)
    return flat


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All texts of one language, keyed ``stem.key``; raises ValueError if two files share a stem."""
    texts: dict[str, str] = {}
    stems: dict[str, Path] = {}
    root = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        for path in sorted((root / room / "texts" / lang).glob("*.toml")):
            if path.stem in stems:
                raise ValueError(f"two text files share the stem {path.stem!r}: {stems[path.stem]}, {path}")
            stems[path.stem] = path
            texts.update(_flatten(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))))
    return texts


def say(lang: str, key: str, /, **params: Any) -> str:
    """The text of ``key`` with its ``{placeholders}`` filled; an unknown key is a fault of ours."""
    return catalogue(language(lang))[key].format_map(params)


def known(key: str) -> bool:
    """Whether a text of this key exists (both sets are held equal by a test)."""
    return key in catalogue(DEFAULT_LANGUAGE)
