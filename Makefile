# Every recipe works on a fresh machine that has Python, pip and make.

PORT ?= 8000
SITE_URL ?= http://127.0.0.1:$(PORT)
PYTHON := .venv/bin/python
# Another environment may be active; uv would install into that.
export VIRTUAL_ENV := $(CURDIR)/.venv
# Compile packages when they are installed. A test run starts dozens of processes, and where
# PYTHONDONTWRITEBYTECODE is set each of them would spend 2 seconds on it.
export UV_COMPILE_BYTECODE := 1
# A uv on the machine is used; else pip puts the locked one under var/.
UV := $(or $(shell command -v uv),var/uv/bin/uv)

WITH_POSTGRES := $(PYTHON) -m tools.servers.postgres
STRESS := env PYTHONPATH=site $(PYTHON) -m tools.stress
# Folders for temporary files: what lies there differs from machine to machine.
TEMPORARY := (^|[^[:alnum:]_.)}])/((var/|usr/)?tmp|dev/shm)($$|[^[:alnum:]_-])
# Browsers wait more than they compute. The tests serve the static files of var/static.
TESTS := env COLLECTED_STATIC=$(CURDIR)/var/static .venv/bin/pytest --numprocesses 3 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run install test test-postgres fuzz crash mutants bench audit screenshots messages setup check temporary lock demo prune

help: ## List what make can do here.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: demo prune ## Serve the site at http://127.0.0.1:8000, or at PORT.
	@echo "Magpie runs at $(SITE_URL) until you press Ctrl-C."
	@DEBUG=0 SITE_URL=$(SITE_URL) MALLOC_ARENA_MAX=2 exec $(PYTHON) site/web/server.py \
		--host 127.0.0.1 --port $(PORT) --workers-kill-timeout 2 --log-level error config.wsgi:application

test: setup var/static.stamp ## Run the unit tests and the browser tests.
	@$(TESTS)

test-postgres: setup .venv/postgres.stamp var/static.stamp ## Run all tests on PostgreSQL: that of DATABASE_URL, or a server of their own.
	@$(WITH_POSTGRES) $(TESTS)

fuzz: setup .venv/postgres.stamp var/static.stamp ## Send hostile requests to the site on either database: N of them, or 20,000.
	@$(STRESS) fuzz
	@$(WITH_POSTGRES) $(STRESS) fuzz

crash: setup .venv/postgres.stamp var/static.stamp ## Kill the site in ROUNDS, or 50, and reload it, while people write, on either database.
	@$(STRESS) clicks crash overload reload
	@$(WITH_POSTGRES) $(STRESS) clicks crash overload reload

mutants: setup .venv/postgres.stamp ## Break the code in all ways listed, or those with a word of ONLY, and see that tests fail.
	@$(PYTHON) -m tools.mutants $(ONLY)

bench: .venv/run.stamp var/static.stamp ## Print how long feeds take, with SCALE million actions.
	@$(PYTHON) -m tools.bench

audit: setup demo var/lighthouse/stamp ## Print what pages weigh, and what Lighthouse says of them.
	@$(PYTHON) -m tools.audit

screenshots: setup demo ## Take the README's pictures; with ALL=1 each page, in var/screenshots/.
	@$(PYTHON) -m tools.screenshots $(if $(ALL),--all)

messages: .venv/run.stamp .venv/gettext.stamp ## Gather the texts to translate, and compile the translations.
	@$(PYTHON) manage.py makemessages --all --no-obsolete --add-location file --ignore var
	@$(PYTHON) manage.py compilemessages --ignore .venv --ignore var

setup: .venv/browser.stamp .venv/gettext.stamp .venv/redis.stamp .venv/nginx.stamp ## Install all that running, testing and checking need.

check: temporary .venv/dev.stamp ## Look for mistakes without running the site.
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	PYTHONPATH=site .venv/bin/lint-imports --no-cache
	$(PYTHON) -m tools.checks
	.venv/bin/djlint --lint --quiet templates components demo
	$(PYTHON) manage.py makemigrations --check
	SITE_URL=https://magpie.example EMAIL_URL=smtp://localhost DATABASE_URL=postgres://localhost/magpie \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

# Code asks for a folder for temporary files. Only .ci/run, which empties them, names any.
temporary:
	grep -rInE '$(TEMPORARY)' . --exclude='*.md' --exclude=.env --exclude=.git --exclude-dir=.ci \
		$(addprefix --exclude-dir=,.git .venv var test-results .hypothesis '.*_cache'); test $$? = 1

lock: $(UV) ## Write the exact versions of pyproject.toml's packages to requirements/.
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml --output-file requirements/run.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml --group dev --constraints requirements/run.txt --output-file requirements/dev.txt
	echo uv | $(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		- --output-file requirements/uv.txt

# Others may pass through to the media, and list nothing.
var:
	@install -d -m 711 $@

# The locked uv, for machines without one; --target keeps it out of the system's packages.
var/uv/bin/uv: requirements/uv.txt | var
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
		--require-hashes --upgrade --target var/uv --requirement requirements/uv.txt
	@touch $@

# .python-version names the Python; where that cannot be had, any that is new enough will do.
.venv/bin/python: | $(UV)
	@$(UV) venv --quiet .venv || \
		$(UV) venv --quiet --no-python-downloads --python '>=3.12' .venv || \
		{ echo "Magpie needs Python 3.12 or newer, and none could be found or downloaded." >&2; exit 1; }

# What the site runs on. It leaves alone what `make setup` added.
.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing what the site runs on..."
	@$(UV) pip install --quiet --require-hashes --requirement requirements/run.txt
	@touch $@

# What developing it takes on top.
.venv/dev.stamp: requirements/dev.txt requirements/run.txt | .venv/bin/python
	@echo "Installing what developing takes..."
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@touch $@ .venv/run.stamp

install: .venv/run.stamp var/static.stamp ## Set up the site, or what is new of it, without serving it.
	@$(PYTHON) manage.py migrate --verbosity 0

# The database, which is the demo's if it is new.
demo: install
	@DEMO=1 $(PYTHON) manage.py demo --if-empty

# What has expired since the last start.
prune: demo
	@$(PYTHON) manage.py prune

# Hashed and compressed files for browsers, made anew when one of them has changed. Those of before
# stay, for a site that is running and pages that are open ask for them.
var/static.stamp: .venv/run.stamp site/config/settings.py site/web/static_files.py \
		$(shell find site/static components -type f -not -name "*.py*")
	@echo "Collecting the static files..."
	@$(PYTHON) manage.py collectstatic --no-input --verbosity 0
	@touch $@

# What the tests need besides: PostgreSQL alone may be somewhere else.
.venv/browser.stamp .venv/nginx.stamp .venv/postgres.stamp .venv/redis.stamp: .venv/%.stamp: .venv/dev.stamp
	@echo "Getting what the tests need: $*..."
	@$(PYTHON) -m tools.servers.$*
	@touch $@

# Lighthouse, in the version that its module names.
var/lighthouse/stamp: tools/audit/lighthouse.py .venv/browser.stamp
	@echo "Getting Lighthouse..."
	@$(PYTHON) -m tools.audit.lighthouse
	@touch $@

# What gathers and compiles the texts that are translated.
.venv/gettext.stamp: | .venv/bin/python
	@command -v msgfmt > /dev/null || { echo "Getting gettext..." && [ "$$(id -u)" = 0 ] && \
		{ apt-get update && apt-get install --yes --no-install-recommends gettext; } > /dev/null; } || \
		{ echo "Translations need the package gettext: install it, then try again." >&2; exit 1; }
	@touch $@
