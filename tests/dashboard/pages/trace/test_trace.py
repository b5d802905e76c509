"""溯源: from the total by click to a cell and back to what the row changed, as far as each role may see it; looks are recorded."""

import re

import pytest

from dashboard.data.results import StoreSource
from dashboard.pages.trace import service
from dashboard.router import render
from dashboard.web.access import Viewer, viewer_of
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.store import audit
from tests.tools.dashboard_tools import nodes, plain, words
from tests.tools.stores.read_town import BIG, FEW, make_read_town
from tests.tools.towns import field_town

CLERK, LEADER = Viewer("王芳", "clerk"), Viewer("李明", "leader")
YEAR = 2014


@pytest.fixture
def town(sqlite_store):
    return make_read_town(sqlite_store)


def shown(town, path, viewer=CLERK, lang="zh"):
    path, _, query = path.partition("?")
    return render(viewer, StoreSource(town), town, None, path, f"?year={YEAR}&lang={lang}&{query}", {}).children


def links(tree):
    return [n["props"]["href"] for n in nodes(plain(tree)) if "/trace/" in str(n["props"].get("href", ""))]


def looks(town):
    with town.read() as conn:
        return [(e.who, e.subject, dict(e.detail)) for e in audit.listing(conn, action="trace")]


def test_by_click_from_the_community_to_a_cell_and_back(town):
    """Each address is the one of a link on the page before it."""
    first = links(shown(town, f"/community/{BIG}"))
    assert any(re.fullmatch(rf"/trace/{BIG}\?.*", href) for href in first)
    assert any("dimension=autonomy" in href for href in first)
    lines = links(shown(town, f"/trace/{BIG}"))
    item = next(href for href in lines if href.endswith("item=A"))
    batches = links(shown(town, item))
    batch = next(href for href in batches if "batch=" in href)
    page = shown(town, batch)
    assert "F2" in words(page)
    row = next(href for href in links(page) if "at=" in href)
    page = shown(town, row)
    for word in ("2014_0.csv", "F2", "I2", say("zh", "page_trace.became_complete"), say("zh", "page_trace.recorded")):
        assert word in words(page), word
    assert any(href.endswith("item=E") for href in links(page))


def test_every_look_at_single_rows_is_recorded_before_it_is_shown(town):
    assert looks(town) == []
    shown(town, f"/trace/{BIG}")
    assert looks(town) == []
    found = service.traced(CLERK, StoreSource(town), town, YEAR, BIG, {"item": "A"})
    (batch,) = found.source.answers
    found = service.traced(CLERK, StoreSource(town), town, YEAR, BIG, {"item": "A", "batch": str(batch)})
    service.traced(CLERK, StoreSource(town), town, YEAR, BIG, {"at": str(found.lines[0].id)})
    assert looks(town) == [
        ("王芳", f"{BIG} {YEAR}", {"batch": batch, "row": 2, "responses": 1}),
        ("王芳", f"{BIG} {YEAR}", {"item": "A", "batch": batch, "responses": 60}),
        ("王芳", f"{BIG} {YEAR}", {"item": "A"}),
    ]


def test_who_gave_an_answer_is_shown_nowhere(town):
    found = service.traced(CLERK, StoreSource(town), town, YEAR, BIG, {"item": "A", "batch": "2"})
    for path in (f"item=A&batch={found.batch}", f"at={found.lines[0].id}"):
        assert "甲社区0" not in words(shown(town, f"/trace/{BIG}?{path}"))


@pytest.mark.parametrize(
    ("role", "files", "rows"),
    [
        ("clerk", True, True),
        ("auditor", True, True),
        ("reviewer", True, False),
        ("leader", False, False),
        ("analyst", False, False),
        ("admin", False, False),
    ],
)
def test_each_role_sees_as_far_as_its_permissions(town, role, files, rows):
    viewer, source = Viewer("x", role), StoreSource(town)
    found = service.traced(viewer, source, town, YEAR, BIG, {"item": "A", "batch": "2"})
    assert (found.source is not None, bool(found.lines), found.rows_may) == (files, rows, rows)
    assert ("2014_0.csv" in words(shown(town, f"/trace/{BIG}?item=A", viewer))) == files
    assert bool(looks(town)) == rows
    if not rows:
        with pytest.raises(Refused) as caught:
            service.traced(viewer, source, town, YEAR, BIG, {"at": "1"})
        assert caught.value.key == "dash_errors.forbidden"


