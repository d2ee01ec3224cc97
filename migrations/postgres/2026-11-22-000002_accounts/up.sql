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
-- Who holds what in which programs, from the index alone.
CREATE INDEX role_grants_held ON role_grants (user_id, program_id, role, valid_to) WHERE revoked_at IS NULL AND program_id IS NOT NULL;
CREATE INDEX role_grants_country ON role_grants (country, role, user_id) WHERE country IS NOT NULL;

CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  last_used_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  authenticated_at TIMESTAMPTZ NOT NULL,
  methods TEXT NOT NULL,
  agent TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_end ON sessions (ends_at);

CREATE TABLE refresh_tokens (
  id UUID PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  hash TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  predecessor UUID,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, state);
CREATE INDEX refresh_tokens_predecessor ON refresh_tokens (predecessor) WHERE predecessor IS NOT NULL;

-- Single-use links. Their secret is derived from the id with the master key, so nothing here opens a door.
CREATE TABLE links (
  id UUID PRIMARY KEY,
  kind TEXT NOT NULL,
  user_id UUID REFERENCES users (id),
  email TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX links_open ON links (user_id, kind) WHERE used_at IS NULL;
CREATE INDEX links_end ON links (expires_at);

CREATE TABLE second_factors (
  user_id UUID PRIMARY KEY REFERENCES users (id),
  seed BYTEA NOT NULL,
  last_step BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ
);

CREATE TABLE recovery_codes (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  hash TEXT NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id, hash);

-- Tokens of machine clients; countries and permissions are lists separated by spaces.
CREATE TABLE api_tokens (
  id UUID PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  permissions TEXT NOT NULL,
  countries TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  last_used_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);
CREATE INDEX api_tokens_user ON api_tokens (user_id, id);

-- The role of administrator, asked for by one administrator and waiting for a second.
CREATE TABLE grant_requests (
  user_id UUID PRIMARY KEY REFERENCES users (id),
  asked_by UUID NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL
);

-- Ed25519 keys of access tokens, their seeds sealed with the master key.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,
  seed BYTEA NOT NULL,
  state TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  retired_at TIMESTAMPTZ
);
CREATE INDEX users_updated ON users (updated_at, id);
CREATE INDEX role_grants_role ON role_grants (role, id) WHERE revoked_at IS NULL;
