"""Answers of a community that ended or has not begun are asked about, with who stands for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.decisions.carried_out import Decision
from survey.intake.answers import Inspection, commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register, years
from survey.store.year.register import Community
from tests.tools.forms import form
from tests.tools.templates import initialised
from tests.tools.towns.two_years import OTHERS

TOWN = [
    Community("A", "东渡社区", valid_to="2013", successor="B"),
    Community("B", "江渡社区"),
    Community("C", "南渡社区", valid_to="2012", successor="D|E"),
    Community("D", "南一社区", valid_from="2013"),
    Community("E", "南二社区", valid_from="2013"),
    Community("F", "新村社区", valid_from="2015"),
]


@pytest.fixture
def town(sqlite_store: Store) -> Store:
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(conn, TOWN)
        questionnaires.add(conn, "q", form(*OTHERS))
    return sqlite_store


def look(store: Store, rows: list[tuple[str, int]], *decisions: Decision, **more: str) -> Inspection:
    lines = [f"{i},{place},{year},1,2,1,2,3,1\n" for i, (place, year) in enumerate(rows)]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    return inspect(store, "答卷.csv", data, ImportOptions("q", decisions=decisions, **more))


def asked(seen: Inspection) -> list[tuple[str, str, str | None]]:
    for finding in seen.questions:
        assert all(finding.word(lang) for lang in LANGUAGES)
    return [(f.code.removeprefix("checking.community_"), f.cell, f.params.get("suggestion")) for f in seen.questions]


def test_one_question_a_community_with_who_continued_it(town: Store) -> None:
    rows = [("东渡社区", 2014), ("江渡社区", 2014), ("东渡社区", 2014), ("南渡社区", 2014), ("新村社区", 2014)]
    rows += [("南一社区", 2012), ("A", 2014)]
    seen = look(town, rows)
    assert asked(seen) == [
        ("merged", "B2", "江渡社区"),
        ("ended", "B5", None),
        ("not_begun", "B6", None),
        ("was_part", "B7", "南渡社区"),
    ]
    assert (seen.questions[0].params["n"], seen.questions[0].params["rows"]) == (3, "2、4、8")
    assert "改记江渡社区？" in seen.questions[0].word("zh")
    assert "南一社区、南二社区" in seen.questions[1].word("zh")
    with pytest.raises(Refused) as error:
        commit(town, seen, accept_partial=True)
    assert error.value.key == "intake.open_questions"


def test_the_answer_is_another_community_or_leaving_out_but_no_confirmation(town: Store) -> None:
    rows = [("东渡社区", 2014), ("江渡社区", 2014), ("东渡社区", 2014)]
    place = Decision("set", found="东渡社区", header="社区", cell="B2", value="江渡社区", alike=True)
    seen = look(town, rows, place)
    assert asked(seen) == []
    commit(town, seen)
    with town.read() as conn:
        assert responses.counts(conn)[["community_id", "n"]].values.tolist() == [[2, 3]]
    left = Decision("leave_out", found="东渡社区", header="社区", cell="B2", reason="不要", alike=True)
    assert asked(look(town, [*rows, ("江渡社区", 2014)], left)) == []
    yes = Decision("confirm", code="checking.community_merged")
    codes = [f.code for f in look(town, [*rows, ("江渡社区", 2014)], yes).findings]
    assert "decisions.confirm_no_answer" in codes
    assert "checking.community_merged" in codes


def test_a_row_at_a_time_where_the_same_word_is_right_in_another_year(town: Store) -> None:
    seen = look(town, [("东渡社区", 2013), ("东渡社区", 2014), ("东渡社区", 2014)])
    assert asked(seen) == [("merged", "B3", "江渡社区"), ("merged", "B4", "江渡社区")]
    assert asked(look(town, [("东渡社区", 2013), ("南渡社区", 2012), ("新村社区", 2015)])) == []


def test_an_option_that_names_it_is_refused(town: Store) -> None:
    data = "编号,年度,办事方便,环境卫生,A,B,D,E\n1,2014,1,2,1,2,3,1\n".encode()
    with pytest.raises(Refused) as error:
        inspect(town, "答卷.csv", data, ImportOptions("q", community="东渡社区"))
    assert error.value.key == "intake.community_outside"
    assert error.value.params["others"] == ["江渡社区"]


def test_the_register_of_the_year_is_asked_not_the_newest(town: Store) -> None:
    with town.write() as conn:
        years.close(conn, 2013)
        register.save(conn, [replace(TOWN[1], valid_to="2014", successor="F")])
    assert asked(look(town, [("江渡社区", 2015)])) == [("merged", "B2", "新村社区")]
    with town.write() as conn:
        register.save(conn, [Community("G", "后来社区")])
    assert asked(look(town, [("后来社区", 2014)])) == []


def test_the_finding_says_how_many_rows_one_answer_changes(town: Store) -> None:
    (one,) = look(town, [("东渡社区", 2014), ("东渡社区", 2014)]).questions
    assert isinstance(one, Finding)
    assert (one.level, one.scope, one.params["same_rows"]) == ("ask", "row", 2)
