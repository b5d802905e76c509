"""Tables of a data set: all that the breakdown shows but for persons, each column described, codes in words."""

from dataclasses import replace

import pandas as pd
from numpy.testing import assert_array_equal

from analysis.exports.data_set.tables import tables_of
from analysis.scoring.results import FRAMES
from survey.core.columns import MANY
from survey.core.lang import LANGUAGES, say
from tests.tools.towns.fake_results import fake_results


def named(codes=None, lang="zh"):
    return {t.name: t for t in tables_of(fake_results(), lang, codes)}


def test_every_table_is_there_with_the_numbers_of_the_results():
    found, results = named(), fake_results()
    assert list(found) == ["scores", "items", "distributions", "indicators", "flow", "modes", "streets"]
    numbers = found["scores"].frame["total_exact"].to_numpy("float64", na_value=float("nan"))
    assert_array_equal(numbers, results.scores["total_exact"].to_numpy("float64"))
    shares = sum(len(cell or ()) for cell in results.items["distribution"])
    assert len(found["distributions"].frame) == shares > 0


def test_every_column_is_described_in_every_language_and_typed_by_its_kind():
    for table in named().values():
        assert [c.name for c in table.columns] == list(table.frame.columns)
        for column in table.columns:
            assert all(column.label[lang] for lang in LANGUAGES), column
            assert column.kind is not MANY
        assert not [n for n in table.frame if table.frame[n].dtype == object]


def test_persons_and_free_words_stay_out():
    frame = named()["indicators"].frame
    persons = {"assessor", "entered_by", "entered_at", "reviewed_by", "reviewed_at", "change_reason", "review_reason"}
    assert not persons & set(frame.columns)
    assert "evidence" not in frame
    assert persons <= set(FRAMES["indicators"].names)  # the names are those of the results


def test_a_dimension_names_its_columns():
    [column] = [c for c in named()["scores"].columns if c.name == "objective_ecology"]
    assert column.label["zh"].endswith(" · " + _dimension("ecology")["name_zh"])
    assert column.label["en"].endswith(" · " + _dimension("ecology")["name_en"])


def _dimension(code):
    return next(d for d in fake_results().meta["dimensions"] if d["code"] == code)


def test_codes_stand_beside_their_words():
    columns = {c.name: c for c in named()["scores"].columns}
    assert columns["change_word"].values["up"] == {"zh": "上升", "en": "up"}
    notes = {one for cell in fake_results().scores["note"] for one in str(cell or "").split(";") if one}
    assert set(columns["note"].values) == notes


def test_some_communities_only():
    found = named(["SL02"])
    assert "streets" not in found
    assert {c for t in found.values() for c in t.frame["community_code"]} == {"SL02"}


def test_a_number_in_one_row_and_words_in_another_are_words_everywhere():
    assert isinstance(named()["indicators"].frame["value"].dtype, pd.StringDtype)
    values = list(named()["indicators"].frame["value"].dropna())
    assert values
    assert all(isinstance(v, str) for v in values)


def test_sentences_are_in_the_readers_language_without_what_was_typed():
    results = fake_results()
    keys = ["rules.explain.exempt", *[None] * (len(results.indicators) - 1)]
    params = [{"points": 5, "evidence": "市府〔2014〕3号", "got": 5}, *[None] * (len(results.indicators) - 1)]
    results = replace(results, indicators=results.indicators.assign(reason=keys, reason_params=params))
    for lang in LANGUAGES:
        [table] = [t for t in tables_of(results, lang) if t.name == "indicators"]
        assert table.frame["reason_text"].dropna().tolist() == [
            say(lang, "rules.explain.exempt", points=5, evidence="…", got=5)
        ]
