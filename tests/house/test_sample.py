"""The invented sample: the files are those the generator makes, they say what EXPECTED.json says, and look like a survey."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from analysis.indicators.file import values_of
from analysis.scheme.default import default_scheme
from analysis.scheme.workbook.reading import read_scheme
from dashboard.serving.demonstration import sample_folder
from survey.coding import options as _options
from survey.fieldwork.register_file import read_register
from survey.files.read import read_sheets
from survey.form.default import default_questionnaire
from survey.intake import answers
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register

SAMPLE = sample_folder()
EXPECTED: dict[str, Any] = json.loads((SAMPLE / "EXPECTED.json").read_text(encoding="utf-8"))
EXPECTED_2: dict[str, Any] = json.loads((SAMPLE / "EXPECTED_2.json").read_text(encoding="utf-8"))
COUNTS: dict[str, dict[str, int]] = {**EXPECTED["answers"], **EXPECTED_2["answers"]}
MANIFEST: list[dict[str, Any]] = tomllib.loads((SAMPLE / "manifest.toml").read_text(encoding="utf-8"))["file"]
FIRST, SECOND = "示例街道", "演示街道"
ALL_ANSWERS = [entry for entry in MANIFEST if entry["kind"] == "answers"]
ANSWERS = [entry for entry in ALL_ANSWERS if entry["street"] == FIRST]
#: SHA-256 over name and content of every file of the first street, in the order of names: golden numbers, pictures and the
#: attack on disclosure stand on them
FIRST_STREET = "bd1164c105f8a7eb0a746a3c1a5f1ab5a4899c06270bff23e0872f0119d469ea"


@pytest.fixture(scope="module")
def maker() -> Iterator[SimpleNamespace]:
    """The generator's rooms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLE))
        from sample_maker import chance, everything, indicators, opinions, responses, second_street, street

        yield SimpleNamespace(
            chance=chance,
            everything=everything,
            indicators=indicators,
            opinions=opinions,
            responses=responses,
            second_street=second_street,
            street=street,
        )


def _cells(name: str, data: bytes) -> Any:
    """What a reader sees, whatever the library's version packs around it."""
    if name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    return data


def _rows(name: str) -> list[list[Any]]:
    data = (SAMPLE / name).read_bytes()
    if name.endswith(".csv"):
        return list(csv.reader(StringIO(data.decode("gb18030"))))
    return _cells(name, data)["数据"]


@pytest.mark.slow
def test_the_committed_files_are_what_the_generator_makes(maker: SimpleNamespace) -> None:
    made = maker.everything.files()
    beside = {"EXPECTED.json", "EXPECTED_2.json", "示例_社区地图.geojson"}
    assert set(made) | {"questionnaire.xlsx"} == {e["path"] for e in MANIFEST} | beside
    for name, data in made.items():
        assert _cells(name, data) == _cells(name, (SAMPLE / name).read_bytes()), name


def test_the_files_of_the_first_street_stay_byte_for_byte() -> None:
    paths = sorted({e["path"] for e in MANIFEST if e.get("street") != SECOND} | {"EXPECTED.json"})
    assert len(paths) == 21
    assert sha256(b"".join(path.encode() + (SAMPLE / path).read_bytes() for path in paths)).hexdigest() == FIRST_STREET


def test_the_scheme_is_the_shipped_one_with_the_streets_annexes() -> None:
    scheme, findings = read_scheme("scheme.xlsx", (SAMPLE / "scheme.xlsx").read_bytes())
    assert scheme is not None
    assert findings == []
    assert replace(scheme, community_targets=(), pilots=()) == default_scheme()
    assert len(scheme.community_targets) == 12
    assert [d for _, d in scheme.pilots] == [d.code for d in scheme.dimensions]


