# `make` alone prints what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$name -c '$(NEW_ENOUGH)' 2> /dev/null && echo $$name && break; done)
BIN := .venv/bin
INSTALLED := .venv/.installed
REDRESS := $(BIN)/python -m deploy.redress
COMPOSE := docker compose
# What kills servers and processes wants the machine for itself.
FAULTS := tests/faults tests/journeys/test_kills.py
NO_FAULTS := $(foreach each,$(FAULTS),--ignore $(each))
PASSWORDS := POSTGRES_PASSWORD RABBITMQ_PASSWORD GRAFANA_PASSWORD PORTAL_COOKIE_KEY INTAKE_PLATFORM_KEY \
	$(foreach service,TENANTS INTAKE DISPATCH SLA NOTIFY REPORTING, \
		$(foreach role,OWNER WEB WORKER,$(service)_$(role)_PASSWORD))

.PHONY: help run demo test sure simulate bench up down trace parked replay audit events lock clean

##@ Use it
run: $(INSTALLED) ## Everything in one process, on this machine: no database server, no broker
	$(BIN)/python -m deploy.run all

demo: $(INSTALLED) ## A property firm and a hotel, a month of complaints, stand-in partners
	$(BIN)/python -m deploy.demo

up: .env ## Everything in containers: PostgreSQL, RabbitMQ, one process kind each
	$(COMPOSE) up --build --detach

down: ## Stop the containers; their data stays
	$(COMPOSE) down

##@ Look inside
trace: $(INSTALLED) ## One complaint's way through all services: make trace n=<number>
	$(REDRESS) trace $(call needed,n)

parked: $(INSTALLED) ## What could not be handled and waits for a person
	$(REDRESS) parked

replay: $(INSTALLED) ## Say it again: make replay id=<event>, or since=<time> after a lost broker
	$(REDRESS) replay $(if $(id),--id $(id),--since $(call needed,since))

audit: $(INSTALLED) ## Check every promise over the databases
	$(REDRESS) audit

##@ Change it
test: $(INSTALLED) ## Style, types, import rules and every test
	@$(call step,ruff) && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(call step,mypy) && $(BIN)/mypy
	@$(call step,import rules) && $(BIN)/lint-imports
	@$(call step,tests) && $(BIN)/pytest -n 2 --dist loadfile --durations=15 $(NO_FAULTS) --ignore tests/simulation
	@$(call step,simulation) && $(BIN)/pytest -n 2 tests/simulation
	@$(call step,faults) && $(BIN)/pytest -v $(FAULTS)

sure: $(INSTALLED) ## Put the style right, then test
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@$(MAKE) --no-print-directory test

simulate: $(INSTALLED) ## Weeks in seconds, with failures, from a seed: make simulate SEED=7 LONG=1, or 100 new ones
	$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(LONG),--long)

bench: $(INSTALLED) ## Measure this machine against the targets, as ratios of one run
	$(BIN)/python -m tests.load.bench

events: $(INSTALLED) ## Write the event catalogue and the snapshots anew
	$(REDRESS) events

lock: $(INSTALLED) ## Resolve pyproject.toml into the two lock files; pins that still fit stay
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and every cache; data and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): requirements-dev.lock
	@$(call step,installing the locked packages into .venv)
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found." >&2; exit 1; }
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.env:
	@$(call step,making up passwords in .env)
	@umask 077 && for name in $(PASSWORDS); do \
		echo "$$name=$$(od -An -N32 -vtx1 /dev/urandom | tr -d ' \n')"; done > $@

step = printf '\n== %s\n' '$(1)'
needed = $(or $($(1)),$(error say which: make $@ $(1)=…))
