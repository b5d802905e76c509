"""Every sentence of “What is shown of groups” in docs/privacy.md has a test that fails when it is broken."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDIT, OUTSIDE = "analysis/disclosure/test_audit.py", "analysis/disclosure/test_audit_outside.py"
VERIFY, PAGE = "analysis/exports/test_verification.py", "dashboard/pages/method/test_method_verification.py"
#: how a sentence begins → tests that hold it; None: it says what is not promised
HELD: dict[str, tuple[str, ...] | None] = {
    "A group of fewer than 5 respondents shows nothing": ("analysis/tables/test_estimates.py::test_small_groups",),
    "Pages, commands and exports follow the same rule": (
        "journeys/test_small_groups.py::test_pages_break_nothing_down",
        "journeys/test_small_groups.py::test_commands",
        "journeys/test_small_groups.py::test_the_breakdown_of_a_community",
    ),
    "What is shown is decided once": (f"{AUDIT}::test_no_sum_of_few_follows_in_the_demonstration",),
    "**The guarantee**": (
        f"{AUDIT}::test_table_by_table_gave_answers_away",
        f"{AUDIT}::test_no_sum_of_few_follows_in_the_demonstration",
        f"{AUDIT}::test_no_sum_of_few_follows_beside_a_question",
        f"{AUDIT}::test_no_sum_of_few_follows_in_a_random_town",
        f"{AUDIT}::test_no_answer_of_few_is_known_within_a_level",
    ),
    "**Against whom**": (f"{AUDIT}::test_no_sum_of_few_follows_in_the_demonstration",),
    "**Not covered**": None,
    "Whoever solves all tables together": None,
    "Two versions of an open year": None,
    "Whoever knows some of the answers": None,
    "A group of 5–9, shown or left over": (
        "analysis/disclosure/test_alike.py::test_five_near_the_end_of_the_scale_do_not_show_what_four_of_them_said",
    ),
    "Where few of a community (1–9)": (
        "analysis/disclosure/test_counted.py::test_few_that_are_not_scored_are_left_out",
        "analysis/disclosure/test_counted.py::test_the_table_says_so",
    ),
    "The points of a community and its number": (f"{AUDIT}::test_what_is_held_back_is_little",),
    "**Other tables**": (
        f"{OUTSIDE}::test_one_small_group_of_a_deeper_table_takes_its_lines_along",
        f"{OUTSIDE}::test_several_years_leave_nothing_of_one",
    ),
    "They say `not_for_publication`": (f"{OUTSIDE}::test_a_deeper_table_says_that_it_is_not_for_publication",),
    "A table weighted otherwise": (f"{OUTSIDE}::test_another_weighting_is_not_for_publication",),
    "What single batches and files brought": None,
    "The independent check in R needs": None,
    "It leaves only when asked for": (
        f"{PAGE}::test_single_responses_leave_when_asked_for",
        f"{PAGE}::test_whoever_does_not_ask_or_asks_for_one_community_gets_none",
        f"{PAGE}::test_an_archive_that_holds_them_is_its_owners",
    ),
    "Rows are ordered by their own contents": (
        f"{VERIFY}::test_the_order_in_which_people_answered_can_not_be_read_off",
        "analysis/exports/test_row_order.py::test_any_order_of_the_same_rows_is_written_alike",
    ),
    "They hold community, year": (f"{VERIFY}::test_without_classes_no_weight_tells_them",),
    "Communities with fewer than 10 scored": (f"{VERIFY}::test_small_communities_and_what_names_a_person_stay_out",),
    "What is printed, and stands in": (
        "analysis/exports/test_recognisable.py::test_who_is_alone",
        f"{PAGE}::test_single_responses_leave_when_asked_for",
    ),
    "Single responses are for a named receiver": None,
}


def section() -> str:
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    start = text.index("## What is shown of groups")
    return text[start : text.index("**Open answers**", start)]


def sentences() -> list[str]:
    """The sentences of the section, marks of lists and headings of paragraphs taken off."""
    body = section().split("\n", 1)[1]
    body = re.sub(r"^\*\*(What can be subtracted is not shown|Single responses)\.\*\*", "", body, flags=re.MULTILINE)
    parts = [" ".join(p.split()) for p in re.split(r"\n\n|\n- |^- ", body) if p.strip()]
    return [s.strip().removeprefix("- ") for p in parts for s in re.split(r"(?<=[.)])\s+(?=[A-Z*])", p) if s.strip()]


def test_every_sentence_is_held() -> None:
    found = sentences()
    assert len(found) >= len(HELD)
    assert [s for s in found if not any(s.startswith(begin) for begin in HELD)] == []
    assert [begin for begin in HELD if not any(s.startswith(begin) for s in found)] == []


@pytest.mark.parametrize("test", sorted({t for held in HELD.values() for t in held or ()}))
def test_what_holds_it_is_there(test: str) -> None:
    file, name = test.split("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
