-- Dated commitments of programs. `moves` counts the changes of the date and is the SEQUENCE of calendars.
CREATE TABLE milestones (
  id UUID PRIMARY KEY NOT NULL,
  program_id UUID NOT NULL REFERENCES programs (id),
  series_id UUID,
  country TEXT,
  title TEXT NOT NULL,
  description TEXT,
  deliverable TEXT,
  deliverable_url TEXT,
  owner UUID REFERENCES users (id),
  acceptance TEXT NOT NULL,
  due DATE NOT NULL,
  baseline_due DATE NOT NULL,
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000),
  predecessor UUID REFERENCES milestones (id),
  status TEXT NOT NULL,
  note TEXT,
  submitted_by UUID,
  submitted_at TIMESTAMPTZ,
  accepted_by UUID,
  accepted_at TIMESTAMPTZ,
  moves INTEGER NOT NULL,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
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
  id UUID PRIMARY KEY NOT NULL,
  milestone_id UUID NOT NULL REFERENCES milestones (id),
  old_due DATE NOT NULL,
  new_due DATE NOT NULL,
  reason TEXT NOT NULL,
  moved_by UUID NOT NULL,
  moved_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX milestone_moves_milestone ON milestone_moves (milestone_id, id);

-- Calendars that a person subscribed to. The secret in the address is a MAC of the id and stands nowhere.
CREATE TABLE calendar_feeds (
  id UUID PRIMARY KEY NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  name TEXT,
  shows TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ
);
CREATE INDEX calendar_feeds_user ON calendar_feeds (user_id, id);
