"""The archive pack of a closed year of the demonstration, as the first version left its store."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import stat
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import xingfu
from analysis.archive.manifest import examine_pack
from survey.store import Store, audit
from tests.tools.stores.older_demo import DEMO, unpacked


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def pack(place: Path) -> Path:
    folder = place.parent / "pack"
    assert xingfu.main(["--store", str(place), "archive", str(folder), "--year", "2013", "--responses"]) == 0
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_it_holds_every_paper_and_file_of_the_year_and_is_whole(pack):
    assert [one.key for one in examine_pack(pack)] == ["archive.whole"]
    assert len(list((pack / "workbooks").iterdir())) == len(list((pack / "diagnoses").iterdir())) == 12
    assert sorted(path.suffix for path in (pack / "streets").iterdir()) == [".pdf", ".xlsx"]
    named = {r["community_code"] for r in rows(pack / "year" / "communities.csv") if r["status"] == "named"}
    assert named
    assert {path.name.split("_")[1] for path in (pack / "notices").iterdir()} == named
    letters = {path.name[:2] for path in (pack / "letters").iterdir()}
    assert {"01", "02", "03", "04", "06", "07", "08", "09", "13"} <= letters
    assert "12" not in letters  # a reminder says what is owed today
    kinds = ("README.txt", "results.json", "verify.R", "scheme.xlsx", "questionnaires/default_v1.xlsx")
    tables = ("steps", "versions", "lists", "batches", "communities", "vetoes", "objections")
    assert all((pack / name).is_file() for name in (*kinds, *(f"year/{t}.csv" for t in tables), "data/README.txt"))


def test_its_numbers_are_those_that_were_closed(pack):
    told = {row["community_code"]: row for row in rows(DEMO / "score_2013.csv")}
    held = {row["community_code"]: row for row in rows(pack / "data" / "csv" / "scores.csv")}
    assert held.keys() == told.keys()
    assert all(held[code][c] == told[code][c] for code in told for c in ("total", "star", "subjective_se"))
    book = openpyxl.load_workbook(next((pack / "workbooks").glob("2013_SL03_*")), data_only=True)
    summary = {row[0]: row[1] for row in book["总览"].iter_rows(values_only=True)}
    assert summary["总分（满分 1000）"] == pytest.approx(float(told["SL03"]["total"]))


def test_batches_name_the_files_they_came_from_with_their_hashes(pack):
    found = rows(pack / "year" / "batches.csv")
    assert {"answers", "indicators"} <= {row["kind"] for row in found}
    assert all(len(row["sha256"]) == hashlib.sha256().digest_size * 2 for row in found if row["kind"] == "answers")
    assert all("2012" not in row["sheet"] for row in found)  # another year's


def test_single_responses_lie_by_community_and_by_year_and_are_their_owner_s(pack):
    by_year = pd.read_parquet(pack / "responses" / "overall")
    by_community = pd.read_parquet(pack / "responses" / "by_community")
    assert len(by_year) == len(by_community)
    assert set(by_year["year"].astype(int)) == {2012, 2013}
    counts = by_community.groupby(["community", "year"], observed=True).size()
    told = {row["community_code"]: int(row["n_received"]) for row in rows(DEMO / "score_2013.csv")}
    assert {code: counts[code, 2013] for code in told} == told
    for path in (pack / "responses").rglob("*.parquet"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_columns_hold_nothing_that_says_who_answered_when_or_in_which_order(pack):
    found = pd.read_parquet(next((pack / "responses" / "overall").glob("year=2013/*")))
    strange = {"respondent", "interviewer", "household", "started", "submitted", "sheet", "row", "batch_id"}
    assert not strange & {c.removeprefix("q_") for c in found}
    assert found["id"].is_monotonic_increasing
    assert "q_A1" in found
    assert set(found["q_A1"]) <= {
        *"12345",
        ".blank",
        ".dont_know",
        ".refused",
        ".invalid",
        ".not_applicable",
        ".skipped",
    }


def test_without_classes_sex_and_age_are_in_no_column(place, tmp_path):
    words = ["--store", str(place), "archive", str(tmp_path / "p"), "--year", "2012", "--responses", "--no-classes"]
    assert xingfu.main(words) == 0
    found = pd.read_parquet(tmp_path / "p" / "responses" / "overall")
    assert not [c for c in found if any(word in c for word in ("sex", "gender", "age"))]
    assert set(found["year"].astype(int)) == {2012}  # nothing later than the year of the pack


def test_taking_it_is_in_the_record(place, pack):
    store = Store.open(place)
    with store.read() as conn:
        entry = next(e for e in audit.listing(conn, 50) if e.action == "archive" and e.subject == "2013")
    store.close()
    assert entry.detail["responses"] is True


def test_made_twice_the_files_are_the_same(place, pack, tmp_path):
    again = tmp_path / "again"
    assert xingfu.main(["--store", str(place), "archive", str(again), "--year", "2013", "--responses"]) == 0
    sums = [json.loads((p / "manifest.json").read_bytes())["files"] for p in (pack, again)]
    assert sums[0] == sums[1]


def test_a_folder_that_holds_something_and_an_open_year_are_refused_and_write_nothing(place, pack, tmp_path, capsys):
    command = ["--store", str(place), "archive"]
    before = sorted(pack.rglob("*"))
    assert xingfu.main([*command, str(pack), "--year", "2013"]) == 3
    assert "已有内容" in capsys.readouterr().err
    assert sorted(pack.rglob("*")) == before
    for year in ("2014", "1999"):
        assert xingfu.main([*command, str(tmp_path / "open"), "--year", year]) == 3
        assert "2012、2013" in capsys.readouterr().err
    assert xingfu.main([*command, str(tmp_path / "open"), "--year", "2013", "--no-classes"]) == 2
    assert not (tmp_path / "open").exists()


def test_doctor_names_a_file_of_each_kind_in_which_one_bit_flipped(pack, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINGFU_STORE", str(tmp_path / "no.db"))
    kinds = {path.suffix: path for path in sorted(pack.rglob("*")) if path.is_file()}
    assert {".xlsx", ".pdf", ".docx", ".csv", ".json", ".parquet", ".sav", ".dta", ".txt", ".R"} <= {*kinds}
    for path in (*kinds.values(), pack / "manifest.json"):
        data, place = path.read_bytes(), path.stat().st_size // 2
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        name = path.relative_to(pack).as_posix()
        assert xingfu.main(["doctor", str(pack)]) == 3, name
        said = capsys.readouterr()
        # in the manifest itself it is a file that it no longer describes, or it can't be read
        assert name in said.out + said.err or path.name == "manifest.json", (name, said)
        path.write_bytes(data)
    assert xingfu.main(["doctor", str(pack)]) == 0


def test_doctor_looks_a_pack_over_without_a_store(pack, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINGFU_STORE", str(tmp_path / "no.db"))
    assert xingfu.main(["doctor", str(pack)]) == 0
    text = (pack / "results.json").read_bytes()
    (pack / "results.json").write_bytes(text.replace(b"1", b"2", 1))
    assert xingfu.main(["doctor", str(pack)]) == 3
    assert "results.json" in capsys.readouterr().out
    (pack / "results.json").write_bytes(text)
    assert not (tmp_path / "no.db").exists()


@pytest.mark.parametrize(("folder", "told"), [("望" * 200, "太长"), ("file/pack", "无法写入"), ("file", "无法写入")])
def test_a_place_that_can_not_be_written_is_one_sentence_and_no_line_in_the_record(tmp_path, capsys, folder, told):
    place = unpacked(tmp_path)
    (tmp_path / "file").write_bytes(b"mine")
    assert xingfu.main(["--store", str(place), "archive", str(tmp_path / folder), "--year", "2013"]) == 5
    assert told in capsys.readouterr().err
    beside = [p.name for p in tmp_path.iterdir() if not p.name.startswith("older.")]
    assert beside == ["file"]
    assert Path(tmp_path / "file").read_bytes() == b"mine"
    with closing(Store.open(place)) as store, store.read() as conn:
        assert not [e for e in audit.listing(conn, limit=5) if e.action == "archive"]
