# The whole interface of a checkout. `make demo` and `make test` set up what they need.

VENV := .venv
PYTHON := $(VENV)/bin/python

.PHONY: console demo test chaos lint format bench docs constraints clean

demo: $(VENV)/.runtime
	$(PYTHON) examples/demo.py

test: $(VENV)/.development console
	$(PYTHON) -m pytest

console: $(VENV)/.development
	$(PYTHON) scripts/build_console.py

chaos: $(VENV)/.development
	KIRIN_CHAOS_SECONDS=$${KIRIN_CHAOS_SECONDS:-3600} KIRIN_CHAOS_SEED=$${KIRIN_CHAOS_SEED:-$$(date +%s)} \
	  $(PYTHON) -m pytest tests/integration/test_chaos.py -k postgresql

lint: $(VENV)/.development
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) scripts/build_console.py --check

format: $(VENV)/.development
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.development
	$(PYTHON) bench/render.py
	$(PYTHON) bench/peers.py
	$(PYTHON) bench/api.py

docs: $(VENV)/.development
	$(PYTHON) scripts/write_reference.py

constraints:
	rm -rf .venv-fresh
	python3 -m venv .venv-fresh
	.venv-fresh/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	.venv-fresh/bin/python -m pip install --quiet '.[speech]' --group dev
	(echo "# The versions that are tested together; setup installs by them. Made by: make constraints"; \
	  .venv-fresh/bin/python -m pip freeze | grep -v '^kirin ') > constraints.txt
	rm -rf .venv-fresh

clean:
	rm -rf $(VENV) demo-output

$(VENV)/.runtime: pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh runtime

$(VENV)/.development: pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh development
