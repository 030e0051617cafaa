-- Repair orders in full: their lines, their history, and the customer's word.
ALTER TABLE repair_orders ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE repair_orders ADD COLUMN appointment_id TEXT REFERENCES appointments (id);
ALTER TABLE repair_orders ADD COLUMN vin TEXT;
ALTER TABLE repair_orders ADD COLUMN vin_status TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE repair_orders ADD COLUMN mileage_in INTEGER;
ALTER TABLE repair_orders ADD COLUMN mileage_out INTEGER;
ALTER TABLE repair_orders ADD COLUMN advisor TEXT;
ALTER TABLE repair_orders ADD COLUMN technician TEXT;
ALTER TABLE repair_orders ADD COLUMN notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes));
ALTER TABLE repair_orders ADD COLUMN photos TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(photos));
ALTER TABLE repair_orders ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
-- When silence on added work is to be followed up, and how often it was.
ALTER TABLE repair_orders ADD COLUMN nudge_at INTEGER;
ALTER TABLE repair_orders ADD COLUMN nudges INTEGER NOT NULL DEFAULT 0;

-- The stages have STAR's names from now on.
UPDATE repair_orders SET opened_at = updated_at, stage = CASE stage
  WHEN 'checked-in' THEN 'vehicle_received'
  WHEN 'diagnosing' THEN 'evaluation'
  WHEN 'waiting-for-approval' THEN 'awaiting_customer_authorization'
  WHEN 'waiting-for-parts' THEN 'parts_ordered'
  WHEN 'in-progress' THEN 'work_in_progress'
  WHEN 'quality-check' THEN 'quality_assurance'
  WHEN 'ready' THEN 'completed'
  ELSE stage END;

CREATE INDEX repair_orders_by_store ON repair_orders (store_id, opened_at DESC, id);
-- An appointment is opened once.
CREATE UNIQUE INDEX repair_orders_by_appointment ON repair_orders (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX repair_orders_silent ON repair_orders (nudge_at) WHERE nudge_at IS NOT NULL;

-- The lines of an order. Amounts are minor units of the store's currency.
CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  order_id TEXT NOT NULL REFERENCES repair_orders (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  service_id TEXT,
  op_code TEXT,
  complaint TEXT,
  cause TEXT,
  correction TEXT,
  pay_type TEXT NOT NULL,
  labor INTEGER NOT NULL CHECK (labor >= 0),
  parts TEXT NOT NULL CHECK (json_valid(parts)),
  authorization TEXT NOT NULL,
  requested_amount INTEGER,
  authorized_amount INTEGER,
  progress TEXT NOT NULL,
  -- What an order costs the customer needs the customer's word first.
  CHECK (progress IN ('pending', 'on_hold') OR authorization IN ('authorized', 'not_required'))
) STRICT;
CREATE INDEX operations_by_order ON operations (order_id, position);
CREATE INDEX operations_by_store ON operations (store_id);

-- The history of an order. The key is also its optimistic lock: of two changes of the same version one is refused.
CREATE TABLE order_events (
  order_id TEXT NOT NULL REFERENCES repair_orders (id),
  version INTEGER NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  event TEXT NOT NULL CHECK (json_valid(event)),
  at INTEGER NOT NULL,
  PRIMARY KEY (order_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_events_by_store ON order_events (store_id);

-- The customer's word, line by line: nothing here is ever changed.
CREATE TABLE authorizations (
  order_id TEXT NOT NULL REFERENCES repair_orders (id),
  version INTEGER NOT NULL,
  operation_id TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  authorized INTEGER NOT NULL CHECK (authorized IN (0, 1)),
  amount INTEGER NOT NULL,
  order_total INTEGER NOT NULL,
  method TEXT NOT NULL,
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  -- The message in whose words it was given.
  message_id TEXT REFERENCES messages (id),
  at INTEGER NOT NULL,
  PRIMARY KEY (order_id, version, operation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX authorizations_by_store ON authorizations (store_id);
CREATE INDEX authorizations_by_message ON authorizations (message_id) WHERE message_id IS NOT NULL;

-- The next number of an order that brings none.
CREATE TABLE order_numbers (
  store_id TEXT PRIMARY KEY REFERENCES stores (id),
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An order as one document, wherever it is read.
CREATE VIEW repair_order_documents AS
SELECT o.id, o.store_id, o.customer_id, o.stage, o.opened_at, o.nudge_at, json_object(
  'id', o.id, 'version', o.version, 'number', o.number, 'customer', o.customer_id, 'appointment', o.appointment_id,
  'stage', o.stage, 'vin', o.vin, 'vin_status', o.vin_status, 'mileage_in', o.mileage_in, 'mileage_out', o.mileage_out,
  'advisor', o.advisor, 'technician', o.technician, 'waiting_for', o.waiting_for,
  'promised_at', strftime('%Y-%m-%dT%H:%M:%fZ', o.promised_at / 1000.0, 'unixepoch'),
  'notes', json(o.notes), 'photos', json(o.photos), 'nudges', o.nudges,
  'nudge_at', strftime('%Y-%m-%dT%H:%M:%fZ', o.nudge_at / 1000.0, 'unixepoch'),
  'vehicle', json((SELECT json_object('id', v.id, 'year', v.year, 'make', v.make, 'model', v.model, 'plate', v.plate,
    'vin', v.vin, 'mileage', v.mileage) FROM vehicles v WHERE v.id = o.vehicle_id)),
  'operations', json((SELECT json_group_array(json_object('id', id, 'name', name, 'service', service_id, 'op_code', op_code,
    'complaint', complaint, 'cause', cause, 'correction', correction, 'pay_type', pay_type, 'labor', labor,
    'parts', json(parts), 'authorization', authorization, 'requested_amount', requested_amount,
    'authorized_amount', authorized_amount, 'progress', progress))
    FROM (SELECT * FROM operations p WHERE p.order_id = o.id ORDER BY p.position)))) AS document
FROM repair_orders o;
