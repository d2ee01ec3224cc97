DROP INDEX training_sessions_last_day;
ALTER TABLE domain_events DROP COLUMN planned_to;
CREATE TABLE letter_preferences_anew (
  user_id BLOB NOT NULL REFERENCES users (id),
  category TEXT NOT NULL,
  frequency TEXT NOT NULL,
  paused_until TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, category)
) STRICT, WITHOUT ROWID;
INSERT INTO letter_preferences_anew
SELECT person, category, frequency, paused_until, updated_at FROM letter_preferences WHERE person IN (SELECT id FROM users);
DROP TABLE letter_preferences;
ALTER TABLE letter_preferences_anew RENAME TO letter_preferences;
CREATE TABLE letters_anew (
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
INSERT INTO letters_anew
SELECT id, rule, object_kind, object_id, anchor, offset_days, recipient, address, audience, program_id, facts, urgency,
       planned_for, next_at, state, reason, attempts, uncertain, fence, digest_of, dated_at, sent_at, created_at
FROM letters WHERE recipient_kind = 'user';
DROP TABLE letters;
ALTER TABLE letters_anew RENAME TO letters;
CREATE INDEX letters_waiting ON letters (urgency, next_at, id) WHERE state IN ('planned', 'queued', 'failed') AND digest_of IS NULL;
CREATE INDEX letters_recipient ON letters (recipient, id);
CREATE INDEX letters_program ON letters (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX letters_object ON letters (object_id, rule);
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_digest ON letters (digest_of) WHERE digest_of IS NOT NULL;
