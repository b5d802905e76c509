"""The way in, end to end: what enters, what is refused, what is counted; one transaction or nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.answer_codes import BLANK, INVALID, SKIPPED
from survey.form.model import Question
from survey.intake import answers, meanwhile
from survey.intake.answers import commit, commit_all, inspect
from survey.store.intake import batches, questionnaires, responses, tallies
from survey.store.year import indicators, register, years
from tests.tools.forms import SATISFACTION, form, item

HEADER = "编号,社区,年度,办事方便,环境卫生\n"


@pytest.fixture
def ready(store):
    """A store with two communities and the small questionnaire, on both databases."""
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form())
    return store


def look(store, text, **options):
    name = options.pop("file", "a.csv")
    return inspect(store, name, text.encode("utf-8"), ImportOptions(options.pop("questionnaire", "q"), **options))


def stored(store, name="q"):
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, name))


def refused(store, text, **options):
    """The sentence of the refusal; and nothing may have been stored."""
    with pytest.raises(Refused) as error:
        commit(store, look(store, text, **options))
    with store.read() as conn:
        assert batches.listing(conn) == []
    return error.value


def test_a_clean_file_is_stored_with_its_origin(ready):
    inspection = look(ready, HEADER + "1,甲,2014,1,很满意\n2,乙社区,2014,2,8\n")
    assert inspection.findings == ()
    receipt = commit(ready, inspection, who="王")
    assert (receipt.stored, receipt.partial) == (2, False)
    block = stored(ready)
    design = block.design
    assert design[["community", "year", "mode", "respondent", "sheet", "row"]].to_numpy().tolist() == [
        ["甲社区", 2014, "paper", "1", "a", 2],
        ["乙社区", 2014, "paper", "2", "a", 3],
    ]
    position = form().position
    assert block.codes[:, position["Q1"]].tolist() == [0, 1]


def test_bad_cells_and_rows_store_nothing_unless_the_user_accepts(ready):
    text = HEADER + "1,甲,2014,满,1\n2,丙,2014,1,1\n3,乙社区,2014,1,1\n"
    error = refused(ready, text)
    assert {f.where: f.scope for f in error.findings if f.level == "refuse"} == {"a!D2": "cell", "a!B3": "row"}
    receipt = commit(ready, look(ready, text), accept_partial=True)
    assert (receipt.stored, receipt.refused_rows, receipt.refused_cells) == (2, 1, 1)
    block = stored(ready)
    assert block.codes[:, form().position["Q1"]].tolist() == [INVALID, 0]
    with ready.read() as conn:
        kept = batches.findings(conn, receipt.batch)
    assert {f.where for f in kept} == {"a!D2", "a!B3"}


@pytest.mark.parametrize("text", ["1,,2014,1,1\n", ",甲,2014,1,1\n", "1,甲,,1,1\n", "1,甲,20l4,1,1\n"])
def test_a_blank_or_bad_key_refuses_its_row(ready, text):
    error = refused(ready, HEADER + "9,甲,2014,1,1\n" + text)
    assert [f.scope for f in error.findings if f.level == "refuse"] == ["row"]


def test_options_fill_blanks_and_a_conflict_refuses_the_row(ready):
    inspection = look(ready, HEADER + "1,,2014,1,1\n2,乙社区,2014,1,1\n", community="C1", mode="phone")
    assert [(f.code, f.row) for f in inspection.refusals] == [("checking.option_conflict", 3)]
    commit(ready, inspection, accept_partial=True)
    assert stored(ready).design[["community", "mode"]].to_numpy().tolist() == [["甲社区", "phone"]]


def test_a_column_may_be_missing_where_an_option_says_it(ready):
    commit(ready, look(ready, "编号,Q1,Q2\n1,1,1\n", community="甲", year=2013))
    assert stored(ready).design[["community", "year"]].to_numpy().tolist() == [["甲社区", 2013]]


@pytest.mark.parametrize(
    ("text", "options", "key"),
    [
        ("编号,Q1\n1,1\n", {}, "intake.missing_place"),
        ("姓名,地址\nx,y\n", {}, "intake.wrong_questionnaire"),
        (HEADER, {}, "intake.no_rows"),
        (HEADER + "1,甲,2014,1,1\n", {"questionnaire": "没有"}, "store.unknown_questionnaire"),
        ("Q1,Q2,编号\n1,1,1\n", {"community": "丁", "year": 2014}, "intake.unknown_community"),
        ("编号,社区,年度,Q1\n1,甲,2014,满\n", {}, "intake.refused"),
    ],
)
def test_each_bad_input_is_one_plain_sentence(ready, text, options, key):
    error = refused(ready, text, **options)
    assert error.key == key
    for lang in ("zh", "en"):
        assert error.word(lang).count("\n") == 0


def test_a_lone_header_that_holds_the_word_for_community_is_pointed_out(ready):
    error = refused(ready, "编号,请填所属的社区,Q1\n1,八角楼,1\n", year=2014)
    assert error.key == "intake.missing_columns"
    assert "“请填所属的社区”一列可能就是“社区”" in error.word("zh")
    error = refused(ready, "编号,请填所属的社区,Q1\n1,甲,1\n", year=2014)
    assert (error.key, "请填所属的社区→社区" in error.findings[0].word("zh")) == ("intake.open_questions", True)


def test_the_words_over_a_column_of_communities_are_known_under_any_number(ready):
    for header in ("1、您所在的社区", "12、您所在的社区", "2.所在社区（必填）", "社区名称"):
        found = look(ready, f"编号,{header},Q1,Q2\n1,甲,1,1\n", year=2014)
        assert (found.findings, found.coded.keys["place"].tolist()) == ((), ["甲社区"]), header


def test_text_in_a_number_column(ready):
    with ready.write() as conn:
        questionnaires.add(conn, "n", form(Question("age", "integer", minimum=18, maximum=110)))
    error = refused(ready, "编号,社区,年度,Q1,Q2,age\n1,甲,2014,1,1,三十\n", questionnaire="n")
    assert "三十" in error.findings[0].word("zh")


def test_unknown_communities_enter_only_when_asked_for(ready):
    inspection = look(ready, HEADER + "1,丙社区,2014,1,1\n2,甲,2014,1,1\n", add_communities=True)
    commit(ready, inspection)
    with ready.read() as conn:
        assert [c.name for c in register.communities(conn)] == ["甲社区", "乙社区", "丙社区"]
    assert stored(ready).design["community"].tolist() == ["丙社区", "甲社区"]


def test_the_same_file_twice_is_refused_until_it_is_undone(ready):
    text = HEADER + "1,甲,2014,1,1\n"
    first = commit(ready, look(ready, text))
    with pytest.raises(Refused) as error:
        look(ready, text, file="b.csv")
    assert error.value.key == "intake.file_again"
    with ready.write() as conn:
        batches.undo(conn, first.batch, "")
    assert commit(ready, look(ready, text)).stored == 1


def test_a_grown_file_adds_only_what_is_new(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1\n"))
    inspection = look(ready, HEADER + "1,甲,2014,1,1\n2,甲,2014,3,1\n")
    assert (inspection.counts.storable, inspection.counts.duplicates) == (1, 1)
    assert commit(ready, inspection).stored == 1
    assert len(stored(ready)) == 2


def test_other_answers_of_the_same_respondent_wait_for_a_person(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1\n"))
    inspection = look(ready, HEADER + "1,甲,2014,5,1\n")
    for accept in (False, True):
        with pytest.raises(Refused) as error:
            commit(ready, inspection, accept_partial=accept)
        assert error.value.key == "intake.open_questions"
    assert len(stored(ready)) == 1


def test_what_was_stored_between_inspection_and_commit_is_not_doubled(ready):
    one, two = (look(ready, HEADER + "1,甲,2014,1,1\n" + extra) for extra in ("", "2,甲,2014,1,1\n"))
    commit(ready, one)
    assert commit(ready, two).stored == 1
    three = look(ready, HEADER + "3,甲,2014,1,1\n")
    commit(ready, look(ready, HEADER + "3,甲,2014,2,2\n"))
    with pytest.raises(Refused) as error:
        commit(ready, three)
    assert error.value.key == "intake.changed_meanwhile"


def test_several_files_all_or_none(ready):
    good, bad = look(ready, HEADER + "1,甲,2014,1,1\n"), look(ready, HEADER + "2,甲,2014,满,1\n")
    with pytest.raises(Refused):
        commit_all(ready, [good, bad])
    assert len(stored(ready)) == 0
    assert [r.stored for r in commit_all(ready, [good, bad], accept_partial=True)] == [1, 1]


def test_blank_rows_are_skipped_and_row_numbers_stay_true(ready):
    inspection = look(ready, HEADER + "1,甲,2014,1,1\n,,,,\n2,甲,2014,满,1\n")
    assert inspection.counts.rows == 2
    assert [f.where for f in inspection.refusals] == ["a!D4"]
    assert [f.code for f in inspection.findings if f.level == "note"] == ["intake.blank_rows"]


def test_phone_numbers_are_dropped_and_said_to_be(ready):
    with ready.write() as conn:
        questionnaires.add(conn, "p", form(Question("tel", "text", {"zh": "联系电话"}, role="phone")))
    inspection = look(ready, "编号,社区,年度,Q1,Q2,联系电话\n1,甲,2014,1,1,19900001234\n", questionnaire="p")
    assert [f.code for f in inspection.findings] == ["intake.phones_dropped"]
    commit(ready, inspection)
    block = stored(ready, "p")
    assert block.codes[0, form(Question("tel", "text", role="phone")).position["tel"]] == BLANK
    assert "19900001234" not in repr((block.design.to_dict(), block.texts, inspection.findings))


def test_a_blank_under_a_question_that_was_not_to_be_asked_is_skipped(ready):
    follow = Question(
        "Q3", "select_one", {"zh": "为什么"}, "sat", SATISFACTION, relevant="${Q1} = '5'", conditions=("${Q1} = '5'",)
    )
    with ready.write() as conn:
        questionnaires.add(conn, "r", form(follow))
    commit(
        ready,
        look(
            ready, "编号,社区,年度,Q1,Q2,为什么\n1,甲,2014,1,1,\n2,甲,2014,5,1,\n3,甲,2014,5,1,1\n", questionnaire="r"
        ),
    )
    assert stored(ready, "r").codes[:, form(follow).position["Q3"]].tolist() == [SKIPPED, BLANK, 0]


def test_one_sample_of_the_whole_area_keeps_a_blank_community(ready):
    with ready.write() as conn:
        questionnaires.add(conn, "o", form(sampling="overall"))
    commit(ready, look(ready, HEADER + "1,,2014,1,1\n2,甲,2014,1,1\n", questionnaire="o"))
    assert stored(ready, "o").design["community_id"].isna().tolist() == [True, False]


def test_a_closed_year_takes_nothing(ready):
    with ready.write() as conn:
        years.close(conn, 2014)
    with pytest.raises(Refused) as error:
        look(ready, HEADER + "1,甲,2014,1,1\n")
    assert error.value.key == "store.year_closed"


def test_weights_must_be_there_and_positive(ready):
    with ready.write() as conn:
        questionnaires.add(conn, "w", form(Question("w", "decimal", role="weight")))
    inspection = look(
        ready, "编号,社区,年度,Q1,w\n1,甲,2014,1,1.5\n2,甲,2014,1,\n3,甲,2014,1,-1\n4,甲,2014,1,x\n", questionnaire="w"
    )
    assert [(f.row, f.code) for f in inspection.refusals] == [
        (3, "checking.key_blank"),
        (4, "checking.not_positive"),
        (5, "checking.not_positive"),
    ]
    commit(ready, inspection, accept_partial=True)
    assert stored(ready, "w").design["weight"].tolist() == [1.5]


def test_the_tally_says_what_became_of_every_row(ready):
    text = HEADER + "1,甲,2014,1,1\n1,甲,2014,1,1\n2,丙,2014,1,1\n3,乙社区,2014,满,1\n,甲,2014,1,1\n"
    receipt = commit(ready, look(ready, text), accept_partial=True)
    with ready.read() as conn:
        tally = tallies.tally(conn, 2014).set_index("community_code")
    assert tally.loc["C1", ["received", "duplicate", "refused", "stored"]].tolist() == [3, 1, 1, 1]
    assert tally.loc["C2", ["received", "duplicate", "refused", "stored"]].tolist() == [1, 0, 0, 1]
    assert (receipt.stored, receipt.duplicates, receipt.refused_rows, receipt.refused_cells) == (2, 1, 2, 1)


def test_items_may_come_in_any_order_and_under_any_of_their_names(ready):
    commit(ready, look(ready, "item Q2,Q1,所在社区,number,year\n5,1,甲,1,2014\n"))
    block = stored(ready)
    assert [int(block.codes[0, form().position[q]]) for q in ("Q1", "Q2")] == [0, 4]


def test_a_new_version_of_the_questionnaire_still_knows_the_old_respondents(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1\n"))
    with ready.write() as conn:
        assert questionnaires.add(conn, "q", form(item("Q3"))).version == 2
    inspection = look(ready, HEADER + "1,甲,2014,1,1\n2,甲,2014,1,1\n")
    assert (inspection.version, inspection.counts.duplicates) == (2, 1)


def test_a_weight_beyond_all_reason_is_refused():
    from survey.coding.role_columns import LARGEST, design_reader

    read = design_reader(Question("w", "decimal", role="weight"))
    assert read(LARGEST).problem == ""
    assert read(1e308).problem == "checking.not_positive"


def test_a_scored_question_without_a_column_is_asked_about_with_the_header_that_may_be_it(ready):
    text = "编号,社区,年度,办事方便,环境卫生状况\n1,甲,2014,满意,满意\n"
    found = inspect(ready, "a.csv", text.encode(), ImportOptions("q"))
    (asked,) = found.questions
    assert (asked.code, asked.params["n"]) == ("intake.columns_proposed", 1)
    assert "环境卫生状况→环境卫生" in asked.word("zh")


@pytest.fixture
def held(ready, monkeypatch):
    """How often a sheet is held against the store again: before the store is held for writing, and while it is."""
    counts = {"before": 0, "while": 0}

    def counted(name, hold):
        def run(*args, **more):
            counts[name] += 1
            return hold(*args, **more)

        return run

    monkeypatch.setattr(meanwhile, "hold_again", counted("before", meanwhile.hold_again))
    monkeypatch.setattr(answers, "hold_again", counted("while", answers.hold_again))
    return counts


def test_values_that_clerks_enter_meanwhile_hold_nobody_up(ready, held):
    """Every value moves the year's data on; a file was held against a whole year's answers for it while all others waited."""
    found = look(ready, HEADER + "1,甲,2014,1,很满意\n")
    with ready.write() as conn:
        batch = batches.record(conn, kind="entry", target="default", file="", file_hash="x", sheet="2014", who="李")
        indicators.append(
            conn, batch, 2014, pd.DataFrame([{"community_code": "C1", "indicator": "ZZ03", "value": 4.0}])
        )
    assert commit(ready, found).stored == 1
    assert held == {"before": 0, "while": 0}


def test_answers_that_came_meanwhile_are_looked_at_while_others_write(ready, held):
    found = look(ready, HEADER + "1,甲,2014,1,很满意\n2,甲,2014,2,8\n")
    commit(ready, look(ready, HEADER + "1,甲,2014,1,很满意\n3,甲,2014,1,8\n", file="b.csv"))
    receipt = commit(ready, found)
    assert (receipt.stored, receipt.duplicates) == (1, 1)
    assert held == {"before": 1, "while": 0}
    assert sorted(stored(ready).design["respondent"]) == ["1", "2", "3"]


def test_answers_that_come_at_the_last_moment_are_looked_at_too(ready, held, monkeypatch):
    """Between the second look and the transaction somebody else stores the same person with other answers."""
    found = look(ready, HEADER + "1,甲,2014,1,很满意\n")
    prepare = answers.prepare

    def late(conn, *args):
        made = prepare(conn, *args)
        monkeypatch.setattr(answers, "prepare", prepare)
        commit(ready, look(ready, HEADER + "1,甲,2014,2,8\n", file="b.csv"))
        return made

    monkeypatch.setattr(answers, "prepare", late)
    with pytest.raises(Refused) as error:
        commit(ready, found)
    assert error.value.key == "intake.changed_meanwhile"
    assert held == {"before": 0, "while": 1}
    assert len(stored(ready)) == 1
