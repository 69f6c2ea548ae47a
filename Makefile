# Every target sets up what it needs: a fresh Debian 12 with Python 3.11 and make is enough.
# The one thing pip cannot bring is Debian's `python3-venv`; the set-up says so, and installs it when it runs as root.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ytemo-setup

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## build .venv with every extra, from the pinned requirements

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ytemo needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "Python has no venv module (Debian keeps it in python3-venv)."; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Run once: sudo apt-get install python3-venv"; exit 2; fi; }
	@rm -f $(STAMP); [ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) from requirements.lock ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --editable .
	@touch $(STAMP)

lint: setup ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup ## the fast tests
	$(BIN)/pytest -n auto --dist loadscope -m "not nightly and not portal and not browser" tests

portal: setup ## publish to a real CKAN in the sandbox
	$(BIN)/pytest -m "portal and not nightly" tests/portal tests/opendata/ledger

notebooks: setup ## run the notebooks and compare every output
	$(BIN)/pytest --nbval --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with tests/nbval-sanitize.cfg -p no:cacheprovider -n auto --dist loadscope notebooks

chromium: # Debian's own, with a font that has Vietnamese; without it the browser's tests are skipped and say so
	@for name in $$OPENDATA_CHROMIUM chromium chromium-browser google-chrome google-chrome-stable; do \
	  command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Installing Chromium ..."; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } || \
	  echo "Chromium cannot be installed here."; \
	else echo "Run once: sudo apt-get install chromium"; fi

browser: setup chromium ## JupyterLab, the static catalogue and reports in a real Chromium
	$(BIN)/pytest -n 2 --dist loadfile -m "browser and not nightly" tests

test: lint unit portal notebooks browser ## everything CI checks

nightly: setup ## the long runs
	$(BIN)/pytest -m nightly tests

demo: setup ## the main job on embedded defaults: workbook -> protected, audited, published, read back
	$(BIN)/opendata demo

lock: ## refresh requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --universal --all-extras --generate-hashes --python-version 3.11 \
	  --no-annotate --custom-compile-command "make lock" -o requirements.lock

lock-sandbox: setup ## refresh the pins of the sandbox's CKAN
	cd opendata/sandbox && ../../$(BIN)/uv pip compile -q ckan-2.12.in --universal --override ckan-2.12.overrides --generate-hashes \
	  --python-version 3.11 --no-annotate --custom-compile-command "make lock-sandbox" -o ckan-2.12.lock

vendor: ## bundle the explorer's reader of Parquet anew from npm, as opendata/site/vendor/package-lock.json pins it
	@set -e; made=$$(mktemp -d); trap 'rm -rf "$$made"' EXIT; cd opendata/site/vendor; \
	cp package.json package-lock.json entry.js vendor.mjs "$$made"; \
	(cd "$$made" && npm ci --silent --no-audit --no-fund --ignore-scripts && node vendor.mjs); \
	cp "$$made"/parquet.js "$$made"/LICENSE-* "$$made"/vendor.lock.json .

clean: ## remove what the targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

.PHONY: help setup lint unit portal notebooks chromium browser test nightly demo lock lock-sandbox vendor clean
