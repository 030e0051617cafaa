#!/usr/bin/env bash
# Prints the SQL that loads the demo's stores; loading it twice changes nothing. `scripts/demo-sql.sh SEALING_KEY`
source "$(dirname "$0")/lib.sh"

if [ ! -e demo/Cargo.toml ]; then
  note "There is no demo yet."
  exit
fi
cargo run --quiet --package lanekeeper-demo -- sql --sealing-key "${1:?the sealing key}"
