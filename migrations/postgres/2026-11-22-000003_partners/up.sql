-- Trigram indexes for q=; a trusted extension, so the owner of the database may create it. It stays on the way down.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Which version of a compiled reference file is loaded.
CREATE TABLE reference_files (name TEXT PRIMARY KEY, hash TEXT NOT NULL, loaded_at TIMESTAMPTZ NOT NULL);

-- ISO 3166-1 with what programs need to know; written by the house only.
CREATE TABLE countries (
  iso2 TEXT PRIMARY KEY,
  iso3 TEXT NOT NULL UNIQUE,
  m49 TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  names TEXT NOT NULL,
  un_names TEXT NOT NULL,
  un_formal_name TEXT,
  region TEXT,
  subregion TEXT,
  intermediate_region TEXT,
  income TEXT,
  income_year INTEGER,
  ldc BOOLEAN NOT NULL,
  ldc_until DATE,
  lldc BOOLEAN NOT NULL,
  sids BOOLEAN NOT NULL,
  g77 BOOLEAN NOT NULL,
  official_languages TEXT NOT NULL,
  currency TEXT,
  calling_code TEXT,
  zones TEXT NOT NULL,
  primary_zone TEXT,
  first_weekday TEXT NOT NULL,
  weekend TEXT NOT NULL,
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX countries_region ON countries (region, iso2);
CREATE INDEX countries_search ON countries USING gin (search_text gin_trgm_ops);

-- Countries as partners.
CREATE TABLE partners (
  country TEXT PRIMARY KEY REFERENCES countries (iso2),
  status TEXT NOT NULL,
  status_reason TEXT,
  working_languages TEXT NOT NULL,
  disclosure TEXT NOT NULL,
  timezone TEXT,
  weekend TEXT NOT NULL,
  notes TEXT,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX partners_status ON partners (status, country);
CREATE INDEX partners_updated ON partners (updated_at, country);

CREATE TABLE partner_holidays (
  id UUID PRIMARY KEY,
  country TEXT NOT NULL REFERENCES partners (country),
  day DATE NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  UNIQUE (country, day)
);

-- Donors, implementers, ministries, CSIRTs ...
CREATE TABLE organizations (
  id UUID PRIMARY KEY,
  names TEXT NOT NULL,
  acronym TEXT,
  kind TEXT NOT NULL,
  type_code TEXT NOT NULL,
  iati_id TEXT,
  country TEXT REFERENCES countries (iso2),
  website TEXT,
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL,
  deleted_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX organizations_iati ON organizations (iati_id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_country ON organizations (country, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_kind ON organizations (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_type ON organizations (type_code, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_updated ON organizations (updated_at, id);
CREATE INDEX organizations_search ON organizations USING gin (search_text gin_trgm_ops);

-- Who speaks for a country, on which themes, by whose letter.
CREATE TABLE focal_points (
  id UUID PRIMARY KEY,
  country TEXT NOT NULL REFERENCES partners (country),
  user_id UUID NOT NULL REFERENCES users (id),
  organization_id UUID REFERENCES organizations (id),
  themes TEXT NOT NULL,
  letter_url TEXT,
  status TEXT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  last_confirmed_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  ended_reason TEXT,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE UNIQUE INDEX focal_points_once ON focal_points (country, user_id) WHERE status <> 'ended';
CREATE INDEX focal_points_country ON focal_points (country, id);
CREATE INDEX focal_points_user ON focal_points (user_id, id);
CREATE INDEX focal_points_organization ON focal_points (organization_id, id);
CREATE INDEX focal_points_confirmed ON focal_points (last_confirmed_at, id) WHERE status = 'active';

-- Questions to the chain by time and by action.
CREATE INDEX audit_events_at ON audit_events (at, seq);
CREATE INDEX audit_events_action ON audit_events (action, seq);

-- Signed heads of the audit chain, kept outside too: with one, a shortened chain is found.
CREATE TABLE audit_checkpoints (
  seq BIGINT PRIMARY KEY,
  hash TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  boot UUID NOT NULL,
  signature TEXT NOT NULL
);
CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
