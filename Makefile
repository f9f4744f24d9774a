# One verb a task. Needs make, git and a Python 3.11, 3.12 or 3.13 with venv; everything else is installed into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
EVENTS ?= 20000
STATE := $(or $(SNOWMELT_HOME),$(CURDIR)/.snowmelt)
export SNOWMELT_HOME := $(STATE)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint format lock clean setup books runs dashboard-picture golden

help: ## Show the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-20s %s\n", $$1, $$2}'

setup: $(READY) ## Build .venv from the lock

$(READY): requirements.txt requirements-dev.txt pyproject.toml scripts/build_environment.sh
	@scripts/build_environment.sh $(VENV)
	@touch $@

test: $(READY) ## Run all tests
	@$(BIN)/pytest

lint: $(READY) ## Check style, types and layers
	@echo "ruff: lint and format"; $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "mypy: types of src/"; $(BIN)/mypy
	@echo "import-linter: layers"; $(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports

format: $(READY) ## Rewrite code and SQL in the one style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(READY) ## Compile requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-strip-extras --quiet \
	  --custom-compile-command "make lock" --output-file requirements.txt
	@$(BIN)/uv pip compile --group dev --constraint requirements.txt --universal --generate-hashes --no-strip-extras --quiet \
	  --custom-compile-command "make lock" --output-file requirements-dev.txt

clean: ## Remove all state (.snowmelt); the environment stays
	@rm -rf "$(STATE)" && echo "removed $(STATE)"
