-- Which version of a compiled reference file is loaded.
CREATE TABLE reference_files (name TEXT PRIMARY KEY NOT NULL, hash TEXT NOT NULL, loaded_at INTEGER NOT NULL) STRICT;

-- ISO 3166-1 with what programs need to know; written by the house only.
CREATE TABLE countries (
  iso2 TEXT PRIMARY KEY NOT NULL,
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
  ldc INTEGER NOT NULL,
  ldc_until TEXT,
  lldc INTEGER NOT NULL,
  sids INTEGER NOT NULL,
  g77 INTEGER NOT NULL,
  official_languages TEXT NOT NULL,
  currency TEXT,
  calling_code TEXT,
  zones TEXT NOT NULL,
  primary_zone TEXT,
  first_weekday TEXT NOT NULL,
  weekend TEXT NOT NULL,
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX countries_region ON countries (region, iso2);
CREATE VIRTUAL TABLE countries_search USING fts5 (id UNINDEXED, search_text, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER countries_search_insert AFTER INSERT ON countries BEGIN
  INSERT INTO countries_search (rowid, id, search_text) VALUES (new.rowid, new.iso2, new.search_text);
END;
CREATE TRIGGER countries_search_update AFTER UPDATE OF search_text ON countries BEGIN
  UPDATE countries_search SET search_text = new.search_text WHERE rowid = new.rowid;
END;
CREATE TRIGGER countries_search_delete AFTER DELETE ON countries BEGIN
  DELETE FROM countries_search WHERE rowid = old.rowid;
END;

-- Countries as partners.
CREATE TABLE partners (
  country TEXT PRIMARY KEY NOT NULL REFERENCES countries (iso2),
  status TEXT NOT NULL,
  status_reason TEXT,
  working_languages TEXT NOT NULL,
  disclosure TEXT NOT NULL,
  timezone TEXT,
  weekend TEXT NOT NULL,
  notes TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX partners_status ON partners (status, country);
CREATE INDEX partners_updated ON partners (updated_at, country);

CREATE TABLE partner_holidays (
  id BLOB PRIMARY KEY NOT NULL,
  country TEXT NOT NULL REFERENCES partners (country),
  day TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  UNIQUE (country, day)
) STRICT;

-- Donors, implementers, ministries, CSIRTs ...
CREATE TABLE organizations (
  id BLOB PRIMARY KEY NOT NULL,
  names TEXT NOT NULL,
  acronym TEXT,
  kind TEXT NOT NULL,
  type_code TEXT NOT NULL,
  iati_id TEXT,
  country TEXT REFERENCES countries (iso2),
  website TEXT,
  search_text TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX organizations_iati ON organizations (iati_id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_country ON organizations (country, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_kind ON organizations (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_type ON organizations (type_code, id) WHERE deleted_at IS NULL;
CREATE INDEX organizations_updated ON organizations (updated_at, id);
CREATE VIRTUAL TABLE organizations_search USING fts5 (id UNINDEXED, search_text, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER organizations_search_insert AFTER INSERT ON organizations BEGIN
  INSERT INTO organizations_search (rowid, id, search_text) VALUES (new.rowid, new.id, new.search_text);
END;
CREATE TRIGGER organizations_search_update AFTER UPDATE OF search_text ON organizations
WHEN old.search_text <> new.search_text BEGIN
  UPDATE organizations_search SET search_text = new.search_text WHERE rowid = new.rowid;
END;
CREATE TRIGGER organizations_search_delete AFTER DELETE ON organizations BEGIN
  DELETE FROM organizations_search WHERE rowid = old.rowid;
END;

-- Who speaks for a country, on which themes, by whose letter.
CREATE TABLE focal_points (
  id BLOB PRIMARY KEY NOT NULL,
  country TEXT NOT NULL REFERENCES partners (country),
  user_id BLOB NOT NULL REFERENCES users (id),
  organization_id BLOB REFERENCES organizations (id),
  themes TEXT NOT NULL,
  letter_url TEXT,
  status TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  last_confirmed_at INTEGER,
  ended_at INTEGER,
  ended_reason TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
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
  seq INTEGER PRIMARY KEY NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  boot BLOB NOT NULL,
  signature TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
