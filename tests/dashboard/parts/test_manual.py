"""The way from a page to the document that explains it."""

import pytest
from dash import html

from dashboard.parts.manual import beside_title, help_link
from dashboard.web.address import parse
from tests.tools.dashboard_tools import nodes, plain

ADDRESS = parse("/import", "?lang=zh&year=2014", {})


def test_the_link_keeps_year_and_language_and_names_the_heading():
    link = plain(help_link(ADDRESS, "intake#撤回"))["props"]
    assert link["href"] == "/help/intake?lang=zh&year=2014#撤回"
    assert link["children"] == "帮助"
    assert plain(help_link(ADDRESS, "intake"))["props"]["href"] == "/help/intake?lang=zh&year=2014"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (lambda: html.Div([html.Div([html.H1("x"), html.Span("y")])]), ["H1", "A", "Span"]),
        (lambda: html.Div(html.Div(html.H1("x"))), ["H1", "A"]),
        (lambda: [html.P("z"), html.Div(html.H1("x"))], ["H1", "A"]),
        (lambda: html.Div([html.H1("x", className="visually-hidden"), html.Span("y")]), ["H1", "Span", "A"]),
    ],
)
def test_it_stands_behind_the_title_wherever_that_is(page, found):
    made = page()
    assert beside_title(made, html.A("z"))
    assert [n["type"] for n in nodes(plain(made)) if n["type"] in ("H1", "A", "Span")] == found


def test_a_page_without_a_title_stays_as_it_is():
    made = html.Div([html.P("x"), None, "text"])
    before = plain(made)
    assert not beside_title(made, html.A("z"))
    assert plain(made) == before
