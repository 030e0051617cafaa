#!/usr/bin/env bash
# Takes the pictures of README.md anew, from the demo with its week of history as it is now.
source "$(dirname "$0")/lib.sh"

scripts/build-workers.sh
scripts/chromium.sh
export RUNTIME=workerd
source scripts/demo-for-tests.sh
say "Living through the demo's week"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
shard=0
for file in $DEMO_SQL; do
  shard=$((shard + 1))
  scripts/demo-sql.sh "$TEST_SEALING_KEY" "$shard" "$now" >"$file"
done
say "Taking the pictures"
node --disable-warning=ExperimentalWarning tests/browser/pictures.mjs
