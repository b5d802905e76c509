"""Every sentence of docs/privacy.md has a test that fails when it is broken, or says what is not promised."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
AUDIT, OUTSIDE = "analysis/disclosure/test_audit.py", "analysis/disclosure/test_audit_outside.py"
STATISTICS, FILTERED = "analysis/tables/test_statistics_table.py", "analysis/disclosure/test_filtered.py"
VERIFY, PAGE = "analysis/exports/test_verification.py", "dashboard/pages/method/test_method_verification.py"
DECISION = "analysis/disclosure/test_decision.py"
SETTLED = "survey/store/test_settled.py"
ARCHIVE = "analysis/archive/test_pack.py"
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
    "Nor can whoever solves all tables of a community": (
        "analysis/disclosure/solving/test_feasible.py::test_no_few_of_a_town_are_known_within_a_level",
        f"{AUDIT}::test_no_answer_of_few_is_known_within_a_level",
        "analysis/disclosure/test_audit_whole_rows.py::test_no_row_follows_in_a_small_town",
        "analysis/disclosure/test_audit_whole_rows.py::test_no_row_follows_in_the_smallest_community_of_the_demonstration",
    ),
    "Nor can whoever solves the tables of a street": (
        "analysis/disclosure/solving/test_feasible.py::test_no_few_are_known_by_all_tables_of_a_small_street_together",
        "analysis/disclosure/solving/test_feasible.py::test_no_few_are_known_by_all_tables_of_a_long_street_together",
        f"{AUDIT}::test_no_answer_of_few_is_known_by_the_street_and_its_communities_together",
    ),
    "What a community holds back its street": (
        f"{DECISION}::test_what_a_community_holds_back_its_street_holds_back_too",
    ),
    "No question splits a community or street": (
        "analysis/tables/test_estimates.py::test_a_question_splits_no_community_of_fewer_than_fifty",
    ),
    "A question beside a variable is another table": (
        f"{OUTSIDE}::test_a_question_beside_a_variable_is_another_table",
        "analysis/disclosure/test_audit_whole_rows.py::test_a_question_beside_a_variable_gave_rows_away",
    ),
    "Where few (1–9) of a street and year name no community": (
        "analysis/disclosure/test_counted.py::test_few_of_no_community_leave_the_total_of_the_year",
    ),
    "What is left of a street's group": (
        f"{DECISION}::test_what_is_left_of_a_street_beside_its_communities_are_nobody_or_twenty_five",
        f"{DECISION}::test_so_it_is_in_random_towns",
        f"{DECISION}::test_five_of_what_is_left_of_a_street_did_not_give_its_most_frequent_answer",
    ),
    "**Not covered**": None,
    "In whole respondents": None,
    "Two versions of an open year": (
        f"{SETTLED}::test_results_and_measures_are_those_of_what_is_shown_and_both_are_kept_apart",
    ),
    "So who does not see what comes in": (
        f"{SETTLED}::test_a_community_is_renewed_when_five_came",
        f"{SETTLED}::test_what_is_taken_back_goes_with_five_too",
        f"{SETTLED}::test_a_page_shows_each_what_is_theirs",
    ),
    "How many answers are stored and missing": (
        f"{SETTLED}::test_how_many_are_stored_and_missing_is_told_with_five_too",
        f"{SETTLED}::test_a_first_answer_of_a_year_is_no_year_of_answers_yet",
        f"{SETTLED}::test_who_was_called_is_told_with_five_persons_too",
    ),
    "Who imports, leads the cycle": (f"{SETTLED}::test_who_imports_or_decides_sees_everything",),
    "A removal for good counts at once": (f"{SETTLED}::test_who_is_removed_is_in_no_number_any_more",),
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
    "Totals and standard deviations are shown as means": (
        f"{STATISTICS}::test_small_groups_show_what_their_means_and_distributions_may",
        f"{STATISTICS}::test_few_on_either_side_of_a_quantile_hide_it",
    ),
    "A ratio, a cross of two questions": (
        f"{STATISTICS}::test_a_ratio_that_a_few_did_not_answer_both_of_is_held_back",
        "analysis/tables/test_cross_table.py::test_a_small_cell_takes_the_whole_table",
        "analysis/tables/test_cross_table.py::test_few_who_answered_one_only_are_what_is_left_beside_the_cells",
        f"{FILTERED}::test_several_values_together_need_enough_beside_them",
    ),
    "A filter of one value": (f"{FILTERED}::test_one_value_shows_what_its_group_shows_in_the_table_split_by_it",),
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
    "`xingfu archive --responses` adds them": (
        f"{ARCHIVE}::test_single_responses_lie_by_community_and_by_year_and_are_their_owner_s",
        f"{ARCHIVE}::test_taking_it_is_in_the_record",
        f"{ARCHIVE}::test_columns_hold_nothing_that_says_who_answered_when_or_in_which_order",
    ),
    "There a PSU and a stratum bear": (
        "analysis/archive/test_single_responses.py::test_numbers_last_over_years_and_say_nothing_of_the_names",
    ),
    "`xingfu export --format data --responses`": (
        "analysis/commands/test_export.py::test_single_responses_come_when_asked_for_are_private_and_in_the_record",
        "dashboard/pages/papers/test_papers.py::test_single_responses_are_offered_only_to_who_may_take_them",
    ),
    "On the page that leads from a score": (
        "dashboard/pages/trace/test_trace.py::test_every_look_at_single_rows_is_recorded_before_it_is_shown",
        "dashboard/pages/trace/test_trace.py::test_who_gave_an_answer_is_shown_nowhere",
        "dashboard/pages/trace/test_trace.py::test_of_few_respondents_no_row_and_no_answer_is_shown",
    ),
}


PEOPLE, STORED, MASKING = "survey/people", "survey/store/intake", "survey/core/test_masking.py"
NUMBERS = "journeys/failures/test_numbers_of_persons.py"
KEYS, COMMAND = "survey/store/test_keyring.py", "survey/commands/test_contacts.py"
REMOVAL, RETENTION = f"{PEOPLE}/test_removal.py", f"{PEOPLE}/test_retention.py"
AGAIN = "survey/commands/test_removal.py"
#: the other sections, by how their sentences begin
ELSEWHERE: dict[str, tuple[str, ...] | None] = {
    "Numbers are masked wherever they are shown": (
        f"{MASKING}::test_numbers_of_people_are_masked",
        f"{COMMAND}::test_contacts_are_listed_masked",
    ),
    "Mobile and landline numbers and identity": (f"{MASKING}::test_however_a_number_is_written_it_is_masked",),
    "It is done where text leaves": (
        f"{MASKING}::test_texts_in_lists_mappings_and_frames_are_masked_and_nothing_else_is",
        f"{PEOPLE}/test_contacts.py::test_no_number_stands_in_clear_in_any_file_finding_log_or_preview",
        f"{NUMBERS}::test_no_page_and_no_figure_shows_a_number_whole",
        f"{NUMBERS}::test_no_file_that_a_page_hands_out_holds_a_number_whole",
        f"{NUMBERS}::test_no_file_of_a_command_holds_a_number_whole",
    ),
    "Forms to fill in": (f"{NUMBERS}::test_a_form_to_fill_in_stays_whole",),
    "Lists of findings, annotated copies": (
        "survey/commands/test_import_reports.py::test_no_command_shows_a_number_whole",
        "journeys/failures/test_private_files.py::test_every_file_that_is_written_is_private_or_known_to_hold_no_person",
        "journeys/failures/test_private_files.py::test_every_column_that_names_persons_is_known",
        "analysis/exports/test_flat_files.py::test_a_table_that_names_persons_is_its_owner_s_only",
    ),
    "A respondent's number (编号) is kept": None,
    "Corrections that are filled in": (f"{PEOPLE}/test_contacts.py::test_a_corrected_number_is_nowhere_kept_in_clear",),
    "A contact stands apart": (f"{STORED}/test_contacts.py::test_nothing_in_the_tables_shows_a_number_or_a_name",),
    "One table of two columns": (
        f"{STORED}/test_contacts.py::test_deleting_a_year_takes_contacts_and_links_and_leaves_the_answers",
    ),
    "It is a table and not a column": (
        f"{STORED}/test_contacts.py::test_deleting_a_year_takes_contacts_and_links_and_leaves_the_answers",
    ),
    "Contacts are stored in the order": (
        f"{STORED}/test_contacts.py::test_neither_order_nor_token_leads_from_a_contact_to_an_answer",
    ),
    "The keyed hash is made for one": (f"{KEYS}::test_marks_are_equal_for_equal_numbers_of_one_scope_and_key",),
    "It finds the same number under another": (
        f"{PEOPLE}/test_contacts.py::test_the_same_phone_under_another_respondent_is_asked_about_and_may_be_confirmed",
    ),
    "Nobody can be followed": (
        f"{PEOPLE}/test_contacts.py::test_another_year_questionnaire_or_community_is_no_question",
    ),
    "Undo of a batch hides its contacts": (
        f"{STORED}/test_contacts.py::test_an_undone_batch_hides_its_contacts_and_brings_them_back",
    ),
    "Deletion is separate": None,
    "`xingfu contacts purge` deletes what is due": (
        f"{RETENTION}::test_the_term_begins_with_closing_and_ends_with_reopening",
        f"{COMMAND}::test_what_is_due_is_purged_by_the_rule",
    ),
    "Every import does the same by itself": (
        f"{PEOPLE}/test_contacts.py::test_an_import_deletes_what_is_due",
        f"{RETENTION}::test_a_server_deletes_what_is_due_by_itself",
        "dashboard/pages/imports/service/test_storing.py::test_contacts_deleted_beside_an_import_are_said_on_the_page",
    ),
    "Before anything is deleted by itself": (
        f"{RETENTION}::test_a_clock_far_from_the_log_deletes_nothing_until_a_person_is_sure",
    ),
    "Where nobody is there nothing is deleted": (
        f"{RETENTION}::test_a_clock_far_from_the_log_deletes_nothing_until_a_person_is_sure",
    ),
    "`contacts purge --yes` deletes it": (f"{RETENTION}::test_a_log_that_goes_on_is_believed",),
    "A server that runs on": (
        f"{RETENTION}::test_a_server_that_runs_on_leaves_a_line_so_that_its_clock_stays_believed",
    ),
    "Where a reader still holds open": (f"{RETENTION}::test_what_a_reader_still_holds_open_is_said",),
    "`xingfu contacts purge --year Y --yes` does it": (
        f"{COMMAND}::test_purging_a_year_needs_a_word_and_leaves_the_answers",
    ),
    "A file that brought rows of several years": (
        f"{STORED}/test_originals.py::test_years_of_a_file_are_those_of_its_rows_undone_or_not",
    ),
    "Answers and scores stay as they are": (f"{RETENTION}::test_the_answers_stay",),
    "On SQLite what is deleted is overwritten": (f"{RETENTION}::test_what_was_deleted_is_overwritten_on_the_disk",),
    "On PostgreSQL the space": None,
    "Copies and backups made earlier": None,
    "Fetching an original file and exporting": (
        f"{COMMAND}::test_the_record_stands_even_if_the_file_cannot_be_written",
        f"{COMMAND}::test_the_original_of_a_batch_comes_back_and_leaves_a_record",
    ),
    "What the same person answered before it was corrected": (
        "survey/people/test_changed_rows.py::test_who_is_removed_stays_removed_with_what_was_corrected",
    ),
    "A resident who asks is removed": (
        f"{REMOVAL}::test_the_row_of_a_batch_and_a_telephone_number_say_who",
        "dashboard/pages/imports/test_removal.py::test_only_an_administrator_is_offered_it",
    ),
    "In one transaction, with a reason": (f"{REMOVAL}::test_without_a_reason_nothing_goes",),
    "Answers, open answers, replicate weights": (
        f"{REMOVAL}::test_a_respondent_goes_with_all_that_was_said_and_nothing_else_moves",
        f"{REMOVAL}::test_every_table_that_hangs_on_an_answer_loses_its_lines_with_it",
        f"{REMOVAL}::test_nothing_of_it_is_left_in_the_bytes_of_the_file",
        f"{AGAIN}::test_a_file_in_which_it_stood_again_goes_too_and_one_that_comes_later_is_not_kept",
    ),
    "Counts of the batch shrink": (f"{REMOVAL}::test_a_respondent_goes_with_all_that_was_said_and_nothing_else_moves",),
    "The log and the list of removals": (
        f"{REMOVAL}::test_a_respondent_goes_with_all_that_was_said_and_nothing_else_moves",
    ),
    "A mark (HMAC-SHA256 of questionnaire": (
        f"{REMOVAL}::test_a_mark_is_of_one_person_place_and_store",
        f"{AGAIN}::test_another_file_does_not_bring_the_same_person_back",
        f"{AGAIN}::test_a_file_in_which_it_stood_again_goes_too_and_one_that_comes_later_is_not_kept",
    ),
    "A row without a number": None,
    "Open years are computed again": (f"{AGAIN}::test_looked_at_first_then_done",),
    "Results of a closed year stay": (
        "analysis/publication/test_cycle_steps.py::"
        "test_a_closed_year_says_what_was_removed_since_and_a_correction_counts_without_it",
    ),
    "Backups, files exported earlier": None,
    "Copies that lie beside the store": (f"{REMOVAL}::test_copies_beside_the_store_are_named",),
    "Before a backup is restored": None,
    "Telephone sheets often have": None,
    "Where there is a key, such rows": (
        f"{PEOPLE}/test_identities.py::test_people_are_known_by_their_number_and_no_number_is_stored",
        f"{PEOPLE}/test_identities.py::test_an_id_is_the_keyed_hash",
    ),
    "So a grown sheet adds only": (
        f"{PEOPLE}/test_identities.py::test_a_grown_sheet_adds_only_what_is_new",
        f"{PEOPLE}/test_identities.py::test_the_same_number_with_other_answers_is_asked_about_masked",
    ),
    "Who is stored with the same number": (
        f"{PEOPLE}/test_identities.py::test_who_is_stored_under_a_respondent_number_is_known_by_phone_too",
    ),
    "The secret stands in the store": (
        f"{PEOPLE}/test_identities.py::test_people_are_known_by_their_number_and_no_number_is_stored",
    ),
    "Nobody without the key can tell": (f"{PEOPLE}/test_identities.py::test_an_id_is_the_keyed_hash",),
    "`xingfu keys rotate` encrypts the secret": (
        f"{PEOPLE}/test_identities.py::test_a_new_key_changes_no_id_even_where_the_old_one_is_forgotten",
    ),
    "With the contacts of its year": (
        f"{PEOPLE}/test_identities.py::test_with_the_contacts_goes_what_leads_from_a_number_to_an_id",
    ),
    "Whoever reopens such a year": (
        f"{PEOPLE}/test_identities.py::test_with_the_contacts_goes_what_leads_from_a_number_to_an_id",
    ),
    "Without a key a sheet of answers": (
        f"{PEOPLE}/test_identities.py::test_without_a_key_one_sentence_says_what_to_do",
    ),
    "If the key is lost, the same holds": (
        f"{PEOPLE}/test_identities.py::test_without_a_key_one_sentence_says_what_to_do",
    ),
    "Two people who share one number": (
        f"{PEOPLE}/test_identities.py::test_the_same_number_with_other_answers_is_asked_about_masked",
    ),
    "`xingfu keys create` makes one": (f"{KEYS}::test_a_made_key_file_belongs_to_its_owner_and_is_not_overwritten",),
    "`$XINGFU_KEY_FILE` names another": (f"{KEYS}::test_a_named_file_that_is_missing_is_not_passed_over",),
    "`$XINGFU_KEY` holds the key itself": (
        f"{KEYS}::test_a_key_may_be_written_in_several_ways",
        f"{KEYS}::test_the_environment_comes_before_the_file",
    ),
    "The key is never beside the store": (f"{KEYS}::test_a_key_does_not_lie_beside_the_store",),
    "On Linux and macOS the program refuses": (f"{KEYS}::test_the_own_key_file_must_be_closed_to_others",),
    "**Keep a copy**": None,
    "If the key is lost, phone numbers": (f"{STORED}/test_originals.py::test_another_key_does_not_open_it",),
    "Answers, scores and the history": (f"{COMMAND}::test_without_a_key_contacts_cannot_be_read",),
    "**Several machines**": None,
    "Where a key is missing": (
        f"{PEOPLE}/test_contacts.py::test_numbers_under_a_key_that_is_away_are_said_not_to_be_compared",
    ),
    "**Rotation**": (
        f"{COMMAND}::test_rotation_takes_a_new_key_into_use",
        f"{STORED}/test_contacts.py::test_rotation_keeps_every_number_and_still_knows_it_again",
    ),
    "The old key stays in the file": (f"{KEYS}::test_a_new_key_stands_before_the_older_until_they_are_forgotten",),
    "With `$XINGFU_KEY`, write the new key": (f"{KEYS}::test_the_environment_is_never_written",),
    "**To make all contacts unreadable": None,
    "Small print": None,
    "Who has the key and the store": None,
    "The lengths of ciphertexts": None,
    "While a file is imported": (
        "survey/files/test_waiting.py::test_a_command_that_is_told_to_end_ends_as_by_ctrl_c",
        "survey/files/readers/test_reading_process.py::test_what_is_handed_over_is_its_owners_only",
        "survey/files/readers/test_reading_process.py::test_a_killed_program_leaves_nothing_of_the_file_it_was_reading",
    ),
    "An upload on the page": (
        "dashboard/data/test_uploads.py::test_what_waits_can_be_read_by_this_process_alone",
        "dashboard/data/test_uploads.py::test_it_looks_as_often_as_the_documents_say",
        "survey/files/test_waiting.py::test_a_folder_is_private_and_goes_when_it_is_dropped",
    ),
    "What a killed program left": (
        "survey/files/test_waiting.py::test_what_a_killed_program_left_is_swept_and_what_lives_is_not",
        "survey/files/test_waiting.py::test_every_command_sweeps_first",
    ),
    "An export in clear": (f"{COMMAND}::test_an_export_needs_a_word_and_leaves_a_record",),
    "**Open answers** may hold names": None,
    "Apart from masked phone": None,
    "On the page 文字回答": (
        "dashboard/pages/words/test_words_page.py::test_a_file_of_answers_says_no_one_and_masks_numbers",
        "analysis/words/test_answers.py::test_every_answer_has_its_turn_but_those_of_few_people",
    ),
    "Leaders see how many answers fall": (
        "dashboard/pages/words/test_words_page.py::test_leaders_see_how_many_and_not_one_answer",
    ),
    "**Taking back.** `xingfu undo`": (f"{STORED}/test_batches.py::test_undo_takes_back_and_redo_brings_back",),
    "Its rows stay in the store": (f"{STORED}/test_batches.py::test_undo_takes_back_and_redo_brings_back",),
    "Who wants them gone": None,
    "**Who may look.**": (
        "dashboard/accounts/test_identity.py::test_while_there_is_no_account_whoever_sits_here_needs_none",
        "dashboard/accounts/test_identity.py::test_with_the_first_account_everybody_signs_in_here_too",
    ),
    "Who can read the store file": None,
    "**Sample data** are invented": None,
}


def sections() -> tuple[str, str]:
    """“What is shown of groups”, and all the rest; tables are no sentences."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    start = text.index("## What is shown of groups")
    end = text.index("**Open answers**", start)
    rest = re.sub(r"^(\|.*|#.*)$", "", f"{text[:start]}\n{text[end:]}", flags=re.MULTILINE)
    return text[start:end].split("\n", 1)[1], rest


