-- What a country owns and may disclose: one row with the id of the assessment, the risk register or the AI system itself.
-- Who may see it, and how deep, is decided over this table alone.
CREATE TABLE holdings (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  country TEXT NOT NULL REFERENCES countries (iso2),
  program_id BLOB REFERENCES programs (id),
  tlp TEXT NOT NULL,
  title TEXT NOT NULL,
  published INTEGER NOT NULL CHECK (published IN (0, 1)),
  deleted_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX holdings_country ON holdings (country, id);
CREATE INDEX holdings_open ON holdings (id) WHERE published AND tlp = 'CLEAR' AND deleted_at IS NULL;
CREATE INDEX holdings_program ON holdings (program_id, id) WHERE published AND deleted_at IS NULL;

-- Persons named on a holding, each for a part.
CREATE TABLE holding_people (
  holding_id BLOB NOT NULL REFERENCES holdings (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  part TEXT NOT NULL,
  named_by BLOB NOT NULL,
  named_at INTEGER NOT NULL,
  PRIMARY KEY (holding_id, user_id, part)
) STRICT;
CREATE INDEX holding_people_user ON holding_people (user_id, holding_id);

-- Disclosures to a person or to the team of a program.
CREATE TABLE share_grants (
  id BLOB PRIMARY KEY NOT NULL,
  holding_id BLOB NOT NULL REFERENCES holdings (id),
  user_id BLOB REFERENCES users (id),
  program_id BLOB REFERENCES programs (id),
  level TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_on TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  proposed_by BLOB NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL,
  CHECK ((user_id IS NULL) <> (program_id IS NULL))
) STRICT;
CREATE INDEX share_grants_holding ON share_grants (holding_id, id);
CREATE INDEX share_grants_user ON share_grants (user_id, holding_id) WHERE user_id IS NOT NULL;
CREATE INDEX share_grants_program ON share_grants (program_id, holding_id) WHERE program_id IS NOT NULL;
CREATE INDEX share_grants_proposed ON share_grants (proposed_by, id);
CREATE INDEX share_grants_ending ON share_grants (expires_on, id) WHERE status = 'granted';

-- Changes of a label: raising is done at once, lowering waits for a second person.
CREATE TABLE label_changes (
  id BLOB PRIMARY KEY NOT NULL,
  holding_id BLOB NOT NULL REFERENCES holdings (id),
  from_label TEXT NOT NULL,
  to_label TEXT NOT NULL,
  reason TEXT NOT NULL,
  waive_delay INTEGER NOT NULL CHECK (waive_delay IN (0, 1)),
  status TEXT NOT NULL,
  asked_by BLOB NOT NULL,
  decided_by BLOB,
  decided_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX label_changes_holding ON label_changes (holding_id, id);
CREATE UNIQUE INDEX label_changes_waiting ON label_changes (holding_id) WHERE status = 'asked';

-- Who read what a country owns: the rows of the audit chain that say so.
CREATE INDEX audit_events_readings ON audit_events (country, seq) WHERE action = 'holding.read';
