# `make` alone lists the targets.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# Sizes for `make bench`; 10000000 takes over an hour.
TRIPLES ?= 20000 100000 1000000

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-long check build docs bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 11

demo: $(VENV)/installed ## install, build the graph, answer three questions, list the files to open
	@$(BIN)/pag build
	@printf '\nWho owns Block 8, and through whom?\n\n'
	@$(BIN)/pag ask who-owns-through-whom -p asset="Block 8" -f table
	@printf '\nPeru and China: dated milestones\n\n'
	@$(BIN)/pag ask timeline -p country=China -f table
	@printf '\nPeruvian exports to China by sector, percent\n\n'
	@$(BIN)/pag ask exports-by-sector -p country=China -f table
	@printf '\nOpen these files:\n'
	@ls exports/*.html exports/*.ttl exports/tables/*.csv | sed 's/^/  /'
	@printf '\nMore commands: %s/pag\n' $(BIN)

test: ## install the test tools; lint, type-check and run the quick tests
	@sh tests/tools/install.sh & $(MAKE) --no-print-directory check && wait
	@$(BIN)/python -m compileall -q src  # once, instead of in each process that the tests start
	@$(BIN)/pytest -n auto --dist worksteal -q -m "not slow and not long and not alone"

test-slow: $(VENV)/tested ## run the tests that take over two seconds each, including attacks on the server
	@sh tests/tools/install.sh
	@$(BIN)/pytest -n auto --dist worksteal -q -m "slow and not long and not alone"
	@$(BIN)/pytest -q -m alone

test-long: $(VENV)/tested ## run the long forms of tests, which the other two targets skip
	@sh tests/tools/install.sh --long
	@$(BIN)/pytest -n auto --dist worksteal -q -m long

check: $(VENV)/tested ## lint and type-check only
	@$(BIN)/ruff check .
	@$(BIN)/mypy

build: $(VENV)/installed ## build the graph and write exports/
	@$(BIN)/pag build

docs: $(VENV)/tested ## regenerate docs/reference/ and the example output in the documents
	@$(BIN)/python docs/reference/make.py
	@$(BIN)/python tests/documents.py
	@$(BIN)/python tests/test_notebook.py

bench: $(VENV)/tested ## run the benchmarks and print ratios
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/ownership.py
	@$(BIN)/python benchmarks/imports.py --out docs/performance.md
	@$(BIN)/python benchmarks/matching.py --out docs/performance.md
	@$(BIN)/python benchmarks/executors.py --out docs/performance.md
	@$(BIN)/python benchmarks/stores.py $(TRIPLES) --out docs/performance.md

clean: ## remove the virtual environment, node_modules and caches
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/installed: pyproject.toml constraints.txt
	@sh tests/tools/venv.sh $(PYTHON) $(VENV) .
	@touch $@

$(VENV)/tested: pyproject.toml constraints.txt
	@sh tests/tools/venv.sh $(PYTHON) $(VENV) '.[test]'
	@touch $@ $(VENV)/installed
