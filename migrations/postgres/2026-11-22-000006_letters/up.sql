-- One letter to one person: planned, sent or given up. The unique key makes every planning repeatable.
CREATE TABLE letters (
  id UUID PRIMARY KEY,
  rule TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id UUID NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  recipient UUID NOT NULL REFERENCES users (id),
  address TEXT NOT NULL,
  audience TEXT NOT NULL,
  program_id UUID,
  facts TEXT NOT NULL,
  urgency INTEGER NOT NULL,
  planned_for TIMESTAMPTZ NOT NULL,
  next_at TIMESTAMPTZ NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempts INTEGER NOT NULL,
  uncertain BOOLEAN NOT NULL,
  fence BIGINT NOT NULL,
  digest_of UUID,
  dated_at TIMESTAMPTZ,
  sent_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (rule, object_id, anchor, offset_days, recipient, address)
);
CREATE INDEX letters_waiting ON letters (urgency, next_at, id) WHERE state IN ('planned', 'queued', 'failed') AND digest_of IS NULL;
CREATE INDEX letters_recipient ON letters (recipient, id);
CREATE INDEX letters_program ON letters (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX letters_object ON letters (object_id, rule);
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_digest ON letters (digest_of) WHERE digest_of IS NOT NULL;

-- What an administrator (program: the nil id) or a coordinator set differently from the rule table.
CREATE TABLE letter_rules (
  rule TEXT NOT NULL,
  program_id UUID NOT NULL,
  enabled BOOLEAN NOT NULL,
  ladders TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL,
  PRIMARY KEY (rule, program_id)
);

-- How often a person wants the letters of a category, and until when none.
CREATE TABLE letter_preferences (
  user_id UUID NOT NULL REFERENCES users (id),
  category TEXT NOT NULL,
  frequency TEXT NOT NULL,
  paused_until DATE,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (user_id, category)
);

-- Addresses that refused a letter for good.
CREATE TABLE letter_suppressions (
  address TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);

-- Letters that nobody was there to receive; administrators are told.
CREATE TABLE letter_alerts (
  rule TEXT NOT NULL,
  object_id UUID NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  audience TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (rule, object_id, anchor, offset_days, audience)
);
CREATE INDEX letter_alerts_at ON letter_alerts (at);
