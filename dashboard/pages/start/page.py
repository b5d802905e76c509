"""An empty store: three steps."""

from __future__ import annotations

from dash import html

from dashboard.parts.basic import card, download, link
from dashboard.parts.context import Context, View
from survey.core.lang import say


def page(context: Context) -> View:
    """What to do first."""
    lang, address = context.lang, context.address
    actions = {
        "sample": html.Code("xingfu demo"),
        "template": download(say(lang, "page_start.template_action"), address.link("/download/template")),
        "import": link(say(lang, "page_start.import_action"), address.link("/import"), "button primary"),
    }
    steps = [
        html.Li([html.H2(say(lang, f"page_start.{key}")), html.P(say(lang, f"page_start.{key}_text")), action])
        for key, action in actions.items()
    ]
    return View(
        say(lang, "page_start.title"),
        "overview",
        card(
            [
                html.H1(say(lang, "page_start.title")),
                html.P(say(lang, "page_start.text"), className="hint"),
                html.Ol(steps, className="steps"),
            ],
            "start",
        ),
    )
