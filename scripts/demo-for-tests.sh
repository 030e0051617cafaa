# Makes the demo's SQL for tests and benches. Source it after lib.sh.
# shellcheck shell=bash

# One key for the demo's sealed credentials and for the deployments that open them; it protects nothing.
TEST_SEALING_KEY=$(printf 'a test key that protects nothing' | base64)
DEMO_SQL="$(target_dir)/demo-test.sql $(target_dir)/demo-test-2.sql" # of the first shard, of the second
export TEST_SEALING_KEY DEMO_SQL
mkdir -p "$(target_dir)"
shard=0
for file in $DEMO_SQL; do
  shard=$((shard + 1))
  scripts/demo-sql.sh "$TEST_SEALING_KEY" "$shard" >"$file"
done
