"""``xingfu drivers`` and ``xingfu quality modes, interviewers, without`` as a user calls them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import xingfu
from tests.tools.towns import field_town

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return field_town.town(tmp_path_factory.mktemp("field")).where


@pytest.fixture
def run(place: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("XINGFU_LANG", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(["--store", place, *words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        assert "nan" not in out.lower()
        return status, out, err

    return call


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_drivers(run: Run, tmp_path: Path) -> None:
    status, out, err = run("drivers")
    assert status == 0
    assert [r["name"] for r in rows(out)][:6] == ["autonomy", "ecology", "service", "culture", "harmony", "A"]
    assert "联系最强" in err
    assert "不是因果" in err
    status, out, _ = run("--json", "--lang", "en", "drivers", "--year", "2014", "--outcome", "F1")
    assert json.loads(out)["meta"]["outcome"] == "F1"
    assert run("drivers", "--out", str(tmp_path / "d.xlsx"))[:2] == (0, "")
    assert (tmp_path / "d.xlsx").exists()


def test_weights_are_those_of_the_score_or_base_weights(run: Run) -> None:
    for words in (["drivers"], ["quality", "modes"], ["quality", "reliability"]):
        status, out, err = run(*words, "--weights", "base")
        assert (status, {r["weights"] for r in rows(out)}) == (0, {"base"})
        assert "按基础权数计算" in err
        assert json.loads(run("--json", *words)[1])["meta"]["weights"] == "score"
        assert run(*words, "--weights", "other")[0] == 2


def test_drivers_of_one_community_are_too_few(run: Run) -> None:
    status, out, err = run("drivers", "--community", "甲社区")
    assert (status, out) == (3, "")
    assert "少于 200 份" in err
    assert run("drivers", "--community", "丁社区")[0] == 3
    status, _, err = run("drivers", "--outcome", "Q1")
    assert status == 3
    assert "F1" in err


def test_modes(run: Run) -> None:
    status, out, err = run("quality", "modes")
    assert status == 0
    assert [r["measure"] for r in rows(out)] == ["total", "autonomy", "ecology", "service", "culture", "harmony"]
    assert rows(out)[0]["word"] == "higher"
    assert "电话调查比书面调查高" in err


def test_interviewers(run: Run) -> None:
    status, out, err = run("quality", "interviewers")
    assert status == 0
    assert rows(out)[0]["interviewer"] == "V2"
    assert "V2" in err
    status, out, _ = run("quality", "interviewers", "--variance")
    assert rows(out)[0]["name"] == "total"


def test_without(run: Run) -> None:
    status, out, err = run("quality", "without", "--interviewer", "V2")
    assert status == 0
    assert [r["community"] for r in rows(out)] == ["甲社区", "乙社区", "丙社区"]
    assert "去掉访员 V2 后，甲社区主观得分" in err
    assert len(rows(run("quality", "without", "--batch", "2")[1])) == 3
    assert len(rows(run("quality", "without")[1])) == 18
    status, out, err = run("quality", "without", "--interviewer", "X")
    assert (status, out) == (3, "")
    assert "V0、V1、V2、V3" in err
    assert run("quality", "without", "--interviewer", "V2", "--batch", "1")[0] == 2
    assert run("quality", "without", "--year", "1999")[0] == 3
