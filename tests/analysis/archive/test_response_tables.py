"""Single responses out and in again: another store that takes the file in comes to the same scores, from CSV and SPSS alike."""

import io
from contextlib import closing

import pandas as pd
import pytest

from analysis.archive.response_tables import response_tables
from analysis.publication import snapshots
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.forms import form
from tests.tools.towns.cycle_town import ITEMS, make_town


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with closing(Store.open(tmp_path_factory.mktemp("town") / "a.db", create=True)) as store:
        make_town(store)
        results = snapshots.results(store, 2014)
        yield store, results, response_tables(store, results, "zh", ["C1", "C2"])


def test_each_questionnaire_has_a_file_of_each_format_a_dictionary_and_what_to_know(town):
    names = [name for name, _ in town[2].files]
    assert names == [
        "responses/README.txt",
        "responses/dictionary.csv",
        *(f"responses/q_v1.{ending}" for ending in ("csv", "dta", "parquet", "sav")),
    ]
    files = dict(town[2].files)
    assert "不在“公布的表格不能相减”的保证之内" in files["responses/README.txt"].decode()
    words = pd.read_csv(io.BytesIO(files["responses/dictionary.csv"]), dtype=str)
    held = pd.read_csv(io.BytesIO(files["responses/q_v1.csv"]), dtype=str)
    assert set(held) == set(words["column"])
    assert len(held) == 120
    assert pd.read_parquet(io.BytesIO(files["responses/q_v1.parquet"])).shape == held.shape


def test_rows_say_nothing_of_their_order_and_no_respondent_is_named(town):
    held = pd.read_csv(io.BytesIO(dict(town[2].files)["responses/q_v1.csv"]), dtype=str)
    own = [c for c in held if held[c].str.startswith("r0").all()]
    assert len(own) == 1
    rest = held.drop(columns=own).fillna("")
    assert rest.values.tolist() == sorted(rest.values.tolist()) or held[own[0]].is_monotonic_increasing
    assert "甲社区0" not in held.to_csv()  # the number under which it came


@pytest.mark.parametrize("ending", ["csv", "sav"])
def test_taken_in_again_it_gives_the_same_scores(town, ending, tmp_path):
    _, results, made = town
    with closing(Store.open(tmp_path / "b.db", create=True)) as other:
        from analysis.publication import new_store

        new_store.initialise(other)
        with other.write() as conn:
            register.save(
                conn,
                [
                    register.Community("C1", "甲社区", sub_district="示例街道", adult_population=3000),
                    register.Community("C2", "乙社区", sub_district="示例街道", adult_population=1000),
                ],
            )
            questionnaires.add(conn, "q", form(*ITEMS))
        data = dict(made.files)[f"responses/q_v1.{ending}"]
        commit(other, inspect(other, f"q_v1.{ending}", data, ImportOptions("q")))
        again = snapshots.results(other, 2014)
        found = again.scores
        held, back = (
            pd.read_csv(io.BytesIO(dict(one.files)["responses/q_v1.csv"]), dtype=str, keep_default_na=False)
            for one in (made, response_tables(other, again, "zh", ["C1", "C2"]))
        )
    pd.testing.assert_frame_equal(back, held)  # every cell
    columns = ["community_code", "n", "subjective", "subjective_se"]
    pd.testing.assert_frame_equal(found[columns], results.scores[columns])


def test_of_one_community_the_others_stay_out_and_of_nobody_nothing_is_written(town):
    store, results, _ = town
    held = dict(response_tables(store, results, "zh", ["C1"]).files)["responses/q_v1.csv"].decode()
    assert "C1" in held
    assert "C2" not in held
    with pytest.raises(Refused, match="2014"):
        response_tables(store, results, "zh", ["C9"])


def test_without_classes_sex_and_age_stay_out(town):
    store, results, _ = town
    held = dict(response_tables(store, results, "zh", ["C1"], classes=False).files)["responses/q_v1.csv"].decode()
    assert not {"sex", "age", "age_band"} & set(held.splitlines()[0].split(","))
