#!/usr/bin/env bash
# Format, lints, and whether the Workers' configurations agree.
source "$(dirname "$0")/lib.sh"

say "Checking the format"
cargo fmt --all --check || fail "The format differs." "Run: cargo fmt --all"
check_workers_alike
say "Running clippy (all crates; a minute or two the first time)"
cargo clippy --quiet --workspace --all-targets -- --deny warnings
