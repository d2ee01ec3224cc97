-- The audit chain; rows are only ever added.
CREATE TABLE audit_head (id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
CREATE TABLE audit_events (
  seq INTEGER PRIMARY KEY NOT NULL,
  id BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor BLOB NOT NULL,
  via TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  country TEXT,
  program_id BLOB,
  outcome TEXT NOT NULL,
  changes TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_events_object ON audit_events (object_id, seq);
CREATE INDEX audit_events_actor ON audit_events (actor, seq);
CREATE INDEX audit_events_country ON audit_events (country, seq);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;

-- What happened in the slices; letters are planned from it.
CREATE TABLE domain_events (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  planned_at INTEGER
) STRICT;
CREATE INDEX domain_events_waiting ON domain_events (id) WHERE planned_at IS NULL;

-- Answers to POSTs with a key, sealed, for 24 hours.
CREATE TABLE idempotency_keys (
  actor BLOB NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  answer BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (actor, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
