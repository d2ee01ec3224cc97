CREATE TABLE users (
  id BLOB PRIMARY KEY NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  timezone TEXT NOT NULL,
  status TEXT NOT NULL,
  password_hash TEXT,
  expires_on TEXT,
  last_seen_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;

CREATE TABLE role_grants (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  country TEXT,
  program_id BLOB,
  valid_to INTEGER,
  granted_by BLOB NOT NULL,
  granted_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
-- A role once per person and scope; nulls are made equal by the nil id and the empty country.
CREATE UNIQUE INDEX role_grants_once ON role_grants (user_id, role, coalesce(country, ''), coalesce(program_id, x'00'))
  WHERE revoked_at IS NULL;
CREATE INDEX role_grants_program ON role_grants (program_id, role, user_id) WHERE program_id IS NOT NULL;
CREATE INDEX role_grants_country ON role_grants (country, role, user_id) WHERE country IS NOT NULL;

CREATE TABLE sessions (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  ended_at INTEGER,
  authenticated_at INTEGER NOT NULL,
  methods TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, id);
