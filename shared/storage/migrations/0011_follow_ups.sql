-- What follows from the passing of time: missed appointments, finished visits, regular work.

-- Appointments that nobody has come to yet, and the stores that want to know.
CREATE INDEX appointments_awaited ON appointments (store_id, starts_at)
  WHERE status = 'booked' AND arrived_at IS NULL AND no_show_at IS NULL;
CREATE INDEX stores_by_no_show ON stores (json_extract(profile, '$.notifications.no_show_after_minutes'));

-- What follows a visit is arranged once per order.
ALTER TABLE repair_orders ADD COLUMN followed_up_at INTEGER;
UPDATE repair_orders SET followed_up_at = updated_at WHERE stage IN ('vehicle_delivered', 'closed');
CREATE INDEX repair_orders_left ON repair_orders (updated_at)
  WHERE followed_up_at IS NULL AND stage IN ('vehicle_delivered', 'closed');

-- When regular work on a car is due again: `done_at` and `mileage` are those of the last time. `tell_at` is when the
-- customer is to hear of it, `told_at` when that was arranged.
CREATE TABLE maintenance (
  vehicle_id TEXT NOT NULL REFERENCES vehicles (id),
  service_id TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  customer_id TEXT NOT NULL REFERENCES customers (id),
  done_at INTEGER NOT NULL,
  mileage INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  tell_at INTEGER NOT NULL,
  told_at INTEGER,
  PRIMARY KEY (vehicle_id, service_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX maintenance_to_tell ON maintenance (tell_at) WHERE told_at IS NULL;
CREATE INDEX maintenance_by_store ON maintenance (store_id);
CREATE INDEX maintenance_by_customer ON maintenance (customer_id);

-- The guards of a store's moves (0009_moves.sql).
CREATE TRIGGER maintenance_insert_guard BEFORE INSERT ON maintenance WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER maintenance_update_guard BEFORE UPDATE ON maintenance WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER maintenance_delete_guard BEFORE DELETE ON maintenance WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
