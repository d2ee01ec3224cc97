-- Dated commitments of programs. `moves` counts the changes of the date and is the SEQUENCE of calendars.
CREATE TABLE milestones (
  id BLOB PRIMARY KEY NOT NULL,
  program_id BLOB NOT NULL REFERENCES programs (id),
  series_id BLOB,
  country TEXT,
  title TEXT NOT NULL,
  description TEXT,
  deliverable TEXT,
  deliverable_url TEXT,
  owner BLOB REFERENCES users (id),
  acceptance TEXT NOT NULL,
  due TEXT NOT NULL,
  baseline_due TEXT NOT NULL,
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000),
  predecessor BLOB REFERENCES milestones (id),
  status TEXT NOT NULL,
  note TEXT,
  submitted_by BLOB,
  submitted_at INTEGER,
  accepted_by BLOB,
  accepted_at INTEGER,
  moves INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX milestones_program ON milestones (program_id, due, id);
CREATE INDEX milestones_due ON milestones (due, id);
CREATE INDEX milestones_open ON milestones (due, id) WHERE deleted_at IS NULL AND status NOT IN ('accepted', 'cancelled');
CREATE INDEX milestones_owner ON milestones (owner, due, id) WHERE owner IS NOT NULL;
CREATE INDEX milestones_country ON milestones (country, due, id) WHERE country IS NOT NULL;
CREATE INDEX milestones_updated ON milestones (updated_at, id);
CREATE INDEX milestones_status ON milestones (status, due, id);
CREATE INDEX milestones_status_updated ON milestones (status, updated_at, id);
CREATE INDEX milestones_predecessor ON milestones (predecessor) WHERE predecessor IS NOT NULL;
CREATE INDEX milestones_series ON milestones (series_id, due, id) WHERE series_id IS NOT NULL;

-- Every move of a date; rows are only ever added.
CREATE TABLE milestone_moves (
  id BLOB PRIMARY KEY NOT NULL,
  milestone_id BLOB NOT NULL REFERENCES milestones (id),
  old_due TEXT NOT NULL,
  new_due TEXT NOT NULL,
  reason TEXT NOT NULL,
  moved_by BLOB NOT NULL,
  moved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX milestone_moves_milestone ON milestone_moves (milestone_id, id);

-- Calendars that a person subscribed to. The secret in the address is a MAC of the id and stands nowhere.
CREATE TABLE calendar_feeds (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  name TEXT,
  shows TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX calendar_feeds_user ON calendar_feeds (user_id, id);
