"""What a year's scheme is, in words beside its indicators: the types with their points and offices; the pilots beside the goals."""

from __future__ import annotations

from dataclasses import replace

import xingfu
from analysis.scheme import default_scheme
from analysis.scheme.workbook.writing import write_scheme
from survey.store import Store
from tests.tools.towns.cycle_town import make_town


def test_types_and_pilots_are_told(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    store.close()
    pilot = replace(default_scheme(), pilots=(("甲社区", "harmony"),))
    (tmp_path / "s.xlsx").write_bytes(write_scheme(pilot))
    assert xingfu.main(["scheme", "add", "s.xlsx", "--author", "李", "--reason", "试点"]) == 0
    capfd.readouterr()
    assert xingfu.main(["scheme", "show", "2014"]) == 0
    said = capfd.readouterr().err
    assert "自治型·民主公平感（autonomy）：客观 140 分，主观 60 分；牵头科室：组织办；责任科室：纪工委、" in said
    assert said.count("牵头科室") == 5
    assert xingfu.main(["targets", "--communities", "--year", "2014"]) == 0
    assert "五型试点：甲社区（和谐型·家园归属感）" in capfd.readouterr().err
