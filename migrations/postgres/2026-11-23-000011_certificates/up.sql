-- Points of the tests before (pre) and after (post) a session, in hundredths: half points are common. `client_id` is the
-- name that a list made offline gave the entry: merged twice, it counts once.
CREATE TABLE scores (
  id UUID PRIMARY KEY NOT NULL,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  registration_id UUID NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
  test TEXT NOT NULL,
  points INTEGER NOT NULL,
  max_points INTEGER NOT NULL CHECK (max_points BETWEEN 1 AND 1000000),
  source TEXT NOT NULL,
  client_id TEXT,
  noted_at TIMESTAMPTZ NOT NULL,
  noted_by UUID NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CHECK (points BETWEEN 0 AND max_points)
);
CREATE UNIQUE INDEX scores_test ON scores (registration_id, test);
CREATE UNIQUE INDEX scores_client ON scores (session_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX scores_session ON scores (session_id, id);

-- What those who came say of a session, once each. Who said what is never shown: the registration is kept so that a
-- second answer takes the place of the first and nobody who answered is asked again.
CREATE TABLE feedback (
  id UUID PRIMARY KEY NOT NULL,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  registration_id UUID NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
  relevance INTEGER NOT NULL CHECK (relevance BETWEEN 1 AND 5),
  content INTEGER NOT NULL CHECK (content BETWEEN 1 AND 5),
  trainers INTEGER NOT NULL CHECK (trainers BETWEEN 1 AND 5),
  organization INTEGER NOT NULL CHECK (organization BETWEEN 1 AND 5),
  comment TEXT
);
CREATE UNIQUE INDEX feedback_registration ON feedback (registration_id);
CREATE INDEX feedback_session ON feedback (session_id, id);

-- For how many months a certificate of a course is valid; without end when there is none.
ALTER TABLE courses ADD COLUMN certificate_months INTEGER CHECK (certificate_months BETWEEN 1 AND 600);

-- Keys that sign certificates. Their public halves stay for good: what they signed can always be checked. The seed is sealed
-- with the master key, and destroyed when the key is retired.
CREATE TABLE certificate_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  public_key TEXT NOT NULL,
  seed BYTEA NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at TIMESTAMPTZ NOT NULL,
  retired_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX certificate_keys_active ON certificate_keys (active) WHERE active = 1;

-- Certificates. `content` is what was signed, byte for byte; the columns beside it are for lists. One whose `valid_until` is
-- past has expired; that is told from the day, never stored.
CREATE TABLE certificates (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  registration_id UUID NOT NULL REFERENCES registrations (id),
  country TEXT NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  kid TEXT NOT NULL REFERENCES certificate_keys (kid),
  signature TEXT NOT NULL,
  valid_until DATE,
  issued_at TIMESTAMPTZ NOT NULL,
  issued_by UUID NOT NULL,
  revoked_at TIMESTAMPTZ,
  revoked_by UUID,
  reason TEXT,
  version INTEGER NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX certificates_number ON certificates (number);
CREATE INDEX certificates_registration ON certificates (registration_id);
CREATE INDEX certificates_session ON certificates (session_id, id);
CREATE INDEX certificates_country ON certificates (country, id);
CREATE INDEX certificates_ending ON certificates (valid_until, id) WHERE valid_until IS NOT NULL AND revoked_at IS NULL;
