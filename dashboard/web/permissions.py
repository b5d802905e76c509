"""Which role may do what: one table, told in words by docs/roles.md.

A permission has a name that says what is done; code asks for it by that name (``access.may``, ``access.require``,
``access.guarded``) and never for a role. A new role is one line of ``ROLES``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: how much of the register a viewer must see to have a permission: some community, or every one there is
SOME, WHOLE = "some", "whole"
#: permission → how much of the register it takes; what takes ``SOME`` goes as far as the viewer's scope
PERMISSIONS: Mapping[str, str] = {
    "sign_in": SOME,  # the frame of the pages, one's own account
    "see": SOME,  # results and their files, of the communities in scope
    "see_all": WHOLE,  # what is the street's and no community's: money, targets, sums
    "keep_views": SOME,  # views of one's own: addresses under a name
    "share_views": WHOLE,  # a view that everybody has in their list
    "read_words": SOME,  # single answers in words, without who gave them
    "code_words": WHOLE,  # the list of codes, and which of them an answer is given
    "fill_in": SOME,  # the form of an indicator value; its fields ask for one of the next two
    "self_assess": SOME,  # a community's own score, evidence and notes of an indicator
    "enter_values": SOME,  # every field of an indicator value, of the offices in scope
    "review": SOME,  # approve values that another entered, or send them back
    "set_dates": WHOLE,  # until when what is to be done in a year
    "bring_tasks": WHOLE,  # a filled-in task list
    "edit_register": WHOLE,  # the register: who lies where, populations
    "edit_questionnaire": WHOLE,  # a questionnaire workbook, or one drafted out of a data file
    "edit_scheme": WHOLE,  # a scheme workbook
    "enter_balance": WHOLE,  # a balance of the special fund
    "enter_payment": WHOLE,  # what was paid of the awards, or came back; a wrong entry taken back
    "see_imports": SOME,  # what was imported of the communities in scope alone, and what was decided of it
    "trace_rows": SOME,  # single rows of a file behind a score, without who gave them; every look is recorded
    "see_originals": WHOLE,  # imported files without contacts
    "import": SOME,  # files whose every row is of the communities in scope
    "decide_findings": SOME,  # what a finding, a column, a word of a file means
    "undo": SOME,  # an import of the communities in scope alone, taken back or brought back
    "remove_people": WHOLE,  # a resident's or a batch's answers deleted for good
    "take_step": WHOLE,  # a step of the year's cycle; each asks for one of the next five as well
    "enter_step": WHOLE,  # a step that says what happened or was decided
    "approve_step": WHOLE,  # a step that approves what another entered
    "close_year": WHOLE,
    "correct_year": WHOLE,  # a new version of a closed year
    "set_one_person": WHOLE,  # whether one person may enter and approve
    "manage_accounts": WHOLE,  # who may sign in, as what, for what
    "read_audit": WHOLE,  # who did what
    "take_responses": WHOLE,  # single responses without contacts, for the independent check
}
#: what puts something in, and what approves it: nobody has one of each, but who is alone
ENTERS = frozenset({"self_assess", "enter_values", "import", "decide_findings", "enter_step"})
APPROVES = frozenset({"review", "approve_step"})
_VISIT = frozenset({"sign_in"})
_SEE = _VISIT | {"see", "keep_views"}
_SEE_ALL = _SEE | {"see_all", "share_views"}
_ADMINISTERS = frozenset({"manage_accounts", "take_step", "set_one_person", "read_audit"})
#: whoever has one of these knows what comes in everywhere, or decides on it, and sees open years as they are (``survey.store.settled``)
SEES_NOW = frozenset({"read_audit", "take_step", "take_responses"})
#: role → what it may do
ROLES: Mapping[str, frozenset[str]] = {
    "local": frozenset(PERMISSIONS),  # whoever sits at this machine while nobody has an account
    "admin": _SEE_ALL | _ADMINISTERS,
    "clerk": frozenset(PERMISSIONS) - APPROVES - _ADMINISTERS - {"take_responses", "see_originals"} | {"take_step"},
    "community": _SEE | {"fill_in", "self_assess", "see_imports", "import", "decide_findings"},
    "scorer": _SEE_ALL | {"fill_in", "enter_values"},
    "reviewer": _SEE_ALL | APPROVES | {"take_step", "see_imports"},
    "auditor": _SEE_ALL | {"see_imports", "trace_rows", "see_originals", "read_audit"},
    "analyst": _SEE_ALL | {"take_responses", "read_words", "code_words"},
    "leader": _SEE_ALL,
    "interviewer": _VISIT,
    "supervisor": _VISIT,
}
#: the person of this machine's own address, whom no account stands for
LOCAL_ROLE = "local"
#: role → the kind of scope without which it reaches nothing: who fills in for a community or an office names it
BOUND: Mapping[str, str] = {"community": "community", "scorer": "office"}


def known(permission: str) -> str:
    """The permission itself; raises ValueError for a name that the table does not have."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no permission is called {permission!r}: {', '.join(PERMISSIONS)}")
    return permission


def sees_now(role: str) -> bool:
    """Whether a role sees the responses of open years as they are, not as of when enough had changed."""
    return bool(SEES_NOW & ROLES[role])


def only_reads(role: str) -> bool:
    """Whether a role changes nothing that others see but the views it shares, and sees no open year as it is right now."""
    return ROLES[role] <= _SEE_ALL


def granted(role: str, permission: str) -> bool:
    """Whether a role may do this anywhere; raises ValueError for an unknown permission, KeyError for an unknown role."""
    return known(permission) in ROLES[role]
