#!/usr/bin/env bash
# Prints the SQL that loads the demo's stores into the database of this number; loading it twice changes nothing. With a
# time (2026-11-20T15:04:05Z) also a week of history until then.
# `scripts/demo-sql.sh SEALING_KEY SHARD [NOW]`
source "$(dirname "$0")/lib.sh"

SEALING_KEY="${1:?the sealing key}" cargo run --quiet --package lanekeeper-setup -- \
  demo ${3:+--history "$3"} --shard "${2:?the number of the shard}"
