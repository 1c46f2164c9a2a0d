# Every recipe works on a new machine that has Python, pip and make.

PORT ?= 8000
SITE_URL ?= http://127.0.0.1:$(PORT)
ADDRESS := --host 127.0.0.1 --port $(PORT)
PYTHON := .venv/bin/python
# uv would install into another environment that is active.
export VIRTUAL_ENV := $(CURDIR)/.venv
# Compile packages when they are installed. A test run starts dozens of processes, and where
# PYTHONDONTWRITEBYTECODE is set each of them would spend 2 seconds on it.
export UV_COMPILE_BYTECODE := 1
# Use the machine's uv if there is one. Otherwise pip installs the locked version under var/.
UV := $(or $(shell command -v uv),var/uv/bin/uv)

WITH_POSTGRES := $(PYTHON) -m tools.servers.postgres
STRESS := env PYTHONPATH=site $(PYTHON) -m tools.stress
# Folders for temporary files, whose content differs from machine to machine.
TEMPORARY := (^|[^[:alnum:]_.)}])/((var/|usr/)?tmp|dev/shm)($$|[^[:alnum:]_-])
# More processes than cores, because browser tests mostly wait. All of them use the static files of
# var/static. The programs that they start a few hundred times should not compile the code each time.
TESTS := env PYTHONDONTWRITEBYTECODE= COLLECTED_STATIC=$(CURDIR)/var/static .venv/bin/pytest --numprocesses 5 --dist worksteal --durations 20
CLIENT_TESTS := $(TESTS) -m clients e2e/clients

# What the tests need. PostgreSQL is needed for test-postgres only, and may run on another machine.
NEEDED := $(addprefix .venv/,browser.stamp gettext.stamp redis.stamp nginx.stamp haproxy.stamp)

.DEFAULT_GOAL := help
.PHONY: help run install s3 test test-postgres test-store test-clients clients cluster cluster-test fuzz crash mutants bench scaling audit screenshots icons messages setup check temporary lock port demo prune

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: port demo prune ## Serve the site at http://127.0.0.1:8000, or on the port PORT.
	@DEBUG=0 TASKS=database SITE_URL=$(SITE_URL) MALLOC_ARENA_MAX=2 exec $(PYTHON) site/web/run.py \
		$(ADDRESS) --workers-kill-timeout 2 config.wsgi:application

test: $(NEEDED) var/static.stamp ## Run the unit tests and the browser tests.
	@$(TESTS)

test-postgres: $(NEEDED) .venv/postgres.stamp var/static.stamp ## Run all tests on the PostgreSQL server of DATABASE_URL, or on a temporary one.
	@$(WITH_POSTGRES) $(TESTS)

test-store: $(NEEDED) var/static.stamp ## Run all tests with uploads in a temporary object store.
	@$(PYTHON) -m tools.servers.seaweedfs $(TESTS)

test-clients: $(NEEDED) .venv/clients.stamp var/old_browser.stamp var/static.stamp ## Go through the core journeys in other browsers, and compare pages in an old one.
	@$(CLIENT_TESTS)

clients: $(NEEDED) .venv/clients.stamp var/old_browser.stamp var/static.stamp ## Run test-clients, and write the results to docs/clients.md.
	@$(CLIENT_TESTS) --matrix docs/clients.md

cluster: .venv/cluster.stamp var/static.stamp ## Run a site on three servers, with a database, a cache and a store that survive losses.
	@exec $(PYTHON) -m tools.cluster

cluster-test: $(NEEDED) .venv/cluster.stamp var/static.stamp ## Use a cluster, and kill each kind of its parts, or those named by PARTS.
	@PYTHONPATH=site exec $(PYTHON) -m tools.cluster.proof

fuzz: $(NEEDED) .venv/postgres.stamp var/static.stamp ## Send N (20,000) hostile requests to the site, on each database.
	@$(STRESS) fuzz
	@$(WITH_POSTGRES) $(STRESS) fuzz

crash: $(NEEDED) .venv/postgres.stamp var/static.stamp ## Kill the site ROUNDS (50) times, kill its workers, and reload it while people write, on each database.
	@$(STRESS) clicks crash workers overload reload
	@$(WITH_POSTGRES) $(STRESS) clicks crash workers overload reload

mutants: $(NEEDED) .venv/postgres.stamp ## Break the code in every listed way, or those named by ONLY, and see that tests fail.
	@$(PYTHON) -m tools.mutants $(ONLY)

bench: .venv/run.stamp var/static.stamp ## Measure pages and requests in a town with SCALE million actions.
	@$(PYTHON) -m tools.bench

scaling: .venv/dev.stamp .venv/redis.stamp .venv/postgres.stamp var/static.stamp ## Compute what 1 to 100 million members need, from costs that are measured here.
	@$(PYTHON) -m tools.scaling

audit: $(NEEDED) demo var/lighthouse/stamp ## Print the size of pages and their Lighthouse scores.
	@$(PYTHON) -m tools.audit

screenshots: $(NEEDED) demo ## Take the README's pictures, or with ALL=1 every page in var/screenshots/.
	@$(PYTHON) -m tools.screenshots $(if $(ALL),--all)

icons: .venv/browser.stamp ## Draw the icons of site/root/ and the image of link previews.
	@$(PYTHON) -m tools.icons

messages: .venv/run.stamp .venv/gettext.stamp ## Collect the texts to translate, and compile the translations.
	@$(PYTHON) manage.py makemessages --all --no-obsolete --add-location file --ignore var --ignore venv --ignore cases
	@$(PYTHON) manage.py compilemessages --ignore .venv --ignore var --ignore venv

