-- What a group wants of all its stores, as JSON. A turn reads it in its own statement, so it is there on every shard; the
-- directory's database has the first word, and the highest revision wins. A group without a row wants nothing special.
CREATE TABLE group_settings (
  group_id TEXT PRIMARY KEY,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
