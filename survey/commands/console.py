"""What every command shares: the store, the language, and how results and findings are shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import typer
from rich.cells import cell_len
from rich.console import Console as Terminal
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from survey.commands.voice import Voice, user
from survey.core import progress as stages
from survey.core.errors import Refused, Surroundings
from survey.core.lang import QUOTES, called, calling
from survey.core.masking import masked, masked_all
from survey.core.plain_table import Frame, PlainTable, csv_text, json_text, missing, plain_table
from survey.store import Store, names_en

#: a file from this size on says its stages where no terminal shows them on one line (bytes)
LARGE = 1_000_000


@dataclass
class Session(Voice):
    """One run of a command: what it says, the store, and how results are written."""

    recompute: Callable[[Store, Iterable[int]], Sequence[int]] = lambda store, years: ()
    #: sentences (key, parameters) about the years whose published results do not count what was stored
    not_counted: Callable[[Store, Iterable[int]], Sequence[tuple[str, Mapping[str, Any]]]] = lambda store, years: ()
    #: the same of years and communities for which something would be stored
    would_wait: Callable[[Store, Iterable[tuple[int, str]]], Sequence[tuple[str, Mapping[str, Any]]]] = (
        lambda store, places: ()
    )

    #: what the store calls in the reader's language: lists on a terminal, sentences and papers do, too; what programs
    #: read keeps the names it has
    names: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def store(self, *, create: bool = False) -> Iterator[Store]:
        """The store, closed afterwards."""
        store = Store.open(self.place, create=create)
        try:
            if store.upgraded is not None:
                key = "upkeep.upgraded" if store.upgraded.copy else "upkeep.upgraded_uncopied"
                self.tell(key, **vars(store.upgraded), where=store.where)
                if store.upgraded.folded:
                    self.tell("upkeep.texts_folded", batch=store.upgraded.folded)
            if self.lang == "en":
                with store.read() as conn:
                    self.names = names_en.stored(conn)
            with calling(self.names):
                yield store
        finally:
            store.close()

    def emit(
        self, rows: Frame | PlainTable | Iterable[Mapping[str, Any]], *, shown: Sequence[str] | None = None, **meta: Any
    ) -> None:
        """Results on standard output: a table on a terminal (only the ``shown`` columns), CSV when piped, JSON."""
        table = plain_table(rows).masked()
        if self.as_json:
            sys.stdout.write(json_text(table, masked_all({"lang": self.lang, **meta})))
        elif sys.stdout.isatty():
            self._table(table, list(shown or table.names))
        else:
            sys.stdout.write(csv_text(table))
        sys.stdout.flush()

    def _table(self, table: PlainTable, columns: Sequence[str]) -> None:
        """As many columns as the terminal holds whole; those left out are named, never cut."""
        terminal = Terminal()
        numeric = dict(zip(table.names, table.numeric, strict=True))
        with calling(self.names):
            cells = {n: [_cell(v) if n in QUOTES else called(_cell(v)) for v in table[n]] for n in columns}
        widths = {n: max([cell_len(self.heading(n)), *map(cell_len, cells[n])]) + 2 for n in columns}
        shown = list(columns)
        while len(shown) > 1 and sum(widths[n] for n in shown) > terminal.width:
            shown.pop()
        drawn = Table(show_edge=False, pad_edge=False, header_style="bold")
        for name in shown:
            drawn.add_column(self.heading(name), justify="right" if numeric[name] else "left", no_wrap=len(shown) > 1)
        for values in zip(*(cells[name] for name in shown), strict=True):
            drawn.add_row(*map(Text, values))
        terminal.print(drawn)
        if left := columns[len(shown) :]:
            self.tell("cli.columns_left", columns=[self.heading(n) for n in left])

    def bring_up_to_date(self, store: Store, years: Iterable[int]) -> None:
        """Delete what is due and compute the results of these years again, after something was stored.

        What is stored stays stored where that can't be done, and is said; surroundings that fail make the exit status.
        """
        changed = sorted(set(years))
        try:
            with self.progress() as steps, steps.following():
                if changed:
                    from survey.people import retention  # pandas, cryptography: for what changed answers only

                    self._purge(retention.purge_due(store), lambda: retention.purge_due(store, user(), sure=True))
                done = self.recompute(store, changed)
        except Refused as error:
            self.write_line(error.word(self.lang))
            return
        except Surroundings as error:
            self.write_line(error.word(self.lang))
            self.tell("cli.not_recomputed", years=list(map(str, changed)), year=changed[0])
            self.late.append(error.status)
            return
        if done:
            self.tell("cli.recomputed", years=list(map(str, done)))
        for key, values in self.not_counted(store, changed):
            self.tell(key, **values)
        self._contradictions(store, changed)

    def _contradictions(self, store: Store, years: Sequence[int]) -> None:
        """Say which strata are stored with populations that contradict each other, so that no error can use them."""
        from survey.intake.design_columns import contradicted_sentences  # pandas: as above

        with store.read() as conn:
            found = contradicted_sentences(conn, years, self.lang)
        for sentence in found:
            self.write_line(sentence)

    def _purge(self, done: Any, again: Callable[[], Any]) -> None:
        """Say what was deleted; where the clock is in doubt, what would go, and wait for a yes if somebody is there."""
        if done.doubt is not None:
            self.write_line(done.doubt.word(self.lang))
            answered = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
            if not answered or typer.prompt(self.say("retention.sure"), default="", err=True) != self.say(
                "retention.yes"
            ):
                self.tell("retention.kept")
                return
            done = again()
        if not done.nothing:
            self.tell("contacts.purged", contacts=sum(done.contacts.values()), originals=done.originals)
        if done.held_open:
            self.tell("retention.held_open")

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
            self.bar.update(self.task, description=masked(text))

    @contextmanager
    def following(self, file: str = "", size: int = 0) -> Iterator[None]:
        """Show the stages of what is done in the block: on the terminal's one line, else a line each for a large file."""
        said: set[str] = set()

        def tell(stage: stages.Stage) -> None:
            text = masked(" · ".join(filter(None, (file, stage.word(self.session.lang)))))
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
    if missing(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}"
    return str(value)


def session_of(context: typer.Context) -> Session:
    """The run's session, made before the command is called."""
    session: Session = context.obj
    return session
