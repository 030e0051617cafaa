#!/usr/bin/env bash
# Publishes the Spin application to an OCI registry, from where SpinKube or `spin up --from` run it.
source "$(dirname "$0")/lib.sh"

command -v spin >/dev/null || fail "The spin CLI is missing." "Install Spin 4.1 or newer: https://spinframework.dev/install"
[ -n "${IMAGE:-}" ] ||
  fail "Where to? IMAGE names the registry." "For example: IMAGE=registry.example.com/you/lanekeeper:1 make deploy-spin"
scripts/build-spin.sh --components
say "Publishing to $IMAGE"
spin registry push "$IMAGE"
