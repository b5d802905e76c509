"""One line on last year's tasks: how many, what this year says of them, which were not made good."""

from dataclasses import replace

from analysis.papers.diagnosis import Sources, diagnosis
from analysis.papers.earlier_tasks import task_line, tasks_before
from survey.store.year.tasks import Task
from tests.tools.towns.fake_results import fake_results

YEARS = [fake_results(year) for year in (2013, 2014)]


def planned(codes, progress="under_way"):
    """The list of 2013 with these lines of SL06 filled in by an office."""
    found = tasks_before(None, YEARS)
    rows = [
        replace(row, task=Task(2013, "SL06", row.key[1], row.key[2], "多办几次", progress=progress))
        if row.key[0] == "SL06" and row.key[2] in codes
        else row
        for row in found.rows
    ]
    return replace(found, rows=tuple(rows))


def test_without_a_year_before_there_is_no_line():
    assert tasks_before(None, YEARS[1:]) is None
    assert tasks_before(None, [fake_results(2012), YEARS[1]]) is None
    assert diagnosis(Sources(YEARS[1:], {}), "SL06", "zh")["tasks"] == ""


def test_of_losses_without_a_measure_how_many():
    found = tasks_before(None, YEARS)
    lost = sum(row.key[0] == "SL06" for row in found.rows)
    assert task_line(found, "SL06", "zh") == f"2013 年失分 {lost} 处，都没有填整改措施。"
    assert task_line(found, "SL99", "zh") == ""


def test_of_tasks_what_became_of_them_by_this_years_results():
    found = planned(["ST02", "ZZ03", "ZZ04"], "done")
    states = [row.state for row in found.chosen(["SL06"]) if row.entered == "done"]
    line = task_line(found, "SL06", "zh")
    assert line.startswith("2013 年整改任务 3 项，报已完成 3 项；按今年结果：")
    assert f"部分补上 {states.count('part')} 项" in line or not states.count("part")
    left = [row.loss["name_zh"] for row in found.chosen(["SL06"]) if row.entered == "done" and row.state == "none"]
    assert [name for name in left if name not in line] == []
    assert diagnosis(Sources(YEARS, {}, find_tasks=lambda: found), "SL06", "zh")["tasks"] == line


def test_english_counts_one_in_the_singular():
    assert task_line(planned(["ST02"]), "SL06", "en").startswith("2013: 1 rectification task, 0 reported done;")
