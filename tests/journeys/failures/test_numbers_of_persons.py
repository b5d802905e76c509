"""Numbers of persons in every text that a store holds: no page, figure, file or name of a file shows one whole."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

import xingfu
from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.publication import cycle_steps, new_store, snapshots
from analysis.quality import drivers, drivers_measure
from dashboard.app import create_app
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.quality import service as quality
from dashboard.pages.robustness import service as robustness
from dashboard.router import render
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from survey.store.year.cycle import Event
from tests.dashboard.test_app_names import FILES
from tests.tools import templates
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of
from tests.tools.towns import cycle_town, field_town

NUMBER, TAIL = "电13812345678", "12345678"
#: table → columns that a person may have written a number into
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
#: documents whose every text that holds a Chinese word gets the number: labels, names, offices, clauses
DOCUMENTS = {"questionnaires": "form", "schemes": "definition", "results": "payload"}
#: what addresses and callbacks need of a page: never read by anybody
NEEDED = ("href", "value", "id", "key")
#: forms to fill in, and copies of what somebody brought: they are imported again, and stay whole
WHOLE = {
    "/download/template",
    "/download/template/<name>",
    "/download/template/<name>/phone",
    "/download/empty/indicators/<int:year>",
    "/download/empty/<any(questionnaire,scheme,annex):kind>",
    "/download/basics/questionnaire/<int:number>",
    "/download/basics/scheme/<int:number>",
    "/download/cycle/<kind>",
    "/download/scheme/<kind>",
    "/download/annotated/<token>/<int:number>",
    "/download/draft/<token>",
}
#: of an upload that waits
ELSEWHERE = {"/download/findings/<token>.<any(csv,xlsx):kind>"}
AWARDS = ("payments", "forecast", "communities", "targets", "goals", "ledger", "entries", "payments_form")
VALUES = {"code": ["C1"], "year": ["2014"], "number": ["1"]}


def numbered(told: Any) -> Any:
    """The same document with the number behind every text that is written in Chinese."""
    if isinstance(told, str):
        return told + NUMBER if re.search("[\u4e00-\u9fff]", told) else told
    if isinstance(told, list):
        return [numbered(one) for one in told]
    return {key: numbered(one) for key, one in told.items()} if isinstance(told, dict) else told


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two years of three communities, one step of the cycle, one task, one payment; numbers in all of it."""
    made = templates.empty_store(tmp_path_factory.mktemp("numbers") / "t.db")
    new_store.initialise(made)
    with made.write() as conn:
        register.save(conn, [register.Community(c, n, sub_district="示例街道") for c, n, _ in field_town.PLACES])
        questionnaires.add(conn, "q", field_town.FORM)
    for year in (2013, 2014):
        answers = field_town.lines(90).replace(",2014,", f",{year},").encode()
        commit(made, inspect(made, f"{year}.csv", answers, ImportOptions("q")))
        import_indicators(made, "指标.csv", cycle_town.values(), year)
        review(made, year, "approve", who="复核员")
    cycle_steps.take(made, Event("applied", 2014, "C1", star=5, who="李", document="1号", date="2014-10-01"))
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
                conn.execute(text(f"UPDATE {table} SET {name} = {name} || '{NUMBER}' WHERE {name} <> ''"))
        for table, name in DOCUMENTS.items():
            for key, kept in conn.execute(text(f"SELECT id, {name} FROM {table}")).fetchall():
                said = json.dumps(numbered(json.loads(kept)), ensure_ascii=False)
                conn.execute(text(f"UPDATE {table} SET {name} = :said WHERE id = :key"), {"said": said, "key": key})
        conn.execute(text("DELETE FROM analyses"))
    yield made
    made.close()


def whole(told: str) -> bool:
    return TAIL in re.sub(r"[ -]", "", told)


