"""``make demo`` stopped anywhere while it sets itself up, and called again: what was half made is made anew."""

import os
import subprocess

import pytest

from tests.tools.sources import ROOT

#: stands for a Python that makes environments; the environment's own says in a log what pip was asked for
PYTHON = """#!/bin/sh
[ "$1" = -c ] && exit 0
mkdir -p "$3/bin"
cat > "$3/bin/python" <<'END'
#!/bin/sh
echo "$*" >> "{log}"
case "$*" in *"{fails}"*) exit 1;; esac
END
chmod +x "$3/bin/python"
"""


@pytest.fixture
def made(tmp_path):
    """Set up ``installed`` or ``installed-test``; ``fails``: the call of pip that comes to nothing."""

    def run(target="installed", fails="nothing"):
        log = tmp_path / "log"
        log.write_text("")
        python = tmp_path / "python"
        python.write_text(PYTHON.format(log=log, fails=fails))
        python.chmod(0o755)
        environment = {**os.environ, "MAKEFLAGS": ""}
        words = ["make", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}", str(tmp_path / "venv" / target)]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
        return done.returncode, [line for line in log.read_text().splitlines() if "install" in line]

    return run


@pytest.mark.parametrize("target", ["installed", "installed-test"])
@pytest.mark.parametrize("fails", ["--editable", "-r requirements.txt", "-r requirements-test.txt"])
def test_an_environment_that_was_half_filled_is_made_anew(made, tmp_path, target, fails):
    status, _ = made(target, fails)
    reached = fails != "-r requirements-test.txt" or target == "installed-test"
    assert (status != 0) == reached
    left = tmp_path / "venv" / "half of a package"
    left.touch()
    status, calls = made(target)
    assert status == 0
    assert left.exists() != reached
    assert len(calls) == (2 + (target == "installed-test") if reached else 0)
    assert not (tmp_path / "venv" / "installing").exists()
    assert made(target) == (0, [])  # a second run starts at once


def test_an_environment_that_was_half_made_is_made_anew(made, tmp_path):
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").touch()  # killed before pip was there
    assert made()[0] == 0
    assert not (tmp_path / "venv" / "pyvenv.cfg").exists()


@pytest.mark.parametrize(
    ("terminal", "spoken"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8", "XINGFU_LANG": "zh"}, "zh"),
    ],
)
def test_the_demonstration_speaks_the_terminals_language(tmp_path, terminal, spoken):
    kept = {k: v for k, v in os.environ.items() if k not in ("LANG", "LC_ALL", "LC_MESSAGES", "XINGFU_LANG")}
    words = ["make", "--dry-run", "demo", f"VENV={tmp_path}"]
    done = subprocess.run(words, cwd=ROOT, env={**kept, "MAKEFLAGS": "", **terminal}, capture_output=True, text=True)
    assert f"XINGFU_LANG={spoken} {tmp_path}/bin/xingfu demo" in done.stdout
