"""What the services do for whom: every one asks for itself, whatever the page offered or the guard let through."""

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
    decisions,
    import_history,
    incoming_files,
    storing,
    templates,
    wording,
)
from dashboard.pages.method import service as method
from dashboard.pages.scheme import service as scheme
from dashboard.pages.tasks import service as tasks
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.dashboard_tools import small_store
from tests.tools.towns.fake_results import FakeSource

SOURCE, YEAR = FakeSource(), 2014
#: who there is: name → role and whether of all communities or of SL01 alone
VIEWERS = {
    "viewer": Viewer("v", "viewer"),
    "viewer of one": Viewer("v1", "viewer", frozenset({"SL01"})),
    "editor": Viewer("e", "editor"),
    "editor of one": Viewer("e1", "editor", frozenset({"SL01"})),
    "admin": Viewer("a", "admin"),
    "admin of one": Viewer("a1", "admin", frozenset({"SL01"})),
}
EVERYBODY, WHOLE = frozenset(VIEWERS), frozenset({"viewer", "editor", "admin"})
EDITORS = frozenset({"editor", "admin"})
EDITORS_OF_ANY = EDITORS | {"editor of one", "admin of one"}
ADMIN = frozenset({"admin"})


def of_imports(call):
    return lambda viewer, store: call(viewer, store, Uploads(), None)


