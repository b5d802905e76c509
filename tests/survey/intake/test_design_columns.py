"""Design columns that contradict each other or what is stored: found at import, with their cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.decisions.carried_out import Decision
from survey.form.model import Question
from survey.intake import answers
from survey.intake.answers import Inspection, commit, commit_all, inspect
from survey.intake.design_columns import contradicted_strata_stored
from survey.store import Store
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import register
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,环境卫生,层,楼,户,总数,楼内,权数\n"


def designed(**settings: Any) -> Any:
    kinds = {"stratum": "层", "psu": "楼", "ssu": "户", "fpc": "总数", "fpc2": "楼内", "weight": "权数"}
    number = ("fpc", "fpc2", "weight")
    columns = [Question(r, "decimal" if r in number else "text", {"zh": zh}, role=r) for r, zh in kinds.items()]
    return form(*columns, **settings)


@pytest.fixture
def ready(store: Store) -> Store:
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", designed())
    return store


def rows(
    n: int,
    *,
    first: int = 1,
    place: str = "甲",
    year: int = 2014,
    change: dict[int, dict[str, Any]] | None = None,
    **all_: Any,
) -> str:
    """n rows, numbered from ``first``; two people of a building; ``change``: row (from 0) → its own cells."""
    lines = []
    for i in range(n):
        cells = {"stratum": "A", "psu": f"B{(first - 1 + i) // 2}", "ssu": "", "fpc": 900, "fpc2": 30, "weight": 1.5}
        cells |= {**all_, **(change or {}).get(i, {})}
        number = first + i
        values = [number, place, year, 1 + i % 3, 2, *cells.values()]
        lines.append(",".join(map(str, values)))
    return "\n".join(lines) + "\n"


def look(store: Store, text: str, file: str = "a.csv", **options: Any) -> Inspection:
    return inspect(store, file, (HEADER + text).encode(), ImportOptions("q", **options))


def found(inspection: Inspection) -> list[Finding]:
    """The findings of design, each worded in both languages without a gap."""
    mine = [f for f in inspection.findings if f.code.startswith("design.")]
    for finding in mine:
        assert "{" not in finding.word("zh") + finding.word("en")
    return mine


def told(inspection: Inspection) -> list[tuple[Any, ...]]:
    return [
        (f.code.removeprefix("design."), f.level, f.cell, f.params["n"], f.params["found"]) for f in found(inspection)
    ]


def stored(store: Store, *columns: str) -> list[tuple[Any, ...]]:
    with store.read() as conn:
        design = responses.load(conn, questionnaires.get(conn, "q")).design
    return list(design[list(columns)].itertuples(index=False, name=None))


def test_what_agrees_says_nothing(ready: Store):
    text = rows(8) + rows(8, first=11, place="乙社区", fpc=40) + rows(4, first=21, stratum="C", fpc=70)
    assert told(look(ready, text)) == []


def test_one_number_among_others_of_its_stratum(ready: Store):
    """A single 90 among 900s refuses its cell; the response itself comes in without it."""
    seen = look(ready, rows(8, change={3: {"fpc": 90}}))
    assert told(seen) == [("fpc_differs", "refuse", "I5", 1, "90")]
    (finding,) = found(seen)
    assert (finding.params["expected"], finding.params["strata"]) == ("900", ["2014 / 甲社区 / A"])
    assert (seen.counts.refused_cells, seen.counts.refused_rows, seen.counts.storable) == (1, 0, 8)
    with pytest.raises(Refused):
        commit(ready, seen)
    assert commit(ready, seen, accept_partial=True).stored == 8
    assert [f for (f,) in stored(ready, "fpc") if not np.isnan(f)] == [900.0] * 7


def test_many_cells_of_one_cause_are_one_finding(ready: Store):
    text = rows(20, change={i: {"fpc": 90} for i in (2, 4, 5)})
    text += rows(20, first=31, place="乙社区", change={i: {"fpc": 90} for i in range(6)})
    seen = look(ready, text)
    assert told(seen) == [("fpc_differs", "refuse", "I4", 9, "90")]
    assert seen.counts.refused_cells == 9
    assert found(seen)[0].params["strata"] == ["2014 / 甲社区 / A", "2014 / 乙社区 / A"]


def test_where_no_number_has_the_most_none_is_believed(ready: Store):
    seen = look(ready, rows(4, change={i: {"fpc": 90} for i in (0, 1)}))
    assert sorted(told(seen)) == [("fpc_differs", "refuse", "I2", 2, "90"), ("fpc_differs", "refuse", "I4", 2, "900")]
    commit(ready, seen, accept_partial=True)
    assert np.isnan([f for (f,) in stored(ready, "fpc")]).all()


def test_a_corrected_cell_is_nothing_to_find(ready: Store):
    decision = Decision("set", "a", "I5", found="90", value="900")
    seen = look(ready, rows(8, change={3: {"fpc": 90}}), decisions=(decision,))
    assert told(seen) == []
    assert commit(ready, seen).stored == 8


def test_a_population_below_the_units_seen(ready: Store):
    """Ten people in five buildings: 5 is enough, 4 is not, and a share is none."""
    assert told(look(ready, rows(10, fpc=5))) == []
    assert told(look(ready, rows(10, fpc=4))) == [("fpc_small", "refuse", "I2", 10, "4")]
    seen = look(ready, rows(10, fpc=0.1) + rows(6, first=21, place="乙社区", fpc=0.1))
    assert told(seen) == [("fpc_small", "refuse", "I2", 16, "0.1")]
    assert found(seen)[0].params["seen"] == 5


def test_persons_are_their_own_units_without_buildings(ready: Store):
    with ready.write() as conn:
        questionnaires.add(conn, "p", form(Question("fpc", "decimal", {"zh": "总数"}, role="fpc")))
    text = "编号,社区,年度,办事方便,环境卫生,总数\n" + "".join(f"{i},甲,2014,1,1,3\n" for i in range(4))
    seen = inspect(ready, "p.csv", text.encode(), ImportOptions("p"))
    assert told(seen) == [("fpc_small", "refuse", "F2", 4, "3")]


def test_the_second_stage_alike(ready: Store):
    assert told(look(ready, rows(8, change={3: {"fpc2": 31}, 2: {"fpc2": 30}}))) == [
        ("fpc2_differs", "refuse", "J4", 1, "30"),
        ("fpc2_differs", "refuse", "J5", 1, "31"),
    ]
    assert told(look(ready, rows(4, psu="B1", change={3: {"fpc2": 31}}))) == [("fpc2_differs", "refuse", "J5", 1, "31")]
    assert told(look(ready, rows(4, psu="B1", fpc2=3))) == [("fpc2_small", "refuse", "J2", 4, "3")]
    assert told(look(ready, rows(4, psu="B1", fpc2=1, ssu="h1"))) == []
    assert told(look(ready, rows(4, psu="B1", fpc2=1, ssu="h1", change={2: {"ssu": "h2"}}))) == [
        ("fpc2_small", "refuse", "J2", 4, "1")
    ]


def test_one_name_of_a_household_in_two_buildings_is_fine(ready: Store):
    assert told(look(ready, rows(8, ssu="h1", fpc2=1))) == []


def test_a_building_in_two_strata_is_asked_about_and_can_be_confirmed(ready: Store):
    text = rows(12, change={5: {"stratum": "B"}}) + rows(4, first=21, stratum="B")
    seen = look(ready, text)
    assert told(seen) == [("psu_strata", "ask", "G7", 1, "B2")]
    with pytest.raises(Refused):
        commit(ready, seen, accept_partial=True)
    yes = look(ready, text, decisions=(Decision("confirm", "a", "G7", code="design.psu_strata"),))
    assert commit(ready, yes).stored == 16
    assert told(look(ready, rows(1, first=31, psu="B2", stratum="B"), "b.csv")) == []  # confirmed once


def test_buildings_numbered_anew_in_each_stratum_are_a_note(ready: Store):
    seen = look(ready, rows(8) + "".join(rows(1, first=21 + i, psu=f"B{i}", stratum="B", fpc2="") for i in range(3)))
    assert [(code, level) for code, level, *_ in told(seen)] == [("psu_renumbered", "note")]
    assert commit(ready, seen).stored == 11


def test_buildings_of_two_communities_are_two(ready: Store):
    assert told(look(ready, rows(8) + rows(8, first=1, place="乙社区", stratum="B"))) == []


def test_weights_that_jump_are_asked_about(ready: Store):
    assert told(look(ready, rows(8, change={3: {"weight": 1499}}))) == []
    seen = look(ready, rows(8, change={3: {"weight": 1500}}))
    assert told(seen) == [("weight_jump", "ask", "K5", 1, "1500")]
    assert told(look(ready, rows(8, change={3: {"weight": 0.0015}}))) == [("weight_jump", "ask", "K5", 1, "0.0015")]
    assert told(look(ready, rows(8, change={3: {"weight": 0}}))) == []
    other = rows(8) + rows(8, first=21, stratum="B", weight=1500)
    assert told(look(ready, other)) == []  # strata differ as they may
    yes = look(
        ready, rows(8, change={3: {"weight": 1500}}), decisions=(Decision("confirm", code="design.weight_jump"),)
    )
    assert commit(ready, yes).stored == 8
    assert told(look(ready, rows(2, first=31, psu="X", fpc2="", weight=1.2), "b.csv")) == []
    assert told(look(ready, rows(2, first=31, psu="X", fpc2="", weight=150000), "b.csv"))[0][:3] == (
        "weight_jump",
        "ask",
        "K2",
    )


def test_weights_beside_responses_without_any_are_said_either_way(ready: Store):
    """200 beside 1 would drown what has none: the file that comes second says so, and who it stands beside."""
    with ready.write() as conn:
        questionnaires.add(conn, "p", form())
    plain = ("编号,社区,年度,办事方便,环境卫生\n" + "".join(f"{i},甲,2014,1,2\n" for i in range(50, 58))).encode()
    commit(ready, inspect(ready, "p.csv", plain, ImportOptions("p")))
    seen = look(ready, rows(8, weight=200) + rows(2, first=21, place="乙社区", weight=3))
    assert told(seen) == [("weight_beside_none", "note", "K2", 8, "200")]
    assert "1（p.csv）" in found(seen)[0].word("zh")
    assert commit(ready, seen).stored == 10
    assert told(look(ready, rows(2, first=31, weight=201), "b.csv")) == []  # weights are there by now
    with ready.write() as conn:
        batches.undo(conn, 1)
    again = inspect(ready, "p2.csv", plain, ImportOptions("p"))
    assert [(c, level, n, weight) for c, level, _, n, weight in told(again)] == [
        ("none_beside_weight", "note", 8, "200")
    ]
    assert told(inspect(ready, "p3.csv", plain.replace(b",2014,", b",2015,"), ImportOptions("p"))) == []


def test_very_many_causes_of_one_kind_are_one(ready: Store):
    strata = "".join(rows(4, first=1 + 10 * h, stratum=f"S{h}", change={3: {"weight": 1500 + h}}) for h in range(25))
    (finding,) = found(look(ready, strata))
    assert (finding.code, finding.params["n"]) == ("design.weight_jump", 25)
    assert finding.params["strata"][-1] == "…"


def test_a_file_that_contradicts_what_is_stored(ready: Store):
    commit(ready, look(ready, rows(8)))
    seen = look(ready, rows(4, first=21, fpc=1200, fpc2="") + rows(2, first=31, psu="B1", fpc2=31), "b.csv")
    assert told(seen) == [
        ("fpc_differs_stored", "refuse", "I2", 4, "1200"),
        ("fpc2_differs_stored", "refuse", "J6", 2, "31"),
    ]
    assert all("1（a.csv）" in f.word("zh") and "1（a.csv）" in f.word("en") for f in found(seen))
    assert told(look(ready, rows(4, first=21, fpc=1200, year=2015, fpc2=""), "b.csv")) == []
    with ready.write() as conn:
        batches.undo(conn, 1)
    assert told(look(ready, rows(4, first=21, fpc=1200, fpc2=""), "b.csv")) == []


def test_another_questionnaire_of_the_year_shares_its_strata(ready: Store):
    commit(ready, look(ready, rows(8)))
    with ready.write() as conn:
        questionnaires.add(conn, "p", designed())
    text = (HEADER + rows(2, first=21, fpc=1200)).encode()
    assert told(inspect(ready, "p.csv", text, ImportOptions("p")))[0][0] == "fpc_differs_stored"


def test_rows_that_exceed_a_stored_population_stay_out(ready: Store):
    """Four of five buildings are in: one more may come, two may not, and what is stored stays usable."""
    commit(ready, look(ready, rows(8, fpc=5)))
    assert told(look(ready, rows(2, first=21, psu="X", fpc=""), "b.csv")) == []
    text = rows(1, first=20, psu="B0", fpc="") + rows(4, first=21, fpc="")
    seen = look(ready, text, "b.csv")
    assert told(seen) == [("psu_too_many", "refuse", "G3", 4, "B10、B11")]
    assert (seen.counts.refused_rows, seen.counts.storable) == (4, 1)
    assert commit(ready, seen, accept_partial=True).stored == 1
    assert told(look(ready, rows(30, first=31, psu="B0", fpc=5), "c.csv")) == [("ssu_too_many", "refuse", "H2", 30, "")]


def test_a_file_without_design_can_exceed_it_too(ready: Store):
    with ready.write() as conn:
        questionnaires.add(conn, "p", form(Question("s", "text", {"zh": "层"}, role="stratum")))
    commit(ready, look(ready, rows(8, fpc=5)))
    text = "编号,社区,年度,办事方便,环境卫生,层\n" + "".join(f"{i},甲,2014,1,1,A\n" for i in range(2))
    seen = inspect(ready, "p.csv", text.encode(), ImportOptions("p"))
    assert [(f.code, f.level, f.cell) for f in found(seen)] == [
        ("design.psu_too_many", "refuse", "A2"),
        ("design.none_beside_weight", "note", "A2"),  # and the stored ones bring weights
    ]


def test_files_of_one_call_are_held_against_each_other(ready: Store):
    one, other = look(ready, rows(8)), look(ready, rows(8, first=21, fpc=1200), "b.csv")
    assert told(other) == []
    with pytest.raises(Refused) as refused:
        commit_all(ready, [one, other])
    assert (refused.value.key, refused.value.params["others"]) == ("intake.files_conflict", ["a.csv"])
    assert "（a.csv）" not in refused.value.findings[0].word("zh")
    with ready.read() as conn:
        assert batches.listing(conn) == []
    commit(ready, one)
    with pytest.raises(Refused) as late:
        commit(ready, other)
    assert late.value.key == "intake.changed_meanwhile"


def test_what_came_in_meanwhile_asks_nothing_again(ready: Store):
    yes = (Decision("confirm", code="design.weight_jump"),)
    seen = look(ready, rows(8, change={3: {"weight": 1500}, 4: {"fpc": 90}}), decisions=yes)
    commit(ready, look(ready, rows(2, first=41), "b.csv"))
    assert commit(ready, seen, accept_partial=True).stored == 8


def test_samples_with_replicate_weights_are_held_to_their_weights_only(ready: Store):
    columns = [Question(f"r{i}", "decimal", role="replicate_weight") for i in (1, 2)]
    weight = Question("w", "decimal", {"zh": "权数"}, role="weight")
    told_ = Question("f", "decimal", {"zh": "总数"}, role="fpc")
    with ready.write() as conn:
        questionnaires.add(conn, "r", form(weight, told_, *columns, settings={"replicates": "JK1"}))
    text = "编号,社区,年度,办事方便,环境卫生,权数,总数,r1,r2\n1,甲,2014,1,1,1,9,1,1\n2,甲,2014,1,1,1,1,1,1\n"
    assert told(inspect(ready, "r.csv", text.encode(), ImportOptions("r"))) == []
    jump = text.replace("2,甲,2014,1,1,1,1", "2,甲,2014,1,1,1000,1")
    assert [f.code for f in found(inspect(ready, "r.csv", jump.encode(), ImportOptions("r")))] == ["design.weight_jump"]


def test_what_an_older_version_stored_is_said_by_stratum_and_batch(ready: Store, monkeypatch: pytest.MonkeyPatch):
    """The year is computed all the same: without the population, and with a note that names the batch."""
    with monkeypatch.context() as older:
        older.setattr(answers, "hold_design", lambda conn, coded, *more: coded)
        commit(ready, look(ready, rows(8, change={3: {"fpc": 90}}) + rows(8, first=21, place="乙社区")))
    with ready.write() as conn:
        years = contradicted_strata_stored(conn, [2014])
        assert years == {"2014 / 甲社区 / A": "1（a.csv）"}
        assert contradicted_strata_stored(conn, [2013]) == {}
        batches.undo(conn, 1)
        assert contradicted_strata_stored(conn, [2014]) == {}
    commit(ready, look(ready, rows(8), "b.csv"))
    with ready.read() as conn:
        assert contradicted_strata_stored(conn, [2014]) == {}
