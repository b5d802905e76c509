"""Every line of the table of docs/privacy.md, “What is kept of a respondent”, has a test that fails when it is broken."""

from __future__ import annotations

import pytest

from tests.house.privacy.test_privacy import (
    COMMAND,
    KEYS,
    PEOPLE,
    REMOVAL,
    RETENTION,
    ROOT,
    STORED,
    is_there,
)

#: how the first cell begins → tests that hold what the line says
LINES: dict[str, tuple[str, ...]] = {
    "answers, open answers": (
        f"{STORED}/test_responses.py::test_every_column_and_answer_comes_back",
        f"{PEOPLE}/test_contacts.py::test_no_number_stands_in_clear_in_any_file_finding_log_or_preview",
        f"{REMOVAL}::test_a_respondent_goes_with_all_that_was_said_and_nothing_else_moves",
    ),
    "that somebody was removed": (
        f"{REMOVAL}::test_a_batch_goes_whole_and_stays_in_the_list",
        f"{REMOVAL}::test_a_mark_is_of_one_person_place_and_store",
    ),
    "design columns by role": (f"{STORED}/test_responses.py::test_every_column_and_answer_comes_back",),
    "phone numbers": (
        f"{PEOPLE}/test_contacts.py::test_with_a_key_numbers_are_kept_apart_and_linked_to_their_answers",
        f"{PEOPLE}/test_contacts.py::test_without_a_key_numbers_are_dropped_and_still_compared_within_the_file",
        f"{RETENTION}::test_the_term_begins_with_closing_and_ends_with_reopening",
        f"{COMMAND}::test_purging_a_year_needs_a_word_and_leaves_the_answers",
    ),
    "respondents of sheets without a number": (
        f"{PEOPLE}/test_identities.py::test_people_are_known_by_their_number_and_no_number_is_stored",
        f"{PEOPLE}/test_identities.py::test_with_the_contacts_goes_what_leads_from_a_number_to_an_id",
    ),
    "call records": ("survey/fieldwork/test_call_file.py::test_names_and_telephone_numbers_are_never_kept",),
    "who in an office is responsible": ("analysis/improvement/test_task_sheet.py::test_out_filled_in_and_back",),
    "what an answer in words was coded as": (
        "survey/store/test_words.py::test_what_was_coded_in_its_turn_stays_so_and_the_record_knows_who",
        "survey/store/test_words.py::test_a_person_who_is_removed_takes_the_codes_along",
    ),
    "half-filled forms": (
        "survey/store/test_drafts.py::test_it_is_let_go_of_and_swept_and_never_too_long",
        "survey/store/test_drafts.py::test_with_a_key_nothing_of_it_is_in_clear_and_without_it_nothing_is_read",
        f"{RETENTION}::test_half_filled_forms_go_after_their_term_and_not_by_a_clock_that_jumped",
    ),
    "saved views": ("survey/store/test_views.py::test_each_reader_has_the_own_ones_and_what_is_shared",),
    "the files as they came": (
        f"{STORED}/test_originals.py::test_what_is_stored_is_small_and_unreadable",
        f"{PEOPLE}/test_contacts.py::test_without_a_key_numbers_are_dropped_and_still_compared_within_the_file",
        f"{RETENTION}::test_a_file_of_no_year_goes_when_it_is_as_old_as_the_term",
    ),
    "the key": (f"{KEYS}::test_a_key_does_not_lie_beside_the_store",),
    "names, addresses, nicknames": (f"{PEOPLE}/test_contacts.py::test_names_and_addresses_are_nowhere_in_the_store",),
}


def first_cells() -> list[str]:
    """What the lines of the table are about."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    lines = text[: text.index("\n\nNumbers are masked")].splitlines()
    return [line.split("|")[1].strip() for line in lines if line.startswith("| ")][1:]


def test_every_line_is_held() -> None:
    found = first_cells()
    assert len(found) == len(LINES)
    assert [cell for cell in found if sum(cell.startswith(begin) for begin in LINES) != 1] == []


@pytest.mark.parametrize("test", sorted({test for held in LINES.values() for test in held}))
def test_what_holds_a_line_is_there(test: str) -> None:
    assert is_there(test)
