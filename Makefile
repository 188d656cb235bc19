# War Losses. Every target sets up what it needs; a second run starts at once.
# `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup refresh live ui test test-fast coverage lint compare picture reliability bench lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make the virtual environment, install the pinned dependencies, prepare dbt and Dagster
	@$(BIN)/war-losses prepare

refresh: setup ## build and publish the release from the shipped figures and whatever was pulled before
	@$(BIN)/war-losses refresh

live: setup ## the same, pulling upstream first
	@$(BIN)/war-losses refresh --pull

ui: setup ## the Dagster UI on 127.0.0.1:3000, with the daemon
	@$(BIN)/war-losses ui

test: setup ## run the tests
	@$(BIN)/python -m pytest

# What it leaves out builds: releases, dbt's models, jobs of Dagster, whole refreshes.
test-fast: setup ## the inner loop: style, dbt's parser, every test that builds nothing (under a minute)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/python -m pytest -m "not slow and not upstream"

coverage: setup ## run the tests and say what of the code they run, child processes included
	@$(BIN)/coverage erase && $(BIN)/coverage run -m pytest && $(BIN)/coverage combine --quiet && $(BIN)/coverage report

compare: setup ## compare two releases row by row: make compare BEFORE=FOLDER AFTER=FOLDER
	@$(BIN)/python -m orchestration.release.comparison $(BEFORE) $(AFTER)

picture: setup ## take the picture in the README from the page that is published (needs Chromium)
	@$(BIN)/python -m tests.docs.picture

reliability: setup ## try faults, kills and readers on loopback and write docs/reliability.md (over half an hour)
	@$(BIN)/python -m pytest -m trial && $(BIN)/python -m tests.reliability.report

bench: setup ## measure speed, memory and growth and write docs/benchmarks.md (a quarter of an hour)
	@$(BIN)/python -m tests.benchmarks.report

lint: setup ## check the style of Python and SQL, types, and dead code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/vulture
	@$(BIN)/yamllint --strict .
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/macros dbt_project/tests

lock: ## resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --upgrade -o requirements.lock

clean: ## remove everything that was built or pulled (the shipped figures stay)
	rm -rf $(VENV) data/raw data/observations data/warehouse data/published data/releases data/dagster data/dbt

# The lock is installed as it stands (--no-deps): see [tool.uv] in pyproject.toml.
$(STAMP): requirements.lock pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
