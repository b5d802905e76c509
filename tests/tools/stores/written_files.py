"""Every file that a store gives: what its pages offer and what its commands write, as digests to be compared with another run's.

``python -m tests.tools.stores.written_files pages|commands STORE`` prints them as JSON: another process has another order of sets.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import xingfu
from analysis.scheme import default_scheme
from analysis.scheme.workbook.writing import write_scheme
from analysis.words.answers import read as read_words
from dashboard.app import create_app
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.papers import packing, service
from dashboard.router import render
from survey.commands.command_tree import Listed
from survey.form.default import default_questionnaire
from survey.store import Store
from survey.store import words as words_table
from survey.store.intake import batches, questionnaires
from survey.store.words import WordCode
from tests.tools.books import annexes
from tests.tools.dashboard_tools import ADMIN, answers_csv, nodes, plain, source_of
from tests.tools.stores.older_demo import unpacked

#: a community with results in each year of the demonstration
CODE = "SL03"
#: addresses that offer a file only with what follows the path
MORE = ("/import?batch={batch}", "/cycle?do=import")
SAID = ("停车位太少", "垃圾没人清", "")


def prepared(folder: Path) -> Path:
    """The demonstration with what some files are of: answers in words, telephone numbers, a batch whose original is kept.

    There must be a key.
    """
    place = unpacked(folder)
    form = default_questionnaire()
    phone, word = form.roles["phone"].name, next(q.name for q in form.questions if q.type == "text" and not q.role)
    head, *lines = answers_csv(first=5001, count=60).decode().splitlines()
    told = [f"{line},1381234{number:04d},{SAID[number % 3]},访问成功" for number, line in enumerate(lines)]
    answers = folder / "新答卷.csv"
    answers.write_text("\n".join([f"{head},{phone},{word},访问结果", *told]), "utf-8")
    other = replace(default_scheme(), code="other", first_year=2030)
    (folder / "other.xlsx").write_bytes(write_scheme(other, "zh"))
    for words in (
        ("import", str(answers), "--questionnaire", "default"),
        ("scheme", "add", str(folder / "other.xlsx")),
    ):
        assert xingfu.main(["--store", str(place), *words]) == 0
    with closing(Store.open(place)) as store, store.write(aside=True) as conn:
        words_table.save_codes(conn, "王芳", "default", word, [WordCode(0, "停车", ("停车",)), WordCode(0, "垃圾")])
        by_name = {code.name: code.id for code in words_table.codes(conn, "default", word)}
        at = questionnaires.get(conn, "default").form.position[word]
        for answer in read_words(conn, "default", word).of(2014):
            code = by_name["停车" if "停车" in answer.text else "垃圾"]
            words_table.give(conn, "王芳", answer.response_id, at, [code], in_turn=True, name=word)
    return place


# ── What pages offer


class Pages:
    """A dashboard of a store, as the administrator of this machine sees it."""

    def __init__(self, place: Path) -> None:
        self.store, self.uploads = Store.open(place), Uploads()
        self.source = source_of(self.store)
        app = create_app(self.store, source=self.source, uploads=self.uploads)
        self.client = app.server.test_client()
        self.tokens = {path: self._sent(path) for path in ("/import", "/questionnaire/draft")}

    def _sent(self, path: str) -> str:
        """The token of answers one cell of which is none, and of whose communities one is unknown; they are looked through."""
        data = {"file": [(io.BytesIO(answers_csv(bad=True)), "答卷.csv")]}
        sent = self.client.post(f"{path}/upload", data=data, content_type="multipart/form-data")
        token, until = str(sent.get_json()["token"]), time.monotonic() + 120
        while not any(token in href for href in self._hrefs(path, f"token={token}&year=2014")):
            assert time.monotonic() < until
            time.sleep(0.05)
        return token

    def _hrefs(self, path: str, search: str) -> Iterator[str]:
        sent = render(ADMIN, self.source, self.store, self.uploads, path, f"?{search}&lang=zh", {})
        for node in nodes(plain(sent.children)):
            href = str(node["props"].get("href") or node["props"].get("src") or "")
            if href.startswith("/download/"):
                yield href

    def offered(self, *years: int, whole: bool = False) -> list[str]:
        """The address of every file that a page of these years offers; of the papers of communities those of one, or the ``whole`` of them.

        The record of who took what is none of them: it tells of these.
        """
        ways = [path.replace("<code>", CODE) for page in PAGES for path in page.paths if "<below>" not in path]
        ways += [way.format(batch=_newest(self.store)) for way in MORE]
        ways += [f"{path}?token={token}" for path, token in self.tokens.items()]
        found: dict[str, None] = {}
        for year in years:
            for way in ways:
                path, _, search = way.partition("?")
                for href in self._hrefs(path, f"{search}&year={year}"):
                    of_one = re.search(r"/(SL\d\d)\b", href)
                    if not href.startswith("/download/audit") and (whole or of_one is None or of_one[1] == CODE):
                        found[href] = None
        return [*found]

    def fetched(self, addresses: Iterable[str]) -> dict[str, str]:
        """Address → digest of the file and its name; raises AssertionError for an address that hands out none."""
        found = {}
        for address in addresses:
            answer = self.client.get(address)
            assert answer.status_code == 200, (address, answer.get_data(as_text=True))
            for token in self.tokens.values():
                address = address.replace(token, "TOKEN")
            found[address] = sha256(answer.headers["Content-Disposition"].encode() + answer.data).hexdigest()
        return found

    def packed(self) -> dict[str, str]:
        """The archives that are made beside a request."""
        found = {}
        for kind in ("diagnoses", "year"):
            wanted = service.order(ADMIN, self.source, self.store, 2014, f"/download/{kind}", "", "zh")
            packing.begin(self.uploads.papers, self.store, wanted).ended.wait()
            found[f"/download/packed/{kind}"] = sha256(packing.packed(self.store, wanted)[1]).hexdigest()
        return found


def of_pages(place: Path) -> dict[str, str]:
    """Address → digest of whatever the pages of two years offer."""
    pages = Pages(place)
    with closing(pages.store):
        return {**pages.fetched(pages.offered(2013, 2014, whole=True)), **pages.packed()}


def _newest(store: Store) -> int:
    with store.read() as conn:
        return max(batch.id for batch in batches.listing(conn))


# ── What commands write

_ITEM = ("--questionnaire", "default", "--item", "F4")
_PLAIN = (
    *("score", "rates", "compare", "lift", "trend", "streets", "drivers", "power", "sensitivity", "targets", "offices"),
    *("quality reliability", "quality modes", "quality interviewers", "quality without", "quality weights"),
    *("quality small-areas", "awards show", "awards forecast", "awards ledger", "awards entries", "todo", "tasks list"),
)
#: commands whose table goes into a file by its ending, OUT: one of them takes one of the endings, the next the next
TABLES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(_PLAIN, ("--out", "OUT")),
    "estimate": ("--questionnaire", "default", "--by", "community", "--out", "OUT"),
    "words codes": (*_ITEM, "--out", "OUT"),
    "words count": (*_ITEM, "--out", "OUT"),
    "scheme against": ("other", "--out", "OUT"),
}
ENDINGS = (".xlsx", ".csv", ".json", ".parquet")
#: the other commands that write: words, and the ending of the place OUT
FILES: Mapping[str, Sequence[tuple[Sequence[str], str]]] = {
    "export": (
        (("--year", "2014", "--verify", "--out", "OUT"), ".zip"),
        (("--year", "2014", "--format", "xlsx", "--community", CODE, "--out", "OUT"), ".xlsx"),
        (("--year", "2013", "--out", "OUT"), ".xlsx"),
        (("--year", "2013", "--format", "pdf", "--community", CODE, "--out", "OUT"), ".pdf"),
        (("--year", "2013", "--format", "pdf", "--paper", "notice", "--out", "OUT"), ""),
        (("--year", "2014", "--format", "docx", "--out", "OUT"), ""),
        (("--year", "2014", "--format", "data", "--responses", "--out", "OUT"), ".zip"),
    ),
    "archive": ((("OUT", "--year", "2013", "--responses"), ""),),
    "letters template": ((("OUT",), ""),),
    "communities template": ((("OUT",), ".xlsx"),),
    "communities export": ((("OUT",), ".xlsx"),),
    "questionnaire bank": ((("OUT", "--take", "default:D1"), ".xlsx"),),
    "questionnaire draft": ((("ANSWERS", "OUT"), ".xlsx"),),
    "questionnaire export": ((("default", "OUT"), ".xlsx"), (("default", "OUT"), ".docx")),
    "questionnaire template": ((("default", "OUT"), ".xlsx"), (("default", "OUT", "--mode", "phone"), ".xlsx")),
    "scheme template": ((("OUT",), ".xlsx"), (("OUT", "--annex"), ".xlsx")),
    "scheme draft": ((("ANNEX", "OUT"), ".xlsx"),),
    "indicators template": ((("2014", "OUT"), ".xlsx"),),
    "cycle template": tuple(((kind, "2014", "OUT"), ".xlsx") for kind in ("applications", "decisions", "titles")),
    "awards template": ((("2014", "OUT"), ".xlsx"),),
    "tasks export": ((("OUT",), ".xlsx"),),
    "words list": ((("OUT", *_ITEM), ".xlsx"), (("OUT", *_ITEM), ".csv")),
    "contacts export": ((("OUT", "--yes"), ".xlsx"), (("OUT", "--yes"), ".csv")),
    "original": ((("BATCH", "OUT"), ".csv"),),
    "import": tuple(
        (("ANSWERS", "--questionnaire", "default", "--dry-run", option, "OUT"), ending)
        for option, ending in (
            ("--annotated", ".xlsx"),
            ("--findings", ".csv"),
            ("--findings", ".xlsx"),
            ("--mapping-draft", ".xlsx"),
        )
    ),
    "communities add": ((("REGISTER", "--findings", "OUT"), ".csv"),),
    "calls import": ((("ANSWERS", "--dry-run", "--findings", "OUT"), ".csv"),),
    "indicators import": ((("VALUES", "--year", "2014", "--findings", "OUT"), ".csv"),),
}
#: a copy of everything with its moment in it, and the record of who took what
NEVER_THE_SAME = ("backup", "audit export")


def that_write() -> set[str]:
    """Commands with a place for a file or folder that they write."""

    def walked(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        if isinstance(command, Listed):
            yield " ".join(path), command.loaded()
            return
        for name, below in command.commands.items():
            yield from walked(below, (*path, name))
        if command.alone is not None:
            yield " ".join(path), command.alone.loaded()

    return {
        name
        for name, command in walked(xingfu.command_tree(), ())
        if any("OUT" in str(one.metavar) or one.name in ("out", "folder") for one in command.params)
    }


def of_commands(place: Path, names: Sequence[str] | None = None, *, whole: bool = True) -> dict[str, str]:
    """Command and path below the place → digest of the file it wrote; of these ``names``, tables by one ending each, or the ``whole``
    of them."""
    ways = [
        (name, words, ending)
        for number, (name, words) in enumerate(TABLES.items())
        for ending in (ENDINGS if whole else (ENDINGS[number % len(ENDINGS)],))
    ]
    ways += [(name, words, ending) for name, several in FILES.items() for words, ending in several]
    with closing(Store.open(place)) as store:
        given = {"BATCH": str(_newest(store)), **_sources(place.parent)}
    found: dict[str, str] = {}
    for number, (name, words, ending) in enumerate(ways):
        if names is not None and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / f"out{ending}"
            typed = [str(out) if word == "OUT" else given.get(word, word) for word in words]
            status = xingfu.main(["--store", str(place), *name.split(), *typed])
            assert status in (0, 3, 4), (name, status)
            assert out.exists(), (name, typed)
            for path in sorted(one for one in Path(folder).rglob("*") if one.is_file()):
                key = f"{number} {name} {path.relative_to(folder).as_posix()}"
                found[key] = sha256(path.read_bytes()).hexdigest()
    return found


def _sources(folder: Path) -> dict[str, str]:
    """Files to be read, each with something to be told about it."""
    made = {"ANSWERS": folder / "答卷.csv", "REGISTER": folder / "名册.csv", "VALUES": folder / "指标.csv"}
    made["ANNEX"] = folder / "附件.xlsx"
    made["ANNEX"].write_bytes(annexes.plain())
    made["ANSWERS"].write_bytes(answers_csv(bad=True))
    made["REGISTER"].write_text("编号,社区\nSL01,春晖社区\nSL99,春晖社区\n", "utf-8")
    made["VALUES"].write_text("社区,指标,数值\n没有的社区,没有的指标,1\n", "utf-8")
    return {name: str(path) for name, path in made.items()}


RUNS: Mapping[str, Callable[..., dict[str, str]]] = {"pages": of_pages, "commands": of_commands}

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(RUNS[sys.argv[1]](Path(sys.argv[2]))))
