"""The bundle for Windows: a folder that is unpacked and started by a double click, without an installer or its rights.

Nothing is installed there: the wheels are laid out beside the embeddable Python that python.org offers, whose own file
``python3NN._pth`` says where modules lie.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import time
import zipfile
from pathlib import Path

from bundle.wheels import Target, Unusable, laid_out

FOLDER = "xingfu"
PARTS = Path(__file__).parent / "parts"
#: what a zip of the embeddable Python holds, by which it is told
PROGRAM, LIBRARY = "python.exe", re.compile(r"python3(\d+)\.dll")
#: 64 bits of x86, as a program says it of itself
AMD64 = 0x8664
#: as old as a zip can say
OLDEST = 315532800


def python_of(place: Path) -> str:
    """Which Python (``3.11``) an embeddable zip holds; raises Unusable for any other file, and for other processors."""
    try:
        with zipfile.ZipFile(place) as found:
            names = set(found.namelist())
            minor = [int(match[1]) for name in names if (match := LIBRARY.fullmatch(name)) and match[1]]
            if PROGRAM not in names or not minor:
                raise Unusable(
                    f"{place} is no embeddable Python: python.exe and python3NN.dll are not in it. Take"
                    " “Windows embeddable package (64-bit)” of Python 3.11 or newer from python.org."
                )
            if _machine(found.read(PROGRAM)) != AMD64:
                raise Unusable(f"{place} is not for 64-bit x86: take “Windows embeddable package (64-bit)”.")
    except (OSError, zipfile.BadZipFile) as error:
        raise Unusable(f"{place} can't be read as a zip: {error}") from error
    if max(minor) < 11:
        raise Unusable(f"{place} holds Python 3.{max(minor)}: 3.11 or newer is needed.")
    return f"3.{max(minor)}"


def _machine(program: bytes) -> int:
    """Which processor a Windows program is for; 0 for what is none."""
    if program[:2] != b"MZ" or len(program) < 0x40:
        return 0
    (at,) = struct.unpack_from("<I", program, 0x3C)
    if program[at : at + 4] != b"PE\0\0":
        return 0
    return int(struct.unpack_from("<H", program, at + 4)[0])


def make(out: Path, wheels: list[Path], target: Target, version: str, python_zip: Path | None) -> dict[str, str]:
    """Write the zip; gives its manifest: path in the folder → SHA-256.

    Without ``python_zip`` all the rest is there, and the text beside the start says what to add and where.
    """
    dotted = target.python.replace(".", "")
    path_file = "\r\n".join((f"python{dotted}.zip", ".", "..\\lib", "")).encode()
    told = {"version": version, "python": target.python, "dotted": dotted}
    files: dict[str, bytes] = {
        f"python/python{dotted}._pth": path_file,
        "lib/start.py": (PARTS / "start.py").read_bytes(),
        "启动 start.bat": _worded("start.bat", told),
        "说明 README.txt": _worded("windows.txt", told),
    }
    manifest: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:

        def put(name: str, data: bytes) -> None:
            if name in manifest:
                if manifest[name] != hashlib.sha256(data).hexdigest():
                    raise Unusable(f"two packages hold different files {name}")
                return
            info = zipfile.ZipInfo(f"{FOLDER}/{name}", _moment())
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(info, data)
            manifest[name] = hashlib.sha256(data).hexdigest()

        for name, data in files.items():
            put(name, data)
        if python_zip is not None:
            with zipfile.ZipFile(python_zip) as found:
                for inside in found.infolist():
                    if not inside.is_dir() and not inside.filename.endswith("._pth"):
                        put(f"python/{inside.filename}", found.read(inside))
        for wheel in wheels:
            for name, inside, holder in laid_out(wheel):
                put(f"lib/{name}", holder.read(inside))
        put("MANIFEST.json", json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
    return manifest


def _worded(part: str, told: dict[str, str]) -> bytes:
    """A text of ours with CRLF, as Windows' own programs read it; a batch file is read before it says its encoding."""
    text = (PARTS / part).read_text(encoding="utf-8")
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", value)
    return text.replace("\n", "\r\n").encode("utf-8-sig" if part.endswith(".txt") else "utf-8")


def _moment() -> tuple[int, int, int, int, int, int]:
    return time.gmtime(OLDEST)[:6]
