"""The corrected rows on the command line: one question in the list of findings, what was stored in words, and the way to the right cell."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.journeys import test_decisions as decisions

run, table = decisions.run, decisions.table
#: people of a file of which three are corrected
PEOPLE, WRONG = 24, 3


def sheet(name: str, rows: int, answer: str = "") -> None:
    lines = [f"{i:03},甲社区,2014,{answer or 1 + i % 4},{1 + i % 3}\n" for i in range(1, rows + 1)]
    Path(name).write_text(decisions.HEADER + "".join(lines), encoding="utf-8")


def answered(name: str, *said: str) -> None:
    """The only question of a list of findings answered: decision, value, reason."""
    rows = table(Path(name).read_text(encoding="utf-8"))
    (question,) = [row for row in rows if row["level"] == "ask"]
    question.update(zip(("decision", "value", "reason"), said, strict=True))
    with Path(name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_the_corrected_rows_are_taken_told_and_traced(run):
    sheet("全部.csv", PEOPLE)
    sheet("更正.csv", WRONG, "5")
    brought = ("import", "更正.csv", "--questionnaire", "q")
    assert run("import", "全部.csv", "--questionnaire", "q")[0] == 0
    assert run(*brought, "--findings", "f.csv")[0] == 3
    answered("f.csv", "confirm", "", "")
    status, out, err = run(*brought, "--decisions", "f.csv")
    assert (status, [row["stored"] for row in table(out)]) == (0, ["3"])
    assert "3 份代替了原来的答案" in err
    told = {row["batch"]: row["corrections"] for row in table(run("batches")[1])}
    assert told == {
        "1": "",  # the register
        "2": "其中 3 份已由批次 3 更正，不再计入",
        "3": "3 份代替了原来的答案（原答案仍在原批次）",
    }
    (row,) = [r for r in table(run("score", "--year", "2014")[1]) if r["community"] == "甲社区"]
    assert row["n_received"] == str(PEOPLE)
    cells = [(r["batch"], r["row"]) for r in table(run("trace", "甲社区", "2014", "Q1")[1]) if r["what"] == "item"]
    assert cells == [*(("2", str(n)) for n in range(5, 26)), *(("3", str(n)) for n in (2, 3, 4))]
    assert run("undo", "3")[0] == 0
    assert {row["corrections"] for row in table(run("batches")[1])} == {"", "3 份代替了原来的答案（原答案仍在原批次）"}
    cells = [(r["batch"], r["row"]) for r in table(run("trace", "甲社区", "2014", "Q1")[1]) if r["what"] == "item"]
    assert cells == [("2", str(n)) for n in range(2, 26)]


def test_the_old_are_kept_or_the_new_are_other_people(run):
    sheet("全部.csv", PEOPLE)
    sheet("更正.csv", WRONG, "5")
    brought = ("import", "更正.csv", "--questionnaire", "q")
    assert run("import", "全部.csv", "--questionnaire", "q")[0] == 0
    assert run(*brought, "--findings", "f.csv")[0] == 3
    answered("f.csv", "set", "2-", "")
    assert run(*brought, "--decisions", "f.csv")[0] == 0
    (row,) = [r for r in table(run("score", "--year", "2014")[1]) if r["community"] == "甲社区"]
    assert row["n_received"] == str(PEOPLE + WRONG)
