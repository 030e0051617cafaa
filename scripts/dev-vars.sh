#!/usr/bin/env bash
# Writes .dev.vars from .dev.vars.example, with keys of its own, unless it is there.
source "$(dirname "$0")/lib.sh"

[ -e .dev.vars ] && exit
say "Writing .dev.vars: local settings, with new keys"
key() { node -p 'crypto.randomBytes(32).toString("base64")'; }
push_key() { node -p 'crypto.randomBytes(32).toString("base64url")'; }
sed -e "s|^SEALING_KEY=.*|SEALING_KEY=$(key)|" \
  -e "s|^VAPID_PRIVATE_KEY=.*|VAPID_PRIVATE_KEY=$(push_key)|" \
  -e "s|^VAPID_SUBJECT=.*|VAPID_SUBJECT=mailto:owner@demo.example|" \
  -e "s|^INTERNAL_SECRET=.*|INTERNAL_SECRET=$(key)|" .dev.vars.example >.dev.vars.new
chmod 600 .dev.vars.new
mv .dev.vars.new .dev.vars
