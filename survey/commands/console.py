"""What every command shares: the store, the language, and how results and findings are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import pandas as pd
from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from survey.core import progress as stages
from survey.core.errors import Refused, XingfuError
from survey.core.findings import Finding
from survey.core.lang import known, say
from survey.store import Store

DEFAULT_STORE = "xingfu.db"
#: groups of alike findings that are printed; all of them are kept with the batch and in the list of findings
FIRST_GROUPS = 40
FIRST_CELLS = 8
#: a file from this size on says its stages where no terminal shows them on one line (bytes)
LARGE = 1_000_000


class Renderer(Protocol):
    """How a table becomes text: the flat-file writers of the exports."""

    def to_csv_text(self, frame: pd.DataFrame) -> str: ...  # noqa: D102
    def to_json_text(self, frame: pd.DataFrame, meta: Mapping[str, Any]) -> str: ...  # noqa: D102


def store_place(option: str | None) -> str:
    """``--store``, else ``$XINGFU_STORE``, else ``xingfu.db`` in the current folder (docs/cli.md)."""
    return option or os.environ.get("XINGFU_STORE") or DEFAULT_STORE


#: what would steer a terminal or turn the direction of a line, if a cell or a file's name holds it
_UNSEEN = dict.fromkeys(
    {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {ord("\n"), ord("\t")}, "\ufffd"
)


@dataclass
class Session:
    """One run of the command: where the store is, who reads, and how results are written."""

    place: str
    lang: str
    as_json: bool
    renderer: Renderer
    recompute: Callable[[Store, Iterable[int]], Sequence[int]] = lambda store, years: ()

    def say(self, key: str, /, **params: Any) -> str:
        """A text in the reader's language."""
        return say(self.lang, key, **params)

    def tell(self, key: str, /, **params: Any) -> None:
        """A sentence on standard error: progress and remarks never mix with results."""
        self.write_line(self.say(key, **params))

    def write_line(self, text: str, stream: IO[str] | None = None) -> None:
        """One line of plain text."""
        print(text.translate(_UNSEEN), file=stream or sys.stderr, flush=True)

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator[Store]:
        """The store, closed afterwards."""
        store = Store.open(self.place, create=create)
        try:
            yield store
        finally:
            store.close()

    def emit(
        self, rows: pd.DataFrame | Sequence[Mapping[str, Any]], *, shown: Sequence[str] | None = None, **meta: Any
    ) -> None:
        """Results on standard output: a table on a terminal (only the ``shown`` columns), CSV when piped, JSON."""
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
        if self.as_json:
            sys.stdout.write(self.renderer.to_json_text(frame, {"lang": self.lang, **meta}))
        elif sys.stdout.isatty():
            self._table(frame, list(shown or frame.columns))
        else:
            sys.stdout.write(self.renderer.to_csv_text(frame))
        sys.stdout.flush()

    def _table(self, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        """As many columns as the terminal holds whole; those left out are named, never cut."""
        terminal = Terminal()
        cells = {name: [_cell(v) for v in frame[name].tolist()] for name in columns}
        widths = {n: max([cell_len(self.heading(n)), *map(cell_len, cells[n])]) + 2 for n in columns}
        shown = list(columns)
        while len(shown) > 1 and sum(widths[n] for n in shown) > terminal.width:
            shown.pop()
        table = Table(show_edge=False, pad_edge=False, header_style="bold")
        for name in shown:
            numeric = pd.api.types.is_numeric_dtype(frame[name])
            table.add_column(self.heading(name), justify="right" if numeric else "left", no_wrap=len(shown) > 1)
        for values in zip(*(cells[name] for name in shown), strict=True):
            table.add_row(*map(Text, values))
        terminal.print(table)
        if left := columns[len(shown) :]:
            self.tell("cli.columns_left", columns="、".join(self.heading(n) for n in left))

    def bring_up_to_date(self, store: Store, years: Iterable[int]) -> None:
        """Compute the results of these years again; what is stored stays stored where that can't be done."""
        try:
            with self.progress() as steps, steps.following():
                done = self.recompute(store, years)
        except Refused as error:
            self.write_line(error.word(self.lang))
            return
        if done:
            self.tell("cli.recomputed", years="、".join(map(str, done)))

    def heading(self, column: str) -> str:
        """A column's name as a user reads it on a terminal; its lasting name where there is none."""
        return self.say(f"columns.{column}") if known(f"columns.{column}") else column

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Findings on standard error, those alike together, with the first addresses of each."""
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            groups.setdefault((finding.level, finding.word(self.lang)), []).append(finding)
        order = {"refuse": 0, "ask": 1, "note": 2}
        ranked = sorted(groups.items(), key=lambda item: order[item[0][0]])
        for (level, sentence), alike in ranked[:FIRST_GROUPS]:
            where = self._places(alike)
            header = f" [{alike[0].header}]" if alike[0].header and len({f.header for f in alike}) == 1 else ""
            self.write_line(
                f"  {self.say('cli.level.' + level)} {where}{header} {sentence}".rstrip().replace("\n", " ")
            )
        if len(ranked) > FIRST_GROUPS:
            self.tell("cli.more_groups", n=len(ranked) - FIRST_GROUPS)

    def _places(self, alike: Sequence[Finding]) -> str:
        """``数据!F37 F52 …`` and how many more; a sheet is named once."""
        shown, sheet = [], None
        for finding in [f for f in alike if f.where][:FIRST_CELLS]:
            shown.append(finding.cell if finding.sheet == sheet and finding.cell else finding.where)
            sheet = finding.sheet
        more = len(alike) - len(shown)
        return " ".join(shown) + (self.say("cli.and_more", n=more) if shown and more else "")

    @contextmanager
    def progress(self, total: int | None = None) -> Iterator[Steps]:
        """A progress bar on standard error; plain lines where it is no terminal."""
        terminal = Terminal(stderr=True)
        if not terminal.is_terminal:
            yield Steps(self, None, None)
            return
        with Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=terminal,
            transient=True,
        ) as bar:
            yield Steps(self, bar, bar.add_task("", total=total))


@dataclass
class Steps:
    """Progress of one command, step by step."""

    session: Session
    bar: Progress | None
    task: Any

    def at(self, text: str) -> None:
        """Say what is being worked on now."""
        if self.bar is None:
            self.session.write_line(text)
        else:
            self.bar.update(self.task, description=text)

    @contextmanager
    def following(self, file: str = "", size: int = 0) -> Iterator[None]:
        """Show the stages of what is done in the block: on the terminal's one line, else a line each for a large file."""
        said: set[str] = set()

        def tell(stage: stages.Stage) -> None:
            text = " · ".join(filter(None, (file, stage.word(self.session.lang))))
            if self.bar is not None:
                self.bar.update(self.task, description=text)
            elif size >= LARGE and not self.session.as_json and stage.name not in said:
                said.add(stage.name)
                self.session.write_line(f"  {text}")

        with stages.listening(tell):
            yield

    def done(self, steps: int = 1) -> None:
        """One step more is done."""
        if self.bar is not None:
            self.bar.advance(self.task, steps)


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value)


def read_input(path: Path) -> bytes:
    """The bytes of a file the user named; Refused in one sentence if it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("cli.no_such_file", path=str(path)) from error
    except IsADirectoryError as error:
        raise Refused("cli.is_a_folder", path=str(path)) from error
    except OSError as error:
        raise Refused("cli.unreadable_file", path=str(path), reason=error.strerror or "") from error


def sentence(error: XingfuError, session: Session) -> None:
    """An error as the user sees it: its findings, then one sentence."""
    if isinstance(error, Refused):
        session.show_findings(error.findings)
    session.write_line(error.word(session.lang))
