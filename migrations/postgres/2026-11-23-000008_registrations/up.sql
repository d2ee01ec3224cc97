-- People who come, without accounts. One person is one row across sessions: found by e-mail within a country.
-- `merged_into` leads from a second row of the same person to the one that stays.
CREATE TABLE participants (
  id UUID PRIMARY KEY NOT NULL,
  country TEXT NOT NULL REFERENCES countries (iso2),
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT NOT NULL,
  organization TEXT,
  job TEXT,
  sex TEXT,
  language TEXT,
  access_needs TEXT,
  diet TEXT,
  consent_version TEXT,
  consent_at TIMESTAMPTZ,
  merged_into UUID REFERENCES participants (id),
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE UNIQUE INDEX participants_email ON participants (country, email_key) WHERE merged_into IS NULL;
CREATE INDEX participants_country ON participants (country, id);
CREATE INDEX participants_updated ON participants (updated_at, id);
CREATE INDEX participants_merged ON participants (merged_into) WHERE merged_into IS NOT NULL;

-- Who comes to which session: nominated, asked, or entered. `rank` is the country's order of its nominees, 1 first.
CREATE TABLE registrations (
  id UUID PRIMARY KEY NOT NULL,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  participant_id UUID NOT NULL REFERENCES participants (id),
  country TEXT NOT NULL,
  origin TEXT NOT NULL,
  rank INTEGER CHECK (rank BETWEEN 1 AND 10000),
  motive TEXT,
  status TEXT NOT NULL,
  reserve INTEGER NOT NULL CHECK (reserve IN (0, 1)),
  note TEXT,
  queued_at TIMESTAMPTZ,
  offer_expires_at TIMESTAMPTZ,
  decided_by UUID,
  decided_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE UNIQUE INDEX registrations_person ON registrations (session_id, participant_id);
CREATE INDEX registrations_session ON registrations (session_id, id);
CREATE INDEX registrations_country ON registrations (session_id, country, id);
CREATE INDEX registrations_status ON registrations (session_id, status, id);
CREATE INDEX registrations_participant ON registrations (participant_id, id);
CREATE INDEX registrations_updated ON registrations (session_id, updated_at, id);
CREATE INDEX registrations_offers ON registrations (offer_expires_at) WHERE offer_expires_at IS NOT NULL;

-- Seats taken: confirmed and offered, of a session and of each country in it. They rise and fall with the registrations,
-- in the same transaction, under the lock of the session's row.
CREATE TABLE session_seats (
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  country TEXT NOT NULL,
  taken INTEGER NOT NULL CHECK (taken >= 0),
  PRIMARY KEY (session_id, country)
);
