"""The page 管理: accounts as a table, the form, and callbacks that show a one-time token once."""

import json
import re

import pytest

from dashboard.accounts import people, secrets, sign_in
from dashboard.accounts.identity import COOKIE_SESSION
from dashboard.pages.administration import service
from dashboard.pages.administration.page import page, role_word
from dashboard.parts.context import Context
from dashboard.web.address import Address
from dashboard.web.security import TOKEN_HEADER
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from tests.dashboard.web.test_access import body_of
from tests.tools.dashboard_tools import ADMIN, small_store, with_class, words
from tests.tools.stores.accounts import HERE, PASSWORD, cheap, person, server  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")
OTHER = next(role for role in people.roles() if role != people.CHIEF)


@pytest.fixture
def town(sqlite_store):
    return small_store(sqlite_store)


def shown(store, lang="zh", **filters):
    return page(Context(ADMIN, None, Address("/administration", lang, filters=filters), store)).children


@pytest.mark.parametrize("lang", LANGUAGES)
def test_before_the_first_account_the_page_says_what_it_changes(town, lang):
    assert say(lang, "page_administration.nobody") in words(shown(town, lang))


def test_each_account_is_told_with_its_role_limits_and_state(town):
    person(town)
    scopes = [("community", "SL01"), ("street", "示例街道"), ("office", "民政科")]
    sign_in.add(town, "李明", OTHER, scopes, "me")
    sign_in.disable(town, "李明", "me")
    told = words(shown(town))
    for word in (
        "王芳",
        role_word("zh", OTHER),
        "春晖社区、科室：民政科、示例街道（全街道）",
        "已停用",
        "可登录",
        "全部",
    ):
        assert word in told
    assert [b["props"]["children"] for b in with_class(shown(town), "badge")] == ["已停用", "可登录"]


def test_the_form_is_that_of_the_account_that_the_address_names(town):
    person(town)
    sign_in.add(town, "李明", OTHER, [("community", "SL01"), ("office", "民政科")], "me")
    told = words(shown(town, at="李明"))
    assert say("zh", "page_administration.disable") in told
    assert say("zh", "page_administration.add") not in told.split()
    assert say("zh", "page_administration.add") in words(shown(town, at="nobody"))


def test_nobody_manages_accounts_without_the_permission(town):
    reader = type(ADMIN)("reader", OTHER)
    calls = (
        lambda: service.accounts(reader, town),
        lambda: service.add(reader, town, "x y", people.CHIEF, []),
        lambda: service.change(reader, town, "x y", people.CHIEF, []),
        lambda: service.reset(reader, town, "x y"),
        lambda: service.turn(reader, town, "x y", on=False),
    )
    for call in calls:
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.key == "dash_errors.forbidden"


def test_what_was_chosen_and_typed_becomes_limits():
    found = service.scopes_of(["community=SL01", "street=a=b", "x"], "民政科， 社建办、")
    assert found == [("community", "SL01"), ("street", "a=b"), ("office", "民政科"), ("office", "社建办")]


@pytest.mark.parametrize(("name", "role", "key"), [("  ", people.CHIEF, "no_name"), ("王芳", "", "no_role")])
def test_a_name_has_to_be_typed_and_a_role_chosen(town, name, role, key):
    with pytest.raises(Refused) as caught:
        service.add(ADMIN, town, name, role, [])
    assert caught.value.key == f"page_administration.{key}"


class Desk:
    """A page that is open, its buttons pressed."""

    def __init__(self, store, session=""):
        self.app = server(store)
        self.browser = self.app.test_client()
        self.headers = {}
        if session:
            self.browser.set_cookie(COOKIE_SESSION, session)
            self.headers = {TOKEN_HEADER: secrets.form_token(session)}
        self.browser.get("/")
        self.known = self.browser.get("/_dash-dependencies").get_json()

    def press(self, button, **typed):
        (found,) = [d for d in self.known if [i["id"] for i in d["inputs"]] == [button]]
        body = body_of(found)
        body["inputs"][0]["value"] = 1
        for part in body["state"]:
            part["value"] = typed.get(part["id"])
        answer = self.browser.post("/_dash-update-component", json=body, headers=self.headers)
        return answer.status_code, json.dumps(answer.get_json(silent=True), ensure_ascii=False)


def test_the_first_account_is_made_on_the_page_and_ends_work_without_one(town):
    desk = Desk(town)
    typed = {"account-name": "王芳", "account-role": people.CHIEF, "account-scopes": [], "account-offices": ""}
    _, answer = desk.press("account-add", **typed)
    token = re.search(r"\b(?:[A-Z]{5}-){3}[A-Z]{5}\b", answer)[0]
    assert desk.press("account-add", **typed)[0] == 401
    assert sign_in.choose(town, "王芳", token, PASSWORD, HERE)


def test_accounts_are_changed_on_the_page_by_whoever_is_signed_in(town):
    desk = Desk(town, person(town))
    sign_in.add(town, "李明", OTHER, [], "me")
    typed = {"account-name": "李明", "account-role": OTHER, "account-scopes": ["community=SL01"], "account-offices": ""}
    assert "角色或范围已改" in desk.press("account-change", **typed)[1]
    assert "没有改动" in desk.press("account-change", **typed)[1]
    assert desk.press("account-disable", **typed)[0] == 200
    assert "account-token" in desk.press("account-reset", **typed)[1]
    with town.read() as conn:
        changed = people.known(conn, "李明")
    assert (changed.scopes, people.state(changed)) == ({("community", "SL01")}, "disabled")
    assert desk.press("account-enable", **typed)[0] == 200
    assert "最后一个可用的管理员" in desk.press("account-disable", **{"account-name": "王芳"})[1]
