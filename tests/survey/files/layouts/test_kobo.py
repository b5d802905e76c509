"""Kobo and ODK exports come in, by name or by label, however a multiple choice is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from survey.files.layouts import recognise
from survey.files.layouts.layout import identities
from survey.files.readers.delimited import read_delimited
from tests.tools.books.platform_books import ASKED, FEW, Table, read_back, sheet, tables

OWN = [
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_tags",
    "_index",
]
START = ["start", "end", "today", "deviceid"]


def own(n: int, verdict: str = "") -> list[Any]:
    return [900 + n, f"3f0c-{n}", "2024-05-06T09:30:00", verdict, "", "submitted_via_web", "", "v1", "", n]


def export(table: Table, *, style: str, labels: bool, empty: str) -> list[list[Any]]:
    header: list[str] = list(START)
    for q in ASKED:
        said = q.label if labels else q.name
        path = f"满意度/{said}" if q.stem and labels else f"grp/sat/{said}" if q.stem else said
        names = q.options if labels else [str(i + 1) for i in range(len(q.options))]
        if q.kind != "many" or style != "details":
            header.append(path)
        if q.kind == "many" and style != "summary":
            header += [f"{path}/{name}" for name in names]

    def cells(q: Any, answer: Any) -> list[Any]:
        names = q.options if labels else [str(i + 1) for i in range(len(q.options))]
        if q.kind != "many":
            return [empty if answer is None else answer if q.kind == "text" else names[answer]]
        joined = [empty if answer is None else " ".join(names[i] for i in sorted(answer))]
        ticks = [empty if answer is None else str(int(i in answer)) for i in range(len(names))]
        return {"summary": joined, "details": ticks, "both": [*joined, *ticks]}[style]

    rows = [
        [
            "2024-05-06T09:00:00.000+08:00",
            "2024-05-06T09:30:00.000+08:00",
            "2024-05-06",
            "d1",
            *(c for q, a in zip(ASKED, row, strict=True) for c in cells(q, a)),
            *own(n),
        ]
        for n, row in enumerate(table.rows, 1)
    ]
    return [[*header, *OWN], *rows]


@pytest.mark.property
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize(
    ("style", "none_ticked"), [("summary", False), ("details", True), ("both", True)]
)  # a summary can't tell none from blank
def test_the_three_ways_come_back_equal(labels, style, none_ticked):
    @FEW
    @given(table=tables(skipped=False, none_ticked=none_ticked))
    def holds(table):
        for empty in ("", "n/a"):
            layout = recognise(sheet(export(table, style=style, labels=labels, empty=empty), "a.xlsx"))
            assert (layout.platform, layout.separator) == ("kobo", " ")
            assert read_back(layout) == table.rows

    holds()


@FEW
@given(table=tables(skipped=False))
def test_semicolons_and_quotes_come_back_equal_through_their_bytes(table):
    rows = export(table, style="both", labels=True, empty="")
    text = "".join(";".join(f'"{c}"' for c in row) + "\n" for row in rows)
    assert read_back(recognise(read_delimited("a.csv", text.encode()))) == table.rows


def test_groups_are_taken_off_one_after_another():
    layout = recognise(sheet([["g/h/Q1", "学习/读书", *OWN], ["1", "2", *own(1)]], "a.csv"))
    assert [c.texts for c in layout.questions] == [("g/h/Q1", "h/Q1", "Q1"), ("学习/读书", "读书")]


def test_the_summary_is_left_where_each_option_has_its_column():
    layout = recognise(sheet([["g/W", "g/W/park", "g/W/lake", *OWN], ["park", 1, 0, *own(1)]], "a.csv"))
    assert [(c.texts[-1], c.option, c.meaning) for c in layout.columns[:3]] == [
        ("W", "", "summary"),
        ("W", "park", ""),
        ("W", "lake", ""),
    ]
    beside = recognise(sheet([["W", "W/why", *OWN], ["park", "because", *own(1)]], "a.csv"))
    assert [(c.texts[0], c.meaning) for c in beside.questions] == [("W", ""), ("W/why", "")]


def test_identity_is_the_uuid_and_what_was_rejected_is_left_out():
    rows = [["1", *own(1)], ["2", *own(2, "validation_status_not_approved")], ["3", *own(3, "Not Approved")]]
    layout = recognise(sheet([["Q1", *OWN], *rows], "a.csv"))
    assert identities(layout) == ["kobo|3f0c-1", "kobo|3f0c-2", "kobo|3f0c-3"]
    assert layout.skip == {2: "platforms.not_approved", 3: "platforms.not_approved"}


def test_odk_central():
    header = [
        "SubmissionDate",
        "start",
        "grp-Q1",
        "W",
        "W/1",
        "meta-instanceID",
        "KEY",
        "SubmitterID",
        "SubmitterName",
        "ReviewState",
        "FormVersion",
    ]
    rows = [
        ["2024-05-06T01:30:00.000Z", "", "2", "1", 1, "uuid:a", "uuid:a", 1, "x", state, "1"]
        for state in ("", "rejected")
    ]
    layout = recognise(sheet([header, *rows], "a.csv"))
    assert layout.platform == "odk"
    assert layout.questions[0].texts == ("grp-Q1", "Q1")
    assert layout.by_meaning["uuid"].texts == ("KEY",)
    assert identities(layout)[0] == "odk|a"
    assert layout.skip == {2: "platforms.not_approved"}


@pytest.mark.parametrize(
    "header",
    [
        ["_uuid", "Q1", "start", "end"],
        ["_id", "_submission_time", "_index", "Q1"],
        ["key", "status", "Q1"],
        ["Q1", "_index", "_parent_table_name", "_parent_index", "_submission__uuid", "_uuid"],
    ],
)
def test_other_sheets_are_not_taken_for_one(header):
    assert recognise(sheet([header, ["1"] * len(header)], "a.csv")) is None
