"""What the services do for whom: every one asks for itself, whatever the page offered or the guard let through."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from analysis.cycle.workbooks import KINDS
from dashboard.data.uploads import Uploads
from dashboard.data.year import read_year, require_whole
from dashboard.pages.awards import service as awards
from dashboard.pages.cycle import service as cycle
from dashboard.pages.entry import service as entry
from dashboard.pages.imports.service import (
    background_work,
    checks,
    contents,
    decisions,
    finding_files,
    import_history,
    incoming_files,
    storing,
    templates,
    wording,
)
from dashboard.pages.method import service as method
from dashboard.pages.scheme import service as scheme
from dashboard.pages.tasks import service as tasks
from dashboard.web.access import Viewer, viewer_of
from dashboard.web.permissions import ROLES
from survey.core.errors import Refused
from tests.tools.dashboard_tools import small_store
from tests.tools.towns.fake_results import FakeSource

SOURCE, YEAR = FakeSource(), 2014
PLACES = dict.fromkeys(("SL01", "SL02", "SL03"), ("示例街道", ""))
ONE = frozenset({"SL01"})
#: who there is: name → role and whether of all communities or of SL01 alone
VIEWERS = {
    **{role: Viewer(role, role) for role in ROLES},
    **{f"{role} of one": Viewer(f"{role}1", role, ONE) for role in ROLES},
    "clerk of a street": viewer_of("k", "clerk", [("street", "示例街道")]),
}
VIEWERS = {name: replace(who, register=lambda year: PLACES) for name, who in VIEWERS.items()}


def who(*roles, one=False):
    """Names of those who have one of the roles for the whole register; with ``one`` those of one community, too."""
    whole = {role for role in roles if role != "community"} | ({"clerk of a street"} if "clerk" in roles else set())
    return frozenset(whole | ({f"{role} of one" for role in roles} if one else set()))


SEERS = [role for role, named in ROLES.items() if "see" in named]
#: without a place who is bound to one gets a page that shows nobody
EVERYBODY = who(*SEERS, one=True) | {"community"}
WHOLE = who(*(role for role in SEERS if role != "community"))
CLERKS = who("local", "clerk")
#: who brings files of what they see, who looks at what was brought of it, who takes it back
BRINGERS = who("local", "clerk", "community", one=True) | {"community"}
LOOKERS, UNDOERS = BRINGERS | who("reviewer", "auditor", one=True), who("local", "clerk", one=True)
#: scorers of no office reach nothing, which is told otherwise
FILLERS, FILLERS_HERE = who("local", "clerk", "scorer"), who("local", "clerk", "scorer", "community", one=True)


def of_imports(call):
    return lambda viewer, store: call(viewer, store, Uploads(), None)


#: what is done → (call of viewer and store, who is not told that they may not)
SERVICES = {
    "read a year": (lambda v, s: read_year(v, SOURCE, YEAR), EVERYBODY),
    "the whole year": (lambda v, s: require_whole(v, SOURCE, YEAR), WHOLE),
    "money": (lambda v, s: awards.money(v, SOURCE, s, YEAR), WHOLE),
    "targets": (lambda v, s: awards.targets(v, SOURCE, s, YEAR), WHOLE),
    "file of awards": (lambda v, s: awards.file(v, SOURCE, s, YEAR, "goals", "zh"), WHOLE),
    "enter a balance": (lambda v, s: awards.enter(v, SOURCE, s, YEAR, "x", "", "", ""), CLERKS),
    **{
        f"cycle {do}": (
            lambda v, s, do=do: cycle.act(v, s, YEAR, do, {}),
            who("local", *(r for r in ROLES if needed in ROLES[r])),
        )
        for do, needed in cycle.ACTIONS.items()
    },
    "cycle nothing known": (lambda v, s: cycle.act(v, s, YEAR, "else", {}), frozenset()),
    "cycle template": (lambda v, s: cycle.template(v, s, YEAR, next(iter(KINDS)), "zh"), CLERKS),
    "see the scheme": (lambda v, s: scheme.scheme_year(v, s, YEAR, "zh"), EVERYBODY),
    "scheme as a file": (lambda v, s: scheme.workbook(v, s, YEAR, "scheme", "zh"), EVERYBODY),
    "look at a scheme": (lambda v, s: scheme.look(v, "x.xlsx", ""), CLERKS),
    "bring a scheme": (lambda v, s: scheme.bring(v, s, "x.xlsx", "", "", ""), CLERKS),
    "see tasks": (lambda v, s: tasks.year_tasks(v, SOURCE, s, YEAR), EVERYBODY),
    "bring tasks": (lambda v, s: tasks.bring(v, s, YEAR, "x.xlsx", ""), CLERKS),
    "single responses": (lambda v, s: method.check(v, SOURCE, s, YEAR, "zh"), who("local", "analyst")),
    "see values": (lambda v, s: entry.board(v, s, YEAR, {}), EVERYBODY),
    "value here": (lambda v, s: entry.preview(v, s, YEAR, "SL01~x", {}), FILLERS_HERE),
    "value elsewhere": (lambda v, s: entry.preview(v, s, YEAR, "SL02~x", {}), FILLERS),
    "save here": (lambda v, s: entry.save(v, s, YEAR, "SL01~x", {}), FILLERS_HERE),
    "save elsewhere": (lambda v, s: entry.save(v, s, YEAR, "SL02~x", {}), FILLERS),
    "waiting here": (lambda v, s: entry.waiting(v, s, YEAR, "SL01~x", "zh"), FILLERS_HERE),
    "waiting elsewhere": (lambda v, s: entry.waiting(v, s, YEAR, "SL02~x", "zh"), FILLERS),
    "judge": (lambda v, s: entry.judge(v, s, YEAR, "approve", "SL01~x"), who("local", "reviewer", one=True)),
    "approve what is listed": (lambda v, s: entry.approve_listed(v, s, YEAR, {}), who("local", "reviewer", one=True)),
    "templates": (lambda v, s: templates.listed(v, s, YEAR), EVERYBODY),
    "template of answers": (lambda v, s: templates.answers(v, s, "", "zh"), EVERYBODY),
    "template of values": (lambda v, s: templates.indicators(v, s, YEAR, "zh"), EVERYBODY),
    "empty register": (lambda v, s: templates.empty_register(v, "zh"), EVERYBODY),
    "choices": (lambda v, s: checks.choices(v, s, (YEAR,)), BRINGERS),
    "change a line": (lambda v, s: checks.change(v, Uploads(), None, 0, None), BRINGERS),
    "check": (of_imports(checks.check), BRINGERS),
    "check a line": (lambda v, s: checks.check_one(v, s, Uploads(), None, 0, None), BRINGERS),
    "known": (of_imports(checks.known), BRINGERS),
    "undecide": (lambda v, s: decisions.undecide(v, Uploads(), None, 0, 0), BRINGERS),
    "findings": (lambda v, s: finding_files.findings_file(v, s, Uploads(), "x", "xlsx", "zh"), BRINGERS),
    "annotated": (lambda v, s: finding_files.annotated(v, s, Uploads(), "x", 0, "zh"), BRINGERS),
    "decide": (
        lambda v, s: decisions.decide(
            v, s, Uploads(), None, 0, cell="", code="", action="", value="", reason="", all_alike=False
        ),
        BRINGERS,
    ),
    "match a column": (lambda v, s: contents.match_column(v, s, Uploads(), None, 0, 0, ""), BRINGERS),
    "say a word": (lambda v, s: wording.say_word(v, s, Uploads(), None, 0, 0, "", ""), BRINGERS),
    "progress": (lambda v, s: import_history.progress(v, s, YEAR), LOOKERS),
    "sentence": (lambda v, s: import_history.sentence(v, s, [], YEAR, "zh"), LOOKERS),
    "imports": (lambda v, s: import_history.listing(v, s), LOOKERS),
    "receipts": (lambda v, s: import_history.receipts(v, s, "1"), LOOKERS),
    "aftermath": (lambda v, s: import_history.aftermath(v, s, [], "zh"), LOOKERS),
    "waiting imports": (
        lambda v, s: import_history.waiting(v, s, SimpleNamespace(id=1), "zh"),
        UNDOERS,
    ),
    "kept findings": (lambda v, s: import_history.kept_findings(v, s, 1), LOOKERS),
    "original": (lambda v, s: import_history.original(v, s, 1, "zh"), who("local", "auditor")),
    "take an import back": (lambda v, s: import_history.switch(v, s, 1), UNDOERS),
    "zone": (lambda v, s: import_history.zone(v, s), LOOKERS),
    "look at files": (lambda v, s: background_work.look(v, s, Uploads(), None, None), BRINGERS),
    "put files in": (
        lambda v, s: background_work.put_in(v, s, Uploads(), None, SOURCE, (), accept_partial=False),
        BRINGERS,
    ),
    "at work": (lambda v, s: background_work.at_work(v, Uploads(), "x"), BRINGERS),
    "stored": (lambda v, s: background_work.stored(v, Uploads(), "x"), BRINGERS),
    "bring files": (lambda v, s: incoming_files.bring(v, Uploads(), [], {}, None, ""), BRINGERS),
    "store files": (lambda v, s: storing.commit(v, s, Uploads(), None, accept_partial=False, found=()), BRINGERS),
}


def forbidden(call, viewer, store):
    try:
        call(viewer, store)
    except Refused as refused:
        return refused.key == "dash_errors.forbidden"
    except Exception:  # let in, and stumbled over what the call leaves out
        return False
    return False


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from survey.store import Store

    opened = Store.open(tmp_path_factory.mktemp("access") / "store.db", create=True)
    yield small_store(opened)
    opened.close()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_serves_who_may(name, store):
    call, allowed = SERVICES[name]
    assert {who for who, viewer in VIEWERS.items() if not forbidden(call, viewer, store)} == allowed
