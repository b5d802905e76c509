"""Papers of many communities are made beside the request: their number is shown, a killed server's are gone on with."""

import errno
import os
import threading
import zipfile
from io import BytesIO

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages.papers import packing, service
from dashboard.parts.context import Context
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core import limits
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, nodes, plain, small_store, words
from tests.tools.towns.fake_results import FakeSource

SOURCE = FakeSource()
ADDRESS = "/download/diagnoses"


@pytest.fixture
def town(sqlite_store, monkeypatch):
    monkeypatch.setattr(limits, "MANY_PAPERS", 5)
    monkeypatch.setattr("analysis.papers.paper_files.brief_pdf", lambda street, _lang: street.name.encode())
    return small_store(sqlite_store)


def pressed(monkeypatch, stop=None):
    """Diagnoses are a moment's work; ``stop``: the one at which the server is killed.  Returns the codes that were made."""
    made = []

    def one(_sources, code, _lang):
        if code == stop:
            raise SystemExit  # nothing of ours catches it, as nothing catches a kill
        made.append(code)
        return code.encode()

    monkeypatch.setattr("analysis.papers.paper_files.diagnosis_pdf", one)
    return made


def asked(town, uploads, viewer=ADMIN, search="?year=2014&lang=zh"):
    return Context(viewer, SOURCE, parse("/papers", search, {}), town, uploads)


def shown(town, uploads, viewer=ADMIN):
    return words(render(viewer, SOURCE, town, uploads, "/papers", "?year=2014&lang=zh", {}).children)


def ended(context):
    order = service.order(context.viewer, SOURCE, context.store, 2014, ADDRESS, "", "zh")
    context.uploads.papers.find(packing._folder(context.store, order).name, "papers", context.viewer.user).ended.wait(
        30
    )
    return order


def test_few_are_taken_at_once(sqlite_store):
    town = small_store(sqlite_store)
    assert service.packings(asked(town, Uploads())) == {}
    assert "制作" not in shown(town, Uploads())


def test_of_many_the_page_has_a_button_then_how_many_then_the_archive(town, monkeypatch):
    pressed(monkeypatch)
    go = threading.Event()
    fast = packing.write_parts
    monkeypatch.setattr(packing, "write_parts", lambda *given, **more: go.wait(30) and fast(*given, **more))
    uploads = Uploads()
    page = render(ADMIN, SOURCE, town, uploads, "/papers", "?year=2014&lang=zh", {}).children
    ids = [n["props"].get("id") for n in nodes(plain(page))]
    assert [i["kind"] for i in ids if isinstance(i, dict)] == ["letters", "diagnoses", "year"]
    service.begin_packing(asked(town, uploads), ADDRESS)
    assert service.packings(asked(town, uploads))[ADDRESS].running
    assert "制作中" in shown(town, uploads)
    with pytest.raises(Refused, match="还没有做好"):
        packing.packed(town, service.order(ADMIN, SOURCE, town, 2014, ADDRESS, "", "zh"))
    go.set()
    order = ended(asked(town, uploads))
    found = service.packings(asked(town, uploads))[ADDRESS]
    assert (found.ready, found.done, found.total) == (True, 13, 13)
    name, data, _ = packing.packed(town, order)
    assert (name, len(zipfile.ZipFile(BytesIO(data)).namelist())) == ("2014_PDF文书_示例数据.zip", 13)


def test_a_killed_server_goes_on_where_it_stopped(town, monkeypatch):
    pressed(monkeypatch, stop="SL06")
    context = asked(town, Uploads())
    service.begin_packing(context, ADDRESS)
    ended(context)
    after = asked(town, Uploads())  # the server that was started then knows no job
    left = service.packings(after)[ADDRESS]
    assert (left.ready, left.running, left.done, left.total) == (False, False, 6, 13)
    assert "已做 6／13 份" in shown(town, after.uploads)
    again = pressed(monkeypatch)
    service.begin_packing(after, ADDRESS)
    order = ended(after)
    assert again == [f"SL{i:02d}" for i in range(6, 13)]
    assert len(zipfile.ZipFile(BytesIO(packing.packed(town, order)[1])).namelist()) == 13


def test_what_somebody_ordered_is_nobody_elses(town, monkeypatch):
    pressed(monkeypatch)
    uploads = Uploads()
    service.begin_packing(asked(town, uploads), ADDRESS)
    ended(asked(town, uploads))
    other = asked(town, uploads, Viewer("领导", "leader"))
    assert not service.packings(other)[ADDRESS].ready
    one = Viewer("社区", "community", communities=frozenset({"SL03"}))
    with pytest.raises(Refused):
        service.begin_packing(asked(town, uploads, one), "/download/letters")
    with pytest.raises(Refused):
        service.begin_packing(asked(town, uploads), "/download/archive")


def test_a_place_that_takes_nothing_is_said_on_the_page(town, monkeypatch):
    pressed(monkeypatch)
    town.file.path.with_name(f"{town.file.path.name}.papers").write_bytes(b"in the way")
    context = asked(town, Uploads())
    service.begin_packing(context, ADDRESS)
    ended(context)
    found = service.packings(context)[ADDRESS]
    assert (found.ready, found.running) == (False, False)
    assert found.why["zh"] in shown(town, context.uploads)


def test_a_disk_that_fills_up_is_said_on_the_page_and_gone_on_with_once_there_is_room(town, monkeypatch):
    made, left = pressed(monkeypatch), iter(range(100))
    context = asked(town, Uploads())

    def full(_number):
        if next(left) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as here:
        here.setattr("survey.core.disk.os.fsync", full)
        service.begin_packing(context, ADDRESS)
        order = ended(context)
    found = service.packings(context)[ADDRESS]
    assert (found.ready, found.running, found.done, len(made)) == (False, False, 0, 3)
    assert "无法写入" in found.why["zh"]
    assert found.why["zh"] in shown(town, context.uploads)
    folder = packing._folder(town, order)
    assert [p.name for p in folder.iterdir()] == [packing._TOLD]  # the disk has its room back
    with pytest.raises(Refused, match="还没有做好"):
        packing.packed(town, order)
    service.begin_packing(context, ADDRESS)
    assert len(zipfile.ZipFile(BytesIO(packing.packed(town, ended(context))[1])).namelist()) == 13
