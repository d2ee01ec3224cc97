-- One letter to one person: planned, sent or given up. The unique key makes every planning repeatable.
CREATE TABLE letters (
  id BLOB PRIMARY KEY NOT NULL,
  rule TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BLOB NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  recipient BLOB NOT NULL REFERENCES users (id),
  address TEXT NOT NULL,
  audience TEXT NOT NULL,
  program_id BLOB,
  facts TEXT NOT NULL,
  urgency INTEGER NOT NULL,
  planned_for INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempts INTEGER NOT NULL,
  uncertain INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  digest_of BLOB,
  dated_at INTEGER,
  sent_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (rule, object_id, anchor, offset_days, recipient, address)
) STRICT;
CREATE INDEX letters_waiting ON letters (urgency, next_at, id) WHERE state IN ('planned', 'queued', 'failed') AND digest_of IS NULL;
CREATE INDEX letters_recipient ON letters (recipient, id);
CREATE INDEX letters_program ON letters (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX letters_object ON letters (object_id, rule);
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_digest ON letters (digest_of) WHERE digest_of IS NOT NULL;

-- What an administrator (program: the nil id) or a coordinator set differently from the rule table.
CREATE TABLE letter_rules (
  rule TEXT NOT NULL,
  program_id BLOB NOT NULL,
  enabled INTEGER NOT NULL,
  ladders TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL,
  PRIMARY KEY (rule, program_id)
) STRICT, WITHOUT ROWID;

-- How often a person wants the letters of a category, and until when none.
CREATE TABLE letter_preferences (
  user_id BLOB NOT NULL REFERENCES users (id),
  category TEXT NOT NULL,
  frequency TEXT NOT NULL,
  paused_until TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, category)
) STRICT, WITHOUT ROWID;

-- Addresses that refused a letter for good.
CREATE TABLE letter_suppressions (
  address TEXT PRIMARY KEY NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Letters that nobody was there to receive; administrators are told.
CREATE TABLE letter_alerts (
  rule TEXT NOT NULL,
  object_id BLOB NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  audience TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (rule, object_id, anchor, offset_days, audience)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_alerts_at ON letter_alerts (at);
