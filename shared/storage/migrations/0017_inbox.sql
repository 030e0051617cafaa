-- The inbox: a list that can be narrowed by anything is one pass along one index, and search.

-- In the order of the list, with all that it can be narrowed by: what does not fit is passed over without its row being read.
DROP INDEX conversations_by_store;
CREATE INDEX conversations_by_store
  ON conversations (store_id, updated_at DESC, id, status, handling, snoozed_until, mood, language, line_id, assignee);
CREATE INDEX conversations_asleep ON conversations (store_id, snoozed_until) WHERE snoozed_until IS NOT NULL;

-- What can be found: a number for each message, note, name, address and car, which the two indexes of words know it by.
-- `customer_id` or `conversation_id` says whose it is. Triggers keep all of it, so that it moves with its store.
CREATE TABLE findable (
  id INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('message', 'note', 'customer', 'identity', 'vehicle')),
  source_id TEXT NOT NULL,
  UNIQUE (store_id, source, source_id)
) STRICT;

-- Words of messages and notes, and three letters at a time of names, numbers, plates and VINs, which people remember in part.
-- Both keep the index only, not what was indexed.
CREATE VIRTUAL TABLE findable_words USING fts5 (store, words, content = '', contentless_delete = 1, detail = full,
  tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE findable_parts USING fts5 (store, parts, content = '', contentless_delete = 1, tokenize = 'trigram');

-- A text with a space between characters of scripts that write none, where it has such: words of its index are what stands
-- between spaces.
ALTER TABLE messages ADD COLUMN words TEXT;
ALTER TABLE notes ADD COLUMN words TEXT;

INSERT INTO findable (store_id, source, source_id) SELECT store_id, 'message', id FROM messages ORDER BY created_at, position;
INSERT INTO findable (store_id, source, source_id) SELECT store_id, 'note', id FROM notes ORDER BY created_at;
INSERT INTO findable (store_id, source, source_id) SELECT store_id, 'customer', id FROM customers;
INSERT INTO findable (store_id, source, source_id) SELECT store_id, 'identity', kind || ' ' || address FROM identities;
INSERT INTO findable (store_id, source, source_id) SELECT store_id, 'vehicle', id FROM vehicles;
INSERT INTO findable_words (rowid, store, words) SELECT f.id, f.store_id, m.text FROM findable f JOIN messages m ON m.id = f.source_id WHERE f.source = 'message';
INSERT INTO findable_words (rowid, store, words) SELECT f.id, f.store_id, n.text FROM findable f JOIN notes n ON n.id = f.source_id WHERE f.source = 'note';
INSERT INTO findable_parts (rowid, store, parts) SELECT f.id, f.store_id, COALESCE(c.name, '') FROM findable f JOIN customers c ON c.id = f.source_id WHERE f.source = 'customer';
INSERT INTO findable_parts (rowid, store, parts) SELECT id, store_id, source_id FROM findable WHERE source = 'identity';
INSERT INTO findable_parts (rowid, store, parts) SELECT f.id, f.store_id, COALESCE(v.plate, '') || ' ' || COALESCE(v.vin, '') FROM findable f JOIN vehicles v ON v.id = f.source_id WHERE f.source = 'vehicle';

CREATE TRIGGER messages_are_findable AFTER INSERT ON messages
  BEGIN INSERT INTO findable (store_id, source, source_id) VALUES (NEW.store_id, 'message', NEW.id); INSERT INTO findable_words (rowid, store, words) SELECT id, store_id, COALESCE(NEW.words, NEW.text) FROM findable WHERE store_id = NEW.store_id AND source = 'message' AND source_id = NEW.id; END;
CREATE TRIGGER messages_are_forgotten AFTER DELETE ON messages
  BEGIN DELETE FROM findable_words WHERE rowid = (SELECT id FROM findable WHERE store_id = OLD.store_id AND source = 'message' AND source_id = OLD.id); DELETE FROM findable WHERE store_id = OLD.store_id AND source = 'message' AND source_id = OLD.id; END;
CREATE TRIGGER notes_are_findable AFTER INSERT ON notes
  BEGIN INSERT INTO findable (store_id, source, source_id) VALUES (NEW.store_id, 'note', NEW.id); INSERT INTO findable_words (rowid, store, words) SELECT id, store_id, COALESCE(NEW.words, NEW.text) FROM findable WHERE store_id = NEW.store_id AND source = 'note' AND source_id = NEW.id; END;
CREATE TRIGGER notes_are_forgotten AFTER DELETE ON notes
  BEGIN DELETE FROM findable_words WHERE rowid = (SELECT id FROM findable WHERE store_id = OLD.store_id AND source = 'note' AND source_id = OLD.id); DELETE FROM findable WHERE store_id = OLD.store_id AND source = 'note' AND source_id = OLD.id; END;
CREATE TRIGGER customers_are_findable AFTER INSERT ON customers
  BEGIN INSERT INTO findable (store_id, source, source_id) VALUES (NEW.store_id, 'customer', NEW.id); INSERT INTO findable_parts (rowid, store, parts) SELECT id, store_id, COALESCE(NEW.name, '') FROM findable WHERE store_id = NEW.store_id AND source = 'customer' AND source_id = NEW.id; END;
CREATE TRIGGER customers_are_renamed AFTER UPDATE OF name ON customers WHEN OLD.name IS NOT NEW.name
  BEGIN UPDATE findable_parts SET store = NEW.store_id, parts = COALESCE(NEW.name, '') WHERE rowid = (SELECT id FROM findable WHERE store_id = NEW.store_id AND source = 'customer' AND source_id = NEW.id); END;
CREATE TRIGGER customers_are_forgotten AFTER DELETE ON customers
  BEGIN DELETE FROM findable_parts WHERE rowid = (SELECT id FROM findable WHERE store_id = OLD.store_id AND source = 'customer' AND source_id = OLD.id); DELETE FROM findable WHERE store_id = OLD.store_id AND source = 'customer' AND source_id = OLD.id; END;
CREATE TRIGGER identities_are_findable AFTER INSERT ON identities
  BEGIN INSERT INTO findable (store_id, source, source_id) VALUES (NEW.store_id, 'identity', NEW.kind || ' ' || NEW.address); INSERT INTO findable_parts (rowid, store, parts) SELECT id, store_id, NEW.address FROM findable WHERE store_id = NEW.store_id AND source = 'identity' AND source_id = NEW.kind || ' ' || NEW.address; END;
CREATE TRIGGER identities_are_forgotten AFTER DELETE ON identities
  BEGIN DELETE FROM findable_parts WHERE rowid = (SELECT id FROM findable WHERE store_id = OLD.store_id AND source = 'identity' AND source_id = OLD.kind || ' ' || OLD.address); DELETE FROM findable WHERE store_id = OLD.store_id AND source = 'identity' AND source_id = OLD.kind || ' ' || OLD.address; END;
CREATE TRIGGER vehicles_are_findable AFTER INSERT ON vehicles
  BEGIN INSERT INTO findable (store_id, source, source_id) VALUES (NEW.store_id, 'vehicle', NEW.id); INSERT INTO findable_parts (rowid, store, parts) SELECT id, store_id, COALESCE(NEW.plate, '') || ' ' || COALESCE(NEW.vin, '') FROM findable WHERE store_id = NEW.store_id AND source = 'vehicle' AND source_id = NEW.id; END;
CREATE TRIGGER vehicles_are_changed AFTER UPDATE OF plate, vin ON vehicles WHEN OLD.plate IS NOT NEW.plate OR OLD.vin IS NOT NEW.vin
  BEGIN UPDATE findable_parts SET store = NEW.store_id, parts = COALESCE(NEW.plate, '') || ' ' || COALESCE(NEW.vin, '') WHERE rowid = (SELECT id FROM findable WHERE store_id = NEW.store_id AND source = 'vehicle' AND source_id = NEW.id); END;
CREATE TRIGGER vehicles_are_forgotten AFTER DELETE ON vehicles
  BEGIN DELETE FROM findable_parts WHERE rowid = (SELECT id FROM findable WHERE store_id = OLD.store_id AND source = 'vehicle' AND source_id = OLD.id); DELETE FROM findable WHERE store_id = OLD.store_id AND source = 'vehicle' AND source_id = OLD.id; END;
