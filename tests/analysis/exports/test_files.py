"""Where a year's workbooks go, and names that every system takes."""

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from analysis.exports.files import export_year, file_name, safe_name
from survey.core.errors import Refused, WrongUsage
from tests.tools.towns.fake_results import fake_results


def small(year: int = 2014):
    found = fake_results(year)
    return replace(found, scores=found.scores.iloc[:2])


def test_a_folder_gets_one_workbook_a_community(tmp_path):
    paths = export_year(small(), "zh", tmp_path / "2014")
    assert [p.name for p in paths] == ["2014_SL01_春晖社区.xlsx", "2014_SL02_锦园社区.xlsx"]
    assert sorted(p.name for p in (tmp_path / "2014").iterdir()) == [p.name for p in paths]
    assert openpyxl.load_workbook(paths[1])["总览"]["A1"].value == "锦园社区 2014 · 总览"


def test_an_existing_folder_with_a_dot_is_a_folder(tmp_path):
    (tmp_path / "v1.2").mkdir()
    assert len(export_year(small(), "zh", tmp_path / "v1.2")) == 2


def test_a_zip_holds_all_and_is_the_same_every_time(tmp_path):
    [path] = export_year(small(), "zh", tmp_path / "a.zip")
    assert zipfile.ZipFile(path).namelist() == ["2014_SL01_春晖社区.xlsx", "2014_SL02_锦园社区.xlsx"]
    [again] = export_year(small(), "zh", tmp_path / "b", format="zip")
    assert again == tmp_path / "b.zip"
    assert again.read_bytes() == path.read_bytes()


def test_one_community_as_a_file_or_in_a_folder(tmp_path):
    [path] = export_year(small(), "en", tmp_path / "one.xlsx", community="SL02")
    assert openpyxl.load_workbook(path).sheetnames[0] == "Summary"
    assert export_year(small(), "en", tmp_path, community="SL02") == [tmp_path / file_name(small(), "SL02")]


@pytest.mark.parametrize(
    ("out", "community", "kind"),
    [
        ("all.xlsx", None, None),
        ("r.pdf", None, None),
        ("r", None, "pdf"),
        ("r.zip", None, "xlsx"),
        ("r.csv", None, "zip"),
    ],
)
def test_what_does_not_fit_is_wrong_usage_and_writes_nothing(tmp_path, out, community, kind):
    with pytest.raises(WrongUsage):
        export_year(small(), "zh", tmp_path / out, community, kind)
    assert not list(tmp_path.iterdir())


def test_an_unknown_community_is_refused_and_writes_nothing(tmp_path):
    with pytest.raises(Refused, match="SL77"):
        export_year(small(), "zh", tmp_path / "x", community="SL77")
    assert not list(tmp_path.iterdir())


def test_a_year_without_results_is_refused(tmp_path):
    found = fake_results(2014)
    with pytest.raises(Refused, match="2014"):
        export_year(replace(found, scores=found.scores.iloc[:0]), "zh", tmp_path / "x")


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("2014_A/B:C*", "2014_A_B_C_"),
        ("CON", "_CON"),
        ("lpt1.x", "_lpt1.x"),
        ("..", "_"),
        ("名 . ", "名"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_that_windows_takes(stem, name):
    assert safe_name(stem) == name
    assert Path(name).name == name


def test_codes_that_look_alike_to_a_file_system_have_files_of_their_own(tmp_path):
    found = small()
    codes = ["A/1", "A:1", "A_1", "a_1", "..", "_", "A_1~", "A\u202e1", "x" * 130, "x" * 131, "社" * 100, "con"]
    scores = found.scores.iloc[[0] * len(codes)].reset_index(drop=True).assign(community_code=codes, community="同")
    names = [file_name(replace(found, scores=scores), code) for code in codes]
    assert len({name.casefold() for name in names}) == len(codes)
    assert all(Path(name).name == name and len(name.encode()) <= 255 for name in names)
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert len(list(tmp_path.iterdir())) == len(codes)
    assert file_name(found, "SL02").count("~") == 0


def test_a_number_of_a_person_stands_in_no_name_and_no_mark_gives_it_away():
    found = small()
    names = [f"春晖社区1381234{n}" for n in (5678, 9678)]
    twins = replace(found, scores=found.scores.assign(community=names))
    told = [file_name(twins, code) for code in ("SL01", "SL02")]
    assert [name.partition("~")[0] for name in told] == [
        "2014_SL01_春晖社区138____5678_1",
        "2014_SL02_春晖社区138____9678_2",
    ]
    coded = replace(found, scores=found.scores.assign(community_code=["13812345678", "13899995678"], community="甲"))
    told = [file_name(coded, code) for code in ("13812345678", "13899995678")]
    assert len({*told}) == 2
    assert not any("2345" in name or "9999" in name for name in told)