def test_no_real_district_or_street_is_named_where_invented_numbers_are_shown() -> None:
    real = re.compile("瓯海|鹿城|龙湾|五马|温州|ouhai|lucheng|longwan|wuma|wenzhou", re.IGNORECASE)
    told = {
        name: _cells(name, (SAMPLE / name).read_bytes())
        for name in (p.name for p in SAMPLE.iterdir() if p.suffix == ".xlsx")
    }
    told |= {p.name: p.read_bytes().decode("gb18030") for p in SAMPLE.glob("*.csv")}
    root = SAMPLE.parent.parent
    texts = [*SAMPLE.rglob("*.md"), *SAMPLE.rglob("*.toml"), *SAMPLE.rglob("*.py"), *root.glob("README*.md")]
    texts += [p for room in ("survey", "analysis", "dashboard") for p in (root / room / "texts").rglob("*.toml")]
    told |= {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in texts}
    assert len(told) > 60
    assert {name: found.group() for name, text in told.items() if (found := real.search(str(text)))} == {}


def test_the_manifest_names_every_file_once_and_register_first() -> None:
    paths = [entry["path"] for entry in MANIFEST]
    in_folder = {p.name for p in SAMPLE.iterdir() if p.suffix in (".xlsx", ".csv")}
    assert sorted(paths) == sorted(in_folder)
    kinds = [entry["kind"] for entry in MANIFEST]
    assert kinds[:3] == ["register", "questionnaire", "scheme"]
    assert {(e["year"], e["mode"]) for e in ANSWERS} == {(y, m) for y in (2012, 2013, 2014) for m in ("paper", "phone")}
    second = [(e["year"], e["mode"], e.get("sample_type")) for e in ALL_ANSWERS if e["street"] == SECOND]
    assert second == [(2013, "paper", None), (2014, "web", "quota"), (2014, "phone", None)]
    assert {e.get("street") for e in MANIFEST} == {FIRST, SECOND, None}


@pytest.mark.parametrize("entry", ALL_ANSWERS, ids=lambda e: e["path"])
def test_expected_rows_add_up_to_the_rows_of_the_file(entry: dict[str, Any]) -> None:
    counts = COUNTS[entry["path"]]
    outcomes = counts.get("outcomes", 0)
    assert counts["rows"] == counts["stored"] + counts["duplicates"] + counts["refused_rows"] + outcomes
    assert (outcomes > 200) == (entry["path"] == "演示_电话问卷_2014.xlsx")
    assert counts["rows"] == len(_rows(entry["path"])) - 1


def test_phone_numbers_can_belong_to_nobody() -> None:
    for entry in ALL_ANSWERS:
        if entry["mode"] == "phone":
            header, *rows = _rows(entry["path"])
            numbers = [row[header.index("联系电话")] for row in rows]
            assert all(len(n) == 11 and n.startswith("120") for n in numbers)


def test_nine_cells_are_no_answers_and_two_rows_no_community() -> None:
    assert sum(counts["refused_cells"] for counts in EXPECTED["answers"].values()) == 9
    assert sum(counts["refused_rows"] for counts in EXPECTED["answers"].values()) == 2


@pytest.fixture(scope="module")
def street_store(tmp_path_factory: pytest.TempPathFactory, maker: SimpleNamespace) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("sample") / "store.db", create=True)
    both = (*maker.street.PLACES, *maker.second_street.PLACES)
    places = [register.Community(code=p.code, name=p.name, aliases=p.aliases) for p in both]
    with store.write() as conn:
        register.save(conn, places)
        questionnaires.add(conn, "default", default_questionnaire())
    yield store
    store.close()


@pytest.mark.parametrize("entry", ALL_ANSWERS, ids=lambda e: e["path"])
def test_the_intake_finds_exactly_what_was_put_in(entry: dict[str, Any], street_store: Store) -> None:
    options = _options.ImportOptions(questionnaire="default", mode=entry["mode"], year=entry["year"])
    found = answers.inspect(street_store, entry["path"], (SAMPLE / entry["path"]).read_bytes(), options)
    counts = COUNTS[entry["path"]]
    assert found.counts == answers.Counts(
        counts["rows"],
        counts["stored"],
        counts["duplicates"],
        counts["refused_rows"],
        counts["refused_cells"],
        0,
        outcomes=counts.get("outcomes", 0),
        calls=counts.get("calls", 0),
    )


