#!/usr/bin/env bash
# Sends thousands of generated requests to the API of the built Worker and holds its answers against the API's own
# description (schemathesis): no 5xx, no answer that is not described. Build first. Needs Python 3.10 or newer.
source "$(dirname "$0")/lib.sh"

VERSION=4.32.5
venv=.tools/schemathesis

if ! "$venv/bin/st" --version 2>/dev/null | grep -qF "$VERSION"; then
  say "Installing schemathesis $VERSION into $venv"
  python3 -m venv --clear "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION" ||
    fail "schemathesis was not installed." "It needs Python 3.10 or newer with venv (Debian: apt-get install python3-venv)."
fi

source scripts/demo-for-tests.sh
say "Testing the API against its description"
PATH="$PWD/$venv/bin:$PATH" node --disable-warning=ExperimentalWarning tests/edge/schemathesis.mjs
