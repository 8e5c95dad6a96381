# Everything that a checkout does by itself. `make demo` and `make test` do their own set-up.

.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/sh
.SHELLFLAGS := -eu -c

PYTHON := .venv/bin/python
# pytest-xdist. Many tests wait for a process or for a browser: three keep two cores busy.
WORKERS ?= 3
SEEDS ?= 300
FIRST ?= 0
PYTEST_ARGS ?=
# A file stays with one worker, which makes what it shares once; conftest.py puts the long ones first.
DIST := --dist loadfile --no-loadscope-reorder

# Compiled once, beside what is installed: src and tests stay clean, and a process that starts
# (there are thousands of them in the tests) does not compile the house anew.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/.venv/pycache

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup: ## The small set-up: what the program needs
	@sh tools/setup.sh small
	@sh tools/setup_fonts.sh

.PHONY: setup-dev
setup-dev: ## The full set-up: what the tests need besides
	@sh tools/setup.sh full

.PHONY: setup-browser
setup-browser: setup-dev
	@sh tools/setup_browser.sh
	@sh tools/setup_compiler.sh

.PHONY: demo
demo: setup ## A report crosses from Seoul to Tokyo, and on to Washington, told as a story; three nodes stay until Ctrl-C
	@exec .venv/bin/comity demo

.PHONY: demo-check
demo-check: setup ## The same, leaving nothing running; the last line says how many steps passed
	@exec .venv/bin/comity demo --check

.PHONY: test
test: setup-browser checks ## All checks and all tests; the last line is the runner's summary
	@exec $(PYTHON) -m pytest -q -n $(WORKERS) $(DIST) $(PYTEST_ARGS)

.PHONY: checks
checks: lint types contracts

.PHONY: lint
lint: setup-dev ## Style and formatting
	@.venv/bin/ruff check .
	.venv/bin/ruff format --check .

.PHONY: types
types: setup-dev ## Types, strictly
	@.venv/bin/mypy

.PHONY: contracts
contracts: setup-dev ## Which room may import which
	@.venv/bin/lint-imports

.PHONY: simulate
simulate: setup-dev ## Schedules of two nodes and of three: make simulate SEEDS=100000 (from FIRST=0 on)
	@COMITY_SEEDS=$(SEEDS) COMITY_FIRST_SEED=$(FIRST) \
		exec $(PYTHON) -m pytest -q -n $(WORKERS) tests/simulation $(PYTEST_ARGS)

.PHONY: fuzz
fuzz: setup-dev ## The properties again, the API among them, with many more examples each
	@exec $(PYTHON) -m pytest -q -n $(WORKERS) --hypothesis-profile=fuzz tests/properties $(PYTEST_ARGS)

.PHONY: bench
bench: setup-dev ## The figures, one file per row of the table
	@exec $(PYTHON) -m benchmarks

.PHONY: obligations
obligations: setup-dev ## N of the wave-1 rows reached; each marked test fails without its function
	@exec $(PYTHON) -m tools.obligations

.PHONY: guards
guards: setup-dev ## Each guard of docs/guards.toml taken away in a copy; its test must fail there
	@exec $(PYTHON) -m tools.guards

.PHONY: reference
reference: setup-dev ## docs/clauses.md and docs/api.md, from the code
	@exec $(PYTHON) -m tools.reference

.PHONY: lock
lock: ## Resolve both lock files again (needs uv)
	@sh tools/lock.sh

.PHONY: clean
clean: ## Remove what the other targets made
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf src/comity/console/static/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
