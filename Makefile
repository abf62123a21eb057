# `make site` builds the example registry, `make check` is the one gate. Both set everything up themselves.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed

.DEFAULT_GOAL := check
.PHONY: check fix site serve lock test clean help

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@sh .ci/venv "$(PYTHON)" "$(VENV)"
	@touch $@

site: $(STAMP) ## Build the example registry into site/
	$(BIN)/regdocs build

serve: $(STAMP) ## Preview site/ on the loopback address
	$(BIN)/regdocs serve

check: $(STAMP) ## Format, lint, types, architecture and tests: the one gate
	@sh .ci/packages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q

fix: $(STAMP) ## Format and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(STAMP) ## Tests only; make test ARGS="-k license"
	$(BIN)/pytest $(ARGS)

lock: $(STAMP) ## Pin all dependencies with hashes, without index addresses
	@sh .ci/lock "$(BIN)"

clean: ## Remove everything that can be made again
	rm -rf $(VENV) site .regdocs .mypy_cache .pytest_cache .ruff_cache
