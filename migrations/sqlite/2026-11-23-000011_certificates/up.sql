-- Points of the tests before (pre) and after (post) a session, in hundredths: half points are common. `client_id` is the
-- name that a list made offline gave the entry: merged twice, it counts once.
CREATE TABLE scores (
  id BLOB PRIMARY KEY NOT NULL,
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  registration_id BLOB NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
  test TEXT NOT NULL,
  points INTEGER NOT NULL,
  max_points INTEGER NOT NULL CHECK (max_points BETWEEN 1 AND 1000000),
  source TEXT NOT NULL,
  client_id TEXT,
  noted_at INTEGER NOT NULL,
  noted_by BLOB NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (points BETWEEN 0 AND max_points)
) STRICT;
CREATE UNIQUE INDEX scores_test ON scores (registration_id, test);
CREATE UNIQUE INDEX scores_client ON scores (session_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX scores_session ON scores (session_id, id);

-- What those who came say of a session, once each. Who said what is never shown: the registration is kept so that a
-- second answer takes the place of the first and nobody who answered is asked again.
CREATE TABLE feedback (
  id BLOB PRIMARY KEY NOT NULL,
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  registration_id BLOB NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
  relevance INTEGER NOT NULL CHECK (relevance BETWEEN 1 AND 5),
  content INTEGER NOT NULL CHECK (content BETWEEN 1 AND 5),
  trainers INTEGER NOT NULL CHECK (trainers BETWEEN 1 AND 5),
  organization INTEGER NOT NULL CHECK (organization BETWEEN 1 AND 5),
  comment TEXT
) STRICT;
CREATE UNIQUE INDEX feedback_registration ON feedback (registration_id);
CREATE INDEX feedback_session ON feedback (session_id, id);

-- For how many months a certificate of a course is valid; without end when there is none.
ALTER TABLE courses ADD COLUMN certificate_months INTEGER CHECK (certificate_months BETWEEN 1 AND 600);

-- Keys that sign certificates. Their public halves stay for good: what they signed can always be checked. The seed is sealed
-- with the master key, and destroyed when the key is retired.
CREATE TABLE certificate_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  public_key TEXT NOT NULL,
  seed BLOB NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX certificate_keys_active ON certificate_keys (active) WHERE active = 1;

-- Certificates. `content` is what was signed, byte for byte; the columns beside it are for lists. One whose `valid_until` is
-- past has expired; that is told from the day, never stored.
CREATE TABLE certificates (
  id BLOB PRIMARY KEY NOT NULL,
  number TEXT NOT NULL,
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  registration_id BLOB NOT NULL REFERENCES registrations (id),
  country TEXT NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  kid TEXT NOT NULL REFERENCES certificate_keys (kid),
  signature TEXT NOT NULL,
  valid_until TEXT,
  issued_at INTEGER NOT NULL,
  issued_by BLOB NOT NULL,
  revoked_at INTEGER,
  revoked_by BLOB,
  reason TEXT,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX certificates_number ON certificates (number);
CREATE INDEX certificates_registration ON certificates (registration_id);
CREATE INDEX certificates_session ON certificates (session_id, id);
CREATE INDEX certificates_country ON certificates (country, id);
CREATE INDEX certificates_ending ON certificates (valid_until, id) WHERE valid_until IS NOT NULL AND revoked_at IS NULL;
