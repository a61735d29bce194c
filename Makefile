# Fullcredits. `make help` lists what there is.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/installed  ## Browse a merged library from two simulated servers (no server needed)
	@$(BIN)/fullcredits demo

.PHONY: test
test: .venv/dev  ## Run the tests
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

.PHONY: check
check: style test  ## Everything that must be green: format, lint, types, imports, tests

.PHONY: style
style: .venv/dev  ## Check format, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: .venv/dev  ## Format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench-sync
bench-sync: .venv/dev  ## Measure syncs against the least possible and against others (PARTS=…, DATA=folder)
	$(BIN)/python -m benchmarks.sync $(PARTS) $(if $(DATA),--data $(DATA))

.PHONY: bench-live
bench-live: .venv/dev  ## Measure how soon a change is on a page, and pages while a sync runs
	$(BIN)/python -m benchmarks.live

.PHONY: bench-pages
bench-pages: .venv/dev  ## Measure the pages of a library of a million credits
	$(BIN)/python -m benchmarks.pages

.PHONY: bench-identity
bench-identity: .venv/dev  ## Measure how right identity is on a data set (DATA=folder)
	$(BIN)/python -m benchmarks.identity $(DATA)

.PHONY: verify-data
verify-data: .venv/dev  ## Sync all of a real-sized data set and compare every credit (DATA=folder)
	$(BIN)/python -m benchmarks.verify_data $(DATA)

.PHONY: replay
replay: .venv/dev  ## Play real changes of casts through a server, a sync after each (DATA=folder)
	$(BIN)/python -m tests.sync.replay $(DATA)

.PHONY: soak
soak: .venv/dev  ## Let anything happen to two servers, and see that syncs converge (STEPS=4000, SEED=…)
	$(BIN)/python -m tests.sync.soak $(if $(STEPS),$(STEPS),4000) $(SEED)

.PHONY: torture
torture: .venv/dev  ## Kill syncs of a large library at any instant, and see that it is whole (KILLS=100)
	$(BIN)/python -m tests.sync.torture --kills $(if $(KILLS),$(KILLS),100)

.PHONY: screenshots
screenshots: .venv/dev  ## Take pictures of all pages, and of their states, into screenshots/
	$(BIN)/python -m tools.screenshots

.PHONY: lighthouse
lighthouse: .venv/dev  ## Let Lighthouse (from npm) score the demonstration's main pages
	$(BIN)/python -m tools.lighthouse

.PHONY: lock
lock: .venv/dev  ## Pin the newest allowed versions of everything, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
	  --extra install pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate \
	  --extra install --extra dev pyproject.toml -o requirements-dev.txt

.PHONY: install
install: .venv/installed  ## Install into .venv; the command is then .venv/bin/fullcredits

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Fullcredits needs Python 3.11 or newer; name one with PYTHON=…")'
	@echo "Installing into .venv (once) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.txt .venv/installed
	@echo "Installing what the tests need (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