def test_no_phone_number_reaches_the_store(tmp_path: Path, maker: SimpleNamespace) -> None:
    name = "示例_电话调查_2012.csv"
    store = Store.open(tmp_path / "store.db", create=True)
    with store.write() as conn:
        register.save(conn, [register.Community(code=p.code, name=p.name) for p in maker.street.PLACES])
        questionnaires.add(conn, "default", default_questionnaire())
    options = _options.ImportOptions(questionnaire="default", mode="phone", year=2012)
    found = answers.inspect(store, name, (SAMPLE / name).read_bytes(), options)
    assert answers.commit(store, found).stored == EXPECTED["answers"][name]["stored"]
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    header, *rows = _rows(name)
    numbers = {row[header.index("联系电话")] for row in rows}
    assert len(numbers) > 500
    assert rows[0][0].encode() in kept  # the respondent's number is there: the bytes can be searched
    assert not re.findall(rb"(?<![\d.])" + EXPECTED["phone_prefix"].encode() + rb"\d{4}(?!\d)", kept)


def test_the_register_comes_in_without_a_finding() -> None:
    read, findings = read_register("register.xlsx", (SAMPLE / "register.xlsx").read_bytes())
    assert findings == []
    assert read is not None
    assert len(read.communities) == EXPECTED["register"]["communities"]
    assert len(read.population) == EXPECTED["register"]["population_rows"]


def test_the_second_register_says_where_a_community_ended_and_what_its_successor_was_before() -> None:
    read, findings = read_register("演示_名册.xlsx", (SAMPLE / "演示_名册.xlsx").read_bytes())
    assert [(f.code, f.level) for f in findings] == [("register.successor_beside", "note")]  # both count in 2013
    assert read is not None
    assert len({c.code for c in read.communities}) == EXPECTED_2["register"]["communities"]
    assert len(read.population) == EXPECTED_2["register"]["population_rows"]
    assert {c.code: (c.valid_to, c.successor) for c in read.communities if c.successor} == {"YS07": ("2013", "YS04")}
    adults = {(one.since, one.community.code): one.community.adult_population for one in read.told}
    assert adults[2014, "YS04"] == adults[2013, "YS04"] + adults[2013, "YS07"]
    book = _cells("演示_名册.xlsx", (SAMPLE / "演示_名册.xlsx").read_bytes())
    people = sum(n for place, year, _, _, n in book["人口"][1:] if (place, year) == ("萤窗社区", 2014))
    assert people == adults[2014, "YS04"]


def test_no_name_of_the_second_street_is_one_of_the_first() -> None:
    books = [_cells(name, (SAMPLE / name).read_bytes())["社区名册"][1:] for name in ("register.xlsx", "演示_名册.xlsx")]
    first, second = ({word for row in rows for word in (row[0], row[1], *row[2].split("|"))} for rows in books)
    assert len(second) == 3 * 8
    assert first & second == set()


@pytest.mark.parametrize("year", [2012, 2013, 2014])
def test_indicator_files_come_in_whole(year: int) -> None:
    name = f"示例_客观指标_{year}.xlsx"
    places, _ = read_register("register.xlsx", (SAMPLE / "register.xlsx").read_bytes())
    assert places is not None
    sheets = read_sheets(name, (SAMPLE / name).read_bytes())
    values, findings = values_of(sheets, default_scheme(), list(places.communities))
    assert {f.code for f in findings} == ({"indicator.percent_read"} if year == 2012 else set())
    assert values is not None
    assert len(values.frame) == EXPECTED["indicator_values"][name]


