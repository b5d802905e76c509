"""The address is the state of a page."""

import pytest

from dashboard.web.address import from_path, in_path, parse


def test_language_and_year_come_from_the_address_before_the_browsers_memory():
    cookies = {"xingfu_lang": "en", "xingfu_year": "2012"}
    assert parse("/", "?lang=zh&year=2013", cookies).lang == "zh"
    assert parse("/", "", cookies).lang == "en"
    assert parse("/", "?lang=fr", {}).lang == "zh"


def test_a_year_that_is_none_is_told_apart_from_no_year():
    assert parse("/", "?year=2013").year == 2013
    assert (parse("/", "?year=20x3").year, parse("/", "?year=20x3").bad_year) == (None, "20x3")
    assert (parse("/", "").year, parse("/", "").bad_year) == (None, "")


def test_a_link_keeps_what_belongs_to_the_view_and_drops_what_belongs_to_a_page():
    address = parse("/", "?lang=en&year=2013&sort=objective&street=A&evil=1")
    assert address.link(year=2014) == "/?lang=en&year=2014&sort=objective&street=A"
    assert address.link("/community/S 1") == "/community/S%201?lang=en&year=2013&street=A"
    assert address.link(sort=None) == "/?lang=en&year=2013&street=A"


def test_an_unknown_order_is_the_usual_one():
    assert parse("/", "?sort=drop table").sort == "total"


@pytest.mark.parametrize("code", ["S 1", "甲", "a.b", "...", "A:1", "-"])
def test_a_code_stands_in_a_path_as_it_is(code):
    assert in_path(code) == from_path(code) == code


@pytest.mark.parametrize("code", ["..", ".", "A/1", "/", "A//1", "~", "~A", "100%", "%2e%2e", "a~2Fb", "../甲"])
def test_one_that_a_browser_would_read_as_a_place_is_written_otherwise(code):
    """https://url.spec.whatwg.org, “double-dot URL path segment”: ``..`` and ``%2e%2e`` lead up, whoever wrote them."""
    piece = in_path(code)
    assert not set(piece) & set("/%.")
    assert from_path(piece) == code
    assert parse(f"/community/{piece}", "").path == f"/community/{piece}"
