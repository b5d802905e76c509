"""Tokens that people type, and what is kept of secrets."""

from dashboard.accounts import secrets
from survey.core.masking import masked


def test_a_token_is_read_however_it_is_typed_and_no_log_takes_it_for_a_number():
    made = secrets.token()
    assert secrets.typed(made.lower().replace("-", " ")) == made
    assert secrets.typed(f"  {made}.") == made
    assert len(made) == 23
    assert not any(c.isdigit() for c in made)
    assert masked(made) == made
    assert secrets.token() != made


def test_typing_a_great_deal_costs_nothing():
    assert len(secrets.typed("A" * 100_000)) < 60


def test_what_is_kept_is_of_one_kind_and_never_the_secret():
    assert secrets.mark("session", "s") != secrets.mark("token", "s")
    assert "s3cret" not in secrets.mark("session", "s3cret")
    assert secrets.form_token("a") != secrets.form_token("b")
    assert secrets.same("口令", "口令")
    assert not secrets.same("口令", "")
