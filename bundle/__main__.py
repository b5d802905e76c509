"""``make bundle``: what an office without internet is handed, for Windows and for Linux, into ``dist/``."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from bundle import linux, windows
from bundle.wheels import Target, Unusable, fetch, needed, own

ROOT = Path(__file__).resolve().parent.parent


def main(words: list[str]) -> int:
    """Make both bundles, or the one that was asked for; status 5 with one sentence where that can't be."""
    asked = argparse.ArgumentParser(prog="make bundle", description=__doc__)
    asked.add_argument("--python-zip", default="", help="the embeddable Python for Windows, 64-bit, of python.org")
    asked.add_argument("--python", default="3.11", help="for which Python where no zip says it (3.11)")
    asked.add_argument("--only", choices=("windows", "linux"))
    asked.add_argument("--out", type=Path, default=ROOT / "dist")
    given = asked.parse_args(words)
    try:
        for made in _made(given):
            print(f"{made}  {made.stat().st_size / 1e6:.0f} MB  SHA-256 {_digest(made)}")
    except (Unusable, OSError) as error:
        print(error, file=sys.stderr)
        return 5
    return 0


def _made(given: argparse.Namespace) -> list[Path]:
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    python_zip = Path(given.python_zip) if given.python_zip else None
    found = []
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        if given.only != "linux":
            target = Target.windows(given.python if python_zip is None else windows.python_of(python_zip))
            if python_zip is not None:
                print(f"{python_zip}: Python {target.python}, SHA-256 {_digest(python_zip)}")
            wheels = [*fetch(pinned, target, place / "windows"), own(ROOT, place / "own")]
            out = given.out / f"xingfu-{version}-windows{'' if python_zip else '-without-python'}.zip"
            _whole(out, lambda beside: windows.make(beside, wheels, target, version, python_zip))
            found.append(out)
        if given.only != "windows":
            machine = platform.machine()
            target = Target.linux(given.python, machine)
            wheels, ours = fetch(pinned, target, place / "linux"), own(ROOT, place / "own")
            out = given.out / f"xingfu-{version}-linux-{machine}-python{target.python}.tar"
            _whole(out, lambda beside: linux.make(beside, wheels, ours, needed(pinned, target), target))
            found.append(out)
    return found


def _whole(out: Path, make: Callable[[Path], object]) -> None:
    """Let a file appear under its name only once it is whole."""
    beside = out.with_name(f".{out.name}.part")
    try:
        make(beside)
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
