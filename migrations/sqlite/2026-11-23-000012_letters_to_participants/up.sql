-- Letters go to people without accounts too: `recipient` is then a registration, a person's place in a session, and stays
-- so when two rows of one person are merged.
CREATE TABLE letters_anew (
  id BLOB PRIMARY KEY NOT NULL,
  rule TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BLOB NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  recipient BLOB NOT NULL,
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
  recipient_kind TEXT NOT NULL,
  UNIQUE (rule, object_id, anchor, offset_days, recipient, address)
) STRICT;
INSERT INTO letters_anew
SELECT id, rule, object_kind, object_id, anchor, offset_days, recipient, address, audience, program_id, facts, urgency,
       planned_for, next_at, state, reason, attempts, uncertain, fence, digest_of, dated_at, sent_at, created_at, 'user'
FROM letters;
DROP TABLE letters;
ALTER TABLE letters_anew RENAME TO letters;
CREATE INDEX letters_waiting ON letters (urgency, next_at, id) WHERE state IN ('planned', 'queued', 'failed') AND digest_of IS NULL;
CREATE INDEX letters_recipient ON letters (recipient, id);
CREATE INDEX letters_program ON letters (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX letters_object ON letters (object_id, rule);
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_digest ON letters (digest_of) WHERE digest_of IS NOT NULL;

-- What a person wants of letters: an account, or a participant.
CREATE TABLE letter_preferences_anew (
  person BLOB NOT NULL,
  category TEXT NOT NULL,
  frequency TEXT NOT NULL,
  paused_until TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (person, category)
) STRICT, WITHOUT ROWID;
INSERT INTO letter_preferences_anew SELECT user_id, category, frequency, paused_until, updated_at FROM letter_preferences;
DROP TABLE letter_preferences;
ALTER TABLE letter_preferences_anew RENAME TO letter_preferences;

-- An event that concerns many is planned in parts: up to which of them it is.
ALTER TABLE domain_events ADD COLUMN planned_to BLOB;

-- Sessions that ended lately: has attendance been noted?
CREATE INDEX training_sessions_last_day ON training_sessions (last_day, id);
