"""The bundle for a Linux server without internet: the wheels with their hashes, and a script that installs them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from bundle.wheels import Target
from bundle.windows import OLDEST, PARTS

FOLDER = "xingfu"


def make(out: Path, wheels: list[Path], own: Path, pinned: str, target: Target) -> list[str]:
    """Write the archive (.tar); gives the names in it.  Wheels are compressed already, so it is not."""
    names: list[str] = []
    with tarfile.open(out, "w") as archive:

        def put(name: str, data: bytes, mode: int = 0o644) -> None:
            info = tarfile.TarInfo(f"{FOLDER}/{name}")
            info.size, info.mode, info.mtime = len(data), mode, OLDEST
            archive.addfile(info, io.BytesIO(data))
            names.append(name)

        script = (PARTS / "install.sh").read_text(encoding="utf-8")
        put("install.sh", script.replace("{python}", target.python).replace("{own}", own.name).encode(), 0o755)
        put("README.txt", (PARTS / "linux.txt").read_text(encoding="utf-8").replace("{python}", target.python).encode())
        put("requirements.txt", pinned.encode())
        for wheel in [*wheels, own]:
            put(f"wheels/{wheel.name}", wheel.read_bytes())
    return names
