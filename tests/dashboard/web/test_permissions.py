"""One table of who may do what: what it says today, and that nobody asks past it."""

import ast
from pathlib import Path

import pytest

from dashboard.pages.cycle.service import ACTIONS
from dashboard.web import permissions
from dashboard.web.access import Viewer, may, require
from dashboard.web.permissions import PERMISSIONS, ROLES, granted
from survey.core.errors import Refused

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "dashboard").rglob("*.py"))
#: whoever asks for a permission: function → which argument is its name
ASKS = {"may": 1, "require": 1, "granted": 1, "guarded": 0}
#: permission → the roles that have it where they see all communities | where they see one, in that one | in another
TABLE = {
    "see": ("viewer editor admin", "viewer editor admin", ""),
    "see_all": ("viewer editor admin", "", ""),
    "self_assess": ("editor admin", "editor admin", ""),
    "enter_values": ("editor admin", "", ""),
    "review": ("editor admin", "", ""),
    "bring_tasks": ("editor admin", "", ""),
    "edit_questionnaire": ("editor admin", "", ""),
    "edit_scheme": ("editor admin", "", ""),
    "enter_balance": ("editor admin", "", ""),
    "enter_payment": ("editor admin", "", ""),
    "import": ("editor admin", "", ""),
    "decide_findings": ("editor admin", "", ""),
    "undo": ("editor admin", "", ""),
    "take_step": ("editor admin", "", ""),
    "take_responses": ("editor admin", "", ""),
    "remove_people": ("admin", "", ""),
    "close_year": ("admin", "", ""),
    "correct_year": ("admin", "", ""),
    "set_one_person": ("admin", "", ""),
    "manage_accounts": ("admin", "", ""),
}


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
    assert set(ROLES) == {"viewer", "editor", "admin"}
    assert all(named <= set(PERMISSIONS) for named in ROLES.values())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", TABLE)
def test_each_role_may_what_the_table_says(permission, role):
    everywhere, here, elsewhere = (role in roles.split() for roles in TABLE[permission])
    whole, one = Viewer("w", role), Viewer("o", role, frozenset({"C1"}))
    assert granted(role, permission) == everywhere
    assert may(whole, permission) == may(whole, permission, "C1") == may(whole, permission, "C2") == everywhere
    assert may(one, permission) == may(one, permission, "C1") == here
    assert may(one, permission, "C2") == elsewhere


def test_who_may_not_is_refused():
    require(Viewer("v", "viewer"), "see", "C1")
    with pytest.raises(Refused) as refused:
        require(Viewer("v", "viewer", frozenset({"C1"})), "see", "C2")
    assert refused.value.key == "dash_errors.forbidden"


def test_an_unknown_name_raises_at_once():
    for ask in (may, require):
        with pytest.raises(ValueError, match="imports"):
            ask(Viewer("a", "admin"), "imports")


def test_a_new_role_is_one_line(monkeypatch):
    monkeypatch.setattr(permissions, "ROLES", {**ROLES, "reviewer": frozenset({"see", "review"})})
    monkeypatch.setattr("dashboard.web.access.ROLES", permissions.ROLES)
    reviewer = Viewer("r", "reviewer")
    assert [name for name in PERMISSIONS if may(reviewer, name)] == ["see", "review"]


def test_every_name_that_is_asked_for_is_in_the_table_and_every_one_in_the_table_is_asked_for():
    assert len(asked()) > 10
    assert set(asked()) | set(ACTIONS.values()) == set(PERMISSIONS)


def test_no_role_is_named_but_where_roles_and_viewers_are_made():
    found = {
        (path.relative_to(ROOT).as_posix(), node.value)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in ROLES
    }
    # the request itself keeps who is looking as its viewer
    assert found == {
        *(("dashboard/web/permissions.py", role) for role in ROLES),
        ("dashboard/web/access.py", "admin"),
        ("dashboard/web/access.py", "viewer"),
        ("dashboard/accounts/people.py", "admin"),  # of whom one stays
    }
