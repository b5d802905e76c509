"""Names, codes and every text of a person are text: no page, figure, paper, file, name of a file or answer of the API makes a
link, a formula or another's place of one."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from openpyxl import load_workbook

import xingfu
from analysis.awards.verdicts import Verdict
from analysis.papers import paper_files, typesetting
from analysis.papers.year_sources import year_sources
from analysis.publication import snapshots
from dashboard.app import create_app
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.router import render
from dashboard.web.address import in_path
from survey.core.lang import LANGUAGES
from survey.store import Store
from survey.store.year.cycle import Event
from tests.dashboard.test_app_names import API, FILES
from tests.journeys.failures.test_numbers_of_persons import ELSEWHERE, NEEDED, WHOLE
from tests.tools import templates
from tests.tools.dashboard_tools import ADMIN, nodes, plain, source_of
from tests.tools.hostile import written_town

LINK = '<a href="//evil.example">点</a>'
BEFORE, BEHIND = '=HYPERLINK("//evil.example")&', f"{LINK}%{{y}}$x$\u202e"
#: as they came in files: a way out of a folder, two that are one file, a drive
CODES = ("A/1", "..", "A:1")
known = typesetting._given
#: of a page: what a browser follows
FOLLOWED = ("href", "src", "action", "formAction")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = templates.empty_store(tmp_path_factory.mktemp("hostile") / "t.db")
    written_town.fill(made, lambda told: BEFORE + told + BEHIND, CODES)
    yield made
    made.close()


def strings(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(property, text) of everything in a page."""
    if isinstance(node, str):
        yield name, node
    elif isinstance(node, list):
        for one in node:
            yield from strings(one, name)
    elif isinstance(node, dict):
        for key, one in node.items():
            yield from strings(one, key)


def page(store: Store, path: str) -> Any:
    return plain(render(ADMIN, source_of(store), store, Uploads(), path, "?year=2014&lang=zh", {}).children)


def pages() -> Iterator[str]:
    for one in PAGES:
        for path in one.paths:
            if "<below>" not in path and "<document>" not in path:
                yield from (path.replace("<code>", in_path(c)) for c in (CODES if "<code>" in path else ("",)))


def test_no_page_and_no_figure_makes_a_link_of_a_text(store):
    told = 0
    for path in pages():
        sent = page(store, path)
        followed = [s for n, s in strings(sent) if n in FOLLOWED]
        drawn = [unquote(s) for s in followed if s.startswith("data:image/svg+xml,")]
        assert [s for s in drawn if "<a" in s or "<script" in s or "evil" in s] == [], path
        assert [s for s in followed if not re.match(r"/(?!/)|[#?]|mailto:|data:image/svg", s)] == [], path
        assert not {n["type"] for n in nodes(sent)} & {"Markdown", "DangerouslySetInnerHTML"}, path
        assert [s for n, s in strings(sent) if n not in NEEDED and "\u202e" in s] == [], path
        told += sum("evil.example" in said for _, said in strings(sent))
        for graph in (n for n in nodes(sent) if n["type"] == "Graph"):
            drawn = list(strings(graph["props"]["figure"]))
            assert [s for _, s in drawn if "<a" in s or "%{y}$" in s] == [], path
    assert told > 200


def test_every_community_has_its_own_page_at_its_own_address(store):
    client = create_app(store, source=source_of(store)).server.test_client()
    for code in CODES:
        for at in ("/community/", "/trace/", "/drivers/"):
            assert client.get(f"{at}{in_path(code)}?year=2014").status_code == 200, (at, code)
    for path in ("/", "/community/C9", "/community/A"):
        links = [s for n, s in strings(page(store, path)) if n == "href"]
        assert [s for s in links if re.search(r"/\.{1,2}([/?#]|$)|/A/", s)] == []
    links = {s.partition("?")[0] for n, s in strings(page(store, "/")) if n == "href"}
    assert {f"/community/{quote(in_path(code))}" for code in CODES} <= links


def test_the_first_html_holds_texts_as_text(store):
    client = create_app(store, source=source_of(store)).server.test_client()
    for path in pages():
        answer = client.get(f"{path}?year=2014&lang=zh")
        assert answer.status_code == 200, path
        assert '<a href="//evil' not in answer.get_data(as_text=True), path


# ── Files


def harmless(data: bytes, name: str) -> Iterator[str]:
    """What is wrong with a file: a formula or link made of a text, an unsafe or doubled name in an archive."""
    if data[:5] == b"%PDF-":
        if b"/ObjStm" in data or re.search(rb"/URI\s*\(|/JavaScript|/Launch", data):  # no object may hide in a stream
            yield f"{name}: a link"
        return
    if data[:2] != b"PK":
        text = data.decode("utf-8", "replace")
        if name.endswith(".csv") and re.search(r'(^|,)"?=HYPER', text, re.MULTILINE):
            yield f"{name}: a formula"
        if name.endswith((".html", ".svg")) and LINK in text:
            yield f"{name}: a link"
        return
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = archive.namelist()
    folded = [part.casefold() for part in names]
    if len(set(folded)) < len(folded):
        yield f"{name}: one name twice"
    for part in names:
        if re.search(r'(^|/)\.\.?(/|$)|^/|[<>:"\\|?*]', part):
            yield f"{name}: {part}"
        if part.endswith(".rels") and b"evil" in archive.read(part):
            yield f"{name}: a link"
        yield from harmless(archive.read(part), f"{name}/{part}")
    if "xl/workbook.xml" in names:
        for sheet in load_workbook(io.BytesIO(data)):
            for row in sheet.iter_rows():
                if [
                    c
                    for c in row
                    if c.data_type == "f" and 'HYPERLINK("//evil' in str(c.value) and str(c.value).startswith(BEFORE)
                ]:
                    yield f"{name}/{sheet.title}: a formula"
                if [c for c in row if c.hyperlink and "evil" in f"{c.hyperlink.target}{c.hyperlink.location}"]:
                    yield f"{name}/{sheet.title}: a link"


