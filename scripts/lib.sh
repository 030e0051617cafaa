# What the scripts share. Source it first: it moves to the root of the repository.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The pinned tools come first: Node 22 (wrangler needs it), wrangler, wasm-opt and esbuild from npm; the rest from .tools.
export PATH="$PWD/node_modules/.bin:$PWD/.tools/bin:$PATH"
# Nothing calls out, and nothing asks.
export WRANGLER_SEND_METRICS=false CLOUDFLARE_CF_FETCH_ENABLED=false

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
note() { printf '  %s\n' "$*" >&2; }
fail() {
  printf '\033[31m✗ %s\033[0m\n' "$1" >&2
  shift
  for line in "$@"; do note "$line"; done
  exit 1
}

# The version of a crate in Cargo.lock.
locked() { awk -v name="\"$1\"" '$1 == "name" && $3 == name { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock; }

# The bindings of the databases in wrangler.toml: DB, DB_2 …
databases() { sed -n 's/^binding = "\(DB\(_[0-9]*\)\{0,1\}\)"$/\1/p' wrangler.toml; }

# Fails where the configurations of the two Workers differ in what both must have alike: their ends.
check_workers_alike() {
  local end='/^# From here on both Workers have the same/,$p'
  [ "$(sed -n "$end" wrangler.toml)" = "$(sed -n "$end" wrangler.desk.toml)" ] ||
    fail "wrangler.toml and wrangler.desk.toml differ in what both Workers must have alike." \
      "See: diff wrangler.toml wrangler.desk.toml"
}

# Where cargo builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$PWD/target}"; }

# Says how large a file is, as it is and as it is downloaded.
note_size() { note "$1: $(($(wc -c <"$1") / 1000)) kB, $(($(gzip -9 -c "$1" | wc -c) / 1000)) kB gzip"; }

# .dev.vars as it is for this port: what names this machine in it (where links lead, the simulator in Twilio's place) has it.
local_settings() {
  sed -e "s|^PUBLIC_URL=\(http://127.0.0.1:[0-9]*\)\{0,1\}$|PUBLIC_URL=http://127.0.0.1:$1|" \
    -e "s|^\(TWILIO_API_URL=http://127.0.0.1:\)[0-9]*\(/simulator/twilio\)$|\1$1\2|" .dev.vars
}
