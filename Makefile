# The one command list, for people and for .ci/run. Each target makes .venv when it must.
PYTHON ?= python3
PIP_OPTIONS ?=
DATA ?= ../shared/data

VENV := .venv
RUN := $(VENV)/bin/python
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help chat test lint eval bench train clean
.SILENT:

help: ## list these targets
	sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 14

chat: $(VENV)/.base ## open the page in a browser
	$(VENV)/bin/wenshu chat

test: $(VENV)/.dev ## run every test
	[ -n "$(BROWSER)" ] || echo "No Chromium found: the browser tests are skipped."
	$(RUN) -m pytest

lint: $(VENV)/.dev ## check format, style and types
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy

eval: $(VENV)/.base ## score the answers
	$(RUN) -m eval

bench: $(VENV)/.base ## measure the budgets
	$(RUN) -m eval.bench

train: $(VENV)/.train ## train the shipped models again from DATA
	$(RUN) -m index.training static --data $(DATA)
	$(RUN) -m index.training encoder --data $(DATA) --out build/encoder
	$(RUN) -m eval.groups build/groups.jsonl
	$(RUN) -m index.training reader --groups build/groups.jsonl --encoder build/encoder \
	  --out index/models/reader-zh-en

clean: ## remove .venv, caches and build leftovers
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so an interrupted install is taken up again. pip writes a package's
# INSTALLER file last too: a package without one was cut off, and pip would take it for whole.
# An empty PYTHONDONTWRITEBYTECODE counts as unset: compiled packages start faster.
define install
	echo "Installing $(1) into $(VENV); this happens once."
	for info in $(VENV)/lib/python3*/site-packages/*.dist-info; do \
	  [ -e "$$info/INSTALLER" ] || rm -rf "$$info"; done
	PYTHONDONTWRITEBYTECODE= $(RUN) -m pip install -qq --disable-pip-version-check \
	  $(PIP_OPTIONS) -c constraints.txt -e '$(2)'
	touch $@
endef

$(VENV)/.base: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(call install,Wenshu,.)

$(VENV)/.dev: $(VENV)/.base
	$(call install,the development tools,.[dev])

$(VENV)/.train: $(VENV)/.base
	$(call install,the training tools,.[train])

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Wenshu needs Python 3.11 or newer; name one with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
