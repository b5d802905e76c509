"""Replicate weights on their way in: a column each, a key like the weight, and back out as they came."""

from __future__ import annotations

import numpy as np
import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.model import Question
from survey.form.workbook.replicate_weights import Replication, replication
from survey.intake.answers import commit, inspect
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import register
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,环境卫生,权数,rw1,rw2,rw3\n"


def with_replicates(**settings: str):
    columns = [Question(f"rw{r}", "decimal", role="replicate_weight") for r in (1, 2, 3)]
    weight = Question("w", "decimal", {"zh": "权数", "en": "weight"}, role="weight")
    return form(weight, *columns, settings={"replicates": "JK1", **settings})


@pytest.fixture
def ready(store):
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", with_replicates())
    return store


def look(store, text):
    return inspect(store, "a.csv", text.encode("utf-8"), ImportOptions("q"))


def test_they_are_stored_and_read_with_the_responses_they_belong_to(ready):
    rows = ["1,甲,2014,1,1,2.5,0,3.75,3.75", "2,甲,2013,2,1,1,1.5,0,1.5", "3,乙社区,2014,2,3,1.25,1e-3,0.1,１．５"]
    receipt = commit(ready, look(ready, HEADER + "\n".join(rows) + "\n"))
    assert receipt.stored == 3
    with ready.read() as conn:
        stored = questionnaires.get(conn, "q")
        everything = responses.load(conn, stored)
        later = responses.load(conn, stored, years=[2014], columns=["weight", "replicates"])
        only = responses.load(conn, stored, years=[2014], community_ids=[2])
        without = responses.load(conn, stored, columns=["weight"])
    expected = np.array([[0, 3.75, 3.75], [1.5, 0, 1.5], [1e-3, 0.1, 1.5]])
    np.testing.assert_array_equal(everything.replicates, expected)
    np.testing.assert_array_equal(later.replicates, expected[[0, 2]])
    np.testing.assert_array_equal(only.replicates, expected[[2]])
    assert without.replicates is None
    assert everything.design["weight"].tolist() == [2.5, 1.0, 1.25]


@pytest.mark.parametrize("cell", ["", "-1", "x", "1e13"])
def test_a_missing_negative_or_other_cell_refuses_its_row(ready, cell):
    text = HEADER + f"1,甲,2014,1,1,1,0,1,1\n2,甲,2014,1,1,1,1,{cell},1\n"
    with pytest.raises(Refused) as error:
        commit(ready, look(ready, text))
    assert {f.where: f.scope for f in error.value.findings if f.level == "refuse"} == {"a!H3": "row"}
    with ready.read() as conn:
        assert batches.listing(conn) == []
    receipt = commit(ready, look(ready, text), accept_partial=True)
    assert (receipt.stored, receipt.refused_rows) == (1, 1)
    with ready.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "q"))
    assert block.replicates is not None
    assert block.replicates.tolist() == [[0, 1, 1]]


def test_a_file_without_one_of_the_columns_is_refused(ready):
    with pytest.raises(Refused) as error:
        look(ready, HEADER.replace(",rw2", "") + "1,甲,2014,1,1,1,1,1\n")
    assert error.value.key == "intake.missing_columns"
    assert "rw2" in error.value.params["columns"]["zh"]


def test_a_weight_is_no_answer_so_the_same_sheet_twice_is_the_same(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1,1,0,1,1\n"))
    again = look(ready, HEADER + "1,甲,2014,1,1,1,0.5,1,1\n")
    assert [f.code for f in again.findings] == ["duplicates.stored"] or len(again.findings) == 1


def test_a_block_that_does_not_fit_is_not_stored(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1,1,0,1,1\n"))
    with ready.read() as conn:
        stored = questionnaires.get(conn, "q")
        block = responses.load(conn, stored, columns=["weight"])
    with pytest.raises(ValueError, match="replicate"), ready.write() as conn:
        responses.append(conn, 1, stored.id, block)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, Replication("JK1", (2 / 3,) * 3, False)),
        ({"replicates": "bootstrap", "replicate_mse": "是"}, Replication("bootstrap", (0.5,) * 3, True)),
        ({"replicates": "jkn", "replicate_rscales": "0.5, 0.75；0"}, Replication("JKn", (0.5, 0.75, 0.0), False)),
        ({"replicate_scale": "0.6", "replicate_rscales": "0.5"}, Replication("JK1", (0.3,) * 3, False)),
        ({"replicates": "BRR"}, Replication("BRR", (1 / 3,) * 3, False)),
        ({"replicates": "fay", "replicate_rho": "0.5"}, Replication("Fay", (4 / 3,) * 3, False)),
    ],
)
def test_the_defaults_are_those_of_r(settings, expected):
    made = replication(with_replicates(**settings))
    assert made is not None
    assert (made.method, made.factor, made.mse) == (expected.method, pytest.approx(expected.factor), expected.mse)
    assert replication(form()) is None
