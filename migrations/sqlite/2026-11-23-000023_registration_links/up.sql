-- Links by which people register themselves for a session. What opens the door is derived from the id: nothing secret is here.
CREATE TABLE registration_links (
  id BLOB PRIMARY KEY NOT NULL,
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  country TEXT REFERENCES countries (iso2),
  label TEXT,
  expires_on TEXT,
  revoked_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX registration_links_session ON registration_links (session_id, id);
