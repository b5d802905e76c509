"""What is said after an import: scores that moved, and published results that do not count what came."""

from __future__ import annotations

from io import BytesIO

import openpyxl
from sqlalchemy import insert

from analysis.publication import snapshots
from dashboard.pages.imports.service import import_history
from dashboard.pages.imports.view.import_history import receipt_card, records_card
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.intake.answers import commit
from survey.store import Store, keyring
from survey.store.engine.base import now
from survey.store.engine.declared.intake import originals
from survey.store.year import years
from tests.tools.books.office_sheets import ITEMS, PLACES, WORDS, grid, look, prepare, with_cells
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns.cycle_town import late_answers, make_town, publish


def said(store: Store, batch: int) -> import_history.Aftermath:
    snapshots.keep_current(store, 2014)  # as storing does
    return import_history.aftermath(ADMIN, store, import_history.receipts(ADMIN, store, str(batch)), "zh")


def test_answers_of_a_published_community_move_no_score_that_is_shown(sqlite_store):
    store = publish(sqlite_store)
    warnings = ("2014 年已公示：公示之后的新数据不计入已公示的结果（1 个社区：甲社区）。",)
    assert said(store, late_answers(store)) == import_history.Aftermath(warnings=warnings)
    assert "公示之后 1 个社区又有新数据，未计入" in words(
        render(ADMIN, source_of(store), store, None, "/", "", {}).children
    )


def test_before_the_publication_they_do(sqlite_store):
    store = make_town(sqlite_store)
    assert said(store, late_answers(store)) == import_history.Aftermath(("2014 年的得分已按新数据重新计算。",))


def several(store: Store) -> tuple[import_history.Batch, ...]:
    """Three batches of three sheets of one file, one by one."""
    book = openpyxl.Workbook()
    for place in PLACES:
        page = book.create_sheet(place)
        for row in [grid(24)[0], *(r for r in grid(24)[1:] if r[1] == place)]:
            page.append(row)
    del book["Sheet"]
    out = BytesIO()
    book.save(out)
    for place in PLACES:
        commit(store, look(store, out.getvalue(), sheet=place))
    return import_history.receipts(ADMIN, store, "1,2,3")


def test_sheets_of_one_file_are_told_apart(sqlite_store):
    found = several(prepare(sqlite_store))
    shown = str(receipt_card(found, "", import_history.Aftermath(), Address("/import", "zh", 2026)))
    listed = str(records_card(found, Address("/import", "zh", 2026), "Asia/Shanghai", may_undo=True))
    for place in PLACES:
        assert f"a.xlsx · {place}：入库" in shown
        assert f"a.xlsx · {place}" in listed
    alone = str(receipt_card(found[:1], "", import_history.Aftermath(), Address("/import", "zh", 2026)))
    assert "a.xlsx：入库" in alone


def test_items_that_run_against_the_rest_are_told_with_the_receipt(sqlite_store):
    store, names = prepare(sqlite_store), list(ITEMS)
    rows = grid(40)
    for name in names:
        rows = with_cells(rows, name, lambda v, i, name=name: WORDS[i % 5 if name != names[2] else 4 - i % 5])
    batch = commit(store, look(store, rows)).batch
    (told,) = import_history.aftermath(ADMIN, store, import_history.receipts(ADMIN, store, str(batch)), "zh").warnings
    assert f"“{ITEMS[names[2]]}”与其余各题方向相反" in told


def test_an_original_is_offered_where_one_is_kept_and_to_nobody_else(sqlite_store, tmp_path, monkeypatch):
    """The button stood beside every import, and led to the sentence that none is kept."""
    auditor = Viewer("审计", "auditor")
    found = several(prepare(sqlite_store))
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "keys"))
    keyring.create("x")
    assert import_history.with_original(auditor, sqlite_store, found) == frozenset()
    with sqlite_store.write() as conn:
        conn.execute(insert(originals).values(file_hash=found[0].file_hash, key_id="k", size=1, kept_at=now()))
    assert import_history.with_original(auditor, sqlite_store, found) == {1, 2, 3}  # one file
    assert import_history.with_original(Viewer("王", "clerk"), sqlite_store, found) == frozenset()
    (tmp_path / "keys").unlink()  # nothing that is kept opens without
    assert import_history.with_original(auditor, sqlite_store, found) == frozenset()
    for offered, n in ((frozenset(), 0), (frozenset({2}), 1)):
        card = records_card(found, Address("/import", "zh", 2026), "Asia/Shanghai", may_undo=False, originals=offered)
        assert words(card).count("原件（无联系方式）") == n


def test_what_came_into_an_archived_year_is_not_offered_to_be_taken_back(sqlite_store, room):
    """The button promised new scores, and was answered with the sentence that the year is closed."""
    store = make_town(sqlite_store)
    clerk, address = Viewer("王", "clerk"), "?lang=zh&year=2014"
    found = import_history.listing(clerk, store)
    assert import_history.frozen(clerk, store, found) == frozenset()
    assert "确定撤回" in words(render(clerk, source_of(store), store, room, "/import", address, {}).children)
    with store.write() as conn:
        years.close(conn, 2014)
    assert import_history.frozen(clerk, store, found) == {b.id for b in found}
    assert import_history.frozen(Viewer("审计", "auditor"), store, found) == frozenset()
    assert "确定撤回" not in words(render(clerk, source_of(store), store, room, "/import", address, {}).children)


def test_who_brings_files_of_a_community_is_told_of_these_alone(sqlite_store, room):
    store = publish(sqlite_store)
    for viewer, hint, none in (
        (Viewer("甲", "community", frozenset({"C1"})), "您负责的社区的答卷", "还没有只含您负责的社区的导入"),
        (Viewer("王", "clerk"), "名册、问卷、测评体系", ""),
    ):
        text = words(render(viewer, source_of(store), store, room, "/import", "?lang=zh&year=2014", {}).children)
        assert (hint in text, none in text) == (True, True)
        assert ("名册、问卷" in text) == (viewer.role == "clerk")
