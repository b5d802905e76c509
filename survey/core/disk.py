"""Files appear whole or not at all, and a disk that will not take them is said in one sentence."""

from __future__ import annotations

import errno
import glob
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from survey.core.errors import Surroundings, WrongUsage


def require_ending(path: Path, *endings: str) -> None:
    """Raise WrongUsage for a file name whose ending says another kind of file than is written."""
    if path.suffix.lower() not in endings:
        raise WrongUsage("disk.wrong_ending", path=str(path), endings=" ".join(endings))


def name_too_long(error: OSError) -> bool:
    """Whether the system refused a name for its length alone."""
    return error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == _WINDOWS_TOO_LONG


def refused_by_disk(path: Path, error: OSError) -> Surroundings:
    """What is said of a file that could not be written; a name that is too long is no matter of the disk."""
    if name_too_long(error):
        return Surroundings("disk.name_too_long", name=shortened_name(path))
    return Surroundings("disk.cannot_write", path=str(path), reason=error.strerror or str(error))


def shortened_name(path: str | Path) -> str:
    """The longest name in a path, by its beginning: enough to see which one is meant."""
    longest = max(Path(path).parts or (str(path),), key=lambda part: len(os.fsencode(part)))
    return longest if len(longest) <= _TOLD else f"{longest[:_TOLD]}…"


def try_place(path: Path, *, folder: bool = False) -> None:
    """Raise Surroundings where a file (or a ``folder`` of them) could not be written, before anything is made for it.

    Nothing stays of the trial, and no folder is made for it: tried is where the first new file or folder would appear.
    """
    place = path.absolute()
    try:
        there = next(parent for parent in place.parents if parent.exists())
        for name in place.relative_to(there).parts:
            with suppress(FileNotFoundError, NotADirectoryError):
                (there / name).lstat()  # what no system takes, it says here
        if place.is_dir() != folder and place.exists():
            wrong = errno.ENOTDIR if folder else errno.EISDIR
            raise OSError(wrong, os.strerror(wrong))
        for where in (there, place) if folder and place.is_dir() else (there,):
            trial = beside_of(where / place.name)
            os.close(os.open(trial, NEW_FILE, 0o600))
            trial.unlink()
    except OSError as error:
        raise refused_by_disk(path, error) from error


def write_file(path: Path, data: bytes | Iterable[bytes], *, private: bool = False) -> Path:
    """Write ``data`` (or its pieces) beside ``path`` and move it there; raises Surroundings when the disk refuses.

    A ``private`` file, and a folder made for it, are readable by their owner only, where the system knows that.
    """
    mode = 0o600 if private else 0o666
    beside = beside_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        with open(os.open(beside, NEW_FILE, mode), "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        _remove(beside)
        raise refused_by_disk(path, error) from error
    except BaseException:
        _remove(beside)
        raise
    return path


def write_set(
    folder: Path, files: Iterable[tuple[str, bytes]], *, private: str | tuple[str, ...] | None = None
) -> list[Path]:
    """Write files (paths below the folder) all together: every one is whole on the disk before the first appears; they may
    be made one by one, as they are asked for.

    Those whose path begins with ``private`` (or one of several) are readable by their owner only, and so is a folder made for them.
    What was there stays until then, and comes back where the last step fails, or was killed, with the next file that is
    written there; other files of the folder stay in any case.  Raises Surroundings when the disk refuses.
    """
    folder = folder.absolute() if folder == Path() else folder
    beside = beside_of(folder)
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)  # what a killed program leaves of a set is its owner's only
        names = []
        for name, data in files:
            names.append(name)
            write_file(beside / "new" / name, data, private=private is not None and name.startswith(private))
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            (beside / "new").rename(folder)
        else:
            _exchange(beside, folder, names)
    except OSError as error:
        raise refused_by_disk(folder, error) from error
    finally:
        _clear(beside)
    return [folder / name for name in names]


def beside_of(path: Path) -> Path:
    """Where this process makes a file or folder before it is put in its place ``path``.

    What a killed program left there is deleted first (of a dated name: whatever its date); a set of files that it was
    exchanging is first put back as it was, unless all of the new ones are there.
    """
    name = name_beside(path.name)
    alike = re.sub(r"\d{8}-\d{6}", "*", glob.escape(name))
    own = path.with_name(f".{name}.{os.getpid()}.part")
    with suppress(
        OSError
    ):  # a folder that is not there yet holds nothing; what else is wrong is said when it is written to
        for left in path.parent.glob(f".{alike}.*.part*"):
            found = re.search(r"\.(\d+)\.part[^.]*$", left.name)
            if found and (int(found[1]) == os.getpid() or not _lives(int(found[1]))):
                _forget(left, path)
    return own


def name_beside(name: str) -> str:
    """A name to which a mark is added while it is not yet whole: the mark must not be what makes it too long."""
    whole = os.fsencode(name)
    return name if len(whole) <= _ROOM else whole[:_ROOM].decode("utf-8", "ignore") + sha256(whole).hexdigest()[:8]


def put_in_place(beside: Path, place: Path) -> None:
    """Give a file that is whole its name, where nothing has it yet; raises FileExistsError where something has.

    Memory sticks and shares often know no second name of a file: there an empty one keeps the name until it is replaced.
    """
    try:
        os.link(beside, place)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(place, NEW_FILE, 0o600))
        try:
            beside.replace(place)
        except BaseException:
            _remove(place)
            raise


def _lives(number: int) -> bool:
    import psutil  # for who finds something left; every command imports this module

    return psutil.pid_exists(number)


def _forget(left: Path, path: Path) -> None:
    if not left.is_dir():
        _remove(left)
        return
    try:
        known = json.loads((left / _REPLACED).read_bytes())
    except (OSError, ValueError):  # nothing was exchanged yet
        known = {}
    if any((left / "new" / name).exists() for name in known):
        _put_back(left, path, known)
    _clear(left)


def _exchange(beside: Path, folder: Path, names: Sequence[str]) -> None:
    """Put the new files in place of those of the same names, or leave everything as it was."""
    replaced = {name: (folder / name).exists() for name in names}
    write_file(beside / _REPLACED, json.dumps(replaced).encode("ascii"))
    try:
        for name in names:
            for place in (folder / name, beside / "old" / name):
                place.parent.mkdir(parents=True, exist_ok=True)
            if replaced[name]:
                (folder / name).rename(beside / "old" / name)
            (beside / "new" / name).rename(folder / name)
    except BaseException:
        _put_back(beside, folder, replaced)
        raise


def _put_back(beside: Path, folder: Path, replaced: Mapping[str, bool]) -> None:
    """Leave the files of a set as they were before an exchange that ended anywhere; begun twice it ends the same.

    ``replaced``: name → whether there was a file of that name.
    """
    for name, old in replaced.items():
        if not old and not (beside / "new" / name).exists():
            _remove(folder / name)
        elif (beside / "old" / name).exists():
            (beside / "old" / name).replace(folder / name)


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # what went wrong first is what is said


#: bytes of a name that leave room for what marks it as not yet whole; file systems take 255
_ROOM = 200
#: characters of a name that is too long, in the sentence about it
_TOLD = 40
#: the number by which Windows says so
_WINDOWS_TOO_LONG = 206
#: in a folder beside a set: which of its files replace one
_REPLACED = "replaced.json"
#: how a file is opened that must not be there yet; O_BINARY is Windows' own: without it line ends would change
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _remove(path: Path) -> None:
    with suppress(OSError):  # what went wrong first is what is said
        path.unlink(missing_ok=True)
