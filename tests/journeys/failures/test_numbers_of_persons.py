"""Numbers of persons in every text that a store holds: no page, figure, file or name of a file shows one whole."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook

import xingfu
from analysis.quality import drivers, drivers_measure
from dashboard.app import create_app
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.router import render
from survey.store import Store
from tests.dashboard.test_app_names import FILES
from tests.tools import templates
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of
from tests.tools.hostile import written_town
from tests.tools.hostile.written_town import addresses, files
from tests.tools.towns import field_town

NUMBER, TAIL = "电13812345678", "12345678"
#: what addresses and callbacks need of a page: never read by anybody
NEEDED = ("href", "value", "id", "key")
#: forms to fill in, and copies of what somebody brought: they are imported again, and stay whole
WHOLE = {
    "/download/template",
    "/download/template/<name>",
    "/download/template/<name>/phone",
    "/download/empty/indicators/<int:year>",
    "/download/empty/<any(questionnaire,scheme,annex):kind>",
    "/download/basics/register",
    "/download/basics/questionnaire/<int:number>",
    "/download/basics/scheme/<int:number>",
    "/download/cycle/<kind>",
    "/download/scheme/<kind>",
    "/download/annotated/<token>/<int:number>",
    "/download/draft/<token>",
}
#: of an upload that waits
ELSEWHERE = {"/download/findings/<token>.<any(csv,xlsx):kind>"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every text of it with a number behind it."""
    made = templates.empty_store(tmp_path_factory.mktemp("numbers") / "t.db")
    written_town.fill(made, lambda told: told + NUMBER)
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
