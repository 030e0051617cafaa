#!/usr/bin/env bash
# Every test there is. Stops at the first step that fails.
source "$(dirname "$0")/lib.sh"

scripts/lint.sh
say "Testing the crates natively"
cargo test --quiet
scripts/build-workers.sh
scripts/build-spin.sh
say "Testing the host of the Spin components"
cargo test --quiet --profile host --package lanekeeper-spin-host
scripts/test-edge.sh workerd
scripts/test-api.sh
scripts/test-edge.sh wasmtime
if command -v spin >/dev/null; then
  scripts/test-edge.sh spin
else
  note "Spin itself was not tested: the spin CLI is not on the PATH (https://spinframework.dev has it)."
fi
scripts/chromium.sh
if scripts/chromium.sh --check; then
  scripts/test-edge.sh workerd tests/browser/*.test.mjs
else
  note "The pages were not tested: no Chromium is on the PATH (Debian: apt-get install chromium), and CHROMIUM names none."
fi
say "All tests pass."
