"""Grown lists of calls add what is new; what contradicts itself is asked about."""

from __future__ import annotations

import pandas as pd

from survey.fieldwork.call_file import COLUMNS, PLACE
from survey.fieldwork.call_history import sort_calls

STORED = (
    "year",
    "community",
    "respondent",
    "attempt",
    "numbered",
    "at",
    "outcome",
    "batch_id",
    "row",
    "interviewer",
    "file",
    "sheet",
)


def calls(*rows):
    """(respondent, attempt, at, outcome[, interviewer]) in a sheet's order."""
    full = [
        (2014, "C1", r[0], r[1], r[2], None, r[4] if len(r) > 4 else "", r[3], i, f"H{i}", "访问结果", "某词")
        for i, r in enumerate(rows, 2)
    ]
    return pd.DataFrame(full, columns=[*COLUMNS, *PLACE])


def stored(*rows):
    """(respondent, attempt, numbered, at, outcome)."""
    full = [(2014, "C1", *r, 7, i, "", "旧.csv", "旧") for i, r in enumerate(rows, 2)]
    return pd.DataFrame(full, columns=list(STORED))


def verdict(frame, kept=None):
    found = sort_calls(frame, stored() if kept is None else kept, "电话")
    return found.skip.tolist(), found.asked.tolist(), found.attempt.tolist()


def test_new_calls_are_numbered_in_time():
    frame = calls(("1", 0, "2014-09-02T10:00:00", "1.1"), ("1", 0, "2014-09-01T10:00:00", "3.13"), ("2", 0, "", "2.11"))
    assert verdict(frame) == ([False] * 3, [False] * 3, [2, 1, 1])


def test_a_grown_list_adds_what_is_new():
    kept = stored(
        ("1", 1, True, "", "3.13"), ("2", 1, False, "2014-09-01T10:00:00", "3.12"), ("3", 1, False, "", "3.13")
    )
    frame = calls(
        ("1", 1, "", "3.13"),
        ("1", 2, "", "1.1"),
        ("2", 0, "2014-09-01T10:00:00", "3.12"),
        ("2", 0, "2014-09-02T10:00:00", "1.1"),
        ("3", 0, "", "3.13"),
        ("3", 0, "", "2.11"),
    )
    assert verdict(frame, kept) == ([True, False, True, False, True, False], [False] * 6, [1, 2, 0, 2, 0, 2])


def test_a_final_outcome_that_changed_is_a_new_attempt():
    assert verdict(calls(("1", 0, "", "1.1")), stored(("1", 1, False, "", "3.13"))) == ([False], [False], [2])


def test_the_same_call_with_another_outcome_is_asked_about():
    kept = stored(("1", 1, True, "", "3.13"), ("2", 1, False, "2014-09-01T10:00:00", "3.12"))
    frame = calls(
        ("1", 1, "", "1.1"), ("2", 0, "2014-09-01T10:00:00", "1.1"), ("3", 1, "", "1.1"), ("3", 1, "", "2.11")
    )
    assert verdict(frame, kept)[:2] == ([False] * 4, [True, True, False, True])
    found = sort_calls(frame, kept, "电话").findings
    assert [(f.code, f.level, f.cell, f.params["other"], f.params.get("file")) for f in found] == [
        ("calls.other_outcome_stored", "ask", "H2", 2, "旧.csv"),
        ("calls.other_outcome_stored", "ask", "H3", 3, "旧.csv"),
        ("calls.other_outcome", "ask", "H5", 4, None),
    ]
    assert "无人接听" in found[0].word("zh")
    assert "batch 7" in found[0].word("en")


def test_a_numbered_list_after_a_timed_one_is_known_by_its_times():
    kept = stored(("1", 1, False, "2014-09-01T10:00:00", "3.13"))
    assert verdict(calls(("1", 1, "2014-09-01T10:00:00", "3.13")), kept)[0] == [True]


def test_several_calls_on_one_day_without_a_time_of_day():
    frame = calls(("1", 0, "2014-09-01", "3.13"), ("1", 0, "2014-09-01", "1.1"))
    assert verdict(frame) == ([False, False], [False, False], [1, 2])
    kept = stored(("1", 1, False, "2014-09-01", "3.13"), ("1", 2, False, "2014-09-01", "1.1"))
    assert verdict(frame, kept)[0] == [True, True]


def test_calls_without_a_respondent_are_known_by_time_and_interviewer():
    frame = calls(
        ("", 0, "2014-09-01T10:00:00", "3.13", "F1"),
        ("", 0, "2014-09-01T10:00:00", "3.13", "F2"),
        ("", 0, "2014-09-01T10:00:00", "3.13", "F1"),
    )
    assert verdict(frame)[0] == [False, False, True]


def test_another_year_or_community_is_another_case():
    kept = stored(("1", 1, True, "", "3.13")).assign(community="C2")
    assert verdict(calls(("1", 1, "", "1.1")), kept) == ([False], [False], [1])
