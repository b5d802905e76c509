"""Which communities a batch reaches."""

from survey.store.intake import batches, tallies
from survey.store.year import register
from tests.tools.dashboard_tools import small_store


def test_a_batch_reaches_what_it_has_a_row_of_refused_or_not(sqlite_store):
    store = small_store(sqlite_store)
    with store.write() as conn:
        ids = register.codes(conn)
        first = batches.record(conn, kind="answers", target="default", file="a.csv", file_hash="1")
        batches.save_tally(conn, first, [(ids["SL01"], 2014, "paper", 3, 0, 3, 0), (None, 2015, "web", 1, 0, 1, 0)])
        other = batches.record(conn, kind="answers", target="default", file="b.csv", file_hash="2")
    with store.read() as conn:
        assert tallies.reached(conn, first) == {(2014, "SL01"), (2015, None)}
        assert tallies.reached(conn, other) == set()
