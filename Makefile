# `make run` is all a newcomer needs. Everything below works in .venv and var/ of this folder and nowhere else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
BROWSER_INSTALLED := $(VENV)/installed-browser
LOCKS := requirements.txt requirements-dev.txt
TEXTS := $(wildcard locale/*/LC_MESSAGES/django.po)
ARGS ?=
# Processes of pytest-xdist; a file's tests stay in one of them. 0 runs everything in one process, for a debugger.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not browser and not slow"

# Settings as in production, with values nobody uses: for the checks that must see what production sees.
PRODUCTION := env -u DEBRIEFS_DEBUG DEBRIEFS_LOCAL=0 DEBRIEFS_BASE_URL=https://debriefs.example \
	DEBRIEFS_SECRET_KEY=checked-with-a-key-that-is-long-enough-and-used-nowhere-else-0123456789 \
	DEBRIEFS_LINK_KEYS=checked-with-another-key-that-is-long-enough-0123456789 \
	DATABASE_URL=postgres://nobody:none@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://127.0.0.1:1

.PHONY: help setup run test check format-check lint types imports migrations deploy browser screenshots slow lock format
.DEFAULT_GOAL := help

help:
	@echo "make run      the whole product on this machine, with a demonstration programme (PORT=9000 chooses the port)"
	@echo "make test     all tests that need no browser (ARGS='tests/calls -x' chooses)"
	@echo "make check    formatting, lint, types, import order, migrations, production settings, then make test"
	@echo "make browser  the tests in Chromium"
	@echo "make slow     the full-size figures, and every test on Debian's Postgres and Redis"
	@echo "make setup    only .venv with the pinned dependencies (PYTHON=python3.12 chooses the interpreter)"
	@echo "make format   formats the code; make lock renews the pinned versions; make screenshots the pictures"

setup: $(INSTALLED) $(VENV)/texts

$(INSTALLED): $(LOCKS)
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here. Debriefs needs Python 3.11 or newer; name it with PYTHON=…"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Debriefs needs Python 3.11 or newer, and $(PYTHON) is older. Name another one with PYTHON=…"; exit 1; }
	@if command -v uv >/dev/null; then \
		UV_PYTHON_DOWNLOADS=never uv venv --quiet --allow-existing --python "$$(command -v "$(PYTHON)")" $(VENV) && \
		UV_PYTHON_DOWNLOADS=never uv pip install --quiet --python $(BIN)/python --require-hashes $(addprefix -r ,$(LOCKS)); \
	else \
		"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
			echo "Python's venv module is missing; install it (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }; \
		echo "Installing the pinned dependencies into $(VENV)."; \
		test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(addprefix -r ,$(LOCKS)); \
	fi
	@touch $@

$(VENV)/texts: $(INSTALLED) $(TEXTS)
	@if [ -d locale ]; then $(BIN)/pybabel --quiet compile --directory locale --domain django; fi
	@touch $@

run: setup
	@exec $(BIN)/python -m debriefs.local run

test: setup
	@$(PYTEST) $(ARGS)

# Each step stands alone, so that `make -k check` shows everything that is wrong. Templates are compiled by tests/architecture.
check: setup format-check lint types imports migrations deploy
	@$(MAKE) --no-print-directory test

format-check: setup
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: make format"; exit 1; }

lint: setup
	@$(BIN)/ruff check --quiet .

types: setup
	@DEBRIEFS_DEBUG=1 DEBRIEFS_LOCAL=0 $(BIN)/mypy --no-error-summary .

imports: setup
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/lint-imports --no-logo .importlinter-rooms

# No database is asked: what is compared is the models and the migration files.
migrations: setup
	@$(PRODUCTION) $(BIN)/python -W "ignore:Got an error checking a consistent migration history:RuntimeWarning" \
		manage.py makemigrations --check --dry-run

deploy: setup
	@$(PRODUCTION) $(BIN)/python -W error manage.py check --deploy --fail-level WARNING

$(BROWSER_INSTALLED): $(INSTALLED) requirements-browser.txt
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-browser.txt; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.txt; \
	fi
	@touch $@

CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
export CHROMIUM

.PHONY: chromium
chromium: setup $(BROWSER_INSTALLED)
	@test -x "$(CHROMIUM)" || { echo "No Chromium was found. Install it (on Debian: apt install chromium), or name it with CHROMIUM=…"; exit 1; }

browser: chromium
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m browser tests/browser $(ARGS)
	@$(BIN)/python -m pytest -m browser tests/journeys $(ARGS)

screenshots: chromium
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

DEBIAN_POSTGRES ?= $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))

slow: setup chromium
	@test -x "$(DEBIAN_POSTGRES)/postgres" && test -x /usr/bin/redis-server || { \
		echo "make slow also runs on Debian's Postgres and Redis, and as an ordinary user on the system's Python:"; \
		echo "apt install postgresql redis-server python3-venv"; exit 1; }
	@$(BIN)/python -m pytest -m "slow and not browser" $(ARGS)
	@DEBRIEFS_DATA_DIR=var/debian DEBRIEFS_POSTGRES_BIN=$(DEBIAN_POSTGRES) DEBRIEFS_REDIS_BIN=/usr/bin \
		$(PYTEST) $(ARGS)

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv."; exit 1; }
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) requirements-browser.in -o requirements-browser.txt

format: setup
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
