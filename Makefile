# Every target makes its own .venv from a bare python3 and installs what it needs. ARGS="..." is passed on.
# Programs are started as modules: their scripts would not start from a path with a space in it.

VENV := sh .ci/venv
PY := .venv/bin/python
export PYTHON

.NOTPARALLEL:
.PHONY: help demo test check bench screenshots sql schemas clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

demo: ## Open a sample: release, onboarding and campaign, partly done
	@$(VENV) runtime
	@$(PY) -m taskterm demo $(ARGS)

# Tests of one group (those that start hundreds of processes) run one after the other.
test: ## Run the tests
	@$(VENV) dev
	@$(PY) -m pytest -n auto --dist loadgroup $(ARGS)

check: ## Style, types, direction of imports, and whether generated files are fresh
	@$(VENV) dev
	@failed=0; \
	$(PY) -m ruff check . || failed=1; \
	$(PY) -m ruff format --check . || failed=1; \
	$(PY) -m mypy || failed=1; \
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo || failed=1; \
	$(PY) -m taskterm.store.compile --check || failed=1; \
	$(PY) -m taskterm.exchange.schemas --check || failed=1; \
	exit $$failed

bench: ## Measure how long every command takes, in a clean environment of its own
	@$(VENV) dev
	@$(PY) -m tests.bench $(ARGS)

sql: ## Compile the tables and statements to plain SQL
	@$(VENV) dev
	@$(PY) -m taskterm.store.compile

schemas: ## Write the JSON Schema of every --json answer into taskterm/schemas
	@$(VENV) dev
	@$(PY) -m taskterm.exchange.schemas

screenshots: ## Draw the pictures in screenshots/ from the real program
	@$(VENV) dev
	@sh .ci/need chromium fonts-firacode fonts-dejavu-core fonts-liberation fonts-noto-cjk
	@$(PY) -m tests.screenshots.make $(ARGS)

clean: ## Remove what the other targets made, but no data
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find taskterm tests -name __pycache__ -type d -prune -exec rm -rf {} +
