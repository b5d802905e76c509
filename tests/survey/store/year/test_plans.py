"""Due dates of a year: set, changed, taken away, all or none; what is no day is refused."""

import pytest

from survey.core.errors import Refused
from survey.store import audit
from survey.store.year import plans


def test_dates_are_kept_in_their_order_and_what_changed_is_recorded(sqlite_store):
    with sqlite_store.write() as conn:
        assert plans.set_due(conn, 2014, {"values": "2014年10月15日", "responses": "2014-9-30"}, "王芳") == {
            "values": "2014-10-15",
            "responses": "2014-09-30",
        }
        assert plans.set_due(conn, 2014, {"values": "2014-10-15", "responses": " "}, "李明") == {"responses": ""}
        assert plans.set_due(conn, 2014, {"values": "2014-10-15"}, "李明") == {}
    with sqlite_store.read() as conn:
        assert plans.due_dates(conn, 2014) == {"values": "2014-10-15"}
        assert plans.due_dates(conn, 2013) == {}
        said = [(e.who, e.detail) for e in audit.listing(conn, 9, action="due dates")]
    assert said == [("李明", {"responses": ""}), ("王芳", {"values": "2014-10-15", "responses": "2014-09-30"})]


@pytest.mark.parametrize(("kind", "day"), [("values", "明天"), ("values", "2014-02-30"), ("nothing", "2014-10-15")])
def test_a_wrong_one_keeps_none(sqlite_store, kind, day):
    with pytest.raises(Refused) as refused, sqlite_store.write() as conn:
        plans.set_due(conn, 2014, {"reviews": "2014-10-01", kind: day})
    assert refused.value.params["found"] in (kind, day)
    with sqlite_store.read() as conn:
        assert plans.due_dates(conn, 2014) == {}
