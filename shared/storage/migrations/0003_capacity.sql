-- The guard of capacity. Every limit of a store is a number of seats of a resource in a unit of time (a bay in a quarter
-- of an hour, the loaners of a day), and the key gives each seat to one holder, whatever runs at once. A seat that is not
-- to be had is NULL, which the table refuses. The holder is an appointment, or an entry of the waitlist.
CREATE TABLE claims (
  store_id TEXT NOT NULL REFERENCES stores (id),
  resource TEXT NOT NULL,
  unit INTEGER NOT NULL,
  seat INTEGER NOT NULL,
  holder TEXT NOT NULL,
  PRIMARY KEY (store_id, resource, unit, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_holder ON claims (holder);
INSERT INTO claims (store_id, resource, unit, seat, holder)
  SELECT store_id, 'bay:' || bay, quarter, 1, appointment_id FROM reservations;
DROP TABLE reservations;

-- Where and by whom the work is done, step by step (JSON); who receives the customer; how the customer gets about, with
-- the address where the car is fetched; and whether the customer came.
ALTER TABLE appointments ADD COLUMN stations TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(stations));
ALTER TABLE appointments ADD COLUMN advisor TEXT;
ALTER TABLE appointments ADD COLUMN transport TEXT
  CHECK (transport IN ('wait', 'drop_off', 'shuttle', 'loaner', 'pick_up'));
ALTER TABLE appointments ADD COLUMN transport_address TEXT;
ALTER TABLE appointments ADD COLUMN arrived_at INTEGER;
ALTER TABLE appointments ADD COLUMN no_show_at INTEGER;
UPDATE appointments SET stations = json_array(json_object('bay', bay, 'minutes', (ends_at - starts_at) / 60000));

-- Who would like an earlier time, or any at all. `wish` says when, `refused` holds starts that were offered in vain,
-- `offered` is the opening that is held for them until `offered_until`. Who lets an offer go queues up anew.
CREATE TABLE waitlist (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  appointment_id TEXT REFERENCES appointments (id),
  vehicle_id TEXT REFERENCES vehicles (id),
  services TEXT NOT NULL CHECK (json_valid(services)),
  concern TEXT,
  transport TEXT,
  transport_address TEXT,
  advisor TEXT,
  wish TEXT NOT NULL CHECK (json_valid(wish)),
  status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'offered', 'booked', 'withdrawn', 'expired')),
  offered TEXT CHECK (json_valid(offered)),
  offered_until INTEGER,
  refused TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(refused)),
  until INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX waitlist_waiting ON waitlist (store_id, queued_at, id) WHERE status = 'waiting';
CREATE INDEX waitlist_offered ON waitlist (store_id) WHERE status = 'offered';
CREATE INDEX waitlist_lapses ON waitlist (offered_until) WHERE status = 'offered';
CREATE INDEX waitlist_until ON waitlist (until) WHERE status = 'waiting';
CREATE INDEX waitlist_by_customer ON waitlist (customer_id) WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_by_appointment ON waitlist (appointment_id) WHERE status IN ('waiting', 'offered');

-- Stores in which something became free while somebody waits: the clock looks whom it fits.
CREATE TABLE freed (
  store_id TEXT PRIMARY KEY REFERENCES stores (id),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
