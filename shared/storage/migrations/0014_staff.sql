-- Who works with the desk. Accounts and what belongs to them stand in the directory's database; the tables are there on
-- every shard, and empty on all but the first.
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
  name TEXT NOT NULL,
  -- NULL: what the browser asks for.
  language TEXT,
  -- argon2id, as a PHC string; NULL until an invitation is accepted, and for those who sign in elsewhere.
  password TEXT,
  -- When its person came in for the first time.
  joined_at INTEGER,
  disabled_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_by_group ON accounts (group_id, name, id);

-- What somebody is at a store; without a store, at all of the group's.
CREATE TABLE memberships (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  store_id TEXT REFERENCES placements (store_id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'advisor', 'agent', 'viewer')),
  CHECK (role <> 'owner' OR store_id IS NULL)
) STRICT;
CREATE UNIQUE INDEX memberships_by_account ON memberships (account_id, COALESCE(store_id, ''));
CREATE INDEX memberships_by_store ON memberships (store_id);

-- A link that lets somebody choose a password, once. The database knows the link's word by its SHA-256 only.
CREATE TABLE invitations (
  hash TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_account ON invitations (account_id);

-- Who is signed in. The database knows a session's word by its SHA-256 only. The word changes from time to time; requests
-- that were under way with the old one are let in for a moment longer.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  hash TEXT NOT NULL UNIQUE,
  previous_hash TEXT,
  created_at INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Failures to sign in, by the SHA-256 of the address that was typed in, whether an account has it or not, and by that of the
-- network address. They belong to no group: it is not known who tries.
CREATE TABLE sign_in_failures (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- Somebody can always let others in: the last owner of a group who has come in stays owner, and enabled.
CREATE TRIGGER memberships_keep_an_owner_delete BEFORE DELETE ON memberships WHEN OLD.role = 'owner' AND NOT EXISTS (
    SELECT 1 FROM accounts own JOIN accounts a ON a.group_id = own.group_id JOIN memberships m ON m.account_id = a.id
    WHERE own.id = OLD.account_id AND a.id <> own.id AND m.role = 'owner' AND a.disabled_at IS NULL AND a.joined_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'the last owner'); END;
CREATE TRIGGER memberships_keep_an_owner_update BEFORE UPDATE ON memberships WHEN OLD.role = 'owner' AND NEW.role <> 'owner' AND NOT EXISTS (
    SELECT 1 FROM accounts own JOIN accounts a ON a.group_id = own.group_id JOIN memberships m ON m.account_id = a.id
    WHERE own.id = OLD.account_id AND a.id <> own.id AND m.role = 'owner' AND a.disabled_at IS NULL AND a.joined_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'the last owner'); END;
CREATE TRIGGER accounts_keep_an_owner BEFORE UPDATE OF disabled_at ON accounts WHEN NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL
    AND EXISTS (SELECT 1 FROM memberships WHERE account_id = OLD.id AND role = 'owner') AND NOT EXISTS (
    SELECT 1 FROM accounts a JOIN memberships m ON m.account_id = a.id
    WHERE a.group_id = OLD.group_id AND a.id <> OLD.id AND m.role = 'owner' AND a.disabled_at IS NULL AND a.joined_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'the last owner'); END;

-- What pages say of a store without asking its shard: a copy from its profile.
ALTER TABLE placements ADD COLUMN name TEXT;
ALTER TABLE placements ADD COLUMN time_zone TEXT;
UPDATE placements SET (name, time_zone) =
  (SELECT profile ->> '$.name', profile ->> '$.time_zone' FROM stores WHERE stores.id = placements.store_id);

-- What people changed, on the store's shard; what concerns a group as a whole, in the directory's database. `account_id`
-- names an account of the directory, and `details` is JSON.
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  store_id TEXT REFERENCES stores (id),
  account_id TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_log_by_store ON audit_log (store_id, id);
CREATE INDEX audit_log_by_person ON audit_log (store_id, account_id, id);
CREATE INDEX audit_log_of_group ON audit_log (group_id, id) WHERE store_id IS NULL;
CREATE TRIGGER audit_log_insert_guard BEFORE INSERT ON audit_log WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) IN ('leaving', 'moved')
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER audit_log_update_guard BEFORE UPDATE ON audit_log WHEN (SELECT standing FROM stores WHERE id = NEW.store_id) <> 'here'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
CREATE TRIGGER audit_log_delete_guard BEFORE DELETE ON audit_log WHEN (SELECT standing FROM stores WHERE id = OLD.store_id) = 'leaving'
  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;
