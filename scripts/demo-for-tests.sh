# Makes the demo's SQL for tests and benches. Source it after lib.sh.
# shellcheck shell=bash

# One key for the demo's sealed credentials and for the deployments that open them; it protects nothing.
TEST_SEALING_KEY=$(printf 'a test key that protects nothing' | base64)
DEMO_SQL="$(target_dir)/demo-test.sql"
export TEST_SEALING_KEY DEMO_SQL
mkdir -p "$(target_dir)"
scripts/demo-sql.sh "$TEST_SEALING_KEY" >"$DEMO_SQL"
