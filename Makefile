# The whole interface of a checkout. `make demo` and `make test` set up what they need.

VENV := .venv
PYTHON := $(VENV)/bin/python

.PHONY: demo test lint format bench docs clean

demo: $(VENV)/.runtime
	$(PYTHON) examples/demo.py

test: $(VENV)/.development
	$(PYTHON) -m pytest

lint: $(VENV)/.development
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.development
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.development
	$(PYTHON) bench/render.py
	$(PYTHON) bench/api.py

docs: $(VENV)/.development
	$(PYTHON) scripts/write_reference.py

clean:
	rm -rf $(VENV) demo-output

$(VENV)/.runtime: pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh runtime

$(VENV)/.development: pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh development
