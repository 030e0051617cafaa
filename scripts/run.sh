#!/usr/bin/env bash
# Serves on workerd, with D1, KV, Queues and the cron emulated on disk. Keeps its data; `make reset` forgets it.
source "$(dirname "$0")/lib.sh"

PORT=${PORT:-8787}
export CI=1 # wrangler asks nothing

(exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null &&
  fail "Port $PORT is taken." "Stop what listens there, or choose another: PORT=9000 make run"

scripts/build-workers.sh
scripts/dev-vars.sh
# In the file, because both Workers read it: wrangler's --var reaches the first one alone.
settings=$(local_settings "$PORT")
[ "$settings" = "$(cat .dev.vars)" ] || printf '%s\n' "$settings" >.dev.vars

say "Applying migrations to the local databases"
for database in $(databases); do
  wrangler d1 migrations apply "$database" --local >.wrangler-output 2>&1 ||
    fail "The migrations failed on $database." "$(cat .wrangler-output)"
done
say "Loading the demo's stores, with a week of history where there is none"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
mkdir -p "$(target_dir)"
demo="$(target_dir)/demo.sql"
shard=0
for database in $(databases); do
  shard=$((shard + 1))
  scripts/demo-sql.sh "$(sed -n 's/^SEALING_KEY=//p' .dev.vars)" "$shard" "$now" >"$demo"
  [ ! -s "$demo" ] || wrangler d1 execute "$database" --local --yes --file "$demo" >.wrangler-output 2>&1 ||
    fail "The demo could not be loaded into $database." "$(cat .wrangler-output)"
done
rm -f .wrangler-output

say "Starting workerd"
node scripts/run-companion.mjs "http://127.0.0.1:$PORT" &
companion=$!
trap 'kill "$companion" 2>/dev/null || true' EXIT
wrangler dev --config wrangler.toml --config wrangler.desk.toml --ip 127.0.0.1 --port "$PORT" --show-interactive-dev-session=false
