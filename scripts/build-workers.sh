#!/usr/bin/env bash
# Builds the Worker into build/: index.js and index_bg.wasm. Also wrangler's [build] command.
source "$(dirname "$0")/lib.sh"

command -v worker-build >/dev/null || fail "worker-build is missing." "Run: make setup"

stamp=build/.built
if [ -e "$stamp" ] && [ -z "$(find functions shared Cargo.toml Cargo.lock .cargo "$0" -newer "$stamp" -print -quit)" ]; then
  note "The Worker is up to date."
  exit
fi
# As old as the start of this build: a source that changes meanwhile is newer.
started=$(mktemp)
say "Building the Worker (release; a minute or two the first time)"

# worker-build looks for these first, and would download others.
export WASM_BINDGEN_BIN="$PWD/.tools/bin/wasm-bindgen"
export WASM_OPT_BIN="$PWD/node_modules/.bin/wasm-opt"
export ESBUILD_BIN="$PWD/node_modules/.bin/esbuild"

# worker-build puts its output beside the crate; ../../build is build/ here, which wrangler.toml names.
worker-build --release --out-dir ../../build functions/cloudflare ||
  fail "The Worker did not build." "The compiler's message is above. After a change of tools, try: make setup"
# worker-build keeps the names of functions, a tenth of the download; nothing here is debugged by them.
wasm-opt --strip-debug --enable-mutable-globals --enable-sign-ext --enable-nontrapping-float-to-int --enable-bulk-memory \
  --enable-multivalue --enable-reference-types --enable-exception-handling build/index_bg.wasm --output build/index_bg.wasm
mv "$started" "$stamp"

raw=$(wc -c <build/index_bg.wasm)
gzipped=$(gzip -9 -c build/index_bg.wasm | wc -c)
note "build/index_bg.wasm: $((raw / 1000)) kB, $((gzipped / 1000)) kB gzip"