def test_register_people_add_up_to_the_adults_of_each_community() -> None:
    book = _cells("register.xlsx", (SAMPLE / "register.xlsx").read_bytes())
    places = {row[1]: row[5] for row in book["社区名册"][1:]}
    assert len(places) == EXPECTED["register"]["communities"] == 12
    people = dict.fromkeys(places, 0.0)
    for place, year, _, _, n in book["人口"][1:]:
        people[place] += n if year == 2014 else 0
    assert people == places
    assert min(places.values()) > 2500
    assert max(places.values()) < 9000


@pytest.fixture(scope="module")
def answered(maker: SimpleNamespace) -> dict[str, Any]:
    """Scored responses of four communities in 2014."""
    found = {}
    for position in (0, 3, 5, 11):
        frame = maker.responses.responses(maker.street.PLACES[position], position, 2014)
        found[frame["code"].iloc[0]] = frame[frame["state"].isin(("complete", "partial"))]
    return found


def test_community_scores_meet_the_plan(maker: SimpleNamespace, answered: dict[str, Any]) -> None:
    for code, frame in answered.items():
        got = maker.opinions.dimension_points(frame[list(maker.opinions.ITEMS)].to_numpy())
        assert got == pytest.approx(maker.street.subjective_plan(code, 2014), abs=0.15)
        assert len(frame) == EXPECTED["scored_responses"]["2014"][code]


def test_answers_hang_together_as_in_a_survey(maker: SimpleNamespace, answered: dict[str, Any]) -> None:
    same = maker.opinions.DIMENSION_OF[:, None] == maker.opinions.DIMENSION_OF
    within, across, spread, missing = [], [], [], []
    for frame in answered.values():
        levels = frame[list(maker.opinions.ITEMS)].to_numpy()
        scores = maker.opinions.SCORES[np.where(levels > 5, 0, levels)]
        masked = np.ma.corrcoef(np.ma.masked_invalid(scores), rowvar=False)
        within.append(float(masked[same & ~np.eye(25, dtype=bool)].mean()))
        across.append(float(masked[~same].mean()))
        spread.append(float(np.nanmean(scores, axis=1).std()))
        missing.append((levels == maker.opinions.DONT_KNOW).mean(axis=0))
    assert 0.42 < np.mean(within) < 0.56
    assert 0.30 < np.mean(across) < np.mean(within) - 0.05
    assert 13 < np.mean(spread) < 19
    share = np.mean(missing, axis=0)
    assert share.max() < 0.12
    assert share.argmax() % 25 in (1, 4, 13, 22)  # accounts, replies, help and disputes: what fewer people know


def test_indicator_values_add_up_to_the_plan(maker: SimpleNamespace) -> None:
    reported = maker.indicators.reported(default_scheme())
    assert len(reported) == 31 * 12 * 3
    dimensions = maker.street.DIMENSIONS
    for code in ("SL01", "SL06", "SL09", "SL12"):
        got = [
            sum(r.points for r in reported if (r.code, r.year, r.indicator.dimension) == (code, 2014, d))
            for d in dimensions
        ]
        assert got == pytest.approx(maker.street.objective_plan(code, 2014), abs=1.0)
    assert [(r.code, r.year, r.indicator.code) for r in reported if r.exempt] == [maker.indicators.EXEMPT]


def test_largest_remainder_keeps_the_total(maker: SimpleNamespace) -> None:
    # exact shares of 10: 4.29, 3.57, 2.14 -> 4, 3, 2, and the last seat to the largest remainder 0.57
    assert maker.chance.largest_remainder(10, np.array([6.0, 5.0, 3.0])).tolist() == [4, 4, 2]


def test_chance_is_the_same_on_every_machine(maker: SimpleNamespace) -> None:
    # numpy.random.RandomState((20141120 + zlib.crc32(b"a/1")) % 2**32).random_sample(2): a stream frozen by NEP 19
    assert maker.chance.stream("a", 1).random_sample(2).tolist() == [0.9784980678988804, 0.2483197432053651]
    assert maker.chance.stream("a", 2).random_sample(2).tolist() != [0.9784980678988804, 0.2483197432053651]
