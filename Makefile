# dagdeck. `make` lists the targets. Each target installs what it needs, into .tools/.

PORT ?= 8080
export PORT
STEP := $(CURDIR)/scripts/step

PACKAGES := www/node_modules/.package-lock.json
MODULE := www/pkg/dagdeck_bg.wasm
PYTHON_MODULE := www/pkg-python/dagdeck_python_bg.wasm
SITE := www/dist/index.html

RUST_FILES := Cargo.toml Cargo.lock .cargo/config.toml $(shell find src -type f)
# With Python if it was built, unless PYTHON=0. The site is built again when that changes.
SITE_KIND := target/site-$(if $(filter 0,$(PYTHON)),without,$(if $(wildcard $(PYTHON_MODULE)),with,without))-python
SITE_FILES := $(shell find www -type f -not -path '*/node_modules/*' -not -path 'www/dist/*' -not -path 'www/dist-package/*' -not -path 'www/pkg/*' \
	-not -path 'www/pkg-python/*' \
	-not -path 'www/test/*')

# Every step already uses all cores.
.NOTPARALLEL:
.DELETE_ON_ERROR:
# It is moved into place when complete: an interrupted build leaves the previous one.
.PRECIOUS: www/pkg/dagdeck_bg.wasm www/pkg-python/dagdeck_python_bg.wasm
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build serve ## Build everything and serve it at http://localhost:8080/ (PORT=... for another port)
test: test-host test-loom test-wasm test-js test-e2e test-firefox test-listings test-dask ## Run every test
build: $(SITE) ## Build the static site into www/dist/
python: $(PYTHON_MODULE) ## Build Python for the page, and the site with it (about 10 min the first time)
	@$(MAKE) --no-print-directory build

check: check-format lint types test-host ## The fast loop: format, lint, types, host tests

serve: $(PACKAGES) ## Serve www/dist/ without building it (TALKS=folder: also the talks in a folder; HOST=0.0.0.0: to other machines)
	@exec node www/serve.mjs $(if $(TALKS),--talks="$(TALKS)") $(if $(findstring command,$(origin HOST)),--host="$(HOST)")

cluster: ## Run a Dask cluster on this machine for the page, and print its URL (WORKERS=2 THREADS=1 CLUSTER_PORT=8787)
	@exec scripts/cluster --workers $(or $(WORKERS),2) --threads $(or $(THREADS),1) --port $(or $(CLUSTER_PORT),8787)

# --- Build

$(SITE): $(MODULE) $(if $(filter 0,$(PYTHON)),,$(wildcard $(PYTHON_MODULE))) $(SITE_KIND) $(PACKAGES) $(SITE_FILES)
	@cd www && $(STEP) site "building the site (about 10 s)" npm run build

$(MODULE): $(RUST_FILES) scripts/module | node
	@scripts/module

$(SITE_KIND):
	@mkdir -p target && rm -f target/site-*-python && touch $@

$(PYTHON_MODULE): $(shell find python -type f -not -name '*.md') $(RUST_FILES) scripts/python-module | node
	@scripts/python-module

$(PACKAGES): www/package.json www/package-lock.json | node
	@cd www && $(STEP) npm "installing node packages (about 20 s)" npm ci

# --- Tests

test-host: compiler ## The crate on the host: unit, integration and documentation tests
	@$(STEP) -l 30 test-host "compiling the host tests (about 1 min the first time)" cargo test --no-run
	@$(STEP) -v -l 15 test-host "Host tests" cargo test --quiet

test-loom: compiler ## Locks and lock-free parts in every interleaving of small cases
	@$(STEP) -v -l 30 test-loom "Interleavings (compiling takes about 1 min the first time)" env RUSTFLAGS="--cfg loom" \
		cargo test --quiet --lib --profile loom --target-dir target/loom interleavings

test-wasm: ## The crate in headless Chromium and Firefox, in a worker with a pool, by wasm-pack
	@scripts/wasm-test chromium
	@scripts/wasm-test firefox

test-js: $(PACKAGES) ## The JavaScript modules in node
	@cd www && $(STEP) -v -l 10 test-js "JavaScript tests" npm test --silent

test-e2e: $(SITE) ## The built site in headless Chromium
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && $(STEP) -v -l 40 test-e2e "End-to-end tests" npm run --silent e2e
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && $(STEP) -v -l 40 test-pages "Pages" npm run --silent pages

test-python: python ## Python in the built site, in headless Chromium
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && $(STEP) -v -l 15 test-python "Python in the page" npm run --silent e2e -- /python /cells.spec

storm: python ## Stop 500 cells of Python at random moments (SEED=1, COUNT=500)
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && STORM=$(or $(COUNT),500) $(STEP) -v -l 15 storm "Cells that are stopped" npm run --silent e2e -- /python-storm

pictures: $(SITE) ## Take pictures of every slide in each theme and size, into www/test/output/pictures/ (about 6 min)
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && ALL_PICTURES=1 $(STEP) -v -l 15 pictures "Pictures" npm run --silent pages -- /looks.spec

