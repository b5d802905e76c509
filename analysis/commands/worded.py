"""Commands ``words …``: the codes of a question answered in words, how many said what, and the answers that may be read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from analysis.commands.shared import give, newest_or
from analysis.exports import flat_files
from analysis.words.answers import holding, read
from analysis.words.counts import counts
from analysis.words.readable import readable
from survey.commands.console import session_of
from survey.commands.voice import user
from survey.core.disk import require_ending, write_file
from survey.core.masking import masked_frame
from survey.store import audit

Name = Annotated[str, typer.Option("--questionnaire", metavar="N", help="cli.option.questionnaire")]
Question = Annotated[str, typer.Option("--item", metavar="NAME", help="words_cli.option.item")]
Where = Annotated[list[str] | None, typer.Option("--where", metavar="COLUMN=V1,V2", help="estimation.option.where")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="cli.option.out")]


def codes(context: typer.Context, questionnaire: Name, item: Question, out: Out = None) -> None:
    """The list of codes."""
    session = session_of(context)
    with session.store() as store, store.read() as conn:
        found = read(conn, questionnaire, item)
    used = [c for a in found.answers if a.coded for c in a.coded.codes]
    rows = [{"code": c.name, "keywords": "|".join(c.keywords), "answers": used.count(c.id)} for c in found.codes]
    frame = pd.DataFrame(rows, columns=["code", "keywords", "answers"])
    give(session, frame, out, list(frame.columns), {"questionnaire": questionnaire, "item": item})


def count(
    context: typer.Context,
    questionnaire: Name,
    item: Question,
    by: Annotated[str, typer.Option("--by", metavar="NAMES", help="cli.option.by")] = "sub_district,year",
    where: Where = None,
    out: Out = None,
) -> None:
    """How many said what."""
    session = session_of(context)
    names = [word.strip() for word in by.split(",") if word.strip()]
    with session.store() as store:
        with store.read() as conn:
            found = read(conn, questionnaire, item)
        frame = counts(store, found, names, where or ()).drop(columns="code").rename(columns={"name": "code"})
    for year in sorted({a.year for a in found.answers}):
        there, done = found.of(year), len(found.counted(year))
        coded = sum(a.coded is not None for a in there)
        session.tell("words_cli.progress", year=year, n=len(there), coded=coded, counted=done)
    shown = [c for c in frame.columns if c not in ("df", "se")]
    give(session, frame, out, shown, {"questionnaire": questionnaire, "item": item, "by": names, "where": where or []})


def list_answers(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="cli.argument.out")],
    questionnaire: Name,
    item: Question,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    where: Where = None,
    find: Annotated[str, typer.Option("--find", metavar="TEXT", help="words_cli.option.find")] = "",
) -> None:
    """The answers that may be read, into a file of the own."""
    session = session_of(context)
    require_ending(out, ".xlsx", ".csv")
    with session.store() as store:
        chosen = newest_or(store, year)
        with store.read() as conn:
            found = read(conn, questionnaire, item)
        told = readable(found, chosen, where or ())
        names = {c.id: c.name for c in found.codes}
        rows = [
            {
                "community_code": a.community,
                "answer": a.text,
                "codes": "|".join(names[c] for c in a.coded.codes) if a.coded else "",
            }
            for a in holding(told.answers, find)
        ]
        frame = masked_frame(pd.DataFrame(rows, columns=["community_code", "answer", "codes"]))
        if not store.read_only:
            with store.write(aside=True) as conn:
                audit.record(conn, user(), "export", f"{item} {chosen}", {"answers": len(rows), "file": out.name})
    data = flat_files.to_xlsx(frame, {}) if out.suffix == ".xlsx" else flat_files.to_csv_text(frame).encode()
    write_file(out, data, private=True)
    session.tell("words_cli.written", path=out, n=len(rows), held=told.held)
