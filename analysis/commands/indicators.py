"""The command ``indicators``: values in by file or one by one, what stands, its history, and the review."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from analysis.commands.shared import community_code, newest_or
from analysis.indicators.columns import Entries, Entry
from analysis.indicators.entry import enter
from analysis.indicators.imports import import_indicators
from analysis.indicators.review import Asked, review, waiting
from analysis.indicators.stored import stored
from analysis.indicators.tables import LISTED, past, values_table
from analysis.indicators.template import values_template
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from survey.commands.console import Session
from survey.commands.finding_options import DecisionsFile, FindingsFile, given_for, listing
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused
from survey.core.lang import say
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.files.input import read_input
from survey.store import Store
from survey.store.year import schemes
from survey.store.year.reviews import Outcome as Said


class Outcome(StrEnum):
    """What a review says."""

    approve = "approve"
    send_back = "return"
    withdraw = "withdraw"


_SAID: dict[Outcome, Said] = {Outcome.approve: "approve", Outcome.send_back: "return", Outcome.withdraw: "withdraw"}


class State(StrEnum):
    """How a value stands."""

    empty = "empty"
    entered = "entered"
    reviewed = "reviewed"
    returned = "returned"


Year = Annotated[int, typer.Option("--year", metavar="Y", min=FIRST_YEAR, max=LAST_YEAR, help="cli.option.year")]
Place = Annotated[str, typer.Argument(metavar="COMMUNITY", help="cli.argument.community")]
Name = Annotated[str, typer.Argument(metavar="INDICATOR", help="indicators_cli.argument.indicator")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="cycle_cli.option.by")]
_SHOWN = [
    "community",
    "indicator",
    "name",
    "value",
    "points_got",
    "points",
    "review",
    "self_score",
    "entered_by",
    "entered_at",
    "reviewed_by",
]
_PAST_SHOWN = [
    "at",
    "who",
    "what",
    "change",
    "kind",
    "value",
    "self_score",
    "assessor",
    "assessor_score",
    "reason",
    "counts",
]


def _who(by: str | None) -> str:
    return by if by is not None else getpass.getuser()


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="cli.argument.indicators")],
    year: Year,
    decisions: DecisionsFile = None,
    findings_out: FindingsFile = None,
    by: By = None,
) -> None:
    """Bring indicator values into the store; all of them or nothing."""
    session: Session = context.obj
    data = read_input(file)
    with listing(session, file, findings_out) as found, session.store() as store:
        given = given_for(session, decisions, file)
        with session.progress(1) as steps, steps.following(file.name, len(data)):
            receipt = import_indicators(store, file.name, data, year, decisions=given, who=_who(by))
        found[:] = receipt.findings
        session.show_findings(receipt.findings)
        session.bring_up_to_date(store, [year])
    session.emit(
        [
            {
                "file": file.name,
                "batch": receipt.batch,
                "values": receipt.values,
                "communities": receipt.communities,
                "indicators": receipt.indicators,
                "unchanged": receipt.unchanged,
            }
        ]
    )


def template(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR", help="cli.argument.year")],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="cli.argument.out")],
) -> None:
    """Write a workbook to fill in with a year's indicator values, with what is stored already."""
    session: Session = context.obj
    with session.store() as store, store.read() as conn:
        chosen = from_dict(schemes.applicable(conn, year).definition)
        known = communities_in(conn, year)
        filled = stored(conn, year)
    require_ending(out, ".xlsx")
    write_file(out, values_template(chosen, [(c.code, c.name) for c in known], session.lang, filled), private=True)
    session.tell("cli.written", path=str(out))


def set_value(
    context: typer.Context,
    community: Place,
    indicator: Name,
    year: Year,
    value: Annotated[str | None, typer.Argument(metavar="[VALUE]", help="indicators_cli.argument.value")] = None,
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="indicators_cli.option.kind")] = "",
    self_score: Annotated[str, typer.Option("--self-score", metavar="N", help="indicators_cli.option.self_score")] = "",
    assessor: Annotated[str, typer.Option("--assessor", metavar="A", help="indicators_cli.option.assessor")] = "",
    assessor_score: Annotated[
        str, typer.Option("--assessor-score", metavar="N", help="indicators_cli.option.assessor_score")
    ] = "",
    method: Annotated[str, typer.Option("--method", metavar="M", help="indicators_cli.option.method")] = "",
    date: Annotated[str, typer.Option("--date", metavar="D", help="indicators_cli.option.date")] = "",
    evidence: Annotated[str, typer.Option("--evidence", metavar="T", help="indicators_cli.option.evidence")] = "",
    exempt: Annotated[bool, typer.Option("--exempt", help="indicators_cli.option.exempt")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="indicators_cli.option.reason")] = "",
    by: By = None,
) -> None:
    """Enter one value; what was there stays in the history."""
    session: Session = context.obj
    row = {
        "kind": kind,
        "value": value or "",
        "self_score": self_score,
        "assessor": assessor,
        "method": method,
        "assessor_score": assessor_score,
        "date": date,
        "evidence": evidence,
        "reason": reason,
        "exempt": "yes" if exempt else "",
    }
    with session.store() as store:
        code, entry = community_code(store, community), entry_of(store, year, indicator)
        name = entry.indicator.code
        kept = enter(store, year, [{**row, "community": code, "indicator": name}], who=_who(by), via="command")
        session.tell("indicators_cli.kept", number=kept.batch)
        session.bring_up_to_date(store, [year])
        _emit(session, store, year, [code], name)


