-- Times are milliseconds since 1970 in UTC. JSON columns hold what is read and written whole.

CREATE TABLE stores (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  profile TEXT NOT NULL CHECK (json_valid(profile))
) STRICT;
CREATE INDEX stores_by_group ON stores (group_id);

-- One address of a store at one provider. Credentials are sealed (AES-256-GCM, the line's id as associated data).
CREATE TABLE lines (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  provider TEXT NOT NULL,
  address TEXT NOT NULL,
  credentials TEXT NOT NULL,
  simulated INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX lines_by_store ON lines (store_id);

-- Keys of the JSON API, by the SHA-256 of their text.
CREATE TABLE api_keys (
  hash TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  name TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX customers_by_store ON customers (store_id);

-- How a store knows a customer again: a phone number, later an address of a messaging platform.
CREATE TABLE identities (
  store_id TEXT NOT NULL REFERENCES stores (id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  PRIMARY KEY (store_id, kind, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_customer ON identities (customer_id);

CREATE TABLE vehicles (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  year INTEGER,
  make TEXT,
  model TEXT,
  plate TEXT,
  vin TEXT,
  mileage INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX vehicles_by_customer ON vehicles (customer_id);
CREATE INDEX vehicles_by_store ON vehicles (store_id);

CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  peer TEXT NOT NULL,
  customer_id TEXT NOT NULL REFERENCES customers (id),
  language TEXT NOT NULL,
  handling TEXT NOT NULL DEFAULT 'ai' CHECK (handling IN ('ai', 'person')),
  handover_reason TEXT,
  handed_over_at INTEGER,
  mood TEXT NOT NULL DEFAULT 'calm',
  turns INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (json_valid(state)),
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (line_id, peer)
) STRICT;
CREATE INDEX conversations_by_store ON conversations (store_id, updated_at DESC, id);
CREATE INDEX conversations_by_customer ON conversations (customer_id);

-- `position` orders messages of the same millisecond: what came in, then what we answered.
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  author TEXT NOT NULL CHECK (author IN ('customer', 'ai', 'person')),
  text TEXT NOT NULL,
  media TEXT NOT NULL DEFAULT '[]',
  provider_message_id TEXT,
  reply_to TEXT REFERENCES messages (id),
  created_at INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (line_id, provider_message_id)
) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation_id, created_at, position);
CREATE INDEX messages_by_reply_to ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_by_store ON messages (store_id);

-- One row per turn. Its key is also the conversation's optimistic lock: of two turns that start from the same state
-- only one can be number n.
CREATE TABLE turns (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  number INTEGER NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  message_id TEXT NOT NULL REFERENCES messages (id),
  understanding TEXT NOT NULL,
  said TEXT NOT NULL,
  model TEXT,
  elapsed_ms INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX turns_by_message ON turns (message_id);
CREATE INDEX turns_by_store ON turns (store_id);

CREATE TABLE appointments (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  conversation_id TEXT REFERENCES conversations (id),
  vehicle_id TEXT REFERENCES vehicles (id),
  service_id TEXT NOT NULL,
  more_services TEXT NOT NULL DEFAULT '[]',
  concern TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > starts_at),
  bay INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'booked' CHECK (status IN ('booked', 'cancelled')),
  sequence INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX appointments_by_time ON appointments (store_id, starts_at, id);
CREATE INDEX appointments_by_customer ON appointments (customer_id, starts_at);
CREATE INDEX appointments_by_vehicle ON appointments (vehicle_id);
CREATE INDEX appointments_by_conversation ON appointments (conversation_id);

-- The guard of capacity: a bay is reserved by the quarter of an hour (counted since 1970 in UTC), and its key refuses
-- a second appointment whatever runs at once.
CREATE TABLE reservations (
  store_id TEXT NOT NULL REFERENCES stores (id),
  bay INTEGER NOT NULL,
  quarter INTEGER NOT NULL,
  appointment_id TEXT NOT NULL REFERENCES appointments (id),
  PRIMARY KEY (store_id, bay, quarter)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_by_appointment ON reservations (appointment_id);

CREATE TABLE repair_orders (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  vehicle_id TEXT REFERENCES vehicles (id),
  number TEXT NOT NULL,
  stage TEXT NOT NULL,
  waiting_for TEXT,
  promised_at INTEGER,
  updated_at INTEGER NOT NULL,
  UNIQUE (store_id, number)
) STRICT;
CREATE INDEX repair_orders_by_customer ON repair_orders (customer_id);
CREATE INDEX repair_orders_by_vehicle ON repair_orders (vehicle_id);

-- Who must not be texted on a line, and the log of how that came to be.
CREATE TABLE opt_outs (
  line_id TEXT NOT NULL REFERENCES lines (id),
  address TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  since INTEGER NOT NULL,
  PRIMARY KEY (line_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX opt_outs_by_store ON opt_outs (store_id);
CREATE TABLE consent_events (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  address TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('opted_out', 'opted_in')),
  how TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_events_by_address ON consent_events (line_id, address, at);
CREATE INDEX consent_events_by_store ON consent_events (store_id);

-- Everything that leaves. `due_at` is when it may next be tried; a lease is the time until which one consumer has it.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  appointment_id TEXT REFERENCES appointments (id),
  kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'reminder')),
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'sending', 'sent', 'delivered', 'undelivered', 'parked', 'withdrawn')),
  due_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  leased_until INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  first_tried_at INTEGER,
  provider_message_id TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE status IN ('pending', 'sending');
CREATE INDEX outbox_by_store ON outbox (store_id, created_at DESC, id);
CREATE INDEX outbox_by_appointment ON outbox (appointment_id);
CREATE INDEX outbox_by_conversation ON outbox (conversation_id);
CREATE INDEX outbox_by_provider_message ON outbox (line_id, provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX outbox_by_recipient ON outbox (line_id, recipient) WHERE status IN ('pending', 'sending');
