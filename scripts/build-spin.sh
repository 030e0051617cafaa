#!/usr/bin/env bash
# Builds the Spin component, and the host that runs it on wasmtime in tests; with --component only the first.
source "$(dirname "$0")/lib.sh"

say "Building the Spin component (release; a minute or two the first time)"
cargo build --quiet --release --target wasm32-wasip2 --package lanekeeper-spin
component="$(target_dir)/wasm32-wasip2/release/lanekeeper_spin.wasm"
note "$component: $(($(wc -c <"$component") / 1000)) kB, $(($(gzip -9 -c "$component" | wc -c) / 1000)) kB gzip"

[ "${1:-}" = --component ] && exit
say "Building its test host (wasmtime; several minutes the first time)"
cargo build --quiet --profile host --package lanekeeper-spin-host
