-- The outbox, made anew: what a message is about, whom it is for, and what it asks.
--
-- `question` is what the customer is asked in it (JSON, the conversation's own form), until a turn has taken it up.
-- `dedupe_key` names an event: a store tells of it once. `class` is the kind of consent that the message needs.
CREATE TABLE outbox_new (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  line_id TEXT NOT NULL REFERENCES lines (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  customer_id TEXT REFERENCES customers (id),
  appointment_id TEXT REFERENCES appointments (id),
  repair_order_id TEXT REFERENCES repair_orders (id),
  kind TEXT NOT NULL,
  class TEXT NOT NULL DEFAULT 'conversational' CHECK (class IN ('conversational', 'informational', 'promotional')),
  dedupe_key TEXT,
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  question TEXT,
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
  updated_at INTEGER NOT NULL,
  UNIQUE (store_id, dedupe_key)
) STRICT;
INSERT INTO outbox_new (id, store_id, line_id, conversation_id, customer_id, appointment_id, kind, recipient, text, status,
    due_at, expires_at, leased_until, attempts, failures, first_tried_at, provider_message_id, last_error, created_at,
    updated_at)
  SELECT o.id, o.store_id, o.line_id, o.conversation_id, c.customer_id, o.appointment_id, o.kind, o.recipient, o.text,
    o.status, o.due_at, o.expires_at, o.leased_until, o.attempts, o.failures, o.first_tried_at, o.provider_message_id,
    o.last_error, o.created_at, o.updated_at
  FROM outbox o JOIN conversations c ON c.id = o.conversation_id;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE status IN ('pending', 'sending');
CREATE INDEX outbox_by_store ON outbox (store_id, created_at DESC, id);
CREATE INDEX outbox_by_appointment ON outbox (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX outbox_by_repair_order ON outbox (repair_order_id) WHERE repair_order_id IS NOT NULL;
CREATE INDEX outbox_by_customer ON outbox (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX outbox_by_conversation ON outbox (conversation_id);
CREATE INDEX outbox_questions ON outbox (conversation_id) WHERE question IS NOT NULL;
CREATE INDEX outbox_by_provider_message ON outbox (line_id, provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX outbox_by_recipient ON outbox (line_id, recipient) WHERE status IN ('pending', 'sending');
