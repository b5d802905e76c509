"""What is due, what was paid, what may be paid: counted by hand, and never more than the titles pay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.awards.amounts import amounts_of
from analysis.awards.ledger import Account, Ledger, check, to_withdraw
from analysis.awards.payments import payments
from analysis.scheme import default_scheme
from survey.core.errors import Refused
from survey.store.year.disbursements import Disbursement
from tests.analysis.awards.test_payments import titles

WAN = 1_000_000
RULES = amounts_of(default_scheme())
TODAY = "2026-01-01"


def due(*stars, date=""):
    return tuple(replace(p, date=date) for p in payments(titles(*stars), lambda _: RULES))


def entry(year, payer, amount, voucher, kind="paid", day="2014-06-01", number=0):
    return Disbursement(year, "A", payer, kind, amount, voucher, day, id=number)


def ledger(payments_, *entries):
    return Ledger(
        payments_, tuple(replace(e, id=e.id or n) for n, e in enumerate(entries, 1)), {"A": "桂花"}, {"A": "街"}
    )


def told(known):
    return [
        (x.year, x.payer, None if x.due is None else x.due / WAN, x.paid / WAN, x.payable / WAN, x.state)
        for x in known.lines
    ]


def refused(known, new, today=TODAY):
    with pytest.raises(Refused) as error:
        check(Account(known), new, today)
    assert error.value.word("zh")
    assert error.value.word("en")
    return error.value.key.removeprefix("ledger.")


def test_due_paid_and_the_difference_by_year_and_payer():
    known = ledger(due(3, 4), entry(2012, "district", 75_000_00, "1"), entry(2012, "street", 50_000_00, "1"))
    assert told(known) == [
        (2012, "district", 7.5, 7.5, 0, "settled"),
        (2012, "street", 7.5, 5, 2.5, "under"),
        (2013, "city", 7.5, 0, 7.5, "open"),
        (2013, "district", 7.5, 0, 7.5, "open"),
    ]
    assert [x.difference for x in known.lines] == [0, 25_000_00, 75_000_00, 75_000_00]


def test_a_corrected_title_shows_who_paid_too_much_and_who_too_little():
    """Four stars paid, then the year corrected to three: the city paid for nothing, the street nothing yet."""
    paid = [entry(2012, payer, 150_000_00, "1") for payer in ("city", "district")]
    assert told(ledger(due(3), *paid)) == [
        (2012, "district", 7.5, 15, 0, "over"),
        (2012, "street", 7.5, 0, 0, "open"),  # the community has more than it is due: nothing may be paid
        (2012, "city", 0, 15, 0, "over"),
    ]
    back = [
        *paid,
        entry(2012, "city", 150_000_00, "2", "returned"),
        entry(2012, "district", 75_000_00, "2", "returned"),
    ]
    assert told(ledger(due(3), *back))[1:] == [(2012, "street", 7.5, 0, 7.5, "open"), (2012, "city", 0, 0, 0, "none")]


def test_what_was_paid_by_who_owes_nothing_stands_beside_the_rest_of_the_community():
    """The city paid, the title fell to three: its line stands with the other lines of A, not behind those of B."""
    other = tuple(replace(p, community_code="B") for p in due(3))
    found = ledger((*due(3), *other), entry(2012, "city", 150_000_00, "1")).lines
    assert [(x.community, x.payer) for x in found] == [
        ("A", "district"),
        ("A", "street"),
        ("A", "city"),
        ("B", "district"),
        ("B", "street"),
    ]


def test_nothing_is_paid_twice_because_a_year_was_corrected():
    """Four stars paid in full, corrected to three, and four again a year later: due again, and paid already."""
    paid = [entry(2012, payer, 150_000_00, "1") for payer in ("city", "district")]
    known = ledger(due(3, 4), *paid)
    assert refused(known, entry(2013, "city", 75_000_00, "2")) == "set_off"
    assert refused(known, entry(2013, "district", 1, "2")) == "set_off"
    assert [x.payable for x in known.lines if x.year == 2013] == [0, 0]


def test_up_to_the_fen_and_no_fen_more():
    known = ledger(due(3), entry(2012, "street", 74_999_99, "1"))
    check(Account(known), entry(2012, "street", 1, "2"), TODAY)
    assert refused(known, entry(2012, "street", 2, "2")) == "too_much"


@pytest.mark.parametrize(
    ("new", "key"),
    [
        (entry(2012, "street", 0, "2"), "nothing"),
        (entry(2012, "street", 1, "  "), "need_voucher"),
        (entry(2012, "street", 1, "2", day="2026-01-02"), "in_future"),
        (entry(2012, "street", 1, "2", day="2012-12-19"), "before_title"),
        (entry(2012, "city", 1, "2"), "too_much"),  # three stars are not the city's
        (entry(2013, "street", 1, "2"), "no_title"),
        (entry(2012, "street", 1, "付１"), "voucher_twice"),
        (entry(2012, "street", 2, "2", "returned"), "return_too_much"),
    ],
)
def test_what_can_not_be_is_refused_with_the_way_out(new, key):
    known = ledger(due(3, date="2012-12-20"), entry(2012, "street", 1, "付1"))
    assert refused(known, new) == key


def test_a_voucher_is_of_one_payer_and_of_one_street():
    known = ledger(due(3), entry(2012, "street", 1, "付1"))
    check(Account(known), entry(2012, "district", 1, "付1"), TODAY)
    other = replace(known, streets={"A": "街", "B": "路"}, due=(*known.due, replace(known.due[0], community_code="B")))
    check(Account(other), replace(entry(2012, "street", 1, "付1"), community="B"), TODAY)
    assert (
        refused(replace(other, streets={}), replace(entry(2012, "street", 1, "付1"), community="B")) == "voucher_twice"
    )


def test_an_amount_that_is_still_to_be_set_can_not_be_paid():
    rules = amounts_of(replace(default_scheme(), settings={"tier_promotion": "manual"}))
    known = ledger(tuple(payments(titles(3, 4), lambda _: rules)))
    assert told(known)[-1] == (2013, "", None, 0, 0, "to_set")
    assert refused(known, entry(2013, "city", 1, "1")) == "to_set"


def test_an_entry_taken_back_counts_no_more_and_frees_its_voucher():
    first = entry(2012, "street", 75_000_00, "1", number=1)
    known = ledger(due(3), first, replace(first, id=2, kind="withdrawn", ref=1))
    assert told(known)[1] == (2012, "street", 7.5, 0, 7.5, "open")
    check(Account(known), entry(2012, "street", 75_000_00, "1"), TODAY)
    for number, key in ((1, "withdrawn_before"), (2, "withdrawn_before"), (9, "no_entry")):
        with pytest.raises(Refused) as error:
            to_withdraw(known, number)
        assert error.value.key == f"ledger.{key}"


def test_what_came_back_since_is_taken_back_first():
    known = ledger(due(3), entry(2012, "street", 100, "1"), entry(2012, "street", 60, "2", "returned"))
    with pytest.raises(Refused) as error:
        to_withdraw(known, 1)
    assert error.value.key == "ledger.returned_since"
    assert to_withdraw(known, 2).kind == "returned"


def test_a_title_that_is_gone_leaves_what_was_paid_as_too_much():
    known = ledger((), entry(2012, "street", 75_000_00, "1"))
    assert told(known) == [(2012, "street", 0, 7.5, 0, "over")]


AMOUNTS = st.integers(1, 200_000_00)
TRIES = st.lists(
    st.tuples(
        st.integers(2012, 2015),
        st.sampled_from(["city", "district", "street"]),
        AMOUNTS,
        st.sampled_from(["paid", "returned"]),
    ),
    max_size=25,
)
STARS = st.lists(st.integers(0, 5), min_size=4, max_size=4)


@given(before=STARS, after=STARS, tries=TRIES, at=st.integers(0, 25))
def test_whatever_is_tried_and_corrected_nobody_is_paid_beyond_what_is_due(before, after, tries, at):
    """A correction may leave too much paid; nothing that is entered afterwards adds to it."""
    known = ledger(due(*before))
    for number, (year, payer, amount, kind) in enumerate(tries, 1):
        if number == at:
            known = replace(known, due=due(*after))
        new = entry(year, payer, amount, f"v{number}", kind, number=number)
        owed = sum((x.due or 0) - x.paid for x in known.lines)
        try:
            check(Account(known), new, TODAY)
        except Refused:
            continue
        known = replace(known, entries=(*known.entries, new))
        line = Account(known).line("A", year, payer)
        assert line.paid >= 0
        if kind == "paid":
            assert line.state != "over"
            assert amount <= owed
