#!/usr/bin/env bash
# Serves the Spin component on Spin.
source "$(dirname "$0")/lib.sh"

command -v spin >/dev/null ||
  fail "The spin CLI is missing." "Install Spin 4.1 or newer: https://spinframework.dev/install" "Then: make run-spin"
[ -e spin.toml ] || fail "There is no spin.toml yet."
scripts/build-spin.sh
scripts/dev-vars.sh "${PORT:-3000}"
say "Serving on http://127.0.0.1:${PORT:-3000}"
exec spin up --listen "127.0.0.1:${PORT:-3000}"
