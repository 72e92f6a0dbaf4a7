# `make help` lists what there is. Every target installs what it needs first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# containers like to set it; without compiled modules each process takes a second longer to start
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
CORBEL_DATA ?= $(CURDIR)/data
BIN := .venv/bin
# a test waits for a process, a page or a clock half of its time, so that one more than there are
# processors keeps all of them at work; with two more, browsers starve
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# old enough a Python to say that it is too old
STARTER := $(firstword $(foreach name,$(PYTHON) python3 python,$(shell command -v $(name))))

.NOTPARALLEL:
.PHONY: help install browser run test check lint format types contracts tests tests-postgres engines bench lock translate clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: ## Make .venv ready: pinned packages, the corbel command, translations
	@test -n "$(STARTER)" || { echo "error: no Python found; install Python 3.11 or newer" >&2; exit 1; }
	@$(STARTER) .ci/bootstrap.py

browser: ## The same, and a Chromium for the browser tests
	@test -n "$(STARTER)" || { echo "error: no Python found; install Python 3.11 or newer" >&2; exit 1; }
	@$(STARTER) .ci/bootstrap.py --browser

run: install ## Serve the demo on http://127.0.0.1:$PORT (8000); data in $CORBEL_DATA (data/); Ctrl-C stops
	@exec $(BIN)/corbel up --demo --bind 127.0.0.1:$(PORT) --data "$(CORBEL_DATA)"

test: browser lint contracts ## Install all, then every check and every test
	@# the types take one processor half a minute, while tests wait for their first systems
	@$(MAKE) types & types=$$!; $(MAKE) tests-postgres; wait $$types
	@$(MAKE) tests

check: lint types contracts ## Style, types and import contracts

lint: install ## Style (make format mends most)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: install ## Mend the style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: install ## Types
	$(BIN)/mypy

contracts: install ## Who may import whom
	$(BIN)/lint-imports

tests-postgres: install ## What rests on the database, on a real PostgreSQL
	CORBEL_TEST_DATABASE=postgresql $(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m database

tests: install ## Every other test, on SQLite
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal -m "not postgres"

engines: install ## The help widget in Firefox and WebKit (HOST: the demo host's address)
	@test -n "$(HOST)" || { echo "error: make run says where the demo host is; then make engines HOST=http://localhost:8001" >&2; exit 1; }
	$(BIN)/python -m tests.engines $(HOST)

bench: install ## Speed and memory against the floor of the same run (SIZES="10000 100000")
	$(BIN)/python -m tests.bench $(SIZES)

lock: ## Pin anew after a change in pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --extra postgres --group dev pyproject.toml -o requirements.lock

translate: install ## Collect the texts into the catalogues, then compile them
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k _l -k lazy_ngettext:1,2 \
	  -k lazy_pgettext:1c,2 -k in_english --project=Corbel --no-location -o build/messages.pot portal widget templates
	$(BIN)/pybabel -q update -i build/messages.pot -d translations --previous --ignore-obsolete \
	  --width 100
	@$(STARTER) .ci/bootstrap.py

clean: ## Remove what was made: .venv, caches, build (never data)
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
