-- The directory stands in the first database: which shard a store is on, and whose each line is. The tables are there on
-- every shard, and empty on all but the first.
CREATE TABLE placements (
  store_id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL,
  shard INTEGER NOT NULL CHECK (shard > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX placements_by_group ON placements (group_id, shard, store_id);

CREATE TABLE line_entries (
  line_id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL REFERENCES placements (store_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_entries_by_store ON line_entries (store_id);

-- Until now there was one database.
INSERT INTO placements (store_id, group_id, shard) SELECT id, group_id, 1 FROM stores;
INSERT INTO line_entries (line_id, store_id) SELECT id, store_id FROM lines;

-- Whether the store may be served from here. While it moves, no shard serves it: what the directory says may be old for a
-- moment, what its own row says never is.
ALTER TABLE stores ADD COLUMN standing TEXT NOT NULL DEFAULT 'here'
  CHECK (standing IN ('here', 'leaving', 'arriving', 'moved'));
