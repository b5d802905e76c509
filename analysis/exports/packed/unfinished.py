"""A set of papers that takes long: what an interrupted run has finished is taken over by the next one of the same numbers.

The finished ones lie in a hidden folder beside the place that was asked for, whose name ends in a mark of everything they are
made of; other numbers have another mark, and what lies there of older ones is deleted.  Under the final name there is
nothing before all of it is whole.
"""

from __future__ import annotations

import glob
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

from analysis.exports.packed.zips import PRIVATE, write_zip
from analysis.scoring.results import Results
from survey.core import progress
from survey.core.disk import name_beside, try_place, write_file, write_set
from survey.core.errors import Surroundings, XingfuError
from survey.files.taking import taker

#: name (path below the folder) and how the file is made
Part = tuple[str, Callable[[], bytes]]
#: all files on their way into the place, and what goes with them: a manifest of the others
Through = Callable[[Iterable[tuple[str, bytes]]], Iterable[tuple[str, bytes]]]


def mark_of(years: Sequence[Results], *more: object) -> str:
    """A mark of results and of what else papers are made of; another one as soon as any of it is another."""
    told = [repr(sorted(one.meta.items(), key=lambda pair: pair[0])) + one.scores.to_csv(index=False) for one in years]
    return sha256("\n".join([*told, *map(repr, (*more, taker()))]).encode("utf-8", "surrogatepass")).hexdigest()


def write_parts(
    out: Path,
    parts: Sequence[Part],
    when: datetime,
    mark: str,
    beside: Iterable[tuple[str, bytes]] = (),
    through: Through = iter,
) -> list[Path]:
    """Make every part and put them into an archive where ``out`` ends in ``.zip``, else into a folder; what was written.

    ``beside``: files with single responses, which are never left lying about; they, or the archive that holds them, are
    readable by their owner only; ``through`` sees all of them pass.  Listeners of ``progress`` hear how many of them there are, first those that an interrupted run of the same ``mark`` left.
    Raises Surroundings when the disk refuses, and whatever making a part raises; then nothing is left.
    """
    archive = out.suffix.lower() == ".zip" and not out.is_dir()
    try_place(out, folder=not archive)
    own = sha256(repr([mark, [name for name, _ in parts]]).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    name = name_beside(out.absolute().name)
    work = out.absolute().with_name(f".{name}.{own}.unfinished")
    for left in work.parent.glob(f".{glob.escape(name)}.*.unfinished"):
        if left != work:
            shutil.rmtree(left, ignore_errors=True)
    try:
        _make(work, parts, out)
        if archive:
            written = [write_zip(out, through(chain(_made(work, parts), beside)), when, private=bool(beside))]
        else:
            written = write_set(out, through(chain(_made(work, parts), beside)), private=PRIVATE)
    except XingfuError:
        shutil.rmtree(work, ignore_errors=True)  # what can't be finished is no beginning; a full disk has its room back
        raise
    shutil.rmtree(work, ignore_errors=True)
    return written


def _make(work: Path, parts: Sequence[Part], out: Path) -> None:
    done = sum(_place(work, number).exists() for number in range(len(parts)))
    progress.at("writing", done, len(parts), "papers")
    for number, (_, make) in enumerate(parts):
        if not _place(work, number).exists():
            data = make()
            try:
                write_file(_place(work, number), data, private=True)
            except Surroundings as refused:  # of the place that was asked for, not of ours beside it
                raise Surroundings("disk.cannot_write", **{**refused.params, "path": str(out)}) from refused
            done += 1
            progress.at("writing", done, len(parts), "papers")


def _made(work: Path, parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    """One file after the other; one that another run took away meanwhile is made again."""
    for number, (name, make) in enumerate(parts):
        try:
            yield name, _place(work, number).read_bytes()
        except FileNotFoundError:
            yield name, make()


def _place(work: Path, number: int) -> Path:
    return work / f"{number:06d}"
