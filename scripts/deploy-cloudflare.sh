#!/usr/bin/env bash
# Applies migrations to the remote databases and deploys both Workers.
source "$(dirname "$0")/lib.sh"

grep -q 'database_id = "00000000-' wrangler.toml &&
  fail "wrangler.toml still has the placeholder ids." \
    "Log in:   node_modules/.bin/node node_modules/.bin/wrangler login" \
    "Create:   wrangler d1 create lanekeeper; wrangler d1 create lanekeeper-2; wrangler kv namespace create CACHE;" \
    "          wrangler queues create deliveries; wrangler queues create deliveries-dead" \
    "Put the ids that they print into wrangler.toml and wrangler.desk.toml, then:" \
    "          wrangler secret put SEALING_KEY     (32 random bytes in base64: openssl rand -base64 32)" \
    "          wrangler secret put SEALING_KEY --config wrangler.desk.toml     (the same)" \
    "          make deploy-cloudflare"
check_workers_alike
say "Applying migrations to the remote databases"
for database in $(databases); do wrangler d1 migrations apply "$database" --remote; done
scripts/build-workers.sh
# The desk first: the front's binding names it.
say "Deploying"
wrangler deploy --config wrangler.desk.toml
wrangler deploy
