# `make run` and `make test` do all their own set-up; everything lives in .venv.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := samples/cocktails.json

.DEFAULT_GOAL := help
.PHONY: help run test test-s3 test-aws test-trino check soak screenshots vendor bench format reference lambda lock clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.done  ## Serve the sample catalogue and a year of conversations on 127.0.0.1:$(PORT)
	@$(BIN)/parcook import --if-new $(SAMPLE)
	@exec $(BIN)/parcook serve --demo --port $(PORT)

test: $(VENV)/dev.done .cache/dynalite/done  ## Run all tests but the long trials
	$(BIN)/pytest -n logical --dist loadfile -m "not soak and not trino and not s3 and not aws"

test-s3: $(VENV)/dev.done  ## Run what speaks S3 against versitygw too (builds it once; needs Go)
	scripts/fetch-versitygw .cache/versitygw
	$(BIN)/pytest -m s3

test-aws: $(VENV)/dev.done .cache/dynalite/done  ## Live one day on servers that stand for AWS (fetches Trino and versitygw; minutes)
	scripts/fetch-versitygw .cache/versitygw
	scripts/fetch-trino .cache/trino-476
	$(BIN)/pytest -m aws tests/aws_day

test-trino: $(VENV)/dev.done  ## Run every metric on a real Trino: TRINO_URL's, or one fetched once (needs Maven, Java 24)
	@[ -n "$$TRINO_URL" ] || scripts/fetch-trino .cache/trino-476
	$(BIN)/pytest -m trino tests/trino tests/engines

soak: $(VENV)/dev.done .cache/dynalite/done  ## Run the long trials: kills, hours of load in minutes
	$(BIN)/pytest -m soak

check: $(VENV)/dev.done node_modules/.done  ## What CI runs before the tests: format, lint, types, layers, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/make_reference.py --check
	$(BIN)/python -m parcook.dashboard.schemas --check
	npm run --silent check
	scripts/vendor-d3 --check

screenshots: $(VENV)/dev.done  ## Take the pictures of the README from the demonstration (needs Chromium)
	$(BIN)/python scripts/screenshots

vendor: node_modules/.done  ## Make the page's copy of d3 anew from its packages
	scripts/vendor-d3

bench: $(VENV)/dev.done  ## Measure against the baselines and write docs/benchmarks.md
	$(BIN)/python -m bench

format: $(VENV)/dev.done  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reference: $(VENV)/dev.done  ## Write docs/reference and deploy/athena from what the code declares
	$(BIN)/python docs/make_reference.py
	$(BIN)/python -m parcook.dashboard.schemas
	$(BIN)/parcook ddl athena --location s3://parcook-lake --schema parcook > deploy/athena/tables.sql

lambda: $(VENV)/dev.done  ## Build the packages for AWS Lambda into build/
	$(BIN)/python scripts/build-lambda

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --upgrade

# What Lambda brings itself.
IN_LAMBDA := boto3 botocore s3transfer jmespath urllib3 python-dateutil six

lock:  ## Resolve the dependencies anew (needs uv)
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --all-extras --group dev -c requirements/run.txt -c requirements/build.txt pyproject.toml \
		-o requirements/dev.txt
	$(COMPILE) --extra aws --extra postgres $(addprefix --no-emit-package ,$(IN_LAMBDA)) \
		-c requirements/run.txt -c requirements/dev.txt pyproject.toml -o requirements/lambda.txt

clean:  ## Remove the virtual environment and caches; data stays
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL_SELF := $(PIP) install --quiet --no-deps --no-build-isolation --editable .

$(VENV)/made: scripts/make-venv
	@scripts/make-venv $(PYTHON) $(VENV)
	@touch $@

$(VENV)/run.done: $(VENV)/made requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing parcook into $(VENV) ..." >&2
	@$(PIP) install --quiet --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(INSTALL_SELF)
	@touch $@

# The wheelhouse lets tests install the built wheel and build the Lambda packages, pinned, without a network.
$(VENV)/dev.done: $(VENV)/made requirements/dev.txt requirements/lambda.txt pyproject.toml
	@echo "Installing parcook and its tools into $(VENV) ..." >&2
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@$(INSTALL_SELF)
	@rm -rf .cache/wheelhouse && for of in run lambda; do \
		$(PIP) download --quiet --require-hashes -r requirements/$$of.txt -d .cache/wheelhouse || exit 1; done
	@touch $@

# What checks the page's modules, and what they draw with.
node_modules/.done: package.json package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# A second DynamoDB for the tests; without npm they say that they were skipped.
DYNALITE := tests/servers/dynalite
.cache/dynalite/done: $(DYNALITE)/package.json $(DYNALITE)/package-lock.json
	@mkdir -p $(@D) && cp $^ $(@D)
	@if command -v npm >/dev/null; then npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is not here: dynalite is not installed" >&2; fi
