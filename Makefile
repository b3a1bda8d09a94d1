# `make run` and `make test` are all the set-up there is; both work on a machine with Python 3.11 or newer, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check fmt lint types imports lock bench train clean help

help:  ## Show what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Setting up $(VENV) from requirements.lock (about a minute, once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP)  ## Ingest the sample dispatches into ./dispatches.db and show what came out
	@$(BIN)/dispatches run --show tests/samples

test: $(STAMP)  ## Run the tests that need no server
	@$(BIN)/python -m pytest --numprocesses 2 -m "not server and not slow"

check: $(STAMP) lint types imports  ## Run every quality gate
	@$(BIN)/python -m pytest -q --numprocesses 2 -m "not server"

lint: $(STAMP)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports

fmt: $(STAMP)  ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock:  ## Renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-emit-index-url \
		--generate-hashes --upgrade --output-file requirements.lock

bench: $(STAMP)  ## Measure the names stage and the language model
	@$(BIN)/python benchmarks/names.py
	@$(BIN)/python -m benchmarks.enrich

RUN ?= training/run
WEIGHTS ?= flows/enrich/weights
MODEL_VERSION ?= $(shell date +%Y.%m.%d)
train: $(STAMP)  ## Make the language model again: CORPORA=DIR; resumable (needs the extra `training`)
	@test -n "$(CORPORA)" || { echo "name the corpora: make train CORPORA=DIR (training/CORPORA.md)" >&2; exit 2; }
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --out "$(RUN)/first" --epochs 7
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --start "$(RUN)/first" --out "$(RUN)/second" --epochs 5
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --start "$(RUN)/second" --out "$(RUN)/third" --epochs 6 --seed 3
	$(BIN)/python -m training.silver --runs "$(RUN)/second" "$(RUN)/third" --text "$(CORPORA)/raw/voa-sentences.txt" \
		--out "$(RUN)/silver.jsonl"
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --start "$(RUN)/third" --out "$(RUN)/fourth" --epochs 2 --seed 4
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --start "$(RUN)/third" --out "$(RUN)/fifth" --epochs 2 --seed 4 \
		--silver "$(RUN)/silver.jsonl"
	$(BIN)/python -m training.fit --corpora "$(CORPORA)" --start "$(RUN)/third" --out "$(RUN)/sixth" --epochs 2 --seed 5 \
		--silver "$(RUN)/silver.jsonl"
	$(BIN)/python -m training.silver --runs "$(RUN)/fourth" "$(RUN)/fifth" "$(RUN)/sixth" --every 1 \
		--text "$(CORPORA)/raw/voa-sentences.txt" --out "$(RUN)/silver-all.jsonl"
	for seed in 6 7; do $(BIN)/python -m training.fit --corpora "$(CORPORA)" --out "$(RUN)/last-$$seed" --epochs 1.5 \
		--start "$(RUN)/fourth" "$(RUN)/fifth" "$(RUN)/sixth" --seed $$seed --silver "$(RUN)/silver-all.jsonl" || exit; done
	$(BIN)/python -m training.export --run "$(RUN)/fourth" "$(RUN)/fifth" "$(RUN)/sixth" "$(RUN)/last-6" \
		"$(RUN)/last-7" --out "$(WEIGHTS)" --version "$(MODEL_VERSION)"
	$(BIN)/python -m training.calibrate --weights "$(WEIGHTS)"
	$(BIN)/python -m training.evaluate --corpora "$(CORPORA)" --weights "$(WEIGHTS)" --json "$(RUN)/scores.json"
	$(BIN)/python -m training.card --weights "$(WEIGHTS)" --scores "$(RUN)/scores.json"

clean:  ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
