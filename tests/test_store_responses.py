"""What goes into the store comes out of it, on both databases."""

from __future__ import annotations

import numpy as np
import store_data

from survey.answers import DESIGN_COLUMNS
from survey.store import Store, responses


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
