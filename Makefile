# Tellerline: what a newcomer can do. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
ROOMS := core pbx dialplan asr tts ivr payments messages db api rehearsal node
export TELLERLINE_LOCAL ?= $(CURDIR)/.local
# Kept bytecode lets the line start in one second instead of three.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo run prove test check unit bench format lock clean parts web chromium pictures

help: ## list what there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/ready parts web ## start the whole line and watch a caller pay a bill (STAY=1 keeps it up)
	$(BIN)/tellerline demo $(if $(STAY),--stay)

run: .venv/ready web ## run the line with the settings of tellerline.toml and the environment
	$(BIN)/tellerline run

prove: .venv/ready parts ## prove that cards are left nowhere: call, search every place, sign a report (SHORT=1: two minutes)
	$(BIN)/tellerline prove $(if $(SHORT),--short)

test: .venv/ready parts web chromium check ## all checks and all tests, on real parts
	$(BIN)/python -m node.page check
	$(BIN)/coverage erase
	$(BIN)/python -m tests.all
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

check: .venv/ready ## format, lint, types and the directions of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	$(BIN)/mypy $(addprefix -p ,$(ROOMS)) -p tests
	$(BIN)/vulture

web: .venv/ready ## build the dashboard, where its sources changed (Node.js 20.19 or newer, or its wheel)
	@$(BIN)/python -m node.page build

unit: .venv/ready ## the tests that open no socket, in seconds
	$(BIN)/pytest -q tests/unit tests/sim tests/tidy

bench: .venv/ready parts ## measure, beside a baseline (NAME=calls.keypad_held for one figure)
	$(BIN)/python -m tests.load.bench $(NAME)

format: .venv/ready ## put the code into its one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m node.page format

COMPILE := $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 $(if $(UPGRADE),--upgrade)
lock: ## write the locks anew after a change of pyproject.toml (UPGRADE=1: with the newest releases)
	$(COMPILE) --extra dev pyproject.toml -o requirements.lock
	$(COMPILE) -c requirements.lock pyproject.toml -o requirements.run.lock
	printf 'hatchling\nsetuptools\n' | $(COMPILE) - -o docker/build.lock

pictures: .venv/ready parts web chromium ## take the pictures in docs/images anew (as root: telephones in browsers need a network of their own)
	$(BIN)/python -m tests.integration.web.pictures
	$(BIN)/python -m tests.integration.phone.pictures

parts: .venv/ready
	@$(BIN)/python -m node.parts

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y chromium; } || { echo "The tests of the dashboard need a browser: sudo apt-get install chromium"; exit 1; }

clean: ## remove all that was made here (.venv, .local, caches)
	rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
	find . -name __pycache__ -prune -exec rm -rf {} +

# The environment is made again when the lock changes. uv, where it can be had, installs in seconds; pip does too.
.venv/ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y python3-venv || { echo "venv is missing: sudo apt-get install python3-venv"; exit 1; }; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip sync -q --require-hashes requirements.lock
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $@
