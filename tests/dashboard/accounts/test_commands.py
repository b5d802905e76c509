"""``xingfu users``: no password on a command line, one-time tokens on standard output."""

import pytest

from dashboard.accounts import sign_in
from survey.store import Store
from tests.tools.commands import run, town  # noqa: F401
from tests.tools.stores.accounts import HERE, PASSWORD, cheap  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")


def token_of(out):
    heading, line = out.splitlines()
    assert heading == "account,token"
    return line.partition(",")[2]


def test_an_account_from_its_token_to_its_end(town):  # noqa: F811
    status, out, err = town("users", "add", "王芳", "--role", "admin")
    assert (status, "登录" in err) == (0, True)
    store = Store.open("xingfu.db")
    assert sign_in.choose(store, "王芳", token_of(out), PASSWORD, HERE)
    assert town("users", "add", "李明", "--role", "admin", "--scope", "community=C1")[0] == 0
    lines = town("users", "list")[1].splitlines()
    assert lines[0] == "account,role,scopes,state,sessions,signed_in_at"
    assert lines[1].startswith("李明,admin,community=C1,未设密码,0,")
    assert lines[2].startswith("王芳,admin,,可登录,1,")
    assert town("users", "change", "李明", "--everything")[2] == "“李明”的角色或范围已改，该账号已全部退出登录。\n"
    assert town("users", "change", "李明", "--everything")[2] == "“李明”的角色和范围本来就是这样，没有改动。\n"
    assert town("users", "disable", "李明")[0] == 0
    assert "已停用" in town("users", "list")[1]
    assert town("users", "enable", "李明")[0] == 0
    again = token_of(town("users", "reset", "王芳")[1])
    assert sign_in.choose(store, "王芳", again, PASSWORD, HERE)
    store.close()


@pytest.mark.parametrize(
    ("words", "status", "key"),
    [
        (("add", "x y z", "--role", "king"), 3, "king"),
        (("add", "王芳", "--role", "admin", "--scope", "C1"), 2, "C1"),
        (("add", "王芳", "--role", "admin", "--scope", "community=C9"), 3, "community=C9"),
        (("change", "nobody", "--role", "admin"), 3, "nobody"),
        (("change", "nobody"), 2, "--role"),
        (("change", "nobody", "--scope", "office=x", "--everything"), 2, "--everything"),
        (("disable", "nobody"), 3, "nobody"),
        (("enable", "nobody"), 3, "nobody"),
        (("reset", "nobody"), 3, "nobody"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_nothing_is_stored(town, words, status, key):  # noqa: F811
    found, out, err = town("users", *words)
    assert (found, out, err.count("\n"), key in err) == (status, "", 1, True)
    assert town("users", "list")[1] == "account,role,scopes,state,sessions,signed_in_at\n"
