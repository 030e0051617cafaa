-- The chat widget: its look, what visitors send, and who they turn out to be.

-- What a line's provider wants to know besides credentials: a widget's look, for one (JSON).
ALTER TABLE lines ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings));

-- Files that visitors sent. The content is base64, in parts that fit into a row.
CREATE TABLE files (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  content_type TEXT NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_by_conversation ON files (conversation_id, created_at);
CREATE INDEX files_by_store ON files (store_id);
CREATE TABLE file_parts (
  file_id TEXT NOT NULL REFERENCES files (id),
  part INTEGER NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  content TEXT NOT NULL,
  PRIMARY KEY (file_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_parts_by_store ON file_parts (store_id);

-- What a visitor says of themselves on the contact card. The phone is claimed, not verified: people see it, and nothing
-- else is done with it. `consent` is the text that was agreed to.
CREATE TABLE chat_contacts (
  conversation_id TEXT PRIMARY KEY REFERENCES conversations (id),
  store_id TEXT NOT NULL REFERENCES stores (id),
  name TEXT,
  phone TEXT,
  consent TEXT,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_contacts_by_store ON chat_contacts (store_id);
CREATE INDEX chat_contacts_by_phone ON chat_contacts (store_id, phone) WHERE phone IS NOT NULL;

-- Codes that prove a phone number. Of the code there is only a hash.
CREATE TABLE phone_codes (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  phone TEXT NOT NULL,
  hash TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries <= 5),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX phone_codes_by_conversation ON phone_codes (conversation_id, created_at);
CREATE INDEX phone_codes_by_phone ON phone_codes (store_id, phone, created_at);
CREATE INDEX phone_codes_by_store ON phone_codes (store_id, created_at);

-- Who is typing: `customer`, or the id of an account. `name` is what the customer is shown.
CREATE TABLE typing (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  who TEXT NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  name TEXT,
  until INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, who)
) STRICT, WITHOUT ROWID;
CREATE INDEX typing_by_store ON typing (store_id);

-- Two customers who proved to be one: what was the second one's (`moved`: ids by table) became the first one's. Nothing is
-- thrown away, so that they can be split again.
CREATE TABLE merges (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  into_customer TEXT NOT NULL REFERENCES customers (id),
  from_customer TEXT NOT NULL REFERENCES customers (id),
  how TEXT NOT NULL,
  moved TEXT NOT NULL CHECK (json_valid(moved)),
  at INTEGER NOT NULL,
  split_at INTEGER
) STRICT;
CREATE INDEX merges_by_store ON merges (store_id);
CREATE INDEX merges_by_into ON merges (into_customer, at);
CREATE INDEX merges_by_from ON merges (from_customer, at);
-- Names a customer; no foreign key, because the other one may be the younger row, which a move of the store copies later.
ALTER TABLE customers ADD COLUMN merged_into TEXT;
CREATE INDEX waitlist_of_customer ON waitlist (customer_id);

-- The words that were agreed to, where they are ours and not the customer's.
ALTER TABLE consent_events ADD COLUMN wording TEXT;

-- The guards of a store's moves (0009_moves.sql).
CREATE TRIGGER files_insert_guard BEFORE INSERT ON files WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER files_update_guard BEFORE UPDATE ON files WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER files_delete_guard BEFORE DELETE ON files WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER file_parts_insert_guard BEFORE INSERT ON file_parts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER file_parts_update_guard BEFORE UPDATE ON file_parts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER file_parts_delete_guard BEFORE DELETE ON file_parts WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER chat_contacts_insert_guard BEFORE INSERT ON chat_contacts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER chat_contacts_update_guard BEFORE UPDATE ON chat_contacts WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER chat_contacts_delete_guard BEFORE DELETE ON chat_contacts WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER phone_codes_insert_guard BEFORE INSERT ON phone_codes WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER phone_codes_update_guard BEFORE UPDATE ON phone_codes WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER phone_codes_delete_guard BEFORE DELETE ON phone_codes WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER typing_insert_guard BEFORE INSERT ON typing WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER typing_update_guard BEFORE UPDATE ON typing WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER typing_delete_guard BEFORE DELETE ON typing WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER merges_insert_guard BEFORE INSERT ON merges WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER merges_update_guard BEFORE UPDATE ON merges WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER merges_delete_guard BEFORE DELETE ON merges WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
