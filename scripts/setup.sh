#!/usr/bin/env bash
# Installs what the build needs, into this directory only: npm packages and two command-line tools; and the wasm
# targets of Rust. Does nothing when everything is there.
source "$(dirname "$0")/lib.sh"

WORKER_BUILD_VERSION=0.8.7
TARGETS=(wasm32-unknown-unknown wasm32-wasip2)

need() { command -v "$1" >/dev/null || fail "$1 is missing." "$2"; }

check_prerequisites() {
  need cargo "Install Rust 1.94 or newer from https://rustup.rs and start again."
  need npm "Install Node.js 20 or newer (with npm) from https://nodejs.org and start again."
  need cc "Install a C compiler (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)."
  local wanted=1.94 have
  have=$(rustc --version | awk '{ print $2 }')
  [ "$(printf '%s\n' "$wanted" "${have%%-*}" | sort -V | head -n 1)" = "$wanted" ] ||
    fail "Rust $have is too old; $wanted is needed." "Run: rustup update stable"
}

install_targets() {
  local libraries target
  libraries=$(rustc --print sysroot)/lib/rustlib
  for target in "${TARGETS[@]}"; do
    [ -d "$libraries/$target/lib" ] && continue
    say "Adding Rust's target $target"
    command -v rustup >/dev/null || fail "Rust's target $target is missing." "Install it with your package manager, or Rust with rustup."
    rustup target add "$target"
  done
}

# The stamp is the lock file as it was installed.
install_packages() {
  local stamp=node_modules/.installed-lock
  cmp --silent package-lock.json "$stamp" && return
  say "Installing npm packages (about ten seconds)"
  npm ci --no-audit --no-fund --loglevel=error ||
    fail "npm ci failed." "Is the npm registry reachable? Try: npm ping"
  # npm may be told not to run install scripts; this one fetches Node's binary, without which nothing here runs.
  node_modules/.bin/node --version >/dev/null 2>&1 || (cd node_modules/node && node installArchSpecificPackage)
  cp package-lock.json "$stamp"
}

# Compiled at a low optimisation level: they run for a second, and building them takes minutes.
install_tool() {
  local crate=$1 program=$2 version=$3
  [ "$(".tools/bin/$program" --version 2>/dev/null | awk '{ print $NF }')" = "$version" ] && return
  if cargo binstall -V >/dev/null 2>&1; then
    say "Installing $crate $version into .tools/ with cargo-binstall"
    cargo binstall --no-confirm --root .tools "$crate@$version" && return
    note "cargo-binstall could not; building it instead."
  fi
  say "Building $crate $version into .tools/ (once; two to three minutes on two cores)"
  CARGO_TARGET_DIR="$(target_dir)/tools" CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install --locked --root .tools --version "$version" "$crate" ||
    fail "$crate could not be built." "Is crates.io reachable? Try: cargo info $crate@$version"
}

check_prerequisites
install_targets
install_packages
install_tool wasm-bindgen-cli wasm-bindgen "$(locked wasm-bindgen)"
install_tool worker-build worker-build "$WORKER_BUILD_VERSION"
note "Set-up is complete."
