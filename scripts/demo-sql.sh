#!/usr/bin/env bash
# Prints the SQL that loads the demo's stores; loading it twice changes nothing. `scripts/demo-sql.sh SEALING_KEY`
source "$(dirname "$0")/lib.sh"

SEALING_KEY="${1:?the sealing key}" cargo run --quiet --package lanekeeper-setup -- demo
