"""A town whose every text that a person can write holds something more: a number of a person, a link, a formula."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import text

from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.keeping.packed import unpack
from analysis.publication import cycle_steps, new_store, snapshots
from dashboard.pages.quality import service as quality
from dashboard.pages.robustness import service as robustness
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.engine import payloads
from survey.store.intake import questionnaires
from survey.store.year import register
from survey.store.year.cycle import Event
from tests.tools.towns import cycle_town, field_town

#: table → columns that a person may have written into
TEXTS = {
    "communities": "name sub_district district type feature",
    "community_facts": "name sub_district district type feature",
    "batches": "file sheet who",
    "findings": "sheet header",
    "responses": "interviewer sheet stratum",
    "indicator_values": "assessor evidence note sheet reason",
    "cycle_events": "subject document reason who street",
    "tasks": "action person file who",
    "disbursements": "voucher note approved_by who",
    "indicator_reviews": "reason who",
    "schemes": "author reason",
    "funds": "document who",
}
#: documents of which every text with a Chinese word is such a text: labels, names, offices, clauses
DOCUMENTS = {"questionnaires": "form", "schemes": "definition", "results": "payload"}
CODES = ("C1", "C2", "C3")
AWARDS = ("payments", "forecast", "communities", "targets", "goals", "ledger", "entries", "payments_form")


def fill(made: Store, write: Callable[[str], str], codes: Sequence[str] = CODES) -> None:
    """Two years of three communities, one step of the cycle, one task, one payment; ``write`` makes every text what it is."""
    new_store.initialise(made)
    places = zip(codes, field_town.PLACES, strict=True)
    with made.write() as conn:
        register.save(conn, [register.Community(c, n, sub_district="示例街道") for c, (_, n, _) in places])
        questionnaires.add(conn, "q", field_town.FORM)
    for year in (2013, 2014):
        answers = field_town.lines(90).replace(",2014,", f",{year},").encode()
        commit(made, inspect(made, f"{year}.csv", answers, ImportOptions("q")))
        import_indicators(made, "指标.csv", cycle_town.values(), year)
        review(made, year, "approve", who="复核员")
    cycle_steps.take(made, Event("applied", 2014, codes[0], star=5, who="李", document="1号", date="2014-10-01"))
    for year in (2013, 2014):
        snapshots.results(made, year)
    with made.write() as conn:
        told = "SELECT year, community_id, {} FROM cycle_events"
        task = "'subjective', 'Q1', '办', '王', '2015-01-01', 'under_way', '单.xlsx', '李', at"
        paid = "'street', 'paid', 100, '凭证', '2014-12-30', '备注', '赵', '李', at"
        columns = "year, community_id, kind, code, action, person, deadline, progress, file, who, at"
        conn.execute(text(f"INSERT INTO tasks ({columns}) {told.format(task)}"))
        columns = "year, community_id, payer, kind, amount, voucher, date, note, approved_by, who, at"
        conn.execute(text(f"INSERT INTO disbursements ({columns}) {told.format(paid)}"))
        for table, names in TEXTS.items():
            for name in names.split():
                for (said,) in conn.execute(text(f"SELECT DISTINCT {name} FROM {table} WHERE {name} <> ''")).fetchall():
                    new = {"said": said, "new": write(said)}
                    conn.execute(text(f"UPDATE {table} SET {name} = :new WHERE {name} = :said"), new)
        for table, name in DOCUMENTS.items():
            for key, kept in conn.execute(text(f"SELECT id, {name} FROM {table}")).fetchall():
                plain = unpack(kept).to_json() if table == "results" else kept
                document = json.dumps(_written(json.loads(plain), write), ensure_ascii=False)
                conn.execute(text(f"UPDATE {table} SET {name} = :said WHERE id = :key"), {"said": document, "key": key})
        conn.execute(text("DELETE FROM analyses"))
        told = list(payloads.every(conn))  # as if the store had kept these texts itself
        conn.execute(text("DELETE FROM payload_sums"))
        payloads.note(conn, told)


def _written(told: Any, write: Callable[[str], str]) -> Any:
    """The same document with every text that is written in Chinese as ``write`` has it."""
    if isinstance(told, str):
        return write(told) if re.search("[\u4e00-\u9fff]", told) else told
    if isinstance(told, list):
        return [_written(one, write) for one in told]
    return {key: _written(one, write) for key, one in told.items()} if isinstance(told, dict) else told


def files(data: bytes, name: str = "") -> Iterator[tuple[str, str]]:
    """(name, text) of a file, of all files in an archive, and of all cells and parts of a workbook."""
    if data[:2] != b"PK":
        yield name, data.decode("utf-8", "replace")
        return
    archive = zipfile.ZipFile(io.BytesIO(data))
    for part in archive.namelist():
        yield from files(archive.read(part), f"{name}/{part}")
    if "xl/workbook.xml" in archive.namelist():
        book = load_workbook(io.BytesIO(data))
        yield name, "\n".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None)


def addresses(rule: str, code: str = "C1") -> list[str]:
    """The addresses of a rule: one for each name that the page has."""
    names = {
        "/download/awards/<name>": AWARDS,
        "/download/quality/<name>": quality.downloads(),
        "/download/robustness/<name>": robustness.FILES,
    }.get(rule, ("x",))
    found = [rule.replace("<name>", name) for name in names]
    for name, value in {"code": code, "year": "2014", "number": "1"}.items():
        found = [re.sub(rf"<(int:)?{name}>", value, one) for one in found]
    return found