def test_no_file_that_a_page_hands_out_holds_more_than_text(store):
    client = create_app(store, source=source_of(store)).server.test_client()
    given = dict[str, list[str]]()
    for rule in set(FILES) - ELSEWHERE:
        for code in CODES if "<code>" in rule else CODES[:1]:
            for address in written_town.addresses(rule, in_path(code)):
                answer = client.get(f"{address}?year=2014&lang=zh")
                assert answer.status_code in (200, 400, 404), address
                if answer.status_code == 200:
                    name = unquote(answer.headers["Content-Disposition"].rpartition("filename*=UTF-8''")[2])
                    assert not re.search(r"[/\\:<>|?*]", name), address
                    assert list(harmless(answer.data, name)) == [], address
                    if rule not in WHOLE:  # what is imported again stays as it was written
                        assert [n for n, s in written_town.files(answer.data, name) if "\u202e" in s + n] == [], address
                    given.setdefault(rule, []).append(name)
    assert len(given) > 20
    own = [names for rule, names in given.items() if "<code>" in rule]
    assert own
    assert [names for names in own if len({n.casefold() for n in names}) != len(CODES)] == []


@pytest.mark.parametrize(
    "words",
    [
        ["export", "--out", "OUT/year", "--verify"],
        ["export", "--format", "zip", "--out", "OUT/year.zip"],
        ["export", "--format", "data", "--responses", "--out", "OUT/data"],
        ["export", "--format", "pdf", "--community", "A/1", "--out", "OUT/a.pdf"],
        ["export", "--format", "docx", "--out", "OUT/docx"],
        ["export", "--format", "pdf", "--paper", "brief", "--out", "OUT/brief.pdf"],
        ["export", "--format", "pdf", "--paper", "diagnosis", "--out", "OUT/diagnoses"],
        ["trace", "A:1", "2014"],
    ],
    ids=lambda words: "-".join(w for w in words if "OUT" not in w),
)
def test_no_file_of_a_command_holds_more_than_text(store, tmp_path, words, capfd):
    year = [] if words[0] == "trace" else ["--year", "2014"]
    status = xingfu.main(["--store", store.where, *[w.replace("OUT", str(tmp_path)) for w in words], *year])
    said = capfd.readouterr()
    assert status in (0, 4), said.err
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert made or words[0] == "trace"
    assert "\u202e" not in said.out + said.err
    assert not re.search(r'(^|,)"?=HYPER', said.out, re.MULTILINE)
    for path in made:
        assert path.name.isprintable()
        assert list(harmless(path.read_bytes(), path.name)) == []
        assert [n for n, s in written_town.files(path.read_bytes(), path.name) if "\u202e" in s + n] == []


def test_a_notice_to_hang_up_holds_texts_as_text(store, monkeypatch):
    """Named by a document whose number is a way out of the paper, too; each code has a file of its own."""
    results = snapshots.results(store, 2014)
    made, given = year_sources(store, results), list[str]()
    monkeypatch.setattr(typesetting, "_given", lambda *of: given.append(str(laid := known(*of))) or laid)
    for code in CODES:
        title = Event("named", 2014, code, star=4, body="city", document=f"{BEFORE}1号{BEHIND}", date="2014-12-29")
        made.verdicts[code] = Verdict(code, 2014, "named", None, None, title, star=4)
        for lang in LANGUAGES:
            assert list(harmless(paper_files.notice_pdf(made, code, lang), code)) == []
    assert len(given) == len(CODES) * len(LANGUAGES)
    assert all("evil.example" in told for told in given)
    assert [told for told in given if "\\u202e" in told or "\u202e" in told] == []
    names = [paper_files.notice_name(made, code, "zh") for code in CODES]
    assert len({name.casefold() for name in names}) == len(CODES)
    assert [name for name in names if name.count("/") != 1 or re.search(r'(^|/)\.{1,2}(/|$)|[:<>|?*\\"]', name)] == []


def test_the_api_answers_for_every_code(store):
    client = create_app(store, source=source_of(store)).server.test_client()
    read = 0
    for rule in API:
        address = rule.replace("<int:year>", "2014")
        for form in ("", "&format=csv"):
            answer = client.get(f"{address}?lang=zh{form}")
            text = answer.get_data(as_text=True)
            assert answer.status_code in (200, 400), (address, text)
            if answer.is_json:
                json.loads(text)
            elif answer.status_code == 200:
                assert not re.search(r'(^|,)"?=HYPER', text, re.MULTILINE), address
            assert "\u202e" not in text, address
            read += "evil.example" in text
    assert read > 6
