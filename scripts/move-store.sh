#!/usr/bin/env bash
# Moves a store of a running deployment to another of its databases: scripts/move-store.sh STORE SHARD URL, with
# INTERNAL_SECRET in the environment. It may be stopped, and goes on when it is called again; a move back to the shard that
# the store comes from calls it off, as long as it is only copying.
source "$(dirname "$0")/lib.sh"

[ $# = 3 ] && [ -n "${INTERNAL_SECRET:-}" ] || fail "usage: INTERNAL_SECRET=… scripts/move-store.sh STORE SHARD URL"
say "Moving $1 to shard $2: customers who write meanwhile are answered when it is done"
for (( ; ; )); do
  answer=$(curl --silent --show-error --fail-with-body "$3/internal/move-store" \
    --header "authorization: Bearer $INTERNAL_SECRET" --data "{\"store\": \"$1\", \"shard\": $2}") ||
    fail "It stopped." "$answer" "What has gone over stays; call it again."
  note "$answer"
  case $answer in *'"step":"done"'*) break ;; esac
done
note "If a setup file names the shard of $1, change it there too."
