-- Links by which people register themselves for a session. What opens the door is derived from the id: nothing secret is here.
CREATE TABLE registration_links (
  id UUID PRIMARY KEY NOT NULL,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  country TEXT REFERENCES countries (iso2),
  label TEXT,
  expires_on DATE,
  revoked_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX registration_links_session ON registration_links (session_id, id);
