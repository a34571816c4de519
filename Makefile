# Salyq on a fresh machine: needs CPython >= 3.11, git and make. Everything goes into this folder (.venv, out).
#   make demo   assess the two shipped cases, open the made-up country once, say where to look
#   make test   every check and every test
.DEFAULT_GOAL := help
.PHONY: help demo test compiled spark lint style types imports law browser bench bench-quick fuzz hunt lock clean
.DELETE_ON_ERROR:

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
OUT := out/demo
# One more than the two cores of the reference: a third of a test's time is waiting for a database or a browser.
WORKERS ?= 3
UV ?= uv
# The first interpreter that is new enough; `make PYTHON=/path/to/python3 …` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

# Compiled modules are kept: the tests and make demo start some hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

RUN_STAMP := $(VENV)/.salyq-run
DEV_STAMP := $(VENV)/.salyq-dev
PIP_INSTALL := $(BIN)/python -m pip install -q -q --disable-pip-version-check --no-input

help:
	@echo 'make demo         assess the shipped cases, print where the results lie'
	@echo 'make test         every check and every test (what CI runs)'
	@echo 'make spark        bring PySpark, so that make test tries that engine too'
	@echo 'make lint         the checks without the tests'
	@echo 'make bench        measure; writes the figures into docs/performance.md'
	@echo 'make bench-quick  the same without the 100,000-row histories; writes nothing'
	@echo 'make fuzz         made-up and damaged files for every reader (SECONDS=60, SEED=0)'
	@echo 'make hunt         the property tests with other examples than make test takes (ROUNDS=1)'
	@echo 'make lock         pin the dependencies anew (needs uv)'
	@echo 'make clean        remove what was built'

# --- setting up: pinned, hash-checked packages, then this package itself, in editable form -----------------------

$(VENV)/pyvenv.cfg:
	@test -n '$(PYTHON)' || { echo 'Salyq needs CPython 3.11 or newer: none found. Try: make PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'Setting up $(VENV) with $(PYTHON) (once; a minute or so)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN_STAMP): requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@$(PIP_INSTALL) --require-hashes --no-deps -r requirements/run.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements/dev.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@$(PIP_INSTALL) --require-hashes --no-deps -r requirements/dev.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $(RUN_STAMP) $@

# --- the two commands of the README ------------------------------------------------------------------------------

demo: $(RUN_STAMP)
	@$(BIN)/salyq assess examples/aliya --year 2025 --out $(OUT)/aliya-2025
	@echo
	@$(BIN)/salyq assess examples/temir-mining --year 2026 --out $(OUT)/temir-mining-2026
	@$(BIN)/salyq assess examples/card --year 2026 --out $(OUT)/card-2026 >/dev/null
	@for year in 2024 2026; do \
	  $(BIN)/salyq assess examples/aliya --year $$year --out $(OUT)/aliya-$$year >/dev/null || exit $$?; done
	@for year in 2023 2024 2025; do \
	  $(BIN)/salyq assess examples/temir-mining --year $$year --out $(OUT)/temir-mining-$$year >/dev/null || exit $$?; done
	@echo
	@$(BIN)/salyq serve --demo --check --data $(OUT)/office
	@echo
	@echo 'The cases are made up. Above: Aliya in 2025 and Temir Mining in 2026; the third is a year of card payments. All is written to'
	@for d in $(OUT)/*/; do echo "  $$d"; done
	@echo 'Try next:'
	@echo '  $(BIN)/salyq explain examples/aliya --year 2025 --figure personal_income_tax.tax'
	@echo '  $(BIN)/salyq explain examples/card --year 2026 --figure personal_income_tax.digital_asset_income   (down to each coffee)'
	@echo '  $(BIN)/salyq questions examples/aliya'
	@echo '  $(BIN)/salyq assess examples/temir-mining --year 2025 --set mining_expenses=text'
	@echo '  $(BIN)/salyq serve --demo --data $(OUT)/office          the made-up country in a browser'
	@echo '  $(BIN)/salyq --help          and docs/guide.md'

# Both cores are busy before the tests too: the checks beside each other and beside what a fresh tree has to compile.
test: $(DEV_STAMP)
	@$(MAKE) --no-print-directory -j2 compiled lint
	@$(BIN)/python -m pytest -n $(WORKERS)

# The tests of a fresh tree, compiled once and not by every worker at the same time.
compiled: $(DEV_STAMP)
	@test -d tests/__pycache__ || $(BIN)/python -m pytest --collect-only -q -q -p no:cacheprovider >/dev/null 2>&1 || true

# What the tests of `--engine spark` need besides Java; half a gigabyte, so only where it is asked for.
spark: $(DEV_STAMP) requirements/spark.txt
	@$(PIP_INSTALL) --require-hashes --no-deps -r requirements/spark.txt

lint: style types imports law

types: $(DEV_STAMP)
	@$(BIN)/mypy

law: $(DEV_STAMP)
	@$(BIN)/salyq law check

style: $(DEV_STAMP)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

imports: $(DEV_STAMP)
	@$(BIN)/lint-imports

# Chromium for the tests of pages, where the machine has none: Debian's as root, else Playwright's own.
browser: $(DEV_STAMP)
	@command -v chromium >/dev/null 2>&1 || test -n "$$SALYQ_BROWSER" || \
	  { test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	  $(BIN)/python -m playwright install chromium

# --- for whoever works on it -------------------------------------------------------------------------------------

bench: $(RUN_STAMP)
	@$(BIN)/python -m benchmarks --write docs/performance.md

bench-quick: $(RUN_STAMP)
	@$(BIN)/python -m benchmarks --quick

SECONDS ?= 60
SEED ?= 0
fuzz: $(DEV_STAMP)
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED)

# The property tests with other examples than `make test` takes, ROUNDS times.
ROUNDS ?= 1
hunt: $(DEV_STAMP)
	@for round in $$(seq $(ROUNDS)); do \
	  SALYQ_EXAMPLES=hunt $(BIN)/python -m pytest -n $(WORKERS) -m hypothesis || exit $$?; done

# The larger set is chosen first: what a check needs may hold a package below what a run alone would take.
lock:
	@$(UV) pip compile pyproject.toml requirements/build.in --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --output-file requirements/dev.txt
	@$(UV) pip compile pyproject.toml requirements/build.in --extra all --constraint requirements/dev.txt \
	  --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/run.txt
	@$(UV) pip compile requirements/spark.in --constraint requirements/dev.txt \
	  --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/spark.txt

clean:
	@rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf src/salyq.egg-info
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
