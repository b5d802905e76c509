"""``remove`` as a user calls it: looked at first, done with a reason, and not undone by the next file."""

from __future__ import annotations

import pytest

from survey.core.lang import say
from survey.store import Store, keyring
from survey.store.year import years
from tests.tools import commands
from tests.tools.commands import answers, table

run, town = commands.run, commands.town


def stored(town) -> int:
    return sum(int(b["stored"] or 0) for b in table(town("batches")[1]))


def scores(town) -> dict[str, dict[str, str]]:
    return {row["community_code"]: row for row in table(town("score", "--year", "2014")[1])}


def test_looked_at_first_then_done(town):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    before = stored(town)
    for words in ((), ("--yes",), ("--reason", "本人要求")):
        status, out, err = town("remove", "--respondent", "甲7", *words)
        assert (status, out) == (2, "")
        assert "答卷 1 份" in err
        assert stored(town) == before
    status, out, err = town("remove", "--respondent", "甲7", "--reason", "本人要求", "--yes")
    assert (status, table(out)[0]["responses"]) == (0, "1")
    assert "备份" in err
    assert stored(town) == before - 1
    assert scores(town)["C1"]["n"] == "59"
    (line,) = table(town("remove")[1])
    assert (line["kind"], line["year"], line["community"], line["reason"], line["closed"]) == (
        "respondent",
        "2014",
        "甲社区",
        "本人要求",
        "no",
    )
    assert town("remove", "--year", "2013")[1].count("\n") == 1  # the headings alone
    assert town("remove", "--respondent", "甲7", "--reason", "本人要求", "--yes")[0] == 3  # gone


def test_another_file_does_not_bring_the_same_person_back(town):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    assert town("remove", "--respondent", "甲7", "--reason", "本人要求", "--yes")[0] == 0
    answers("b.csv", rows=61)  # grown: everybody again, and one more in each community
    status, _, err = town("import", "b.csv", "--questionnaire", "q")
    assert status == 0
    assert "应本人要求删除" in err
    found = scores(town)
    assert (found["C1"]["n"], found["C2"]["n"]) == ("60", "61")
    batch = table(town("batches")[1])[0]
    assert (batch["rows"], batch["stored"], batch["duplicates"], batch["refused_rows"]) == ("122", "2", "119", "0")
    assert town("undo", "2")[0] == 0
    assert town("undo", "3")[0] == 0
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0  # the very file that held the answers
    assert scores(town)["C1"]["n"] == "59"


def originals_left(town) -> set[str]:
    """Names of the files that the store can give back."""
    found = [(b["batch"], b["file"]) for b in table(town("batches")[1]) if b["kind"] == "answers"]
    return {file for number, file in found if town("original", number, f"back{number}.csv")[0] == 0}


def test_a_file_in_which_it_stood_again_goes_too_and_one_that_comes_later_is_not_kept(town, monkeypatch):
    """A grown sheet holds the answers of everybody again: skipped, but whole in the kept file."""
    monkeypatch.setenv("XINGFU_KEY", keyring.new_key().written())
    answers()
    answers("grown.csv", rows=61)
    answers("new.csv", rows=5, year=2013)
    for file in ("a.csv", "grown.csv", "new.csv"):
        assert town("import", file, "--questionnaire", "q")[0] == 0
    answers("street.csv", rows=3, places=("丙社区",))
    answers("again.csv", rows=4, places=("丙社区",))  # of another community: it holds nobody of the first
    for file in ("street.csv", "again.csv"):
        assert town("import", file, "--questionnaire", "q")[0] == 0
    others = {"new.csv", "street.csv", "again.csv"}
    assert originals_left(town) == {"a.csv", "grown.csv", *others}
    status, _, err = town("remove", "--respondent", "甲7", "--reason", "本人要求", "--yes")
    assert (status, "原始文件 2 个" in err) == (0, True), err
    assert originals_left(town) == others
    answers("later.csv", rows=62)
    status, _, err = town("import", "later.csv", "--questionnaire", "q")
    assert (status, "这份原始文件也不保存" in err) == (0, True), err
    assert originals_left(town) == others
    assert say("en", "removal.left_out", n=1, rows="8").endswith("nor is the file itself kept (rows 8).")


def test_a_batch_and_its_file(town):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    batch = table(town("batches")[1])[0]["batch"]
    status, out, err = town("remove", "--batch", batch, "--reason", "没有征得同意", "--yes")
    assert (status, table(out)[0]["responses"]) == (0, "120")
    assert table(town("batches")[1])[0]["state"] == "removed"
    for again in (("undo", batch), ("redo", batch), ("remove", "--batch", batch)):
        status, _, err = town(*again)
        assert (status, "已彻底删除" in err) == (3, True)
    status, _, err = town("import", "a.csv", "--questionnaire", "q")
    assert (status, "没有征得同意" in err) == (3, True)
    assert town("remove", "--batch", "1", "--reason", "x", "--yes")[0] == 3  # the register holds no residents


def test_the_results_of_a_closed_year_stay(town):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    before = scores(town)
    with Store.open("xingfu.db").write() as conn:
        years.close(conn, 2014)
    status, _, err = town("remove", "--respondent", "甲7", "--reason", "本人要求", "--yes")
    assert (status, "2014 年已经办结" in err) == (0, True)
    assert scores(town)["C1"]["total"] == before["C1"]["total"]
    assert table(town("remove")[1])[0]["closed"] == "yes"


@pytest.mark.parametrize(
    ("words", "expected"), [(("--row", "3"), 2), (("--respondent", " "), 2), (("--phone", "13800138000"), 5)]
)
def test_nobody_is_guessed(town, words, expected):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    assert town("remove", *words, "--reason", "x", "--yes")[0] == expected
    assert scores(town)["C1"]["n"] == "60"
