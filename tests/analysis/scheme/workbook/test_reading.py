"""A scheme workbook with each thing that can be wrong with it: all problems at once, each at its cell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from analysis.scheme import default_scheme, from_dict, to_dict
from analysis.scheme.model import Dimension, Indicator, MarginTarget
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES

GOOD = write_scheme(default_scheme())


@cache
def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def edited(*cells: tuple[str, str, Any], data: bytes = GOOD) -> tuple[Any, list[Finding]]:
    """Read the default workbook with some cells (sheet, address, value) changed."""
    book, stream = opened(data), BytesIO()
    changed = [(next(s for s in book.worksheets if s.title.split()[0] == sheet)[at], v) for sheet, at, v in cells]
    before = [(cell, cell.value) for cell, _ in changed]
    for cell, value in changed:
        cell.value = value
    book.save(stream)
    for cell, value in reversed(before):
        cell.value = value
    return read_scheme("scheme.xlsx", stream.getvalue())


def codes(findings: list[Finding], level: str = "refuse") -> set[tuple[str, str]]:
    return {(f.code, f"{f.sheet.split()[0]}!{f.cell}") for f in findings if f.level == level}


# sheet, cell, value → code, where it is reported
BAD = [
    ("scheme", "B2", None, "scheme.setting_missing", "scheme!A2"),
    ("scheme", "B2", "wuma", "scheme.first_year", "scheme!B5"),
    ("scheme", "B5", "twenty", "scheme.not_whole", "scheme!B5"),
    ("scheme", "B6", "gd2012", "scheme.preset_unknown", "scheme!B6"),
    ("scheme", "B7", 0, "scheme.out_of_range", "scheme!B7"),
    ("scheme", "B8", 80, "scheme.out_of_range", "scheme!B8"),
    ("scheme", "B9", 0.9, "scheme.partial_above_complete", "scheme!B9"),
    ("scheme", "B10", "raking", "scheme.not_one_of", "scheme!B10"),
    ("scheme", "B11", "maybe", "scheme.not_yes_no", "scheme!B11"),
    ("scheme", "A11", "preset", "scheme.setting_twice", "scheme!A11"),
    ("presets", "C5", "100/80/90/40/0", "scheme.preset_rises", "presets!C5"),
    ("presets", "C5", "100/80/60/40/-5", "scheme.preset_range", "presets!C5"),
    ("presets", "C5", "100/80/60/0", "scheme.preset_length", "presets!C5"),
    ("presets", "C5", "high/low", "scheme.preset_scores", "presets!C5"),
    ("presets", "B5", 4, "scheme.twice", "presets!B5"),
    ("dimensions", "A2", "auto-nomy", "scheme.dimension_code", "dimensions!A2"),
    ("dimensions", "A2", "low", "scheme.dimension_reserved", "dimensions!A2"),
    ("dimensions", "A2", "well_se", "scheme.dimension_reserved", "dimensions!A2"),
    ("dimensions", "A3", "autonomy", "scheme.twice", "dimensions!A3"),
    ("dimensions", "D2", 150, "scheme.points_sum", "dimensions!D2"),
    ("dimensions", "E3", 50, "scheme.full_marks", "dimensions!D2"),
    ("dimensions", "D2", "many", "scheme.not_a_number", "dimensions!D2"),
    ("indicators", "A3", "zz01", "scheme.twice", "indicators!A3"),
    ("indicators", "A3", "ZZ:02", "scheme.indicator_code", "indicators!A3"),
    ("indicators", "B3", "ZZ99", "scheme.parent_unknown", "indicators!B3"),
    ("indicators", "B3", "ZZ02", "scheme.parent_circle", "indicators!B3"),
    ("indicators", "B3", "ZZ01", "scheme.points_on_group", "indicators!F2"),
    ("indicators", "B3", "ZZ01", "scheme.rule_on_group", "indicators!G2"),
    ("indicators", "C3", "nature", "scheme.dimension_unknown", "indicators!C3"),
    ("indicators", "C3", None, "scheme.blank", "indicators!C3"),
    ("indicators", "F3", 24, "scheme.points_sum", "dimensions!D2"),
    ("indicators", "F3", None, "scheme.points_missing", "indicators!F3"),
    ("indicators", "F3", 0, "scheme.points_zero", "indicators!F3"),
    ("indicators", "G3", "ratio", "rules.unknown", "indicators!G3"),
    ("indicators", "G3", None, "scheme.blank", "indicators!G3"),
    ("indicators", "H3", "zero=30", "rules.parameters.lacks", "indicators!H3"),
    ("indicators", "H6", "98:1 99:0.9", "rules.parameters.cuts_rise", "indicators!H6"),
    ("stars", "B3", 650, "scheme.star_minimum", "stars!B3"),
    ("stars", "B6", 1001, "scheme.star_unreachable", "stars!B6"),
    ("stars", "A3", 3, "scheme.star_order", "stars!A3"),
    ("stars", "A3", 1, "scheme.twice", "stars!A3"),
    ("stars", "C3", "nobody", "scheme.not_one_of", "stars!C3"),
    ("awards", "A6", 6, "scheme.out_of_range", "awards!A6"),
    ("awards", "B2", 0.005, "scheme.not_fen", "awards!B2"),
    ("awards", "C2", "district:0.5 street:0.4", "scheme.payers_sum", "awards!C2"),
    ("awards", "C2", "half each", "scheme.payers", "awards!C2"),
    ("vetoes", "A3", "V1", "scheme.twice", "vetoes!A3"),
    ("vetoes", "D2", 0, "scheme.out_of_range", "vetoes!D2"),
    ("targets", "B2", 30, "scheme.out_of_range", "targets!B2"),
    ("targets", "B2", 0.6, "scheme.target_not_nested", "targets!B2"),
    ("pilots", "A2", "甲社区", "scheme.blank", "pilots!B2"),
    ("scheme", "B12", "sex, education", "scheme.margin_unknown", "scheme!B12"),
    ("scheme", "B13", 0, "scheme.out_of_range", "scheme!B13"),
    ("scheme", "B14", 0.5, "scheme.out_of_range", "scheme!B14"),
    ("scheme", "B15", "remove", "scheme.not_one_of", "scheme!B15"),
    ("phases", "D3", 2012, "scheme.phase_ends_before", "phases!D3"),
]


@pytest.mark.parametrize(("sheet", "cell", "value", "code", "where"), BAD)
def test_one_wrong_cell_is_named(sheet, cell, value, code, where):
    scheme, findings = edited((sheet, cell, value))
    assert scheme is None
    assert (code, where) in codes(findings)
    for finding in findings:
        for lang in LANGUAGES:
            assert "{" not in finding.word(lang)


def test_all_problems_come_at_once():
    wanted = {
        "scheme.preset_unknown",
        "scheme.preset_rises",
        "rules.unknown",
        "scheme.star_minimum",
        "scheme.payers_sum",
    }
    chosen = [b for b in BAD if b[3] in wanted]
    scheme, findings = edited(*(b[:3] for b in chosen))
    assert scheme is None
    assert codes(findings) == {(b[3], b[4]) for b in chosen}


def test_a_bad_number_is_not_blamed_on_the_sums_too():
    _, findings = edited(("dimensions", "D2", "many"))
    assert codes(findings) == {("scheme.not_a_number", "dimensions!D2")}


def test_another_total_needs_the_setting():
    changes = [("dimensions", "E3", 50)]
    assert edited(*changes)[0] is None
    scheme, findings = edited(*changes, ("scheme", "B16", 990))
    assert scheme is not None
    assert scheme.full_marks == 990
    assert scheme.settings == {"full_marks": "990"}
    again, _ = read_scheme("scheme.xlsx", write_scheme(scheme))
    assert (again, findings) == (scheme, [])


def test_notes_do_not_refuse():
    scheme, findings = edited(("scheme", "A30", "author"), ("scheme", "B30", "街道办"), ("indicators", "K2", "组织部"))
    assert scheme is not None
    assert scheme.settings == {"author": "街道办"}
    assert codes(findings, "note") == {
        ("scheme.setting_unknown", "scheme!A30"),
        ("scheme.office_not_listed", "indicators!K2"),
    }
    office = next(f for f in findings if f.code == "scheme.office_not_listed")
    assert office.params["expected"] == ["组织办"]


@pytest.mark.parametrize(
    ("cell", "parameters", "noted"),
    [
        ("H3", "zero=0.3 full=0.9", True),
        ("H3", "zero=30 full=900", True),
        ("H6", "0.98:1 0.95:0.9", True),
        ("H3", "zero=10 full=0", False),
        ("H3", "zero=0 full=5", False),
    ],
)
def test_percent_parameters_written_as_shares_are_noted(cell, parameters, noted):
    scheme, findings = edited(("indicators", cell, parameters))
    assert scheme is not None
    assert (("scheme.percent_parameters", f"indicators!{cell}") in codes(findings, "note")) is noted


def test_three_levels_and_a_dimension_by_name_or_from_the_parent():
    scheme, findings = edited(
        *(
            ("indicators", f"{c}{r}", v)
            for r, cells in {
                33: {"A": "1", "C": "自治型·民主公平感", "D": "一级"},
                34: {"A": "1.1", "B": "1", "D": "二级"},
                2: {"B": "1.1", "C": None},
            }.items()
            for c, v in cells.items()
        )
    )
    assert [f.word("zh") for f in findings] == []
    leaf, *_, top, middle = scheme.indicators
    assert (leaf.dimension, leaf.parent, middle.parent, top.parent) == ("autonomy", "1.1", "1", "")
    assert (top.dimension, middle.dimension) == ("autonomy", "autonomy")
    assert top.points is None
    assert len(scheme.scored_indicators) == 31


def test_a_fourth_level_is_refused():
    rows = {33: ("1", None), 34: ("2", "1"), 35: ("3", "2")}
    cells = [
        ("indicators", f"{c}{r}", v)
        for r, (code, parent) in rows.items()
        for c, v in {"A": code, "B": parent, "C": "autonomy", "D": "组"}.items()
    ]
    scheme, findings = edited(*cells, ("indicators", "B2", "3"))
    assert scheme is None
    assert ("scheme.too_deep", "indicators!B2") in codes(findings)


def test_a_child_in_another_dimension_is_refused():
    group = [("indicators", f"{c}33", v) for c, v in {"A": "G", "C": "ecology", "D": "组"}.items()]
    _, findings = edited(*group, ("indicators", "B2", "G"))
    assert ("scheme.other_dimension", "indicators!C2") in codes(findings)


def test_objective_only_dimensions_and_any_number_of_them():
    base = default_scheme()
    extra = Dimension("party", {"zh": "党建", "en": "Party"}, 10.0, 0.0)
    cut = replace(base.dimensions[0], subjective_points=50.0)
    indicator = Indicator("DJ01", {"zh": "党建", "en": "Party"}, "party", points=10.0, rule="manual")
    scheme = replace(base, dimensions=(cut, *base.dimensions[1:], extra), indicators=(*base.indicators, indicator))
    again, findings = read_scheme("scheme.xlsx", write_scheme(scheme))
    assert findings == []
    assert again == scheme


def weighted(*rows: tuple[Any, ...], **settings: str) -> tuple[Any, list[Finding]]:
    """The default workbook with settings of weighting and rows of the sheet of margins."""
    places = {"weighting": "B10", "margins": "B12", "trim": "B14"}
    cells = [("scheme", places[key], value) for key, value in settings.items()]
    cells += [("margins", f"{'ABCDE'[c]}{r}", v) for r, row in enumerate(rows, 2) for c, v in enumerate(row)]
    return edited(*cells)


HUKOU = ("household_register", "local", 600)


def test_margins_of_ones_own_come_back_as_they_were_written():
    scheme, findings = weighted(
        HUKOU,
        ("household_register", "elsewhere", 0.4, "甲社区", 2014),
        weighting="rake",
        margins="性别，household_register",
        trim="4",
    )
    assert (findings, scheme.margins, scheme.trim) == ([], ("sex", "household_register"), 4)
    assert scheme.margin_targets == (
        MarginTarget("household_register", "local", 600),
        MarginTarget("household_register", "elsewhere", 0.4, "甲社区", 2014),
    )
    assert read_scheme("scheme.xlsx", write_scheme(scheme)) == (scheme, [])
    assert from_dict(to_dict(scheme)) == scheme


@pytest.mark.parametrize(
    ("rows", "settings", "code", "where", "level"),
    [
        (
            [HUKOU],
            {"margins": "sex,household_register", "weighting": "poststratify"},
            "margin_cells",
            "scheme!B12",
            "refuse",
        ),
        ([("sex", "男", 5)], {}, "margin_of_register", "margins!A2", "refuse"),
        ([HUKOU], {}, "margin_unused", "margins!A2", "note"),
        ([HUKOU, HUKOU], {"margins": "household_register"}, "twice", "margins!B3", "refuse"),
        (
            [("household_register", "local", -1)],
            {"margins": "household_register"},
            "out_of_range",
            "margins!C2",
            "refuse",
        ),
    ],
)
def test_margins_that_do_not_fit_are_named(rows, settings, code, where, level):
    _, findings = weighted(*rows, **settings)
    assert (f"scheme.{code}", where) in codes(findings, level)


def test_chinese_headers_and_sheet_names_alone_do():
    book = load_workbook(BytesIO(GOOD))
    for sheet in book.worksheets:
        sheet.title = sheet.title.split()[1]
        for cell in sheet[1]:
            cell.value = str(cell.value).split()[-1] if cell.value else None
    stream = BytesIO()
    book.save(stream)
    scheme, findings = read_scheme("体系.xlsx", stream.getvalue())
    assert (scheme, findings) == (default_scheme(), [])


def test_missing_sheets_are_named_and_presets_may_be_left_out():
    book = load_workbook(BytesIO(GOOD))
    for name in ("presets 赋分", "stars 星级"):
        del book[name]
    book.create_sheet("草稿")["A1"] = "x"
    stream = BytesIO()
    book.save(stream)
    scheme, findings = read_scheme("scheme.xlsx", stream.getvalue())
    assert scheme is None
    assert any(f.code == "scheme.sheet_missing" and "星级" in f.word("zh") for f in findings)
    assert [f.sheet for f in findings if f.code == "scheme.sheet_ignored"] == ["草稿"]
    assert not any(f.code == "scheme.preset_unknown" for f in findings)


def test_a_workbook_of_something_else_lists_what_is_missing():
    book = Workbook()
    book.active["A1"] = "社区"
    stream = BytesIO()
    book.save(stream)
    scheme, findings = read_scheme("别的.xlsx", stream.getvalue())
    assert scheme is None
    assert sum(f.code == "scheme.sheet_missing" for f in findings) == 4


def test_community_targets_and_pilots_are_read():
    scheme, findings = edited(
        ("community_targets", "A2", "甲社区"),
        ("community_targets", "B2", 2013),
        ("community_targets", "C2", 4),
        ("pilots", "A2", "甲社区"),
        ("pilots", "B2", "文化型·精神富有感"),
    )
    assert findings == []
    assert scheme.community_targets == (("甲社区", 2013, 4),)
    assert scheme.pilots == (("甲社区", "culture"),)
