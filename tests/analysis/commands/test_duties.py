"""``todo`` lists what is owed and words reminders, ``todo dates`` shows and sets due dates."""

import json

import pytest

import xingfu
from survey.store import Store
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def run(tmp_path, capsys):
    """Run a command on a store of its own; exit status and standard output."""
    place = str(tmp_path / "x.db")
    store = Store.open(place, create=True)
    make_town(store)
    store.close()

    def go(*words):
        status = xingfu.main(["--store", place, "--lang", "zh", *words])
        return status, capsys.readouterr().out

    return go


def test_dates_are_set_and_what_is_past_them_is_listed(run):
    status, out = run("--json", "todo", "dates", "tasks=2014-10-15", "self_scores=2099-1-1", "--year", "2014")
    assert status == 0
    due = {row["kind"]: row["due_by"] for row in json.loads(out)["rows"]}
    assert (due["tasks"], due["self_scores"], due["values"]) == ("2014-10-15", "2099-01-01", None)
    _, out = run("--json", "todo", "--overdue")
    found = json.loads(out)
    assert {row["duty"] for row in found["rows"]} == {"tasks"}
    assert found["meta"]["late"] == len(found["rows"]) > 0
    assert "已逾期" in found["rows"][0]["due_words"]
    _, out = run("--json", "todo", "--community", "甲社区")
    assert {row["community_code"] for row in json.loads(out)["rows"]} == {"C1"}


def test_a_reminder_goes_to_the_screen_or_a_file(run, tmp_path):
    run("todo", "dates", "self_scores=2014-10-15")
    assert run("todo", "--community", "C2", "--overdue", "--urge")[1].startswith("催办单：乙社区（2014 年度）")
    assert run("todo", "--urge", "--overdue", "--out", str(tmp_path / "x.txt"))[0] == 0
    assert (tmp_path / "x.txt").read_text(encoding="utf-8").count("催办单：") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("todo", "dates", "values"),
        ("todo", "dates", "values=明天"),
        ("todo", "--office", "没有"),
        ("todo", "--street", "没有"),
    ],
)
def test_what_there_is_not_is_refused(run, words):
    assert run(*words)[0] == 3
