#!/usr/bin/env bash
# Runs tests/edge on one runtime: `scripts/test-edge.sh workerd|wasmtime|spin [file …]`. Build first.
source "$(dirname "$0")/lib.sh"

export RUNTIME=${1:?which runtime: workerd, wasmtime or spin}
shift
[ $# -gt 0 ] || set -- tests/edge/*.test.mjs

source scripts/demo-for-tests.sh
say "Testing on $RUNTIME"
node --disable-warning=ExperimentalWarning --test --test-reporter=spec "$@"
