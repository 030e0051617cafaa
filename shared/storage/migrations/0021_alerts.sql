-- What the store's people are told who are not looking. An alert without a channel is still to be spread: to whom, says the
-- routing at that moment. `except` is who was asked before and did not answer. One with a channel goes to one browser (`target` is
-- the subscription) or to one phone.
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  kind TEXT NOT NULL CHECK (kind IN ('handed_over', 'waiting', 'assigned', 'mentioned')),
  account TEXT,
  except_account TEXT,
  channel TEXT CHECK (channel IN ('push', 'sms')),
  target TEXT,
  text TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sending', 'sent', 'dropped')),
  due_at INTEGER NOT NULL,
  leased_until INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX alerts_due ON alerts (due_at) WHERE status IN ('pending', 'sending');
CREATE INDEX alerts_by_conversation ON alerts (conversation_id);
CREATE INDEX alerts_by_store ON alerts (store_id);
CREATE INDEX alerts_by_age ON alerts (created_at);

-- How people are reached, in the directory's database: a phone for texts, where they want those, and their browsers.
ALTER TABLE accounts ADD COLUMN phone TEXT;
ALTER TABLE accounts ADD COLUMN alert_by_text INTEGER NOT NULL DEFAULT 0 CHECK (alert_by_text IN (0, 1));
CREATE TABLE push_subscriptions (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id);

-- The guards of a store's moves (0009_moves.sql).
CREATE TRIGGER alerts_insert_guard BEFORE INSERT ON alerts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER alerts_update_guard BEFORE UPDATE ON alerts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER alerts_delete_guard BEFORE DELETE ON alerts WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
