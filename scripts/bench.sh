#!/usr/bin/env bash
# Measures openings, the cost of stored history, the inbox and what waiting costs natively, then the built wasm on
# workerd and wasmtime. BENCH_SECONDS=10 BENCH_CONNECTIONS=32 make bench
source "$(dirname "$0")/lib.sh"

scripts/build-workers.sh
scripts/build-spin.sh
source scripts/demo-for-tests.sh
# In memory where that is possible: otherwise it is the disk's fsync that is measured, the floor's as ours.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
  export TMPDIR=/dev/shm
  note "The databases are in memory (/dev/shm)."
fi
say "Recording the turns"
BENCH_TURNS="$(target_dir)/bench-turns.json"
export BENCH_TURNS
cargo run --quiet --package lanekeeper-conversations --bin record-turns >"$BENCH_TURNS"
say "Measuring the rules and the database natively"
cargo run --quiet --release --package lanekeeper-conversations --bin measure
cargo run --quiet --release --package lanekeeper-desk-tests --bin measure-desk
say "Measuring"
node --disable-warning=ExperimentalWarning tests/load/bench.mjs
