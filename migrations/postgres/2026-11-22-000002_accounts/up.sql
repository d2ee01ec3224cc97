CREATE TABLE users (
  id UUID PRIMARY KEY,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  timezone TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT,
  expires_on DATE,
  last_seen_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);

CREATE TABLE role_grants (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  country TEXT,
  program_id UUID,
  valid_to TIMESTAMPTZ,
  granted_by UUID NOT NULL,
  granted_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ
);
-- A role once per person and scope; nulls are made equal by the nil id and the empty country.
CREATE UNIQUE INDEX role_grants_once ON role_grants (user_id, role, coalesce(country, ''), coalesce(program_id, '00000000-0000-0000-0000-000000000000'))
  WHERE revoked_at IS NULL;
CREATE INDEX role_grants_program ON role_grants (program_id, role, user_id) WHERE program_id IS NOT NULL;
CREATE INDEX role_grants_country ON role_grants (country, role, user_id) WHERE country IS NOT NULL;

CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  last_used_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  authenticated_at TIMESTAMPTZ NOT NULL,
  methods TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
