#!/usr/bin/env bash
# Builds the two Spin components, and the host that runs them on wasmtime in tests; with --components only the first.
source "$(dirname "$0")/lib.sh"

say "Building the Spin components (release; some minutes the first time)"
cargo build --quiet --release --target wasm32-wasip2 --package lanekeeper-spin-front --package lanekeeper-spin-desk
for unit in front desk; do note_size "$(target_dir)/wasm32-wasip2/release/lanekeeper_spin_$unit.wasm"; done

[ "${1:-}" = --components ] && exit
say "Building their test host (wasmtime; several minutes the first time)"
cargo build --quiet --profile host --package lanekeeper-spin-host