def list_values(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_newest")] = None,
    community: Annotated[str | None, typer.Option("--community", metavar="C", help="cli.option.community")] = None,
    state: Annotated[State | None, typer.Option("--state", help="indicators_cli.option.state")] = None,
) -> None:
    """Every value of a year, how it stands and what it earns."""
    session: Session = context.obj
    with session.store() as store:
        codes = [community_code(store, community)] if community else None
        _emit(session, store, newest_or(store, year), codes, state=state.value if state else "")


def history(context: typer.Context, community: Place, indicator: Name, year: Year) -> None:
    """Everything that was said about one value, who, when and why."""
    session: Session = context.obj
    with session.store() as store:
        code, name = community_code(store, community), entry_of(store, year, indicator).indicator.code
        with store.read() as conn:
            frame = past(conn, year, code, name)
    _give(session, frame, _PAST_SHOWN, community_code=code, indicator=name, year=year)


def review_values(
    context: typer.Context,
    outcome: Annotated[
        Outcome, typer.Argument(metavar="approve|return|withdraw", help="indicators_cli.argument.outcome")
    ],
    year: Year,
    community: Annotated[str | None, typer.Argument(metavar="[COMMUNITY]", help="cli.argument.community")] = None,
    indicator: Annotated[
        str | None, typer.Argument(metavar="[INDICATOR]", help="indicators_cli.argument.indicator")
    ] = None,
    batch: Annotated[int | None, typer.Option("--batch", metavar="N", help="indicators_cli.option.batch")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help="indicators_cli.option.review_reason")] = "",
    by: By = None,
) -> None:
    """Approve values, send them back, or take reviews back: all that wait, those of a community or batch, or one."""
    session: Session = context.obj
    said: Said = _SAID[outcome]
    with session.store() as store:
        code = community_code(store, community) if community else ""
        name = entry_of(store, year, indicator).indicator.code if indicator else ""
        asked = Asked(code, name, batch)
        seen = None if asked.single else _sure(session, store, year, said, _who(by), asked)
        done = review(
            store, year, said, who=_who(by), reason=reason, community=code, indicator=name, batch=batch, seen=seen
        )
    if done.own:
        session.tell("indicators_cli.own", n=done.own)
    session.emit([{"year": year, "outcome": said, "reviewed": done.done, "own": done.own}])


def _sure(
    session: Session, store: Store, year: int, said: Said, who: str, asked: Asked
) -> dict[tuple[str, str], str] | None:
    """What somebody at a terminal said yes to, told how many values it is; None where nobody is there to be asked.

    Raises Refused where the answer is another.
    """
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    seen = waiting(store, year, said, who=who, asked=asked)
    yes = session.say("indicators_cli.sure.yes")
    what = session.say(f"indicators_cli.sure.{said}")
    count = {"n": len(seen), "communities": len({code for code, _ in seen})}
    question = session.say("indicators_cli.sure.ask", what=what, yes=yes, **count)
    if seen and typer.prompt(question, default="", err=True) != yes:
        raise Refused("indicators_cli.sure.no")
    return seen or None


def entry_of(store: Store, year: int, word: str) -> Entry:
    """The indicator of the year's scheme by code or name; raises Refused if there is none, or several."""
    with store.read() as conn:
        entries = Entries(from_dict(schemes.applicable(conn, year).definition))
    found = entries.find(word)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused("indicator.indicator_ambiguous", found=word, expected=", ".join(e.indicator.code for e in found))
    key = "indicator.indicator_is_group" if entries.is_group(word) else "indicator.indicator_unknown"
    raise Refused(key, found=word, expected=entries.close(word))


def _emit(
    session: Session, store: Store, year: int, codes: list[str] | None, indicator: str = "", state: str = ""
) -> None:
    with store.read() as conn:
        frame = values_table(conn, year, codes)
    if indicator:
        frame = frame[frame["indicator"] == indicator]
    if state:
        frame = frame[frame["review"] == state]
    texts: list[Any] = [say(session.lang, r, **p) for r, p in zip(frame["reason"], frame["reason_params"], strict=True)]
    frame = frame.assign(name=frame[f"name_{session.lang}"], why=texts)[list(LISTED.names)]
    counts = {name: int((frame["review"] == name).sum()) for name in State}
    _give(session, frame, _SHOWN, year=year, counts=counts)


def _give(session: Session, frame: pd.DataFrame, shown: list[str], **meta: Any) -> None:
    """A table; on a terminal in words, and with the heading of a figure (elsewhere ``value`` is a decision's)."""
    if sys.stdout.isatty() and not session.as_json:
        for name in ("review", "what", "counts"):
            if name in frame:
                frame[name] = [
                    session.say(f"indicators_cli.{name}.{v}") if isinstance(v, str) else v for v in frame[name]
                ]
        frame, shown = frame.rename(columns={"value": "figure"}), ["figure" if c == "value" else c for c in shown]
    session.emit(frame, shown=shown, **meta)
