#!/usr/bin/env bash
# Serves the Spin components on Spin, with the demo's stores. Keeps its data in .spin/.
source "$(dirname "$0")/lib.sh"

PORT=${PORT:-3000}
command -v spin >/dev/null ||
  fail "The spin CLI is missing." "Install Spin 4.1 or newer: https://spinframework.dev/install" "Then: make run-spin"
scripts/build-spin.sh --components
scripts/dev-vars.sh

say "Loading the demo's stores, with a week of history where there is none"
mkdir -p .spin
SEALING_KEY=$(sed -n 's/^SEALING_KEY=//p' .dev.vars) \
  cargo run --quiet --package lanekeeper-setup -- \
  demo --history "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --sqlite .spin/sqlite_db.db .spin/shard2.db

# The settings of .dev.vars, as Spin's variables: lower case.
variables=()
while IFS='=' read -r name value; do
  [ -n "$value" ] && variables+=(--variable "$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')=$value")
done < <(local_settings "$PORT" | grep -E '^[A-Z_]+=')

say "Serving on http://127.0.0.1:$PORT"
note "Spin has no cron: reminders and retries leave when somebody calls POST /internal/tick (see README.md)."
exec spin up --runtime-config-file spin-runtime.toml --listen "127.0.0.1:$PORT" "${variables[@]}"
