"""The manifest of an archive pack: which files it holds, with their SHA-256; and whether a pack still is what it was.

A pack is looked over without a store and without this program's formulas: its bytes are compared with what was written down
when it was made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.core import limits
from survey.core.errors import Refused, Surroundings
from survey.store.upkeep.examination import OK, WRONG, Examined

NAME = "manifest.json"
FORMAT = "xingfu-archive"
VERSION = 1
#: names told of each kind of fault before the rest is counted
_NAMED = 5


def with_manifest(files: Iterable[tuple[str, bytes]], about: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The same files, one after the other, and the manifest behind them; ``about``: JSON, what the pack is."""
    held: dict[str, dict[str, Any]] = {}
    for name, data in files:
        held[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        yield name, data
    text = {"format": FORMAT, "format_version": VERSION, **about, "files": dict(sorted(held.items()))}
    yield NAME, (json.dumps(text, ensure_ascii=False, indent=1) + "\n").encode()


def read(folder: Path) -> Mapping[str, Any]:
    """The manifest of a pack; raises Refused where there is none or it is not one of ours, Surroundings where it can't be read."""
    path = folder / NAME
    if not path.is_file():
        raise Refused("archive.no_pack", path=str(folder), name=NAME)
    try:
        if path.stat().st_size > limits.UPLOAD_BYTES:
            raise Refused("archive.no_manifest", path=str(path))
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise Surroundings("archive.unreadable", path=str(path), reason=error.strerror or str(error)) from error
    except ValueError:
        raise Refused("archive.no_manifest", path=str(path)) from None
    whole = isinstance(found, dict) and found.get("format") == FORMAT and isinstance(found.get("files"), dict)
    if not whole or not all(isinstance(one, dict) and "sha256" in one for one in found["files"].values()):
        raise Refused("archive.no_manifest", path=str(path))
    if found.get("format_version") != VERSION:
        raise Refused("archive.newer", path=str(path), version=found.get("format_version"))
    manifest: Mapping[str, Any] = found
    return manifest


def examine_pack(folder: Path) -> Iterator[Examined]:
    """Files that are gone, that differ, that nobody wrote there; each kind in one sentence."""
    told = read(folder)["files"]
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there.pop(NAME, None)
    gone = sorted(name for name in told if name not in there)
    changed = sorted(name for name, one in told.items() if name in there and _sum(there[name]) != one["sha256"])
    strange = sorted(name for name in there if name not in told)
    found = [("gone", gone), ("changed", changed), ("strange", strange)]
    for kind, names in found:
        if names:
            yield Examined("pack", WRONG, f"archive.{kind}", {"n": len(names), "names": _some(names)})
    if not any(names for _, names in found):
        yield Examined("pack", OK, "archive.whole", {"n": len(told)})


def _some(names: list[str]) -> str:
    return "、".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Surroundings("archive.unreadable", path=str(path), reason=error.strerror or str(error)) from error
