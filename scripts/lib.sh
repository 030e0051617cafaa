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

# Where cargo builds.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$PWD/target}"; }
