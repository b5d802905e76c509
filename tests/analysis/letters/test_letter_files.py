"""The papers of the demonstration's closed year: numbers of the fixed version, visible blanks, the office's own templates."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

import xingfu
from analysis.letters.facts import BLANK, Facts
from analysis.letters.kinds import LETTERS
from survey.core.errors import Refused
from survey.store import Store
from tests.analysis.letters.test_letter_template import texts, written
from tests.tools.stores.older_demo import DEMO, unpacked
from tests.tools.towns.fake_results import fake_results


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("letters"))


def export(place: Path, out: Path, *more: str, year: str = "2013", status: int = 0) -> None:
    command = ["--store", str(place), "export", "--format", "docx", "--year", year, "--out", str(out), *more]
    assert xingfu.main(command) == status


@pytest.fixture(scope="module")
def made(place: Path) -> dict[str, bytes]:
    export(place, place.parent / "letters.zip")
    with zipfile.ZipFile(place.parent / "letters.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(data: bytes, number: int = 0) -> list[list[str]]:
    document: Any = Document(io.BytesIO(data))
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


def scores() -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO((DEMO / "score_2013.csv").read_text("utf-8")))
    return {row["community"]: row for row in rows}


def test_there_is_one_of_each_paper_and_one_a_community_office_where_that_is_asked(made):
    tops = sorted({name.split("/")[0].removesuffix(".docx") for name in made})
    assert [name[:2] for name in tops] == ["01", "02", "03", "04", "06", "07", "08", "09", "10", "11", "13"]
    assert sum(name.startswith("06_评定通知/") for name in made) == 12
    assert all(name.endswith(".docx") for name in made)


def test_a_veto_is_called_as_the_scheme_calls_it_and_not_by_its_code(place):
    """大榕 has one in 2014; once a form of the office said V2."""
    export(place, place.parent / "veto.zip", "--community", "SL09", year="2014")
    with zipfile.ZipFile(place.parent / "veto.zip") as archive:
        form = next(archive.read(n) for n in archive.namelist() if n.startswith("01_"))
    assert dict(table(form))["一票否决情形"] == "综治（重大案事件）（生效）"


def test_numbers_are_those_of_the_year(made):
    known = scores()
    heads, *rows = table(made["03_测评汇总表_2013.docx"])
    assert len(rows) == 12
    for row in rows:
        told = known[row[0]]
        assert row[heads.index("总分")] == f"{float(told['total']):.2f}"
        assert row[heads.index("客观得分")] == f"{float(told['objective']):.2f}"
        assert row[heads.index("答卷数")] == told["n"]
    notice = texts(made["06_评定通知/06_评定通知_2013_望江社区.docx"])
    assert f"总分 {float(known['望江社区']['total']):.2f}" in notice
    assert "【" not in notice  # everything of a closed year is known


def test_the_public_notice_tells_totals_and_stars_only(made):
    heads, *rows = table(made["04_公示_2013.docx"])
    assert heads == ["社区", "总分", "测算星级"]
    assert len(rows) == 12


def test_a_holder_who_did_not_apply_is_rated_again_and_nothing_to_list_says_so(made):
    rows = {row[0]: row for row in table(made["02_资格审查表_2013.docx"])}
    assert rows["望江社区"][2:4] == ["复评", "—"]
    assert table(made["02_资格审查表_2013.docx"], 1)[1][:2] == ["无", "—"]


def test_sums_of_money_are_those_of_the_ledger_to_the_fen(made):
    def fen(text: str) -> int:
        return int(text.replace(",", "").replace(".", ""))

    rows, sums = table(made["09_奖励资金分配表_2013.docx"])[1:], table(made["09_奖励资金分配表_2013.docx"], 1)[1:]
    for payer, due, *_ in sums:
        assert fen(due) == sum(fen(row[3]) for row in rows if row[2] == payer)
    assert sum(fen(due) for _, due, *_ in sums) == 55_000_000


def test_what_is_not_known_is_a_visible_blank(place, tmp_path):
    export(place, tmp_path / "open", year="2014")
    notice = texts(next((tmp_path / "open").glob("06_*/*望江社区.docx")).read_bytes())
    assert "【评定文号：" in notice
    tasks = table(next((tmp_path / "open").glob("11_*/*.docx")).read_bytes())
    assert any(BLANK in row for row in tasks)


def test_a_community_without_a_total_is_said_to_have_none(place, tmp_path):
    """西埠 has too few responses in 2014: what hangs in public, and what goes to it, had blanks there as if somebody still knew."""
    export(place, tmp_path / "open", year="2014")
    rows = {row[0]: row[1:] for row in table((tmp_path / "open" / "04_公示_2014.docx").read_bytes())}
    assert rows["西埠社区"] == ["不计", "不完整，暂不评星"]
    assert not [name for name, cells in rows.items() if BLANK in cells]
    rows = {row[0]: row for row in table((tmp_path / "open" / "03_测评汇总表_2014.docx").read_bytes())}
    assert rows["西埠社区"][4:8] == ["不计", "—", "—", "不完整，暂不评星"]
    notice = texts(next((tmp_path / "open").glob("06_*/*西埠社区.docx")).read_bytes())
    assert "【总分" not in notice


def test_of_one_community_those_about_it(place, tmp_path):
    export(place, tmp_path / "one", "--community", "SL03")
    names = sorted(p.relative_to(tmp_path / "one").as_posix() for p in (tmp_path / "one").rglob("*.docx"))
    assert names == ["01_申报表/01_申报表_2013_望江社区.docx", "06_评定通知/06_评定通知_2013_望江社区.docx"]


def test_in_english_too(place, tmp_path):
    command = ["--lang", "en", "--store", str(place), "export", "--format", "docx", "--year", "2013"]
    assert xingfu.main([*command, "--out", str(tmp_path / "en")]) == 0
    assert "calculated star" in texts(next((tmp_path / "en").glob("06_*/*望江社区.docx")).read_bytes())


def test_the_office_s_own_template_is_used_and_the_others_ship(place, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "announcement.docx").write_bytes(written("{{ street }}自己的公示", "{{ year }}"))
    export(place, tmp_path / "out", "--templates", str(own))
    assert texts((tmp_path / "out" / "04_公示_2013.docx").read_bytes()) == "示例街道自己的公示\n2013"
    assert (tmp_path / "out" / "03_测评汇总表_2013.docx").is_file()


def test_a_bad_template_and_a_folder_without_any_write_nothing(place, tmp_path, capsys):
    own = tmp_path / "own"
    export(place, tmp_path / "out", "--templates", str(own), status=3)
    own.mkdir()
    export(place, tmp_path / "out", "--templates", str(own), status=3)
    assert "04_公示.docx" in capsys.readouterr().err
    (own / "04_公示.docx").write_bytes(written("{{ rank }}"))
    export(place, tmp_path / "out", "--templates", str(own), status=3)
    said = capsys.readouterr().err
    assert "04_公示.docx" in said
    assert "rank" in said
    assert not (tmp_path / "out").exists()


def test_wrong_calls(place, tmp_path):
    export(place, tmp_path / "a.docx", status=2)
    export(place, tmp_path / "out", "--verify", status=2)
    export(place, tmp_path / "out", "--street", "没有街道", status=3)
    command = ["--store", str(place), "export", "--out", str(tmp_path / "out"), "--templates", str(tmp_path)]
    assert xingfu.main(command) == 2
    assert not (tmp_path / "out").exists()


def test_templates_that_ship_are_written_once_and_taken_back_as_they_are(place, tmp_path, made):
    assert xingfu.main(["letters", "template", str(tmp_path / "t")]) == 0
    assert len(list((tmp_path / "t").iterdir())) == 13
    assert xingfu.main(["letters", "template", str(tmp_path / "t")]) == 3
    export(place, tmp_path / "again.zip", "--templates", str(tmp_path / "t"))
    with zipfile.ZipFile(tmp_path / "again.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == made


def test_the_page_hands_them_to_who_sees_the_street(place, made):
    from dataclasses import replace

    from dashboard.pages.papers.service import letters_file, papers
    from tests.tools.dashboard_tools import ADMIN, source_of

    store = Store.open(place)
    source = source_of(store)
    name, data, _ = letters_file(ADMIN, source, store, 2013, "", "zh")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == made
    one = replace(ADMIN, role="community", communities=frozenset({"SL03"}))
    assert "/download/letters" not in papers(one, source, store, 2013).whole
    with pytest.raises(Refused):
        letters_file(one, source, store, 2013, "", "zh")
    assert name.startswith("2013_年度文书")
    store.close()


def test_a_street_whose_name_lies_within_another_s_is_not_that_one(place, monkeypatch):
    from dataclasses import replace

    from analysis.letters import facts
    from analysis.publication import snapshots

    store = Store.open(place)
    results = snapshots.results(store, 2013)
    names = ["街道", *["示例街道"] * (len(results.scores) - 1)]
    two = replace(results, scores=results.scores.assign(sub_district=names))
    monkeypatch.setattr(facts, "read_cycle", lambda store, year, street: None)
    assert [f.street for f in facts.facts_of(store, two, "zh", "示例街道")] == ["示例街道"]
    assert [f.street for f in facts.facts_of(store, two, "zh")] == ["街道", "示例街道"]
    store.close()


def test_a_closed_year_is_called_closed_as_in_every_other_paper(made):
    for name, data in made.items():
        foot = Document(io.BytesIO(data)).sections[0].footer
        assert "已归档" in "".join(p.text for p in foot.paragraphs), name


def test_what_two_offices_owe_together_stands_in_the_paper_of_each():
    """There was a third paper, to "事务办、社工办", whom nobody can be reminded at."""
    rows = [
        SimpleNamespace(owner=owner, owner_kind=kind)
        for owner, kind in (("事务办、社工办", "office"), ("社工办", "office"), ("", "office"), ("SL01", "community"))
    ]
    facts: Any = SimpleNamespace(duties=SimpleNamespace(rows=rows))
    reminder = next(letter for letter in LETTERS if letter.key == "reminder")
    assert Facts._offices(facts, reminder) == ["事务办", "社工办"]


@pytest.mark.parametrize("event", ["suspended", "revoked", "pending"])
def test_a_title_that_is_suspended_is_not_given(event):
    title = SimpleNamespace(star=3, subject="")
    stands = {
        "A": SimpleNamespace(title=title, title_event="kept"),
        "B": SimpleNamespace(title=title, title_event=event),
    }
    verdict = SimpleNamespace(star=3)
    facts: Any = SimpleNamespace(cycle=SimpleNamespace(standings=stands), verdicts={"A": verdict, "B": verdict})
    assert [Facts._named(facts, code) for code in "AB"] == [True, False]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_an_objection_is_about_is_called_by_its_name(lang):
    """An indicator stood there by its code alone; what the community said in its own words stays."""
    town = fake_results(2014)
    first = town.rows("indicators")[0]
    facts: Any = SimpleNamespace(results=town, lang=lang)
    about = {"community_code": first["community_code"], "state": "open"}
    for subject, said in (
        (first["indicator"], f"{first['indicator']} {first[f'name_{lang}'] or first['name_zh']}"),
        ("补访答卷", "补访答卷"),
        ("", ""),
    ):
        assert Facts._objection(facts, {**about, "subject": subject})["subject"] == said
