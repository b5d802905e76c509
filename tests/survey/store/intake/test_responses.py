"""What goes into the store comes out of it, on both databases."""

from __future__ import annotations

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from survey.core.errors import Refused
from survey.form.answer_codes import DESIGN_COLUMNS
from survey.store import Store
from survey.store.intake import batches, responses
from survey.store.year import years
from tests.tools.stores import store_data


def test_every_column_and_answer_comes_back(store: Store):
    sent = store_data.block(7)
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        assert responses.append(conn, batch, form.id, sent) == 7
    with store.read() as conn:
        got = responses.load(conn, form)
    assert got.design[list(DESIGN_COLUMNS)].isna().equals(sent.design[list(DESIGN_COLUMNS)].isna())
    for name in DESIGN_COLUMNS:
        want = sent.design[name].dropna().tolist()
        assert got.design[name].dropna().tolist() == want, name
    np.testing.assert_array_equal(got.codes, sent.codes)
    assert got.codes.dtype == np.int16
    np.testing.assert_array_equal(got.numbers["income"], sent.numbers["income"])
    assert got.texts == sent.texts
    assert got.multiple == sent.multiple


def test_a_response_knows_its_batch_and_its_community(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(3, community_ids=(2, None, 1)))
    with store.read() as conn:
        design = responses.load(conn, form).design
    assert design["batch_id"].tolist() == [batch] * 3
    assert design["sample_type"].tolist() == ["probability"] * 3
    assert design["community_code"].fillna("-").tolist() == ["A02", "-", "A01"]
    assert design["community"].fillna("-").tolist() == ["银杏社区", "-", "桂花社区"]
    assert design["response_id"].tolist() == [1, 2, 3]


def test_years_and_communities_choose(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(10, 2012))
        responses.append(conn, batch, form.id, store_data.block(6, 2013, start=10))
        other = batches.record(conn, kind="answers", target="q", file="b.csv", file_hash="b", version_id=form.id)
        responses.append(conn, other, form.id, store_data.block(5, 2013, start=100, community_ids=(2,)))
    with store.read() as conn:
        some = responses.load(conn, form, years=[2013], community_ids=[2])
        everything = responses.load(conn, form)
        nothing = responses.load(conn, form, years=[1999])
    assert some.design["respondent"].tolist() == ["R11", "R13", "R15", "R100", "R101", "R102", "R103", "R104"]
    assert some.design["batch_id"].tolist() == [batch] * 3 + [other] * 5
    place = everything.design["response_id"].isin(some.design["response_id"]).to_numpy()
    np.testing.assert_array_equal(some.codes, everything.codes[place])
    np.testing.assert_array_equal(some.numbers["income"], everything.numbers["income"][place])
    for name in ("comment", "born"):
        assert some.texts[name] == [v for v, p in zip(everything.texts[name], place, strict=True) if p]
    assert some.multiple["uses"] == [v for v, p in zip(everything.multiple["uses"], place, strict=True) if p]
    assert len(nothing) == 0
    assert nothing.codes.shape == (0, 6)
    assert_frame_equal(nothing.design.iloc[:0], everything.design.iloc[:0])


def test_only_the_columns_that_are_asked_for(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(9))
    with store.read() as conn:
        lean = responses.load(conn, form, columns=["weight", "sheet"]).design
        full = responses.load(conn, form).design
    assert set(full.columns) - set(lean.columns) == set(DESIGN_COLUMNS) - {"year", "community_id", "weight", "sheet"}
    assert_frame_equal(lean, full[lean.columns])


def test_what_is_constant_in_one_file_varies_over_two(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        for start, mode, psu in ((0, "paper", None), (10, "web", "P1")):
            block = store_data.block(4, start=start)
            block.design["mode"], block.design["psu"] = mode, psu
            block.design["row"] = [2, None, 4, 5] if psu else 7
            responses.append(conn, batch, form.id, block)
    with store.read() as conn:
        design = responses.load(conn, form).design
    assert design["mode"].tolist() == ["paper"] * 4 + ["web"] * 4
    assert design["psu"].fillna("-").tolist() == ["-"] * 4 + ["P1"] * 4
    assert design["row"].tolist() == [7, 7, 7, 7, 2, 0, 4, 5]


def test_many_rows_over_several_pieces(store: Store):
    sent = store_data.block(2500)
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, sent)
    with store.read() as conn:
        got = responses.load(conn, form)
    np.testing.assert_array_equal(got.codes, sent.codes)
    np.testing.assert_array_equal(got.numbers["income"], sent.numbers["income"])
    assert got.texts == sent.texts
    assert got.multiple == sent.multiple
    assert got.design["respondent"].tolist() == sent.design["respondent"].tolist()


def test_what_is_known_without_reading_responses(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, store_data.block(6, 2012, community_ids=(1, None)))
        responses.append(conn, batch, form.id, store_data.block(3, 2014, start=6))
    with store.read() as conn:
        assert responses.years(conn) == [2012, 2014]
        assert responses.forms_in(conn, 2012) == [form.id]
        assert responses.forms_in(conn, 2013) == []
        counts = responses.counts(conn)
        found = {tuple(r[:4]): r[4] for r in counts.astype(object).fillna("-").itertuples(index=False)}
    assert found == {
        ("q", 2012, 1, "paper"): 2,
        ("q", 2012, 1, "phone"): 1,
        ("q", 2012, "-", "paper"): 2,
        ("q", 2012, "-", "phone"): 1,
        ("q", 2014, 1, "paper"): 1,
        ("q", 2014, 1, "phone"): 1,
        ("q", 2014, 2, "paper"): 1,
    }


def test_identities_are_those_that_name_a_respondent(store: Store):
    block = store_data.block(3, 2013)
    block.design.loc[1, "respondent"] = None
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        responses.append(conn, batch, form.id, block)
    with store.read() as conn:
        found = responses.identities(conn, "q", [2012, 2013])
        assert len(responses.identities(conn, "q", [2012])) == 0
        assert len(responses.identities(conn, "other", [2013])) == 0
    want = {"year": 2013, "community_id": 1, "batch_id": batch, "sheet": "数据"}
    assert found.to_dict("records") == [
        {**want, "respondent": "R0", "answers_hash": "h0", "row": 2, "mode": "phone", "id": 1},
        {**want, "respondent": "R2", "answers_hash": "h2", "row": 4, "mode": "paper", "id": 3},
    ]


def test_a_closed_year_takes_no_answers(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        years.close(conn, 2013, "王")
    with pytest.raises(Refused, match="2013 年已关闭"), store.write() as conn:
        responses.append(conn, batch, form.id, store_data.block(2, 2013))
    with store.write() as conn:
        responses.append(conn, batch, form.id, store_data.block(2, 2014))
        assert responses.years(conn) == [2014]


def test_answers_that_do_not_fit_the_form_are_a_fault(store: Store):
    with store.write() as conn:
        form, batch = store_data.begin(conn)
        short = store_data.block(3)
        with pytest.raises(ValueError, match="do not fit"):
            responses.append(conn, batch, form.id, type(short)(short.design, short.codes[:, :-1]))
