"""A SQLite store on a share of the network is refused in one sentence; one that is only read is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.core.errors import Surroundings
from survey.core.lang import say
from survey.files import network_share
from survey.store import Store
from survey.store.engine import sqlite_file

#: as proc(5) has them: a share below a local disk, one with a blank in its name, one by FUSE, a local one below a share
MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 0:30 / /mnt/office rw shared:2 master:1 - cifs //server/office rw,vers=3.0
41 27 0:31 / /mnt/two\\040words rw - nfs4 server:/export rw
42 27 0:32 / /srv/li/far rw - fuse.sshfs li@server: rw
43 40 8:1 / /mnt/office/local rw - xfs /dev/sdb1 rw
44 27 0:33 / /run/fast rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/data/xingfu.db", ""),
        ("/mnt/office/xingfu.db", "cifs"),
        ("/mnt/officer/xingfu.db", ""),
        ("/mnt/two words/a/xingfu.db", "nfs4"),
        ("/srv/li/far/xingfu.db", "sshfs"),
        ("/mnt/office/local/xingfu.db", ""),
        ("/run/fast/xingfu.db", ""),
    ],
)
def test_the_share_of_a_place_is_that_of_the_nearest_mount(place, kind):
    assert network_share.kind_in(MOUNTS, Path(place)) == kind


def test_what_was_mounted_last_over_a_place_counts():
    over = "50 27 0:40 / /mnt/office rw - ext4 /dev/sdc rw\n"
    assert network_share.kind_in(MOUNTS + over, Path("/mnt/office/x.db")) == ""


def test_a_table_that_says_nothing_refuses_nothing():
    assert network_share.kind_in("", Path("/x")) == network_share.kind_in("odd\nlines - \n", Path("/x")) == ""


def test_a_store_on_a_share_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "share_of", lambda path: "nfs4")
    with pytest.raises(Surroundings) as refused:
        Store.open(tmp_path / "x.db", create=True)
    assert refused.value.key == "store.on_a_share"
    assert list(tmp_path.iterdir()) == []
    told = say("zh", refused.value.key, **refused.value.params)
    assert "nfs4" in told
    assert told.count("。") == 1


def test_a_store_that_nobody_can_write_to_is_read_there(tmp_path, monkeypatch):
    place = tmp_path / "x.db"
    Store.open(place, create=True).close()
    monkeypatch.setattr(sqlite_file, "share_of", lambda path: "nfs4")
    monkeypatch.setattr(sqlite_file, "_writable", lambda path: False)
    with Store.open(place).read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM meta").scalar_one() > 0


def test_this_machine_has_disks_of_its_own(tmp_path):
    assert network_share.share_of(tmp_path / "x.db") == ""
