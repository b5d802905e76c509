"""What a page shows is masked once, where it leaves; what its callbacks need stays whole."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.router import covered, render
from dashboard.web.access import Viewer
from survey.core.lang import calling
from tests.tools.dashboard_tools import with_class, words
from tests.tools.towns.fake_results import FakeSource

NUMBER = "13812345678"


def test_every_text_of_a_page_is_masked_and_no_value():
    select = dmc.Select(value=NUMBER, data=[{"value": NUMBER, "label": f"王{NUMBER}"}, NUMBER], label=NUMBER)
    typed = dmc.TextInput(value=NUMBER, placeholder=NUMBER)
    page = html.Div(
        [
            html.B(NUMBER),
            html.P(["电话 ", html.Span(NUMBER, title=NUMBER)], **{"aria-label": NUMBER}),
            select,
            typed,
            7,
            None,
        ]
    )
    shown = covered(page).children
    assert shown[0].children == "138****5678"
    assert shown[1].children[1].children == shown[1].children[1].title == "138****5678"
    assert getattr(shown[1], "aria-label") == "138****5678"
    assert (select.value, select.data[0]["value"], select.data[0]["label"]) == (NUMBER, NUMBER, "王138****5678")
    assert (typed.value, typed.placeholder, select.label) == (NUMBER, "138****5678", "138****5678")
    assert shown[4:] == [7, None]


def test_a_figure_is_masked_with_everything_in_it():
    figure = {
        "data": [{"name": NUMBER, "customdata": [f"王{NUMBER}<br>1", 2.5, None], "hovertemplate": f"%{{x}} {NUMBER}"}],
        "layout": {"annotations": [{"text": NUMBER}], "xaxis": {"ticktext": [NUMBER], "tickvals": [1]}},
    }
    (graph,) = covered([dcc.Graph(id=NUMBER, figure=figure)])
    assert graph.figure == {
        "data": [
            {
                "name": "138****5678",
                "customdata": ["王138****5678<br>1", 2.5, None],
                "hovertemplate": "%{x} 138****5678",
            }
        ],
        "layout": {"annotations": [{"text": "138****5678"}], "xaxis": {"ticktext": ["138****5678"], "tickvals": [1]}},
    }
    assert (graph.id, figure["data"][0]["name"]) == (NUMBER, NUMBER)


def test_who_may_only_sign_in_is_told_so_and_led_to_the_help():
    """The overview, where the page led before, said the same again."""
    found = render(Viewer("访员", "interviewer"), FakeSource(), None, None, "/compare", "?lang=zh", {})
    text = words(found.children)
    assert "只能登录、改密码和看帮助" in text
    (back,) = [n for n in with_class(found.children, "button") if "primary" in n["props"]["className"]]
    assert back["props"]["href"].startswith("/help?")


def test_names_are_called_as_the_reader_calls_them_where_they_are_read_only():
    select = dmc.Select(value="东街", data=[{"value": "/?street=东街", "label": "东街"}])
    as_written = html.Td("甲社区", className="said as-written")
    figure = {"data": [{"y": ["甲社区"], "customdata": ["甲社区"]}]}
    page = html.Div([html.A("甲社区", href="/甲社区"), select, as_written, html.Q("甲社区"), dcc.Graph(figure=figure)])
    with calling({"甲社区": "Alpha", "东街": "East"}):
        link, chosen, cell, quoted, graph = covered(page).children
    assert (link.children, link.href) == ("Alpha", "/甲社区")
    assert (chosen.value, chosen.data) == ("东街", [{"value": "/?street=东街", "label": "East"}])
    assert (cell.children, quoted.children) == ("甲社区", "甲社区")
    assert graph.figure == {"data": [{"y": ["Alpha"], "customdata": ["甲社区"]}]}