s3: .venv/s3.stamp ## Install what Magpie needs to keep files in an object store.

setup: ## Install what development needs, and name all packages that are missing.
	@$(MAKE) --keep-going --no-print-directory $(NEEDED) .venv/postgres.stamp var/static.stamp

check: temporary .venv/dev.stamp var/static.stamp ## Lint, check types, settings and migrations.
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	PYTHONPATH=site .venv/bin/lint-imports --no-cache
	$(PYTHON) -m tools.checks
	.venv/bin/djlint --lint --quiet templates components demo
	PYTHONPATH=site $(PYTHON) -m tools.settings_table
	$(PYTHON) manage.py makemigrations --check
	PYTHONPATH=site DJANGO_SETTINGS_MODULE=config.settings $(PYTHON) -m tools.migrations
	SITE_URL=https://magpie.example EMAIL_URL=smtp://localhost DATABASE_URL=postgres://localhost/magpie \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

# Code asks Python for a temporary folder. Only .ci/run, which empties them, may name one.
temporary:
	@git grep --no-index --exclude-standard -InE '$(TEMPORARY)' -- ':!*.md' ':!.ci'; test $$? = 1 || \
		{ echo "These lines name a temporary folder. Ask Python for one." >&2; exit 1; }

lock: $(UV) ## Write exact versions of the packages in pyproject.toml to requirements/.
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml --output-file requirements/run.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra s3 --constraints requirements/run.txt --output-file requirements/s3.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra s3 --group dev --constraints requirements/s3.txt --output-file requirements/dev.txt
	echo uv | $(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		- --output-file requirements/uv.txt

# The proxy can pass through to the media, but not list the folder.
var:
	@install -d -m 711 $@

# The locked uv, for machines without one. --target keeps it out of the system's packages.
var/uv/bin/uv: requirements/uv.txt | var
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
		--require-hashes --upgrade --target var/uv --requirement requirements/uv.txt
	@touch $@

# .python-version names the Python. If it cannot be installed, any that is new enough will do.
.venv/bin/python: | $(UV)
	@echo "Making .venv..."
	@$(UV) venv --quiet .venv || \
		$(UV) venv --quiet --no-python-downloads --python '>=3.12' .venv || \
		{ echo "Magpie needs Python 3.12 or newer, and none could be found or downloaded." >&2; exit 1; }

# Packages that the site needs. Those that `make setup` added stay.
.venv/run.stamp: requirements/run.txt | .venv/bin/python
	@echo "Installing the packages of the site (a minute)..."
	@$(UV) pip install --quiet --require-hashes --requirement requirements/run.txt
	@touch $@

# The packages of the site, and a client for object stores, which is larger than the site.
.venv/s3.stamp: requirements/s3.txt | .venv/run.stamp
	@echo "Installing the client for object stores..."
	@$(UV) pip install --quiet --require-hashes --requirement requirements/s3.txt
	@touch $@

# Packages for development as well.
.venv/dev.stamp: requirements/dev.txt requirements/run.txt | .venv/bin/python
	@echo "Installing the packages for development (a minute)..."
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@touch $@ .venv/run.stamp

install: .venv/run.stamp $(wildcard .venv/s3.stamp) var/static.stamp ## Install or update the site without serving it.
	@echo "Preparing the database..."
	@$(PYTHON) manage.py migrate --verbosity 0

# The server checks its port too, but only after the demo is drawn.
port: | .venv/bin/python
	@$(PYTHON) -I site/web/port.py $(ADDRESS)

# Fill an empty database with demo data.
demo: install
	@DEMO=1 $(PYTHON) manage.py demo --if-empty

# Delete what has expired since the last start.
prune: demo
	@$(PYTHON) manage.py prune

# Hashed and compressed files for browsers. Files of earlier versions stay, because running sites
# and open pages ask for them.
var/static.stamp: .venv/run.stamp site/config/settings/files.py site/web/static_files.py \
		$(shell find site/static components -type f -not -name "*.py*")
	@echo "Collecting the static files (10 seconds)..."
	@$(PYTHON) manage.py collectstatic --no-input --verbosity 0
	@touch $@

# Programs that the tests need.
.venv/browser.stamp .venv/clients.stamp .venv/cluster.stamp .venv/haproxy.stamp .venv/nginx.stamp \
		.venv/postgres.stamp .venv/redis.stamp: .venv/%.stamp: tools/servers/%.py .venv/dev.stamp
	@echo "Installing $* for the tests..."
	@$(PYTHON) -m tools.servers.$*
	@touch $@

# The module names its version.
var/old_browser.stamp: tools/servers/old_browser.py .venv/dev.stamp | var
	@echo "Downloading the oldest Chromium that Magpie supports..."
	@$(PYTHON) -m tools.servers.old_browser
	@touch $@

# Lighthouse, in the version that this module names.
var/lighthouse/stamp: tools/audit/lighthouse.py .venv/browser.stamp
	@echo "Installing Lighthouse..."
	@$(PYTHON) -m tools.audit.lighthouse
	@touch $@

# The program that collects and compiles translations.
.venv/gettext.stamp: | .venv/bin/python
	@command -v msgfmt > /dev/null || { echo "Installing gettext..." && [ "$$(id -u)" = 0 ] && \
		{ apt-get update && apt-get install --yes --no-install-recommends gettext; } > /dev/null; } || \
		{ echo "Translations need the package gettext: install it, then try again." >&2; exit 1; }
	@touch $@
