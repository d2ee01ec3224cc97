-- The audit chain; rows are only ever added.
CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), seq BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
CREATE TABLE audit_events (
  seq BIGINT PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  at TIMESTAMPTZ NOT NULL,
  actor UUID NOT NULL,
  via TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  country TEXT,
  program_id UUID,
  outcome TEXT NOT NULL,
  changes TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_events_object ON audit_events (object_id, seq);
CREATE INDEX audit_events_actor ON audit_events (actor, seq);
CREATE INDEX audit_events_country ON audit_events (country, seq);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit chain is append-only'; END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- What happened in the slices; letters are planned from it.
CREATE TABLE domain_events (
  id UUID PRIMARY KEY,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  planned_at TIMESTAMPTZ
);
CREATE INDEX domain_events_waiting ON domain_events (id) WHERE planned_at IS NULL;

-- Answers to POSTs with a key, sealed, for 24 hours.
CREATE TABLE idempotency_keys (
  actor UUID NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  answer BYTEA NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (actor, route, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
