#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests, where that needs nobody's leave: in CI, as root, on Debian.
# With --check it only says whether there is one.
source "$(dirname "$0")/lib.sh"

there_is_one() {
  [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null
}

if [ "${1:-}" = --check ]; then
  there_is_one
  exit
fi
if ! there_is_one && [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "Installing Chromium for the browser tests"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null ||
    note "Chromium could not be installed."
fi
