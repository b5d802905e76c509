"""管理, programs that read: the table and the form, a token shown once, and nobody but who manages accounts."""

import json

import pytest

from dashboard.accounts import people, programs
from dashboard.pages.administration import program_service
from dashboard.pages.administration.page import page
from dashboard.parts.context import Context
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from tests.dashboard.web.test_access import body_of
from tests.tools.dashboard_tools import ADMIN, small_store, with_class, words
from tests.tools.stores.accounts import cheap, person, server  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")
PLACE = "..program-list.children...program-which.data...program-said.children.."


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def shown(store, lang="zh"):
    return page(Context(ADMIN, None, Address("/administration", lang), store)).children


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_programs_the_card_says_so_and_with_them_tells_each(town, lang):
    assert say(lang, "page_administration.no_programs") in words(shown(town, lang))
    token = programs.add(town, "报表", "leader", [("community", "SL01")], "王芳")
    told = words(shown(town, lang))
    for word in ("报表", "春晖社区", say(lang, "account_roles.leader"), say(lang, "page_administration.never")):
        assert word in told
    assert token not in told
    assert [b["props"]["children"] for b in with_class(shown(town, lang), "badge")] == [say(lang, "program.state_open")]


def send(client, which, **typed):
    """Press one of the two buttons."""
    frame = client.get("/_dash-dependencies", headers={"Host": "127.0.0.1"}).get_json()
    body = body_of(next(d for d in frame if d["output"] == PLACE))
    for entry in (*body["inputs"], *body["state"]):
        entry["value"] = {"program-add": 1, "program-revoke": 1, **typed}.get(entry["id"])
    body["changedPropIds"] = [f"{which}.n_clicks"]
    return client.post("/_dash-update-component", json=body, headers={"Host": "127.0.0.1"})


def test_the_page_adds_one_shows_its_token_once_and_revokes_it(town):
    client = server(town).test_client()
    answer = send(client, "program-add", **{"program-name": "报表", "program-role": "leader", "program-days": 30})
    token = next(w for w in json.dumps(answer.get_json()).split('"') if w.startswith(programs.BEGINS))
    with town.read() as conn:
        assert programs.find(conn, token).name == "报表"
    assert token not in words(shown(town))
    answer = send(client, "program-revoke", **{"program-which": "报表"})
    assert say("zh", "page_administration.revoked", name="报表") in json.loads(answer.get_data(as_text=True)).__str__()
    with town.read() as conn:
        assert programs.find(conn, token) is None


@pytest.mark.parametrize(
    ("which", "typed", "key"),
    [
        ("program-add", {"program-role": "leader"}, "page_administration.no_program"),
        ("program-add", {"program-name": "r1", "program-role": ""}, "page_administration.no_program_role"),
        ("program-add", {"program-name": "r1", "program-role": "leader", "program-days": 1.5}, "program.bad_days"),
        ("program-revoke", {}, "page_administration.no_program_chosen"),
    ],
)
def test_what_is_missing_is_one_sentence(town, which, typed, key):
    answer = send(server(town).test_client(), which, **typed)
    assert say("zh", key) in str(json.loads(answer.get_data(as_text=True)))
    with town.read() as conn:
        assert programs.listing(conn) == []


@pytest.mark.parametrize("role", [role for role in people.roles() if role != people.CHIEF])
def test_nobody_else_has_anything_to_do_with_programs(town, role):
    reader = type(ADMIN)("reader", role)
    for call in (
        lambda: program_service.listing(reader, town),
        lambda: program_service.add(reader, town, "r1", "leader", [], None),
        lambda: program_service.revoke(reader, town, "r1"),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.key == "dash_errors.forbidden"
