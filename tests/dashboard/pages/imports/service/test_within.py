"""Who sees a part of the register brings what is of it, and nothing else; and sees and takes back no other import."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.indicators.entry import enter
from analysis.indicators.stored import stored
from analysis.scheme.serial import from_dict
from dashboard.pages.imports.service import checks, import_history, storing
from dashboard.web.access import Viewer, register_of, viewer_of
from survey.core.errors import Refused
from survey.store.intake import batches, responses
from survey.store.year import register, schemes
from tests.tools.dashboard_tools import ADMIN, answers_csv

YEAR = 2014
HERE = Viewer("community1", "community", frozenset({"SL01"}))


def street(store):
    """A clerk of one street, in which SL01 and SL02 lie."""
    with store.write() as conn:
        known = {c.code: c for c in register.communities(conn)}
        register.save(conn, [replace(known["SL03"], sub_district="别的街道")])
    return replace(viewer_of("clerk1", "clerk", [("street", "示例街道")]), register=register_of(store))


def brought(viewer, store, room, data, name="答卷.csv", **said):
    waits = checks.receive(viewer, store, room, [(name, data)], said, checks.choices(viewer, store, ()))
    return waits, checks.check(viewer, store, room, waits)


def put_in(viewer, store, room, data, name="答卷.csv", **said):
    waits, found = brought(viewer, store, room, data, name, **said)
    return storing.commit(viewer, store, room, waits, accept_partial=False, found=found)


def of_two(first="春晖社区", second="望江社区"):
    """Answers of which the last row is of another community."""
    return answers_csv(count=11, community=first) + answers_csv(20, 1, second).partition(b"\n")[2]


def in_store(store):
    with store.read() as conn:
        return int(responses.counts(conn)["n"].sum())


def values(*rows):
    return "\n".join(["社区,指标,数值,自评分,依据", *(",".join(row) for row in rows)]).encode()


def test_a_community_brings_its_own_answers(store, room):
    assert put_in(HERE, store, room, answers_csv(count=7)).stored == 7
    assert in_store(store) == 7


@pytest.mark.parametrize("data", [of_two(), of_two("望江社区", "春晖社区"), answers_csv(community="望江社区")])
@pytest.mark.parametrize("partial", [False, True])
def test_one_row_of_another_community_refuses_the_file(store, room, data, partial):
    waits, (line,) = brought(HERE, store, room, data)
    assert line.refused.key == "page_import.other_places"
    assert (line.findings, line.inspection) == ((), None)
    with pytest.raises(Refused) as refused:
        storing.commit(HERE, store, room, waits, accept_partial=partial, found=(line,))
    assert refused.value.key == "page_import.other_places"
    assert in_store(store) == 0


def test_what_was_checked_for_somebody_else_is_not_stored_by_who_sees_less(store, room):
    """As where the account's limits were changed after the check."""
    _, found = brought(ADMIN, store, room, of_two())
    mine, _ = brought(HERE, store, room, answers_csv(count=5))
    with pytest.raises(Refused) as refused:
        storing.commit(HERE, store, room, mine, accept_partial=True, found=found)
    assert refused.value.key == "page_import.other_places"
    assert in_store(store) == 0


def test_rows_of_no_community_and_new_communities_are_nobodys_who_sees_one(store, room):
    new = answers_csv(count=6, community="新来的社区")
    _, (line,) = brought(HERE, store, room, new, add_communities=True)
    assert line.refused.key == "page_import.other_places"
    with store.read() as conn:
        assert {c.code for c in register.communities(conn)} == {"SL01", "SL02", "SL03"}


def test_a_clerk_of_a_street_brings_what_lies_in_it(store, room):
    clerk = street(store)
    assert put_in(clerk, store, room, of_two("春晖社区", "锦园社区")).stored == 12
    _, (line,) = brought(clerk, store, room, of_two("锦园社区", "望江社区"), "另一份.csv")
    assert line.refused.key == "page_import.other_places"


@pytest.mark.parametrize(("kind", "data"), [("register", "编号,社区\nSL09,冒出来的社区\n".encode())])
def test_the_register_is_not_theirs_to_bring(store, room, kind, data):
    _, (line,) = brought(street(store), store, room, data, "名册.csv", kind=kind)
    assert line.refused.key == "dash_errors.forbidden"


def test_they_see_and_take_back_no_import_that_reaches_further(store, room):
    clerk = street(store)
    mine = put_in(clerk, store, room, answers_csv(count=6)).batches[0]
    wide = put_in(ADMIN, store, room, of_two("锦园社区", "望江社区").replace(b"R0", b"S0"), "两处.csv").batches[0]
    assert [b.id for b in import_history.listing(clerk, store)] == [mine]
    assert [b.id for b in import_history.listing(HERE, store)] == [mine]
    assert [b.id for b in import_history.listing(ADMIN, store)] == [wide, mine]
    for call in (
        lambda: import_history.receipts(clerk, store, f"{mine},{wide}"),
        lambda: import_history.kept_findings(clerk, store, wide),
        lambda: import_history.switch(clerk, store, wide),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.key == "store.unknown_batch"
    assert import_history.switch(clerk, store, mine)[0].state == "undone"
    with store.read() as conn:
        assert batches.get(conn, wide).state == "active"


def test_a_refused_row_of_another_community_keeps_the_import_from_them_too(store, room):
    data = of_two("春晖社区", "望江社区").replace(b"R0020", b"")
    waits, found = brought(ADMIN, store, room, data)
    done = storing.commit(ADMIN, store, room, waits, accept_partial=True, found=found)
    assert done.batches
    assert import_history.listing(HERE, store) == ()


def test_the_sentence_of_a_receipt_names_no_other_community(store, room):
    put_in(ADMIN, store, room, answers_csv(count=60, community="望江社区").replace(b"R0", b"S0"), "别处.csv")
    done = put_in(HERE, store, room, answers_csv(count=7))
    found = import_history.receipts(HERE, store, str(done.batches[0]))
    said = import_history.sentence(HERE, store, found, YEAR, "zh")
    assert "春晖社区还差 43 份" in said
    assert not {"锦园", "望江"} & {name for name in ("锦园", "望江") if name in said}
    assert import_history.aftermath(HERE, store, found, "zh") == import_history.Aftermath()


def test_a_community_brings_its_self_scores(store, room):
    with store.read() as conn:
        code = from_dict(schemes.applicable(conn, YEAR).definition).scored_indicators[0].code
    done = put_in(HERE, store, room, values(("SL01", code, "", "3", "会议记录")), "自评.csv", year=str(YEAR))
    assert done.stored == 1
    with store.read() as conn:
        assert stored(conn, YEAR).selves == {("SL01", code): 3.0}
    for row, key in (
        (("SL01", code, "B", "3", "会议记录"), "page_entry.own_only"),
        (("SL02", code, "", "3", ""), "page_import.other_places"),
    ):
        _, (line,) = brought(HERE, store, room, values(row), "又一份.csv", year=str(YEAR))
        assert line.refused.key == key
    # what the office entered stands in the workbook that is filled in; it stays the office's
    enter(store, YEAR, [{"community": "SL01", "indicator": code, "value": "B"}], who="office", via="page")
    put_in(HERE, store, room, values(("SL01", code, "B", "4", "")), "填好的.csv", year=str(YEAR))
    with store.read() as conn:
        known = stored(conn, YEAR)
        entered = {row["who"] for row in known.reports.values()}
    assert known.selves == {("SL01", code): 4.0}
    assert entered == {"office"}