def sentences(body: str) -> list[str]:
    """The sentences of a text, marks of lists and headings of paragraphs taken off."""
    body = re.sub(r"^\*\*(What can be subtracted is not shown|Single responses)\.\*\*", "", body, flags=re.MULTILINE)
    parts = [" ".join(p.split()) for p in re.split(r"\n\n|\n- |^- ", body) if p.strip()]
    return [s.strip().removeprefix("- ") for p in parts for s in re.split(r"(?<=[.)])\s+(?=[A-Z*`])", p) if s.strip()]


@pytest.mark.parametrize(("number", "held"), [(0, HELD), (1, ELSEWHERE)])
def test_every_sentence_is_held(number: int, held: dict[str, tuple[str, ...] | None]) -> None:
    found = sentences(sections()[number])
    assert len(found) >= len(held)
    assert [s for s in found if not any(s.startswith(begin) for begin in held)] == []
    assert [begin for begin in held if not any(s.startswith(begin) for s in found)] == []


def is_there(test: str) -> bool:
    """Whether there is a test (“file::name”)."""
    file, name = test.split("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("test", sorted({t for held in (*HELD.values(), *ELSEWHERE.values()) for t in held or ()}))
def test_what_holds_it_is_there(test: str) -> None:
    assert is_there(test)
