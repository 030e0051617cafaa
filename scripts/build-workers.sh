#!/usr/bin/env bash
# Builds the two Workers into build/front and build/desk: index.js and index_bg.wasm each. Also wrangler's [build] command.
source "$(dirname "$0")/lib.sh"

command -v worker-build >/dev/null || fail "worker-build is missing." "Run: make setup"

stamp=build/.built
if [ -e "$stamp" ] && [ -z "$(find functions shared units Cargo.toml Cargo.lock .cargo "$0" -newer "$stamp" -print -quit)" ]; then
  note "The Workers are up to date."
  exit
fi
# As old as the start of this build: a source that changes meanwhile is newer.
started=$(mktemp)
say "Building the Workers (release; some minutes the first time)"

# worker-build looks for these first, and would download others.
export WASM_BINDGEN_BIN="$PWD/.tools/bin/wasm-bindgen"
export WASM_OPT_BIN="$PWD/node_modules/.bin/wasm-opt"
export ESBUILD_BIN="$PWD/node_modules/.bin/esbuild"

build() {
  local unit=$1
  # worker-build puts its output beside the crate: this is build/ here, which the wrangler.toml of each unit names.
  worker-build --release --out-dir "../../build/$unit" "units/cloudflare-$unit" ||
    fail "The Worker of the $unit did not build." "The compiler's message is above. After a change of tools, try: make setup"
  # worker-build keeps the names of functions, a tenth of the download; nothing here is debugged by them.
  wasm-opt --strip-debug --enable-mutable-globals --enable-sign-ext --enable-nontrapping-float-to-int --enable-bulk-memory \
    --enable-multivalue --enable-reference-types --enable-exception-handling \
    "build/$unit/index_bg.wasm" --output "build/$unit/index_bg.wasm"
  note_size "build/$unit/index_bg.wasm"
}

build front
build desk
mv "$started" "$stamp"
