-- What customers have agreed to, where they live, and what they thought of a visit.

-- `time_zone` is an IANA name, where it is known better than by the number. `preferred_line` is the line on which the
-- customer likes to be reached.
ALTER TABLE customers ADD COLUMN time_zone TEXT;
ALTER TABLE customers ADD COLUMN preferred_line TEXT REFERENCES lines (id);

-- What an address has agreed to (1) or does not want (0); STOP for everything on a line stands in opt_outs.
CREATE TABLE consents (
  store_id TEXT NOT NULL REFERENCES stores (id),
  address TEXT NOT NULL,
  topic TEXT NOT NULL CHECK (topic IN ('ads', 'reminders', 'surveys')),
  agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
  since INTEGER NOT NULL,
  PRIMARY KEY (store_id, address, topic)
) STRICT, WITHOUT ROWID;

-- The log tells what an event was about; everything, where it names no topic.
ALTER TABLE consent_events ADD COLUMN topic TEXT CHECK (topic IN ('ads', 'reminders', 'surveys'));

CREATE TABLE satisfaction (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  repair_order_id TEXT REFERENCES repair_orders (id),
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX satisfaction_by_store ON satisfaction (store_id, at DESC, id);
CREATE INDEX satisfaction_by_customer ON satisfaction (customer_id);
CREATE INDEX satisfaction_by_conversation ON satisfaction (conversation_id);
CREATE INDEX satisfaction_by_repair_order ON satisfaction (repair_order_id) WHERE repair_order_id IS NOT NULL;

-- The line on which a message was tried before it was given to another one.
ALTER TABLE outbox ADD COLUMN readdressed_from TEXT REFERENCES lines (id);

-- What a customer has had lately, for the caps.
CREATE INDEX outbox_had ON outbox (customer_id, class, first_tried_at)
  WHERE customer_id IS NOT NULL AND status IN ('sending', 'sent', 'delivered');

-- Names as the code has them now.
UPDATE outbox SET kind = 'booked' WHERE kind = 'confirmation';
UPDATE outbox SET kind = 'reminder_24h', class = 'informational' WHERE kind = 'reminder';
