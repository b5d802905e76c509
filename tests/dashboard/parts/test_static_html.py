"""What the first HTML says of a page's parts: the same words, nothing that runs, nothing that points at another part."""

from __future__ import annotations

import json
import re

import dash_mantine_components as dmc
import pytest
from dash import dcc, html
from dash._utils import to_json

from dashboard.parts.static_html import static_html


def written(part):
    return static_html(json.loads(to_json(part)))


def test_elements_as_they_are():
    part = html.Th([html.B("总分"), " & ", 3], scope="col", className="number", rowSpan=2, id="here")
    assert written(part) == '<th class="number" rowspan="2" scope="col"><b>总分</b> &amp; 3</th>'


def test_styles_are_css():
    part = html.I(style={"left": "4%", "marginTop": 3, "zIndex": 2, "width": 0, "color": None})
    assert written(part) == '<i style="left:4%;margin-top:3px;z-index:2;width:0"></i>'


def test_void_elements_and_switches():
    assert written(html.Br()) == "<br>"
    assert written(html.Details([], open=True, hidden=False)) == "<details open></details>"
    assert written(html.Div(**{"aria-hidden": True})) == '<div aria-hidden="true"></div>'
    assert written(html.Div(**{"data-nav": False})) == '<div data-nav="false"></div>'


def test_a_picture_is_painted_with_the_text_around_it():
    assert written(html.Img(src="data:,", alt="")) == '<img alt="" src="data:," decoding="sync">'


def test_what_points_at_another_part_is_left_out():
    part = html.Label("x", htmlFor="field", id="one", key="k", n_clicks=0, **{"aria-describedby": "hint"})
    assert written(part) == "<label>x</label>"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</div><a href=x>", '" onload="x', "&lt;"])
def test_nothing_of_a_users_text_becomes_markup(text):
    shown = written(html.Div([text, html.Span(title=text), dmc.Select(value=text, className=text, label=text)]))
    assert "<script" not in shown
    assert "<a href" not in shown
    assert not re.search(r'<[^>]*\sonload="', shown)


def test_a_name_that_is_no_name_of_an_attribute_is_left_out():
    tree = {"namespace": "dash_html_components", "type": "Div", "props": {"x onload=alert(1)": "1", "children": "a"}}
    assert static_html(tree) == "<div>a</div>"


def test_a_choice_shows_what_is_chosen():
    offered = [{"value": "/a", "label": "春晖社区"}, {"value": "/b", "label": "锦园社区"}]
    assert "锦园社区" in written(dmc.Select(data=offered, value="/b", w=190))
    assert "春晖" not in written(dmc.Select(data=offered, value="/b"))
    assert "选择" in written(dmc.Select(data=offered, placeholder="选择"))


def test_charts_keep_their_room_and_what_is_not_seen_is_not_there():
    assert "height:340px" in written(dcc.Graph(style={"height": "340px"}))
    assert "height:210px" in written(dcc.Graph(figure={"layout": {"height": 210}}))
    assert written([dcc.Store(id="s", data={"a": 1}), dmc.Drawer("menu"), dmc.Modal("x"), None, True]) == ""


def test_a_part_that_is_not_known_gives_what_lies_in_it():
    assert written(dmc.MantineProvider(html.B("x"))) == "<b>x</b>"
