#!/bin/sh
# Installs xingfu from this folder alone, into a folder of its own; each package is checked against its hash.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-}
python=${PYTHON:-python{python}}
if [ -z "$into" ]; then
    echo "用法 usage: sh install.sh FOLDER" >&2
    exit 2
fi
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit("%d.%d" % sys.version_info[:2] != "{python}")' 2>/dev/null; then
    echo "需要 Python {python}（含 venv）。没有找到：$python。可用 PYTHON=… 指定另一个。" >&2
    echo "Python {python} with its module venv is needed, and '$python' is not that. Name another one with PYTHON=…" >&2
    exit 5
fi
if [ -e "$into" ] && [ ! -e "$into/pyvenv.cfg" ]; then
    echo "$into 已存在，且不是本程序的文件夹。请换一个。" >&2
    echo "$into is there already and is no folder of this program: choose another one." >&2
    exit 3
fi
# what failed half-way is made anew; an installation that stands is replaced in place
"$python" -m venv --clear "$into" || { echo "无法写入 can't write: $into" >&2; exit 5; }
"$into/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --find-links "$here/wheels" \
    --require-hashes -r "$here/requirements.txt"
"$into/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps "$here/wheels/{own}"
"$into/bin/xingfu" --version
echo "完成 done: $into/bin/xingfu"
