"""The wheels of another platform: which of the pinned requirements it needs, fetched with their hashes, laid out as files."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement

#: parts of a wheel's ``.data`` folder that are imported; scripts and the like are no use where nothing is installed
IMPORTED = ("purelib", "platlib")
#: how the names of platforms that a Linux of this processor takes begin, the oldest glibc last
_LINUX = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_24", "manylinux_2_17", "manylinux2014")


class Unusable(Exception):
    """What was given or fetched is not what a bundle needs; the words say what to do."""


@dataclass(frozen=True)
class Target:
    """Where a bundle runs: ``python`` such as ``3.11``, ``platforms`` as wheels call them, what markers are told."""

    python: str
    platforms: tuple[str, ...]
    markers: Mapping[str, str]

    @classmethod
    def windows(cls, python: str) -> Target:
        """Windows on 64 bits."""
        return cls(python, ("win_amd64",), _markers(python, "win32", "nt", "Windows", "AMD64"))

    @classmethod
    def linux(cls, python: str, machine: str) -> Target:
        """Linux with glibc 2.28 or newer (Debian 10, RHEL 8, openEuler 20.03) on such a processor."""
        return cls(
            python, tuple(f"{name}_{machine}" for name in _LINUX), _markers(python, "linux", "posix", "Linux", machine)
        )


def _markers(python: str, platform: str, os_name: str, system: str, machine: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": platform,
        "os_name": os_name,
        "platform_system": system,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def needed(pinned: str, target: Target) -> str:
    """The pinned requirements (text with hashes) that the target needs, without their markers.

    pip judges markers by the machine it runs on, and the target is another one.
    """
    kept = []
    for requirement, hashes in _pins(pinned):
        if requirement.marker is None or requirement.marker.evaluate(dict(target.markers)):
            kept.append(" \\\n".join([f"{requirement.name}{requirement.specifier}", *(f"    {h}" for h in hashes)]))
    return "\n".join(kept) + "\n"


def _pins(pinned: str) -> Iterator[tuple[Requirement, list[str]]]:
    for entry in re.sub(r"\\\n", " ", pinned).splitlines():
        said = entry.partition("#")[0].strip()
        if not said:
            continue
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}", said)
        if not hashes:
            raise Unusable(f"requirements.txt pins {said!r} without a hash: run make lock")
        yield Requirement(said.partition("--hash")[0].strip()), hashes


def fetch(pinned: str, target: Target, place: Path) -> list[Path]:
    """Fetch the wheels of what is needed into a folder, each checked against its hash; sorted by name."""
    place.mkdir(parents=True, exist_ok=True)
    wanted = place / "requirements.txt"
    wanted.write_text(needed(pinned, target), encoding="utf-8")
    command = [*(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", str(place), "-r", str(wanted)]
    command += ["--implementation", "cp", "--python-version", target.python]
    for platform in target.platforms:
        command += ["--platform", platform]
    if subprocess.run(command).returncode:
        raise Unusable(
            f"the packages for {target.platforms[0]}, Python {target.python}, could not be fetched: see above"
        )
    return sorted(place.glob("*.whl"))


def own(root: Path, place: Path) -> Path:
    """The wheel of the program itself, made of a checkout."""
    command = [*(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")]
    if subprocess.run([*command, "--no-deps", "--no-build-isolation", "--wheel-dir", str(place), str(root)]).returncode:
        raise Unusable("the program's own wheel could not be made: see above")
    return next(place.glob("xingfu-*.whl"))


def laid_out(wheel: Path) -> Iterator[tuple[str, zipfile.ZipInfo, zipfile.ZipFile]]:
    """Each file of a wheel by where it lies among imported ones, as an installer would lay it out."""
    with zipfile.ZipFile(wheel) as found:
        for info in found.infolist():
            parts = PurePosixPath(info.filename).parts
            if info.is_dir():
                continue
            if info.filename.startswith("/") or ".." in parts or "\\" in info.filename:
                raise Unusable(f"{wheel.name} holds {info.filename!r}, which lies outside of it")
            if len(parts) > 2 and parts[0].endswith(".data"):
                if parts[1] not in IMPORTED:
                    continue
                parts = parts[2:]
            yield "/".join(parts), info, found
