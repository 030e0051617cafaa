# Every command of the project. `make` alone explains them; the work is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help setup build run reset test lint openapi pictures bench run-spin deploy-cloudflare deploy-spin

help: ## Show this
	@printf '\nLanekeeper\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1mmake %-18s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nStart with \033[1mmake run\033[0m. PORT=9000 make run serves elsewhere.\n\n'

setup: ## Install what the build needs, into this directory (quick the second time)
	@scripts/setup.sh

build: setup ## Build the wasm of both units for both runtimes
	@scripts/build-workers.sh
	@scripts/build-spin.sh

run: setup ## Serve with demo data on http://127.0.0.1:8787
	@scripts/run.sh

reset: ## Forget the local data
	@scripts/reset.sh

test: setup ## Run every test
	@scripts/test.sh

lint: ## Check format and lints
	@scripts/lint.sh

openapi: ## Write the description of the API anew (functions/api/openapi.json)
	@cargo run --quiet --package lanekeeper-api-tests --bin write-openapi

pictures: setup ## Take the pictures of README.md anew (needs Chromium)
	@scripts/pictures.sh

bench: setup ## Measure turns per second, latency and size
	@scripts/bench.sh

run-spin: setup ## Serve on Spin (needs the spin CLI)
	@scripts/run-spin.sh

deploy-cloudflare: setup ## Deploy both Workers to Cloudflare
	@scripts/deploy-cloudflare.sh

deploy-spin: setup ## Deploy the Spin application
	@scripts/deploy-spin.sh
