# Two commands: `make demo` shows it running, `make test` checks everything.
# Both set up .venv themselves from Python 3.11 or newer; a second run starts at once.

# the first Python on this machine that is new enough; choose another with `make demo PYTHON=...`
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# every worker of the tests and every program that they start would compile all of it anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-spark soak lint machine bench bench-pages pictures bundle lock clean

# in the terminal's language: English where that is English, else Chinese; XINGFU_LANG=zh or en says otherwise
LOCALE := $(or $(LC_ALL),$(LC_MESSAGES),$(LANG))
demo: $(VENV)/installed
	XINGFU_LANG=$(or $(XINGFU_LANG),$(if $(filter en%,$(LOCALE)),en,zh)) $(BIN)/xingfu demo $(DEMO_ARGS)

# each worker takes one half as it stands, so that what a file or a folder shares is made once; who is done first helps
test: machine lint
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TEST_ARGS)

# Spark in local mode and on a cluster of two executors, in an environment of its own (four minutes, once two more)
SPARK := .venv-spark
test-spark: machine $(SPARK)/installed
	$(SPARK)/bin/python -m pytest -m spark tests/analysis/engines $(TEST_ARGS)

$(SPARK)/installed: requirements-spark.txt pyproject.toml
	@echo "Installing Spark into $(SPARK) (once, two minutes) ..." >&2
	@rm -rf $(SPARK) && "$(PYTHON)" -m venv $(SPARK)
	$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.txt
	@touch $@

# what is long by nature (three quarters of an hour); SOAK_TIMES=10 makes it ten times as long, another SOAK_SEED draws something else
SOAK_SEED ?= 2011
SOAK_TIMES ?= 1
soak: machine $(VENV)/installed-test
	@echo "SOAK_SEED=$(SOAK_SEED) SOAK_TIMES=$(SOAK_TIMES)" >&2
	SOAK_SEED=$(SOAK_SEED) SOAK_TIMES=$(SOAK_TIMES) $(BIN)/python -m pytest -n 2 --dist worksteal -m 'soak or property' -o faulthandler_timeout=0 \
		--hypothesis-seed=$(SOAK_SEED) $(TEST_ARGS)

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/installed-test
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

bench-pages: machine $(VENV)/installed-test
	$(BIN)/python -m benchmarks pages

# the pictures of docs/zh, taken anew of the sample's pages; PICTURES="import draft" takes these only
pictures: machine $(VENV)/installed-test
	$(BIN)/python -m tests.dashboard.pictures $(PICTURES)

# what an office without internet is handed, into dist/: a zip for Windows, started by a double click, and an archive for
# a Linux server; PYTHON_ZIP=FILE is the embeddable Python for Windows, without which the zip says what to add
bundle: $(VENV)/installed-test
	$(BIN)/python -m bundle --python-zip "$(PYTHON_ZIP)" $(BUNDLE_ARGS)

# the browser, the Chinese fonts and the database server that some tests need
machine:
	@bash .ci/machine

# An environment that somebody interrupted while it was made or filled is made anew: pip can't mend every half of one.
$(VENV)/installed: requirements.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "xingfu needs Python 3.11 or newer, and '$(PYTHON)' is not: install one, or name it: make demo PYTHON=python3.12" >&2; exit 1; }
	@{ [ ! -e $(VENV)/installing ] && $(BIN)/python -m pip --version; } >/dev/null 2>&1 || { \
		rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/installing && "$(PYTHON)" -m venv $(VENV); } || { rm -rf $(VENV); \
		echo "Python could not make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing what xingfu needs into $(VENV) (once, one to three minutes) ..." >&2
	@touch $(VENV)/installing
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@rm $(VENV)/installing && touch $@

$(VENV)/installed-test: requirements-test.txt | $(VENV)/installed
	@[ ! -e $(VENV)/installing ] || { rm $(VENV)/installed && $(MAKE) --no-print-directory $(VENV)/installed; }
	@echo "Installing the test tools into $(VENV) (once) ..." >&2
	@touch $(VENV)/installing
	$(INSTALL) --require-hashes -r requirements-test.txt
	@rm $(VENV)/installing && touch $@

# pin again after a change of the dependencies in pyproject.toml, all of them anew with LOCK_ARGS=--upgrade;
# needs uv on the path
lock:
	echo 'setuptools>=77' | $(LOCK) -o requirements.txt pyproject.toml -
	$(LOCK) --extra test --extra postgres -c requirements.txt -o requirements-test.txt pyproject.toml
	printf 'hypothesis\npytest\n' | $(LOCK) --extra spark -c requirements-test.txt -o requirements-spark.txt pyproject.toml -

LOCK = uv pip compile --quiet $(LOCK_ARGS) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean:
	rm -rf $(VENV) $(SPARK) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
