"""``xingfu tokens``: a token on standard output once, the list, one taken back."""

import pytest

from dashboard.accounts import programs
from survey.store import Store
from tests.tools.commands import run, table, town  # noqa: F401


def test_a_token_from_its_first_day_to_its_end(town):  # noqa: F811
    status, out, err = town("tokens", "add", "报表", "--role", "leader", "--scope", "community=C1", "--days", "30")
    assert (status, "只显示这一次" in err) == (0, True)
    (given,) = table(out)
    assert given["program"] == "报表"
    store = Store.open("xingfu.db")
    with store.read() as conn:
        assert programs.find(conn, given["token"]).scopes == {("community", "C1")}
    (line,) = table(town("tokens", "list")[1])
    assert (line["program"], line["role"], line["scopes"], line["state"]) == ("报表", "leader", "community=C1", "可用")
    assert line["seen_at"] == ""
    assert given["token"] not in str(line)
    assert "已撤销" in town("tokens", "revoke", "报表")[2]
    assert "早已撤销" in town("tokens", "revoke", "报表")[2]
    with store.read() as conn:
        assert programs.find(conn, given["token"]) is None
    assert table(town("tokens", "list")[1])[0]["state"] == "已撤销"
    store.close()


@pytest.mark.parametrize(
    ("words", "status", "key"),
    [
        (("add", "报表", "--role", "king"), 3, "king"),
        (("add", "报表", "--role", "leader", "--scope", "C1"), 2, "C1"),
        (("add", "报表", "--role", "leader", "--scope", "community=C9"), 3, "community=C9"),
        (("add", "报表", "--role", "leader", "--days", "0"), 3, "1095"),
        (("revoke", "nobody"), 3, "nobody"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_nothing_is_stored(town, words, status, key):  # noqa: F811
    found, out, err = town("tokens", *words)
    assert (found, out, err.count("\n"), key in err) == (status, "", 1, True)
    assert table(town("tokens", "list")[1]) == []
