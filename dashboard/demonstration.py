"""The sample data brought into a store of their own through the ordinary intake, file by file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from analysis import publishing, setup
from analysis.scheme import read_scheme
from analysis.scheme.serial import to_dict
from analysis.tasks.importing import import_tasks
from dashboard.sample_cycle import CYCLE_KINDS, ENTERS, cycle_entry, indicator_entry
from survey.console import Session
from survey.errors import Refused
from survey.form import read_questionnaire
from survey.intake import ImportOptions, commit, inspect
from survey.register_file import read_register
from survey.sample import sample_folder
from survey.store import Store, questionnaires, register, schemes, settings


def load(session: Session, place: Path) -> list[dict[str, Any]]:
    """Load data/sample into the store at ``place``; a store that holds the sample already is left as it is.

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
        return _fill(session, store)
    finally:
        store.close()


def _fill(session: Session, store: Store) -> list[dict[str, Any]]:
    folder = sample_folder()
    entries = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["file"]
    with store.write() as conn:
        settings.put(conn, "sample", "1")
    setup.initialise(store)
    report = []
    with session.progress(len(entries) + 1) as steps:
        for entry in entries:
            steps.at(session.say("cli.reading", file=entry["path"]))
            report.append(_bring(store, folder, entry))
            steps.done()
        steps.at(session.say("cli.scoring"))
        with store.read() as conn:
            years = publishing.data_years(conn)
        publishing.recompute(store, years)
        steps.done()
    with store.write() as conn:
        settings.put(conn, "sample_complete", "1")
    return report


def _bring(store: Store, folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """One file, by the same road as any user's; one that is there already is passed over.

    So an interrupted demonstration goes on where it stopped.
    """
    name, data = entry["path"], (folder / entry["path"]).read_bytes()
    if entry["kind"] in CYCLE_KINDS:
        return {"file": name, "stored": cycle_entry(store, entry, data)}
    if entry["kind"] == "tasks":
        return {"file": name, "stored": import_tasks(store, name, data, year=entry["year"], who=ENTERS).kept}
    try:
        return {"file": name, **_stored(store, entry, data)}
    except Refused as error:
        if error.key in ("intake.file_again", "store.year_closed"):
            return {"file": name, "stored": 0}
        raise


def _stored(store: Store, entry: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What came of a file: counts by what they are called in its receipt."""
    name, kind = entry["path"], entry["kind"]
    if kind == "answers":
        options = ImportOptions(questionnaire=entry["questionnaire"], mode=entry.get("mode"), year=entry.get("year"))
        inspection = inspect(store, name, data, options)
        receipt = commit(store, inspection, accept_partial=bool(entry.get("accept_partial")))
        return {"stored": receipt.stored, "duplicates": receipt.duplicates,
                "refused_rows": receipt.refused_rows, "refused_cells": receipt.refused_cells}  # fmt: skip
    if kind == "indicators":
        return {"stored": indicator_entry(store, entry, data)}
    return {"stored": _definition(store, kind, name, entry, data)}


def _definition(store: Store, kind: str, name: str, entry: dict[str, Any], data: bytes) -> int:
    """The register, a questionnaire or a scheme."""
    if kind == "register":
        read, findings = read_register(name, data)
        if read is None:
            raise Refused("cli.register_refused", findings=findings, file=name)
        with store.write() as conn:
            register.save(conn, read.communities)
            register.save_population(conn, read.population)
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
