"""The sample data brought into a store of their own through the ordinary intake, file by file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from analysis.awards.disbursements import import_payments
from analysis.cycle.workbooks import KINDS as CYCLE_KINDS
from analysis.improvement.task_import import import_tasks
from analysis.indicators import entry as indicator_values
from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.publication import cycle_steps, new_store, snapshots
from analysis.publication.cycle_steps import import_lines
from analysis.scheme.serial import to_dict
from analysis.scheme.workbook.reading import read_scheme
from survey.coding.options import ImportOptions
from survey.commands.console import Session
from survey.core.errors import Refused, Surroundings
from survey.fieldwork.plan_file import read_plan
from survey.fieldwork.register_file import read_register
from survey.form.workbook.reading import read_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store, names_en, settings
from survey.store.intake import questionnaires
from survey.store.year import cycle, funds, plans, register, reviews, schemes
from survey.store.year.cycle import Event

# ── The cycle of the sample's years: workbooks, reviews and steps as a person would bring and take them


__all__ = ["CYCLE_KINDS", "cycle_entry", "indicator_entry"]

#: two invented persons: nobody approves what they entered
ENTERS, APPROVES = "示例经办人", "示例复核人"
#: the steps of the sample that are done already, by name, one a line
_DONE = "sample_steps"


T = TypeVar("T")


def once(store: Store, name: str, step: Callable[[], T]) -> T | None:
    """Take a step and mark it done in the same transaction; None where it was done before.

    So the demonstration goes on after any interruption: what is marked is done, what is not was not begun.
    """
    with store.together() as conn:
        done = settings.get(conn, _DONE, "").split("\n")
        if name in done:
            return None
        came = step()
        settings.put(conn, _DONE, "\n".join([*filter(None, done), name]))
    return came


def cycle_entry(store: Store, entry: Mapping[str, Any], data: bytes) -> int:
    """One workbook of the cycle; returns the rows taken, 0 where they were taken before."""
    kind, path, year = entry["kind"], entry["path"], entry["year"]
    receipt = once(store, path, lambda: import_lines(store, kind, path, data, year=year, who=ENTERS))
    return receipt.kept if receipt else 0


def steps_after(store: Store, entry: Mapping[str, Any]) -> None:
    """The steps ``then`` of a file, each by itself."""
    for place, step in enumerate(entry.get("then", ()), 1):
        once(store, f"{entry['path']} {place}", partial(_take, store, entry["year"], entry["street"], step))


def _take(store: Store, year: int, street: str, step: Mapping[str, Any]) -> None:
    values = {key: value for key, value in step.items() if key != "do"}
    own = "" if "community" in step else street  # a step of one community names no street
    if step["do"] == "review":
        cycle_steps.review(store, year, ENTERS, street=street, **values)
    elif step["do"] == "calculate":
        cycle_steps.calculate(store, year, ENTERS, street="" if "code" in step else street, **values)
    elif step["do"] == "close":
        cycle_steps.close(store, year, APPROVES, street)
    elif step["do"] == "corrected":
        cycle_steps.correct(store, year, ENTERS, approver=APPROVES, street=street, **values)
    elif step["do"] == "veto_approved":
        matter = _last(store, year, "veto", step["community"])
        cycle_steps.take(store, Event("veto_approved", year, ref=matter, who=APPROVES, **values))
    elif step["do"] == "answered":
        matter = _last(store, year, "objection", step["community"])
        cycle_steps.take(store, Event("objection_answered", year, ref=matter, who=APPROVES, **values))
    elif step["do"] == "indicator":
        _change(store, year, values)
    elif step["do"] == "approval_withdrawn":
        _review(store, year, "withdraw", values["communities"])
    elif step["do"] == "value_returned":
        review(store, year, "return", who=APPROVES, **values)
    elif step["do"] == "balance":
        with store.write() as conn:
            funds.enter(conn, year, who=ENTERS, street=street, **values)
    else:
        cycle_steps.take(store, Event(step["do"], year, who=ENTERS, street=own, **values))


def _last(store: Store, year: int, kind: str, community: str) -> int:
    """The number of a community's newest step of this kind."""
    with store.read() as conn:
        return max(e.id for e in cycle.events(conn, year) if (e.kind, e.community) == (kind, community))


def _change(store: Store, year: int, values: Mapping[str, Any]) -> None:
    """An indicator value entered anew with its reason, and approved by the other person."""
    changed = indicator_values.enter(store, year, [values], who=ENTERS, via="command")
    review(store, year, "approve", who=APPROVES, batch=changed.batch)


def indicator_entry(store: Store, entry: Mapping[str, Any], data: bytes) -> int:
    """A street's indicator values, reviewed by the other person."""
    year, path = entry["year"], entry["path"]
    receipt = once(store, path, lambda: import_indicators(store, path, data, year, who=ENTERS))
    once(store, f"{path} review", lambda: _review(store, year, "approve", _codes(store, year, entry["street"])))
    return receipt.values if receipt else 0


def _codes(store: Store, year: int, street: str) -> list[str]:
    with store.read() as conn:
        return [c.code for c in register.communities(conn, year) if c.sub_district == street]


def _review(store: Store, year: int, outcome: reviews.Outcome, communities: Collection[str]) -> None:
    """Approve what waits of these communities, or take back what was approved."""
    state = "entered" if outcome == "approve" else "reviewed"
    with store.read() as conn:
        found = reviews.standings(conn, year)
    wanted = {at for at, value in found.items() if value.state == state and at[0] in communities}
    review(store, year, outcome, who=APPROVES, only=wanted)


# ── Where the invented sample data lies: in the checkout, or in the installed package


