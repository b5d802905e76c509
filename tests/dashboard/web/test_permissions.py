"""One table of who may do what: what it says today, and that nobody asks past it."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.pages.cycle.service import ACTIONS
from dashboard.web import permissions
from dashboard.web.access import Viewer, may, require, viewer_of
from dashboard.web.permissions import (
    APPROVES,
    BOUND,
    ENTERS,
    LOCAL_ROLE,
    PERMISSIONS,
    ROLES,
    SOME,
    WHOLE,
    granted,
)
from survey.core.errors import Refused

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "dashboard").rglob("*.py"))
#: whoever asks for a permission: function → which argument is its name
ASKS = {"may": 1, "require": 1, "granted": 1, "guarded": 0}
#: who sees results at all
SEERS = "local admin clerk community scorer reviewer auditor analyst leader"
#: who may see those of everybody
STREET = "local admin clerk scorer reviewer auditor analyst leader"
#: permission → the roles that have it where they see all communities | where they see one, in that one
TABLE = {
    "sign_in": (f"{SEERS} interviewer supervisor", f"{SEERS} interviewer supervisor"),
    "see": (SEERS, SEERS),
    "see_all": (STREET, ""),
    "keep_views": (SEERS, SEERS),
    "share_views": (STREET, ""),
    "read_words": ("local clerk analyst", "local clerk analyst"),
    "code_words": ("local clerk analyst", ""),
    "fill_in": ("local clerk scorer community", "local clerk scorer community"),
    "self_assess": ("local clerk community", "local clerk community"),
    "enter_values": ("local clerk scorer", "local clerk scorer"),
    "review": ("local reviewer", "local reviewer"),
    "set_dates": ("local clerk", ""),
    "bring_tasks": ("local clerk", ""),
    "edit_register": ("local clerk", ""),
    "edit_questionnaire": ("local clerk", ""),
    "edit_scheme": ("local clerk", ""),
    "enter_balance": ("local clerk", ""),
    "enter_payment": ("local clerk", ""),
    "see_imports": ("local clerk community reviewer auditor", "local clerk community reviewer auditor"),
    "trace_rows": ("local clerk auditor", "local clerk auditor"),
    "see_originals": ("local auditor", ""),
    "import": ("local clerk community", "local clerk community"),
    "decide_findings": ("local clerk community", "local clerk community"),
    "undo": ("local clerk", "local clerk"),
    "remove_people": ("local clerk", ""),
    "take_step": ("local admin clerk reviewer", ""),
    "enter_step": ("local clerk", ""),
    "approve_step": ("local reviewer", ""),
    "close_year": ("local clerk", ""),
    "correct_year": ("local clerk", ""),
    "set_one_person": ("local admin", ""),
    "manage_accounts": ("local admin", ""),
    "read_audit": ("local admin auditor", ""),
    "take_responses": ("local analyst", ""),
}
#: heading and rows of the tables of docs/roles.md
ROW = re.compile(r"^\| `(\w+)` \|.*\| (yes)? ?\| ?(.*?) ?\|$", re.MULTILINE)


def trees():
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def asked():
    """Permission → files that ask for it by its name."""
    found = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            named = [k.value for k in node.keywords if k.arg in ("needs", "permission")]
            named += node.args[ASKS[name] :][:1] if name in ASKS else []
            for one in named:
                if isinstance(one, ast.Constant):
                    found.setdefault(one.value, set()).add(path.name)
    return found


def test_the_table_is_whole():
    assert set(TABLE) == set(PERMISSIONS)
    assert set(ROLES) == {*SEERS.split(), "interviewer", "supervisor"}
    assert all(named <= set(PERMISSIONS) for named in ROLES.values())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", TABLE)
def test_each_role_may_what_the_table_says(permission, role):
    everywhere, here = (role in roles.split() for roles in TABLE[permission])
    whole, one = Viewer("w", role), Viewer("o", role, frozenset({"C1"}))
    assert granted(role, permission) == everywhere
    assert may(one, permission) == may(one, permission, "C1") == here
    assert may(one, permission, "C2") == (here and PERMISSIONS[permission] == SOME and one.sees("C2"))
    if role not in BOUND:
        assert may(whole, permission) == may(whole, permission, "C1") == may(whole, permission, "C2") == everywhere


def test_the_document_says_the_table():
    text = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    told = text.partition("## Permissions")[2].partition("## Scopes")[0]
    said = {name: (whole == "yes", set(re.findall(r"`(\w+)`", roles))) for name, whole, roles in ROW.findall(told)}
    assert said == {
        name: (reach == WHOLE, {role for role in ROLES if role != LOCAL_ROLE and name in ROLES[role]})
        for name, reach in PERMISSIONS.items()
    }
    roles = text.partition("## Roles")[2].partition("## Permissions")[0]
    assert re.findall(r"^\| `(\w+)` \|", roles, re.MULTILINE) == list(ROLES)


def test_nobody_but_who_is_alone_both_enters_and_approves():
    assert ENTERS
    assert APPROVES
    assert set(PERMISSIONS) >= ENTERS | APPROVES
    assert [r for r, named in ROLES.items() if named & ENTERS and named & APPROVES] == [LOCAL_ROLE]


def test_who_is_bound_to_a_place_or_an_office_and_names_none_reaches_nothing():
    assert not Viewer("c", "community").sees("C1")
    assert not may(Viewer("c", "community"), "self_assess", "C1")
    assert not Viewer("s", "scorer").answers_for("民政科")
    assert Viewer("s", "scorer", offices=frozenset({"民政科"})).answers_for("民政科")
    assert Viewer("k", "clerk").answers_for("民政科")


PLACES = {
    2014: {"C1": ("A", "D"), "C2": ("B", "D"), "C3": ("B", "E")},
    None: {"C1": ("B", "D"), "C2": ("B", "D"), "C3": ("B", "E")},
}


@pytest.mark.parametrize(
    ("scopes", "year", "seen"),
    [
        ([("street", "A")], 2014, {"C1"}),
        ([("street", "A")], None, set()),
        ([("street", "B")], 2014, {"C2", "C3"}),
        ([("district", "D")], 2014, {"C1", "C2"}),
        ([("district", "D"), ("community", "C3")], 2014, {"C1", "C2", "C3"}),
        ([("street", "A"), ("district", "E")], 2014, {"C1", "C3"}),
        ([("community", "C2"), ("office", "民政科")], 2014, {"C2"}),
        ([("street", "没有")], 2014, set()),
        ([], 2014, {"C1", "C2", "C3"}),
    ],
)
def test_streets_and_districts_are_looked_up_in_the_register_of_the_year(scopes, year, seen):
    who = replace(viewer_of("k", "clerk", scopes), register=PLACES.__getitem__)
    here = who.at(year)
    assert {code for code in PLACES[None] if here.sees(code)} == seen
    assert here.everywhere == (not scopes)  # a community named beside them makes nobody see the whole register
    assert may(who, "see", "C1", year) == ("C1" in seen)


def test_whose_streets_are_all_there_are_sees_the_register_whole():
    who = replace(viewer_of("k", "clerk", [("street", "B")]), register=PLACES.__getitem__)
    assert who.at(None).everywhere
    assert may(who, "import")
    assert not who.at(2014).everywhere
    assert not may(who, "see_all", year=2014)
    assert not replace(who, register=lambda year: {}).at(None).everywhere


def test_a_street_that_nothing_looked_up_is_no_way_in():
    who = viewer_of("k", "clerk", [("street", "B")])
    for ask in (lambda: who.sees("C1"), lambda: who.at(2014), lambda: may(who, "see", "C1")):
        with pytest.raises(ValueError, match="street"):
            ask()
    with pytest.raises(ValueError, match="city"):
        viewer_of("k", "clerk", [("city", "B")])


def test_who_may_not_is_refused():
    require(Viewer("v", "leader"), "see", "C1")
    with pytest.raises(Refused) as refused:
        require(Viewer("v", "leader", frozenset({"C1"})), "see", "C2")
    assert refused.value.key == "dash_errors.forbidden"


def test_an_unknown_name_raises_at_once():
    for ask in (may, require):
        with pytest.raises(ValueError, match="imports"):
            ask(Viewer("a", "local"), "imports")


def test_a_new_role_is_one_line(monkeypatch):
    monkeypatch.setattr(permissions, "ROLES", {**ROLES, "visitor": frozenset({"see", "review"})})
    monkeypatch.setattr("dashboard.web.access.ROLES", permissions.ROLES)
    visitor = Viewer("r", "visitor")
    assert [name for name in PERMISSIONS if may(visitor, name)] == ["see", "review"]


def test_every_name_that_is_asked_for_is_in_the_table_and_every_one_in_the_table_is_asked_for():
    assert len(asked()) > 10
    assert set(asked()) | set(ACTIONS.values()) == set(PERMISSIONS)


#: roles that are called by an everyday word, too
EVERYDAY = {"local", "community", "interviewer"}


def test_no_role_is_named_but_where_roles_and_viewers_are_made():
    found = {
        (path.relative_to(ROOT).as_posix(), node.value)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in set(ROLES) - EVERYDAY
    }
    # the last one who keeps the accounts can't be taken away
    assert found == {
        *(("dashboard/web/permissions.py", role) for role in set(ROLES) - EVERYDAY),
        ("dashboard/accounts/people.py", "admin"),
    }


def test_nobody_asks_which_role_somebody_has():
    asks = [
        (path.name, node.lineno)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and path.parts[-3:-1] != ("dashboard", "web")
        for part in (node.left, *node.comparators)
        if isinstance(part, ast.Attribute) and part.attr == "role" and ast.unparse(part.value).endswith("viewer")
    ]
    assert asks == []