def test_another_community_is_as_if_it_were_not_there(town):
    limited = viewer_of("x", "clerk", [("community", "C2")])
    with pytest.raises(Refused) as caught:
        service.traced(limited, StoreSource(town), town, YEAR, BIG, {})
    assert caught.value.key == "dash_errors.unknown_community"
    mine = service.traced(CLERK, StoreSource(town), town, YEAR, BIG, {"item": "A", "batch": "2"}).lines[0].id
    with pytest.raises(Refused) as caught:
        service.traced(limited, StoreSource(town), town, YEAR, "C2", {"at": str(mine)})
    assert caught.value.key == "tracing.no_row"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_few_respondents_no_row_and_no_answer_is_shown(town, lang):
    text = words(shown(town, f"/trace/{FEW}?item=A", lang=lang))
    assert say(lang, "page_trace.few") in text
    assert say(lang, "page_trace.item_hidden") in text
    found = service.traced(CLERK, StoreSource(town), town, YEAR, FEW, {"item": "A", "batch": "3"})
    assert (found.lines, found.source.answers) == ((), {})
    assert looks(town) == []
    assert say(lang, "tracing.few") in words(shown(town, f"/trace/{FEW}?at=1", lang=lang))


def test_a_value_leads_to_its_file_sheet_and_row_who_said_it_and_who_looked_it_over(town):
    code = StoreSource(town).results(YEAR).rows("indicators", BIG)[0]["indicator"]
    text = words(shown(town, f"/trace/{BIG}?item={code}"))
    assert "values.csv" in text
    assert re.search(r"\b[A-Z]\d+\b", text)  # the cell
    assert say("zh", "page_entry.state_entered") in text
    assert looks(town) == []


@pytest.mark.parametrize(
    "query", ["item=nothing", "item=A&batch=999", "at=999999", "at=x&item=nothing", "item=%3Cb%3E"]
)
def test_what_is_not_there_is_one_sentence(town, query):
    text = words(shown(town, f"/trace/{BIG}?{query}"))
    assert say("zh", "page_start.refused") in text


def test_the_parts_add_up_as_they_are_shown(town):
    found = service.traced(LEADER, StoreSource(town), None, YEAR, BIG, {})
    shown_items = sum(r["points_got"] for r in found.items)
    assert shown_items == pytest.approx(found.row["subjective"], abs=1e-9)
    assert found.row["total"] == pytest.approx(found.row["objective"] + found.row["subjective"], abs=0.006)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_a_name_of_its_own_where_slow_pages_are_listed(lang):
    """Once the list of slow pages failed on a title that needs a community."""
    assert say(lang, "page_trace.title")


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/", 6),  # the total and each dimension
        ("/answers?item=A&split=community", 2),  # of a community n and mean
        (f"/answers?item=A&community={BIG}", 2),
        ("/quality?section=weights", 1),
        (f"/community/{BIG}", 6),
        ("/tasks", 1),
        ("/indicators", 1),
    ],
)
def test_a_number_of_any_page_leads_here(town, path, least):
    """Every link that stands there is followed: none is refused."""
    found = [href for href in links(shown(town, path)) if f"/trace/{BIG}" in href]
    assert len(found) >= least, path
    for href in {*found}:
        assert say("zh", "page_start.refused") not in words(shown(town, href)), href


@pytest.mark.parametrize("query", ["item=A&split=mode", "item=A&split=community&where=mode%3Dpaper"])
def test_what_is_not_of_a_whole_community_leads_nowhere(town, query):
    """A part of its people."""
    assert links(shown(town, f"/answers?{query}")) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_that_does_not_count_leads_to_its_batches_and_rows_too(tmp_path, lang):
    happy = field_town.town(tmp_path)
    code = StoreSource(happy).results(YEAR).scores["community_code"][0]
    found = {one for one in links(shown(happy, "/answers?item=F1&split=community", lang=lang)) if f"/{code}?" in one}
    assert len(found) == 1
    text = words(shown(happy, found.pop(), lang=lang))
    assert say(lang, "page_trace.item_uncounted") in text
    behind = service.traced(CLERK, StoreSource(happy), happy, YEAR, code, {"item": "F1"})
    batch = min(behind.source.answers)
    lines = service.traced(CLERK, StoreSource(happy), happy, YEAR, code, {"item": "F1", "batch": str(batch)}).lines
    assert lines
    assert {who for who, _, _ in looks(happy)} == {CLERK.user}
    assert f"item=F1&batch={batch}" in " ".join(links(shown(happy, f"/trace/{code}?item=F1")))