#: the name under which ``data/sample`` is installed (pyproject.toml)
PACKAGE = "xingfu_sample"


def sample_folder() -> Path:
    """The folder of the sample data; raises Surroundings where it was not installed."""
    checkout = Path(__file__).resolve().parents[2] / "data" / "sample"
    if checkout.is_dir():
        return checkout
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise Surroundings("sample.missing")
    return Path(folders[0])


def load(session: Session, place: Path, streets: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Load data/sample into the store at ``place``; a store that holds the sample already is left as it is.

    ``streets``: only the files of these, and those of all.
    Raises Refused if the file there is a store of somebody's own data.
    """
    new = not place.exists()
    store = Store.open(place, create=True)
    try:
        with store.read() as conn:
            ready = settings.get(conn, "sample") == "1" and settings.get(conn, "sample_complete") == "1"
            foreign = not new and settings.get(conn, "sample") != "1" and bool(questionnaires.listing(conn))
        if foreign:
            raise Refused("cli.demo_foreign", path=str(place))
        if ready:
            session.tell("cli.demo_ready", path=str(place))
            return []
        return _fill(session, store, streets)
    finally:
        store.close()


def _fill(session: Session, store: Store, streets: Sequence[str]) -> list[dict[str, Any]]:
    folder = sample_folder()
    entries = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["file"]
    entries = [entry for entry in entries if not streets or entry.get("street", streets[0]) in streets]
    with store.write() as conn:
        settings.put(conn, "sample", "1")
    new_store.initialise(store)
    report = []
    with session.progress(len(entries) + 1) as steps:
        for entry in entries:
            steps.at(session.say("cli.reading", file=entry["path"]))
            try:
                report.append(_bring(store, folder, entry))
                steps_after(store, entry)
            except Refused as error:  # begun by another version, or changed by hand: the way on is to begin anew
                raise Refused("cli.demo_stuck", path=store.where, why=error.word(session.lang)) from error
            steps.done()
        steps.at(session.say("cli.scoring"))
        with store.read() as conn:
            years = snapshots.data_years(conn)
        snapshots.recompute(store, years)
        steps.done()
    with store.write() as conn:
        settings.put(conn, "sample_complete", "1")
    return report


def _bring(store: Store, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """One file, by the same road as any user's; what is done already is passed over.

    So an interrupted demonstration goes on where it stopped.
    """
    name, kind, data = entry["path"], entry["kind"], (folder / entry["path"]).read_bytes()
    if kind in CYCLE_KINDS:
        return {"file": name, "stored": cycle_entry(store, entry, data)}
    if kind == "indicators":
        return {"file": name, "stored": indicator_entry(store, entry, data)}
    if kind == "answers":
        return {"file": name, **_answers(store, entry, data)}
    if kind in _WORKBOOKS:
        return {
            "file": name,
            "stored": once(store, name, lambda: _WORKBOOKS[kind](store, name, data, entry["year"])) or 0,
        }
    return {"file": name, "stored": once(store, name, lambda: _definition(store, kind, name, entry, data)) or 0}


def _tasks(store: Store, name: str, data: bytes, year: int) -> int:
    return import_tasks(store, name, data, year=year, who=ENTERS).kept


def _payments(store: Store, name: str, data: bytes, year: int) -> int:
    return len(import_payments(store, name, data, year=year, who=ENTERS).kept)


def _wanted(store: Store, name: str, data: bytes, year: int) -> int:
    with store.write() as conn:
        wanted, findings = read_plan(name, data, register.communities(conn, year), year)
        if not wanted:
            raise Refused("coverage.plan.refused", findings=findings, file=name)
        return plans.save(conn, wanted)


_WORKBOOKS: Mapping[str, Callable[[Store, str, bytes, int], int]] = {
    "tasks": _tasks,
    "payments": _payments,
    "plan": _wanted,
}


def _answers(store: Store, entry: dict[str, Any], data: bytes) -> dict[str, int]:
    """What came of a file of answers, by what its receipt calls it; checked before the store is locked."""
    name = entry["path"]
    with store.read() as conn:
        if name in settings.get(conn, _DONE, "").split("\n"):
            return {"stored": 0}
    said = {key: entry[key] for key in ("questionnaire", "mode", "year", "sample_type") if key in entry}
    options = ImportOptions(**said)
    inspection = inspect(store, name, data, options)
    receipt = once(store, name, lambda: commit(store, inspection, accept_partial=bool(entry.get("accept_partial"))))
    counts = ("stored", "duplicates", "refused_rows", "refused_cells")
    return {count: getattr(receipt, count, 0) for count in counts}


def _definition(store: Store, kind: str, name: str, entry: dict[str, Any], data: bytes) -> int:
    """The register, a questionnaire or a scheme."""
    if kind == "register":
        read, findings = read_register(name, data)
        if read is None:
            raise Refused("cli.register_refused", findings=findings, file=name)
        with store.write() as conn:
            register.tell(conn, read.told)
            register.save_population(conn, read.population)
            names_en.tell(conn, read.english)
        return len(read.communities)
    if kind == "questionnaire":
        form, findings = read_questionnaire(name, data)
        if form is None:
            raise Refused("cli.questionnaire_refused", findings=findings, file=name, n=len(findings))
        with store.write() as conn:
            questionnaires.add(conn, entry["name"], form, data)
        return len(form.questions)
    scheme, findings = read_scheme(name, data)
    if scheme is None:
        raise Refused("cli.scheme_refused", findings=findings, file=name, n=len(findings))
    with store.write() as conn:
        schemes.add(conn, scheme.code, scheme.first_year, to_dict(scheme), data)
    return len(scheme.scored_indicators)
