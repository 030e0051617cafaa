-- People and the AI at one counter: who holds a conversation, what people do to it, and who is there.

-- `handling` says whose turn it is to speak: 'person' from the moment a person is wanted, so that the AI is silent. The person is
-- there since `joined_at`; until then `assignee` (an account of the directory) is who is expected. `waiting_since` is the
-- customer's first unanswered message while a person is wanted or there. `priority` orders the queue, the highest first.
-- `escalate_at` is when somebody else is alerted, the `escalations`-th time.
ALTER TABLE conversations ADD COLUMN status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed'));
ALTER TABLE conversations ADD COLUMN result TEXT;
ALTER TABLE conversations ADD COLUMN closed_at INTEGER;
ALTER TABLE conversations ADD COLUMN assignee TEXT;
ALTER TABLE conversations ADD COLUMN joined_at INTEGER;
ALTER TABLE conversations ADD COLUMN snoozed_until INTEGER;
ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
ALTER TABLE conversations ADD COLUMN waiting_since INTEGER;
ALTER TABLE conversations ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN topic TEXT;
ALTER TABLE conversations ADD COLUMN summary TEXT CHECK (summary IS NULL OR json_valid(summary));
ALTER TABLE conversations ADD COLUMN escalate_at INTEGER;
ALTER TABLE conversations ADD COLUMN escalations INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET waiting_since = COALESCE(handed_over_at, updated_at)
  WHERE handling = 'person' AND store_id IN (SELECT id FROM stores WHERE standing = 'here');
CREATE INDEX conversations_by_assignee ON conversations (store_id, assignee) WHERE assignee IS NOT NULL;
CREATE INDEX conversations_with_people ON conversations (store_id, priority DESC, waiting_since, id) WHERE handling = 'person';
CREATE INDEX conversations_to_escalate ON conversations (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- Who of the store wrote it, for the author 'person'.
ALTER TABLE messages ADD COLUMN account TEXT;

-- Turns, made anew: what a person or the clock does to a conversation is one as well, without a message. `act` is its name, and
-- `account` who did it; the clock has none. That is what keeps an AI that has loaded the conversation before from speaking after
-- it, and lets only one of two people take it.
CREATE TABLE turns_new (
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  number INTEGER NOT NULL,
  store_id TEXT NOT NULL REFERENCES stores (id),
  message_id TEXT REFERENCES messages (id),
  understanding TEXT,
  said TEXT NOT NULL DEFAULT '[]',
  model TEXT,
  elapsed_ms INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  act TEXT,
  account TEXT,
  CHECK ((act IS NULL) = (message_id IS NOT NULL)),
  CHECK ((act IS NULL) = (understanding IS NOT NULL)),
  PRIMARY KEY (conversation_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO turns_new (conversation_id, number, store_id, message_id, understanding, said, model, elapsed_ms, created_at)
  SELECT conversation_id, number, store_id, message_id, understanding, said, model, elapsed_ms, created_at FROM turns;
DROP TABLE turns;
ALTER TABLE turns_new RENAME TO turns;
CREATE INDEX turns_by_message ON turns (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX turns_by_store ON turns (store_id);

-- What happened to a conversation besides messages, for the people who read it: the thread shows it in between. `account` is who
-- did it; the AI and the clock have none. `detail` is to whom, until when, why: JSON. Those of one instant are in the order of
-- their rowids.
CREATE TABLE conversation_events (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  event TEXT NOT NULL,
  account TEXT,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_events_by_conversation ON conversation_events (conversation_id, at);
CREATE INDEX conversation_events_by_store ON conversation_events (store_id, event, at);

-- What people write for one another. `mentions` are accounts.
CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  account TEXT NOT NULL,
  text TEXT NOT NULL,
  mentions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(mentions)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_conversation ON notes (conversation_id, created_at);
CREATE INDEX notes_by_store ON notes (store_id);

-- What a store often writes: a text per language, with {placeholders}.
CREATE TABLE quick_replies (
  id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES stores (id),
  shortcut TEXT NOT NULL,
  texts TEXT NOT NULL CHECK (json_valid(texts)),
  updated_at INTEGER NOT NULL,
  UNIQUE (store_id, shortcut)
) STRICT;

-- Who says they are there for a store's customers, and when their desk was seen last. It stands with the store, because
-- routing reads it with the store's conversations.
CREATE TABLE presence (
  store_id TEXT NOT NULL REFERENCES stores (id),
  account TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('available', 'away')),
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (store_id, account)
) STRICT, WITHOUT ROWID;

-- The guards of a store's moves (0009_moves.sql): those of the turns went with the old table.
CREATE TRIGGER turns_insert_guard BEFORE INSERT ON turns WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER turns_update_guard BEFORE UPDATE ON turns WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER turns_delete_guard BEFORE DELETE ON turns WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversation_events_insert_guard BEFORE INSERT ON conversation_events WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversation_events_update_guard BEFORE UPDATE ON conversation_events WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER conversation_events_delete_guard BEFORE DELETE ON conversation_events WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER notes_insert_guard BEFORE INSERT ON notes WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER notes_update_guard BEFORE UPDATE ON notes WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER notes_delete_guard BEFORE DELETE ON notes WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER quick_replies_insert_guard BEFORE INSERT ON quick_replies WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER quick_replies_update_guard BEFORE UPDATE ON quick_replies WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER quick_replies_delete_guard BEFORE DELETE ON quick_replies WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER presence_insert_guard BEFORE INSERT ON presence WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER presence_update_guard BEFORE UPDATE ON presence WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER presence_delete_guard BEFORE DELETE ON presence WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
