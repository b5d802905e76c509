"""Every spelling of a type that XLSForm's reference implementation reads is a type here, too."""

from __future__ import annotations

import pytest
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from survey.form.model import ANSWER_TYPES
from survey.form.workbook.row_types import META, NOT_IMPORTED, PHONE, STRUCTURE, RowType, parse_type


@pytest.mark.parametrize(
    ("text", "kind", "list_name"),
    [
        ("select_one a", "select_one", "a"),
        ("select one a", "select_one", "a"),
        ("select1 a", "select_one", "a"),
        ("select one from a", "select_one", "a"),
        ("select_one from_a", "select_one", "from_a"),
        ("add select one prompt using a", "select_one", "a"),
        ("SELECT_MULTIPLE a", "select_multiple", "a"),
        ("select all that apply from A", "select_multiple", "A"),
        ("q select a", "select_multiple", "a"),
        ("begin group", "begin_group", ""),
        ("end_group", "end_group", ""),
        ("begin repeat", "begin_repeat", ""),
        ("begin looped group", "begin_repeat", ""),
        ("Integer", "integer", ""),
        ("add integer prompt", "integer", ""),
        ("imei", "deviceid", ""),
        ("select_one a b", "select_one a b", ""),
        ("integr", "integr", ""),
        ("", "", ""),
    ],
)
def test_types_in_every_spelling(text: str, kind: str, list_name: str) -> None:
    assert parse_type(text) == RowType(kind, list_name)


def test_what_a_type_of_ours_does_not_say_is_kept_beside_it() -> None:
    assert parse_type("select_multiple a or_other") == RowType("select_multiple", "a", other=True)
    assert parse_type("select one from a or specify other") == RowType("select_one", "a", other=True)
    assert parse_type("select_one_from_file a.csv") == RowType("text", written="select_one_from_file a.csv")
    assert parse_type("select_one ${names}") == RowType("text", written="select_one ${names}")
    assert parse_type("begin loop over a") == RowType("begin_repeat", written="begin loop over a")
    assert parse_type("phone number") == RowType("text", phone=True)


def test_the_reference_implementation_knows_no_type_that_is_unknown_here() -> None:
    known = {*ANSWER_TYPES, *STRUCTURE, *META, *NOT_IMPORTED, PHONE}
    strange = {
        text: found.type
        for text in QUESTION_TYPE_DICT
        if (found := parse_type(text)).type.split()[0].lower() not in known and found.type not in known
    }
    assert strange == {}
