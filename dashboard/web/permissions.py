"""Which role may do what: one table.

A permission has a name that says what is done; code asks for it by that name (``access.may``, ``access.require``,
``access.guarded``) and never for a role. A new role is one line of ``ROLES``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: permission → whether it is about the register as a whole, so that nobody has it who sees only some communities
PERMISSIONS: Mapping[str, bool] = {
    "see": False,  # results and their files, of the communities in scope
    "see_all": True,  # what is the street's and no community's: money, targets, sums
    "self_assess": False,  # a community's own score, evidence and notes of an indicator
    "enter_values": True,  # every field of an indicator value
    "review": True,  # approve values, or send them back
    "bring_tasks": True,  # a filled-in task list
    "edit_questionnaire": True,  # a questionnaire workbook, or one drafted out of a data file
    "edit_scheme": True,  # a scheme workbook
    "enter_balance": True,  # a balance of the special fund
    "enter_payment": True,  # what was paid of the awards, or came back; a wrong entry taken back
    "import": True,  # files of answers, values, the register
    "decide_findings": True,  # what a finding, a column, a word of a file means
    "undo": True,  # take an import back, or bring it back
    "remove_people": True,  # a resident's or a batch's answers deleted for good
    "take_step": True,  # a step of the year's cycle, but for those below
    "close_year": True,
    "correct_year": True,  # a new version of a closed year
    "set_one_person": True,  # whether one person may enter and approve
    "manage_accounts": True,  # who may sign in, as what, for what
    "take_responses": True,  # single responses, for the independent check
}
_SEE = frozenset({"see", "see_all"})
_CHIEF = frozenset({"manage_accounts", "close_year", "correct_year", "set_one_person", "remove_people"})
#: role → what it may do
ROLES: Mapping[str, frozenset[str]] = {
    "viewer": _SEE,
    "editor": frozenset(PERMISSIONS) - _CHIEF,
    "admin": frozenset(PERMISSIONS),
}


def known(permission: str) -> str:
    """The permission itself; raises ValueError for a name that the table does not have."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no permission is called {permission!r}: {', '.join(PERMISSIONS)}")
    return permission


def granted(role: str, permission: str) -> bool:
    """Whether a role may do this anywhere; raises ValueError for an unknown permission, KeyError for an unknown role."""
    return known(permission) in ROLES[role]
