-- Who was there on which day of a session. `client_id` is the name that an offline list gave the entry: merged twice, it
-- counts once.
CREATE TABLE attendance (
  id BLOB PRIMARY KEY NOT NULL,
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  registration_id BLOB NOT NULL REFERENCES registrations (id),
  day TEXT NOT NULL,
  status TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
  source TEXT NOT NULL,
  client_id TEXT,
  noted_at INTEGER NOT NULL,
  noted_by BLOB NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX attendance_day ON attendance (registration_id, day);
CREATE UNIQUE INDEX attendance_client ON attendance (session_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX attendance_session ON attendance (session_id, id);
