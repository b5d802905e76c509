"""What the pages whose views can be saved say of an address that asks for what is not there."""

from __future__ import annotations

import pytest

from dashboard.router import render
from survey.core.lang import LANGUAGES
from tests.tools.dashboard_tools import ADMIN, nodes, source_of, with_class, words
from tests.tools.towns import two_years

town = two_years.scored_town


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "query", "named", "there"),
    [
        ("/answers", "item=F9&split=mode", "F9", "/answers?"),
        ("/compare", "with=C1,C9", "C9", "/compare?"),
        ("/compare/beside", "community=C1&against=C9", "C9", "/compare/beside?"),
        ("/compare/beside", "community=C9", "C9", "/compare/beside?"),
    ],
)
def test_what_an_address_asks_for_and_is_not_there_is_one_sentence_with_what_is(town, lang, path, query, named, there):
    """历年对比 and 对照 said “choose one from the list” over an empty page."""
    page = render(ADMIN, source_of(town), town, None, path, f"?lang={lang}&year=2014&{query}", {})
    (card,) = with_class(page.children, "card")
    said = words(card)
    assert named in said
    assert "{" not in said
    links = [n["props"]["href"] for n in nodes(card) if n["type"] == "A"]
    assert links[0].startswith(there)
    assert named not in links[0]
    shown = render(ADMIN, source_of(town), town, None, path, "?" + links[0].partition("?")[2], {})
    assert named not in words(with_class(shown.children, "top"))
