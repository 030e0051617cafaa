-- What the JSON API needs: answers that are given again, and the names under which other systems know customers, cars and
-- appointments.

-- The answer to a request that created something, written in the same batch as what it created. The same key brings it
-- again. `fingerprint` is the SHA-256 of the request.
CREATE TABLE idempotency_keys (
  store_id TEXT NOT NULL REFERENCES stores (id),
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (store_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

ALTER TABLE customers ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX customers_by_external_id ON customers (store_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX customers_by_creation ON customers (store_id, created_at, id);
DROP INDEX customers_by_store;

ALTER TABLE vehicles ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX vehicles_by_external_id ON vehicles (store_id, external_id) WHERE external_id IS NOT NULL;

ALTER TABLE appointments ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX appointments_by_external_id ON appointments (store_id, external_id) WHERE external_id IS NOT NULL;

-- Lists in the order of time.
CREATE INDEX opt_outs_by_time ON opt_outs (store_id, since DESC);
DROP INDEX opt_outs_by_store;
CREATE INDEX consent_events_by_time ON consent_events (store_id, at DESC, id);
DROP INDEX consent_events_by_store;
