#!/usr/bin/env bash
# Forgets the local data of both runtimes. Settings (.dev.vars) stay.
source "$(dirname "$0")/lib.sh"

rm -rf .wrangler/state .spin
note "The local data is gone; make run starts afresh."