#: what is done → (call of viewer and store, who is not told that they may not)
SERVICES = {
    "read a year": (lambda v, s: read_year(v, SOURCE, YEAR), EVERYBODY),
    "the whole year": (lambda v, s: require_whole(v, SOURCE, YEAR), WHOLE),
    "money": (lambda v, s: awards.money(v, SOURCE, s, YEAR), WHOLE),
    "targets": (lambda v, s: awards.targets(v, SOURCE, s, YEAR), WHOLE),
    "file of awards": (lambda v, s: awards.file(v, SOURCE, s, YEAR, "goals", "zh"), WHOLE),
    "enter a balance": (lambda v, s: awards.enter(v, SOURCE, s, YEAR, "x", "", "", ""), EDITORS),
    **{
        f"cycle {do}": (lambda v, s, do=do: cycle.act(v, s, YEAR, do, {}), EDITORS)
        for do in cycle.ACTIONS
        if do not in ("close", "correct", "persons")
    },
    "cycle close": (lambda v, s: cycle.act(v, s, YEAR, "close", {}), ADMIN),
    "cycle correct": (lambda v, s: cycle.act(v, s, YEAR, "correct", {}), ADMIN),
    "cycle persons": (lambda v, s: cycle.act(v, s, YEAR, "persons", {}), ADMIN),
    "cycle nothing known": (lambda v, s: cycle.act(v, s, YEAR, "else", {}), frozenset()),
    "cycle template": (lambda v, s: cycle.template(v, s, YEAR, next(iter(KINDS)), "zh"), EDITORS),
    "see the scheme": (lambda v, s: scheme.scheme_year(v, s, YEAR, "zh"), EVERYBODY),
    "scheme as a file": (lambda v, s: scheme.workbook(v, s, YEAR, "scheme", "zh"), EVERYBODY),
    "look at a scheme": (lambda v, s: scheme.look(v, "x.xlsx", ""), EDITORS),
    "bring a scheme": (lambda v, s: scheme.bring(v, s, "x.xlsx", "", "", ""), EDITORS),
    "see tasks": (lambda v, s: tasks.year_tasks(v, SOURCE, s, YEAR), EVERYBODY),
    "bring tasks": (lambda v, s: tasks.bring(v, s, YEAR, "x.xlsx", ""), EDITORS),
    "single responses": (lambda v, s: method.check(v, SOURCE, s, YEAR, "zh"), EDITORS),
    "see values": (lambda v, s: entry.board(v, s, YEAR, {}), EVERYBODY),
    "value here": (lambda v, s: entry.preview(v, s, YEAR, "SL01~x", {}), EDITORS_OF_ANY),
    "value elsewhere": (lambda v, s: entry.preview(v, s, YEAR, "SL02~x", {}), EDITORS),
    "save here": (lambda v, s: entry.save(v, s, YEAR, "SL01~x", {}), EDITORS_OF_ANY),
    "save elsewhere": (lambda v, s: entry.save(v, s, YEAR, "SL02~x", {}), EDITORS),
    "waiting here": (lambda v, s: entry.waiting(v, s, YEAR, "SL01~x", "zh"), EDITORS_OF_ANY),
    "waiting elsewhere": (lambda v, s: entry.waiting(v, s, YEAR, "SL02~x", "zh"), EDITORS),
    "judge": (lambda v, s: entry.judge(v, s, YEAR, "approve", "SL01~x"), EDITORS),
    "approve what is listed": (lambda v, s: entry.approve_listed(v, s, YEAR, {}), EDITORS),
    "templates": (lambda v, s: templates.listed(v, s, YEAR), EVERYBODY),
    "template of answers": (lambda v, s: templates.answers(v, s, "", "zh"), EVERYBODY),
    "template of values": (lambda v, s: templates.indicators(v, s, YEAR, "zh"), EVERYBODY),
    "empty register": (lambda v, s: templates.empty_register(v, "zh"), EVERYBODY),
    "choices": (lambda v, s: checks.choices(v, s, (YEAR,)), EDITORS),
    "change a line": (lambda v, s: checks.change(v, Uploads(), None, 0, None), EDITORS),
    "check": (of_imports(checks.check), EDITORS),
    "check a line": (lambda v, s: checks.check_one(v, s, Uploads(), None, 0, None), EDITORS),
    "known": (of_imports(checks.known), EDITORS),
    "undecide": (lambda v, s: decisions.undecide(v, Uploads(), None, 0, 0), EDITORS),
    "findings": (lambda v, s: checks.findings_frame(v, s, Uploads(), "x", "zh"), EDITORS),
    "annotated": (lambda v, s: checks.annotated(v, s, Uploads(), "x", 0, "zh"), EDITORS),
    "decide": (
        lambda v, s: decisions.decide(
            v, s, Uploads(), None, 0, cell="", code="", action="", value="", reason="", all_alike=False
        ),
        EDITORS,
    ),
    "match a column": (lambda v, s: decisions.match_column(v, s, Uploads(), None, 0, 0, ""), EDITORS),
    "say a word": (lambda v, s: wording.say_word(v, s, Uploads(), None, 0, 0, "", ""), EDITORS),
    "progress": (lambda v, s: import_history.progress(v, s, YEAR), EDITORS),
    "sentence": (lambda v, s: import_history.sentence(v, s, [], YEAR, "zh"), EDITORS),
    "imports": (lambda v, s: import_history.listing(v, s), EDITORS),
    "receipts": (lambda v, s: import_history.receipts(v, s, "1"), EDITORS),
    "aftermath": (lambda v, s: import_history.aftermath(v, s, [], "zh"), EDITORS),
    "waiting imports": (
        lambda v, s: import_history.waiting(v, s, SimpleNamespace(id=1), "zh"),
        EDITORS,
    ),
    "kept findings": (lambda v, s: import_history.kept_findings(v, s, 1), EDITORS),
    "take an import back": (lambda v, s: import_history.switch(v, s, 1), EDITORS),
    "zone": (lambda v, s: import_history.zone(v, s), EDITORS),
    "look at files": (lambda v, s: background_work.look(v, s, Uploads(), None, None), EDITORS),
    "put files in": (
        lambda v, s: background_work.put_in(v, s, Uploads(), None, SOURCE, (), accept_partial=False),
        EDITORS,
    ),
    "at work": (lambda v, s: background_work.at_work(v, Uploads(), "x"), EDITORS),
    "stored": (lambda v, s: background_work.stored(v, Uploads(), "x"), EDITORS),
    "bring files": (lambda v, s: incoming_files.bring(v, Uploads(), [], {}, None, ""), EDITORS),
    "store files": (lambda v, s: storing.commit(v, s, Uploads(), None, accept_partial=False, found=()), EDITORS),
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
