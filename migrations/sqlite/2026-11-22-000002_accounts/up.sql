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
-- Who holds what in which programs, from the index alone.
CREATE INDEX role_grants_held ON role_grants (user_id, program_id, role, valid_to) WHERE revoked_at IS NULL AND program_id IS NOT NULL;
CREATE INDEX role_grants_country ON role_grants (country, role, user_id) WHERE country IS NOT NULL;

CREATE TABLE sessions (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  ended_at INTEGER,
  authenticated_at INTEGER NOT NULL,
  methods TEXT NOT NULL,
  agent TEXT NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_end ON sessions (ends_at);

CREATE TABLE refresh_tokens (
  id BLOB PRIMARY KEY NOT NULL,
  session_id BLOB NOT NULL REFERENCES sessions (id),
  hash TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  predecessor BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, state);
CREATE INDEX refresh_tokens_predecessor ON refresh_tokens (predecessor) WHERE predecessor IS NOT NULL;

-- Single-use links. Their secret is derived from the id with the master key, so nothing here opens a door.
CREATE TABLE links (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  user_id BLOB REFERENCES users (id),
  email TEXT,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX links_open ON links (user_id, kind) WHERE used_at IS NULL;
CREATE INDEX links_end ON links (expires_at);

CREATE TABLE second_factors (
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
  seed BLOB NOT NULL,
  last_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER
) STRICT;

CREATE TABLE recovery_codes (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  hash TEXT NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX recovery_codes_user ON recovery_codes (user_id, hash);

-- Tokens of machine clients; countries and permissions are lists separated by spaces.
CREATE TABLE api_tokens (
  id BLOB PRIMARY KEY NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  permissions TEXT NOT NULL,
  countries TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_tokens_user ON api_tokens (user_id, id);

-- The role of administrator, asked for by one administrator and waiting for a second.
CREATE TABLE grant_requests (
  user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
  asked_by BLOB NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT;

-- Ed25519 keys of access tokens, their seeds sealed with the master key.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY NOT NULL,
  seed BLOB NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;
CREATE INDEX users_updated ON users (updated_at, id);
CREATE INDEX role_grants_role ON role_grants (role, id) WHERE revoked_at IS NULL;
