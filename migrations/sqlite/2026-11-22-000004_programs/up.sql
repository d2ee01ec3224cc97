-- Programs (IATI activities, hierarchy 1). Dates are text of ISO 8601, to the day, the month or the year;
-- the columns that end in `_on` are the first or last day they can mean, kept by the store for filters and order.
CREATE TABLE programs (
  id BLOB PRIMARY KEY NOT NULL,
  iati_identifier TEXT,
  title TEXT NOT NULL,
  description TEXT,
  objectives TEXT,
  target_groups TEXT,
  status TEXT NOT NULL,
  planned_start TEXT,
  actual_start TEXT,
  planned_end TEXT,
  actual_end TEXT,
  planned_start_on TEXT,
  planned_end_on TEXT,
  start_on TEXT NOT NULL,
  scope_note TEXT,
  budget_note TEXT,
  notes TEXT,
  collaboration_type TEXT,
  flow_type TEXT,
  aid_type TEXT,
  final_report TEXT,
  finalised_by BLOB,
  milestones_waiver TEXT,
  search_text TEXT NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
-- A deleted program gives its identifier back.
CREATE UNIQUE INDEX programs_identifier ON programs (iati_identifier) WHERE deleted_at IS NULL;
CREATE INDEX programs_status ON programs (status, id);
CREATE INDEX programs_updated ON programs (updated_at, id);
CREATE INDEX programs_status_updated ON programs (status, updated_at, id);
CREATE INDEX programs_status_start ON programs (status, start_on, id);
CREATE INDEX programs_start ON programs (start_on, id);
CREATE INDEX programs_planned_start ON programs (planned_start_on, id) WHERE planned_start_on IS NOT NULL;
CREATE INDEX programs_planned_end ON programs (planned_end_on, id) WHERE planned_end_on IS NOT NULL;

-- Where a program works. `share` is hundredths of a percent. `status` repeats the program's (`deleted` for a deleted one),
-- so that one index serves the page of a country in a status in order of ids.
CREATE TABLE program_countries (
  program_id BLOB NOT NULL REFERENCES programs (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  share INTEGER,
  status TEXT NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by BLOB,
  PRIMARY KEY (program_id, country)
) STRICT;
CREATE INDEX program_countries_page ON program_countries (country, status, program_id);
CREATE INDEX program_countries_all ON program_countries (country, program_id, status);

CREATE TABLE program_themes (
  program_id BLOB NOT NULL REFERENCES programs (id),
  theme TEXT NOT NULL,
  PRIMARY KEY (program_id, theme)
) STRICT;
CREATE INDEX program_themes_theme ON program_themes (theme, program_id);

-- Participating organizations with IATI roles; registered ones by id, others by the name that was given.
CREATE TABLE program_organizations (
  program_id BLOB NOT NULL REFERENCES programs (id),
  place INTEGER NOT NULL,
  role TEXT NOT NULL,
  organization_id BLOB REFERENCES organizations (id),
  name TEXT,
  PRIMARY KEY (program_id, place),
  CHECK ((organization_id IS NULL) <> (name IS NULL))
) STRICT;
CREATE INDEX program_organizations_organization ON program_organizations (organization_id, program_id) WHERE organization_id IS NOT NULL;

CREATE TABLE program_tags (
  program_id BLOB NOT NULL REFERENCES programs (id),
  vocabulary TEXT NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (program_id, vocabulary, code)
) STRICT;
CREATE INDEX program_tags_code ON program_tags (code, program_id);

-- Money by period and currency; `amount` is ten-thousandths of the unit.
CREATE TABLE program_budgets (
  id BLOB PRIMARY KEY NOT NULL,
  program_id BLOB NOT NULL REFERENCES programs (id),
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL,
  value_date TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX program_budgets_program ON program_budgets (program_id, period_start, id);

-- `q=`: any part of a folded text. Implicit row numbers may move at VACUUM, so each program has a place of its own.
CREATE TABLE programs_search_places (place INTEGER PRIMARY KEY NOT NULL, id BLOB NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE programs_search USING fts5(id UNINDEXED, search_text, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER programs_search_insert AFTER INSERT ON programs BEGIN
  INSERT INTO programs_search_places (id) VALUES (new.id);
  INSERT INTO programs_search (rowid, id, search_text)
    SELECT place, new.id, new.search_text FROM programs_search_places WHERE id = new.id;
END;
CREATE TRIGGER programs_search_update AFTER UPDATE OF search_text ON programs WHEN new.search_text <> old.search_text BEGIN
  UPDATE programs_search SET search_text = new.search_text
    WHERE rowid = (SELECT place FROM programs_search_places WHERE id = new.id);
END;
CREATE TRIGGER programs_search_delete AFTER DELETE ON programs BEGIN
  DELETE FROM programs_search WHERE rowid = (SELECT place FROM programs_search_places WHERE id = old.id);
  DELETE FROM programs_search_places WHERE id = old.id;
END;
