-- Moves of stores between shards, in the directory: how far each is. `place` and `after` say which table is being copied
-- and up to which key; `version` counts the writings of the row.
CREATE TABLE moves (
  store_id TEXT PRIMARY KEY REFERENCES placements (store_id),
  source INTEGER NOT NULL,
  target INTEGER NOT NULL CHECK (target <> source),
  step TEXT NOT NULL,
  place INTEGER NOT NULL DEFAULT 0,
  after TEXT,
  copied INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- In the order in which the clock takes them.
CREATE INDEX freed_by_time ON freed (at);

-- Found by their store, or by what they refer to, only when a store moves; and what the phone simulator asks for.
CREATE INDEX waitlist_by_store ON waitlist (store_id);
CREATE INDEX waitlist_by_vehicle ON waitlist (vehicle_id) WHERE vehicle_id IS NOT NULL;
CREATE INDEX waitlist_by_conversation ON waitlist (conversation_id);
CREATE INDEX lines_simulated ON lines (simulated, id) WHERE simulated = 1;

-- The guards: whatever a store owns changes only where the store is served. A store that is leaving is frozen; where it
-- arrives, rows may be put in and taken out by the move; where it has left, they may only be taken out. Three for each
-- table that names a store; a test holds this list against the schema.
CREATE TRIGGER lines_insert_guard BEFORE INSERT ON lines WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER lines_update_guard BEFORE UPDATE ON lines WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER lines_delete_guard BEFORE DELETE ON lines WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER customers_insert_guard BEFORE INSERT ON customers WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER customers_update_guard BEFORE UPDATE ON customers WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER customers_delete_guard BEFORE DELETE ON customers WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER identities_insert_guard BEFORE INSERT ON identities WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER identities_update_guard BEFORE UPDATE ON identities WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER identities_delete_guard BEFORE DELETE ON identities WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER vehicles_insert_guard BEFORE INSERT ON vehicles WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER vehicles_update_guard BEFORE UPDATE ON vehicles WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER vehicles_delete_guard BEFORE DELETE ON vehicles WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversations_insert_guard BEFORE INSERT ON conversations WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversations_update_guard BEFORE UPDATE ON conversations WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversations_delete_guard BEFORE DELETE ON conversations WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER messages_insert_guard BEFORE INSERT ON messages WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER messages_update_guard BEFORE UPDATE ON messages WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER messages_delete_guard BEFORE DELETE ON messages WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER turns_insert_guard BEFORE INSERT ON turns WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER turns_update_guard BEFORE UPDATE ON turns WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER turns_delete_guard BEFORE DELETE ON turns WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER appointments_insert_guard BEFORE INSERT ON appointments WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER appointments_update_guard BEFORE UPDATE ON appointments WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER appointments_delete_guard BEFORE DELETE ON appointments WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER claims_insert_guard BEFORE INSERT ON claims WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER claims_update_guard BEFORE UPDATE ON claims WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER claims_delete_guard BEFORE DELETE ON claims WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER waitlist_insert_guard BEFORE INSERT ON waitlist WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER waitlist_update_guard BEFORE UPDATE ON waitlist WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER waitlist_delete_guard BEFORE DELETE ON waitlist WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER freed_insert_guard BEFORE INSERT ON freed WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER freed_update_guard BEFORE UPDATE ON freed WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER freed_delete_guard BEFORE DELETE ON freed WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER repair_orders_insert_guard BEFORE INSERT ON repair_orders WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER repair_orders_update_guard BEFORE UPDATE ON repair_orders WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER repair_orders_delete_guard BEFORE DELETE ON repair_orders WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER opt_outs_insert_guard BEFORE INSERT ON opt_outs WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER opt_outs_update_guard BEFORE UPDATE ON opt_outs WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER opt_outs_delete_guard BEFORE DELETE ON opt_outs WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consent_events_insert_guard BEFORE INSERT ON consent_events WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consent_events_update_guard BEFORE UPDATE ON consent_events WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consent_events_delete_guard BEFORE DELETE ON consent_events WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consents_insert_guard BEFORE INSERT ON consents WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consents_update_guard BEFORE UPDATE ON consents WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER consents_delete_guard BEFORE DELETE ON consents WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER satisfaction_insert_guard BEFORE INSERT ON satisfaction WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER satisfaction_update_guard BEFORE UPDATE ON satisfaction WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER satisfaction_delete_guard BEFORE DELETE ON satisfaction WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER outbox_insert_guard BEFORE INSERT ON outbox WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER outbox_update_guard BEFORE UPDATE ON outbox WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER outbox_delete_guard BEFORE DELETE ON outbox WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER idempotency_keys_insert_guard BEFORE INSERT ON idempotency_keys WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER idempotency_keys_update_guard BEFORE UPDATE ON idempotency_keys WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER idempotency_keys_delete_guard BEFORE DELETE ON idempotency_keys WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER stores_update_guard BEFORE UPDATE OF group_id, profile, revision ON stores WHEN OLD.standing <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