def read(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(property, text) of all that a page sends for somebody to read, figures with everything in them."""
    if isinstance(node, str):
        yield name, node
    elif isinstance(node, list):
        for one in node:
            yield from read(one, name)
    elif isinstance(node, dict):
        for key, one in node.items():
            if key not in NEEDED:
                yield from read(one, key)


def shown(store: Store, path: str, lang: str) -> Any:
    made = render(ADMIN, source_of(store), store, Uploads(), path, f"?year=2014&lang={lang}", {})
    assert not whole(made.title)
    return plain(made.children)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What drives happiness is told of a community of this town, too."""
    for module in (drivers, drivers_measure):
        monkeypatch.setattr(module, "LEAST", 50)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("small")
def test_no_page_and_no_figure_shows_a_number_whole(store, lang):
    """Every figure there is: of a community over the years, of several beside each other, of what drives happiness."""
    figures, masked_texts = set(), 0
    for page in PAGES:
        for path in page.paths:
            if "<below>" in path:
                continue
            sent = shown(store, path.replace("<code>", "C1"), lang)
            told = list(read(sent))
            assert [(name, said) for name, said in told if whole(said)] == [], path
            masked_texts += sum("138****5678" in said for _, said in told)
            figures |= {n["props"]["id"] for n in nodes(sent) if n["type"] == "Graph"}
    assert masked_texts > 200
    assert len(figures) >= 3


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


def addresses(rule: str) -> list[str]:
    """The addresses of a rule: one for each name that the page has."""
    names = {
        "/download/awards/<name>": AWARDS,
        "/download/quality/<name>": quality.downloads(),
        "/download/robustness/<name>": robustness.FILES,
    }.get(rule, ("x",))
    found = [rule.replace("<name>", name) for name in names]
    for name, (value,) in VALUES.items():
        found = [re.sub(rf"<(int:)?{name}>", value, one) for one in found]
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.usefixtures("small")
def test_no_file_that_a_page_hands_out_holds_a_number_whole(store, lang):
    client = create_app(store, source=source_of(store)).server.test_client()
    given = set()
    for rule in set(FILES) - WHOLE - ELSEWHERE:
        for address in addresses(rule):
            answer = client.get(f"{address}?year=2014&lang={lang}")
            if answer.status_code == 404:  # what this town has no data for says so
                assert not whole(answer.get_data(as_text=True)), address
                continue
            given.add(rule)
            assert not whole(unquote(answer.headers["Content-Disposition"])), address
            assert [name for name, said in files(answer.data) if whole(said) or whole(name)] == [], address
    assert len(given) > 16
    assert "/download/drivers/<code>" in given


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_list_of_findings_of_an_upload_holds_a_number_whole(store, lang):
    """In the file's name, a sheet's, a header, a community's, an interviewer's, and in what a finding quotes."""
    uploads = Uploads()
    book = Workbook()
    book.active.title = "电13812345678"
    book.active.append(["id", "社区", "when", *field_town.ITEMS, "who", f"备注{NUMBER}"])
    for i in range(6):
        cells = [1, 1, 1, 1, 1, 9 if i else "1381 234 5678"]
        book.active.append([f"新{i}", f"甲社区{NUMBER}" if i < 4 else "一三八1234五六七八", 2014, *cells, NUMBER, "1"])
    data = io.BytesIO()
    book.save(data)
    client = create_app(store, source=source_of(store), uploads=uploads).server.test_client()
    name = "名单13812345678.xlsx"
    sent = client.post(
        "/import/upload",
        data={"file": [(io.BytesIO(data.getvalue()), name)]},
        content_type="multipart/form-data",
    )
    token = sent.get_json()["token"]
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/download/findings/{token}.{kind}?lang={lang}")
        assert answer.status_code == 200
        assert not whole(unquote(answer.headers["Content-Disposition"]))
        told = [*files(answer.data)]
        assert "5678" in "".join(said for _, said in told)
        assert [name for name, said in told if whole(said) or whole(name)] == []


@pytest.mark.parametrize(
    "words",
    [
        ["export", "--year", "2014", "--out", "OUT/year", "--verify"],
        ["tasks", "export", "OUT/tasks.xlsx"],
        ["score", "--year", "2014", "--out", "OUT/score.xlsx"],
        ["estimate", "--questionnaire", "q", "--item", "Q1", "--by", "community", "--out", "OUT/table.parquet"],
        ["audit", "export", "OUT/audit.csv"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_file_of_a_command_holds_a_number_whole(store, tmp_path, words, capfd):
    assert xingfu.main(["--store", store.where, *[w.replace("OUT", str(tmp_path)) for w in words]]) in (0, 4)
    out = capfd.readouterr()
    assert not whole(out.out + out.err)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert made
    for path in made:
        assert [name for name, said in files(path.read_bytes(), path.name) if whole(said) or whole(name)] == []


def test_a_form_to_fill_in_stays_whole(store):
    """A masked name would be no name of the register, a masked label no question, when the form comes back."""
    client = create_app(store, source=source_of(store)).server.test_client()
    for address in ("/download/template/q", "/download/empty/indicators/2014", "/download/basics/scheme/1"):
        told = [said for _, said in files(client.get(f"{address}?year=2014&lang=zh").data)]
        assert any(NUMBER in said for said in told), address  # hints that go by a sentence are masked
