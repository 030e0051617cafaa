#!/usr/bin/env bash
# Prints the SQL that loads the demo's stores into the database of this number; loading it twice changes nothing.
# `scripts/demo-sql.sh SEALING_KEY SHARD`
source "$(dirname "$0")/lib.sh"

SEALING_KEY="${1:?the sealing key}" cargo run --quiet --package lanekeeper-setup -- demo --shard "${2:?the number of the shard}"
