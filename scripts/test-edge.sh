#!/usr/bin/env bash
# Runs tests/edge on one runtime: `scripts/test-edge.sh workerd|wasmtime|spin [file …]`. Build first.
source "$(dirname "$0")/lib.sh"

export RUNTIME=${1:?which runtime: workerd, wasmtime or spin}
shift
[ $# -gt 0 ] || set -- tests/edge/*.test.mjs

# One key for the demo's sealed credentials and for the deployments that open them; it protects nothing.
TEST_SEALING_KEY=$(printf 'a test key that protects nothing' | base64)
DEMO_SQL="$(target_dir)/demo-test.sql"
export TEST_SEALING_KEY DEMO_SQL
scripts/demo-sql.sh "$TEST_SEALING_KEY" >"$DEMO_SQL"

say "Testing on $RUNTIME"
node --disable-warning=ExperimentalWarning --test --test-reporter=spec "$@"