test-firefox: $(SITE) ## The built site in headless Firefox: load, run, cancel
	@browser=$$(scripts/browser firefox) && eval "$$browser" && \
		cd www && $(STEP) -v -l 15 test-firefox "Firefox" npm run --silent firefox

package: $(MODULE) $(PACKAGES) ## Build the npm package of <dag-demo> into www/dist-package/
	@cd www && $(STEP) package "building the npm package (about 5 s)" npm run build:package

test-listings: $(SITE) ## Compare the page's results with the output of the Python listings, run by Dask
	@browser=$$(scripts/browser chromium) && eval "$$browser" && PYTHON=$$(scripts/python) && export PYTHON && \
		cd www && $(STEP) -v -l 20 test-listings "Listings" npm run --silent listings

test-dask: $(SITE) ## The package for Dask, and the page with it: on a real scheduler with real workers
	@python=$$(scripts/python) && cd dask && $(STEP) -v -l 10 test-dask "The package for Dask" sh -c \
		"PYTHONDONTWRITEBYTECODE=1 $$python -m mypy && PYTHONDONTWRITEBYTECODE=1 $$python -m pytest"
	@browser=$$(scripts/browser chromium) && eval "$$browser" && PYTHON=$$(scripts/python) && export PYTHON && \
		cd www && $(STEP) -v -l 10 test-dask-page "The page with a Dask cluster" npm run --silent dask

bench: $(SITE) ## Measure the cost of runs in Chromium, on the host and in Dask (about 15 min): benches/RESULTS.md
	@scripts/bench

recordings: $(SITE) ## Record a fallback run for each demo of the talk that has none (ALL=1: for all)
	@browser=$$(scripts/browser chromium) && eval "$$browser" && \
		cd www && $(STEP) -v -l 30 recordings "Recording the demos" npm run --silent recordings

recording-dask: $(SITE) ## Record a run on a real Dask cluster: dask/examples
	@browser=$$(scripts/browser chromium) && eval "$$browser" && PYTHON=$$(scripts/python) && export PYTHON && \
		cd www && $(STEP) recording-dask "recording a run on a Dask cluster (about 20 s)" node recordings/make-dask.mjs

reference: ## Regenerate the reference values in tests/fixtures with NumPy and Dask
	@scripts/reference

generated: compiler ## Write the files that are made from the crate's lists of operations
	@GENERATE=1 $(STEP) -l 15 generated "writing the generated files" cargo test --quiet --lib generated

# The current time is a seed that was not used before; the log shows it.
fuzz: compiler ## Compare random chains of array operations with Dask (SEED=..., COUNT=1000)
	@python=$$(scripts/python) seed=$${SEED-$$(date +%s)} count=$${COUNT-1000} && mkdir -p target && \
		$(STEP) -l 60 fuzz-dask "running $$count chains of seed $$seed in Dask (about 1 min each 1000)" \
		$$python tests/reference/fuzz.py $$seed $$count target/fuzz.json && \
		EXPRESSIONS=target/fuzz.json $(STEP) -v -l 15 fuzz "Chains of seed $$seed" cargo test --quiet --test expressions dask

# --- Format and lint

format: compiler $(PACKAGES) ## Format the code
	@cargo fmt
	@rustfmt --edition 2024 python/src/lib.rs python/build.rs
	@cd www && npm run --silent format

check-format: compiler
	@$(STEP) -f "make format" format "checking the format of the Rust code" \
		sh -c 'cargo fmt --check && rustfmt --check --edition 2024 python/src/lib.rs python/build.rs'

lint: compiler $(PACKAGES) ## Import rules, clippy (for the host and for WebAssembly), rustdoc, eslint, prettier; warnings are errors
	@$(STEP) modules "checking which module imports which" scripts/modules
	@$(STEP) lint-host "linting the crate for the host" cargo clippy --all-targets -- -D warnings
	@$(STEP) lint-wasm "linting the crate for WebAssembly" scripts/wasm cargo clippy --lib --test web -- -D warnings
	@RUSTDOCFLAGS="-D warnings" $(STEP) doc "documenting the crate" cargo doc --no-deps
	@cd www && $(STEP) lint-js "linting the JavaScript" npm run lint

# This needs the types that come with the module, but an older module is good enough.
types: $(PACKAGES) $(if $(wildcard $(MODULE)),,$(MODULE)) ## Check the JavaScript's types
	@cd www && $(STEP) types "checking the JavaScript's types" npm run types

clean: ## Remove build output, keep what was installed
	@rm -rf target www/pkg www/pkg-python www/dist www/dist-package

distclean: clean ## Also remove what was installed
	@rm -rf .tools www/node_modules

compiler:
	@scripts/compiler >/dev/null

node:
	@scripts/node

.PHONY: help demo test build python test-python storm check serve cluster test-host test-loom test-wasm test-js test-e2e test-firefox test-listings test-dask \
	bench package recordings recording-dask reference generated fuzz format check-format lint types clean distclean compiler node
