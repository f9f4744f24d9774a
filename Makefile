# One verb a task. Needs make, git and a Python 3.11, 3.12 or 3.13 with venv; everything else is installed into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
EVENTS ?= 20000
STATE := $(or $(SNOWMELT_HOME),$(CURDIR)/.snowmelt)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo up status logs visitors chain books runs models browsers test test-terraform plan lint format lock reference pictures clean

help: ## Show the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-20s %s\n", $$1, $$2}'

setup: $(READY) ## Build .venv from the lock

$(READY): requirements.txt requirements-dev.txt pyproject.toml scripts/build_environment.sh
	@scripts/build_environment.sh $(VENV)
	@touch $@

demo: $(READY) ## Send EVENTS=20000 events through every stage, from HTTP to the dashboard
	@$(BIN)/snowmelt demo --events $(EVENTS)

up: $(READY) ## Run everything until Ctrl-C: collector, enrich, registry, tracker page, Nginx, Airflow
	@$(BIN)/snowmelt up

status: $(READY) ## Tell what is up, how fresh each stage is and what the books say
	@$(BIN)/snowmelt status

logs: $(READY) ## Show the log of a stage: make logs STAGE=enrich
	@$(BIN)/snowmelt logs $(STAGE)

visitors: $(READY) ## Send EVENTS=20000 events of simulated visitors to what `make up` runs
	@$(BIN)/snowmelt simulate --events $(EVENTS) --collector http://127.0.0.1:$(or $(SNOWMELT_COLLECTOR_PORT),8080) \
	  --report $(STATE)/reports/sent.jsonl

chain: $(READY) ## Run the four DAGs on what the lake holds: load, check, build, refresh
	@$(BIN)/python plugins/run_chain.py load_events check_events build_models refresh_dashboard

books: $(READY) ## Compare what each stage passed on with what the next received
	@$(BIN)/snowmelt books

runs: $(READY) ## List what was loaded, released and held
	@$(BIN)/snowmelt runs list

models: $(READY) ## Build every dbt model anew from what is released, and refresh the dashboard
	@$(BIN)/python plugins/run_chain.py --full-refresh build_models refresh_dashboard

browsers: ## Install what the browser tests drive (as root on Debian; else it says what is missing)
	@scripts/install_browsers.sh

test: $(READY) ## Run all tests
	@$(BIN)/pytest

test-terraform: $(READY) ## Run the tests of infra/terraform: plan, apply, walk, break and destroy it without a cloud
	@$(BIN)/pytest tests/terraform -n $(or $(JOBS),2)

plan: $(READY) ## Tell what Terraform would do in an environment: make plan ENV=dev
	@$(BIN)/python -m scripts.plan_environment $(ENV)

lint: $(READY) ## Check style, types, layers, SQL and schemas
	@echo "ruff: lint and format"; $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "mypy: types of src/ and of the doubles"; $(BIN)/mypy && $(BIN)/mypy --explicit-package-bases tests/doubles
	@if command -v terraform > /dev/null; then echo "terraform: format of infra/"; terraform fmt -check -recursive infra/terraform; fi
	@echo "import-linter: layers"; $(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports
	@echo "sqlfluff: dbt/"; $(BIN)/sqlfluff lint --disable-progress-bar dbt
	@echo "schemas/"; $(BIN)/snowmelt schema lint schemas --errors-only

format: $(READY) ## Rewrite code and SQL in the one style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format . && $(BIN)/sqlfluff fix dbt

lock: $(READY) ## Compile requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-strip-extras --quiet \
	  --custom-compile-command "make lock" --output-file requirements.txt
	@$(BIN)/uv pip compile --group dev --constraint requirements.txt --universal --generate-hashes --no-strip-extras --quiet \
	  --custom-compile-command "make lock" --output-file requirements-dev.txt

reference: $(READY) ## Write docs/reference anew from the code, and its picture from what Terraform would make
	@$(BIN)/python -m scripts.write_reference
	@$(BIN)/python -m scripts.draw_architecture

pictures: $(READY) ## Take the pictures in docs/images from what `make up` runs
	@$(BIN)/python scripts/take_pictures.py

clean: ## Remove all state (.snowmelt); the environment stays
	@if [ ! -e "$(STATE)" ]; then echo "nothing to remove at $(STATE)"; \
	elif [ -f "$(STATE)/VERSION" ]; then rm -rf "$(STATE)" && echo "removed $(STATE)"; \
	else echo "$(STATE) is not a state folder of snowmelt: remove it by hand" >&2; exit 1; fi
