-- Programs (IATI activities, hierarchy 1). Dates are text of ISO 8601, to the day, the month or the year;
-- the columns that end in `_on` are the first or last day they can mean, kept by the store for filters and order.
CREATE TABLE programs (
  id UUID PRIMARY KEY,
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
  planned_start_on DATE,
  planned_end_on DATE,
  start_on DATE NOT NULL,
  scope_note TEXT,
  budget_note TEXT,
  notes TEXT,
  collaboration_type TEXT,
  flow_type TEXT,
  aid_type TEXT,
  final_report TEXT,
  finalised_by UUID,
  milestones_waiver TEXT,
  search_text TEXT NOT NULL,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
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
  program_id UUID NOT NULL REFERENCES programs (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  share INTEGER,
  status TEXT NOT NULL,
  acknowledged_at TIMESTAMPTZ,
  acknowledged_by UUID,
  PRIMARY KEY (program_id, country)
);
CREATE INDEX program_countries_page ON program_countries (country, status, program_id);
CREATE INDEX program_countries_all ON program_countries (country, program_id, status);

CREATE TABLE program_themes (
  program_id UUID NOT NULL REFERENCES programs (id),
  theme TEXT NOT NULL,
  PRIMARY KEY (program_id, theme)
);
CREATE INDEX program_themes_theme ON program_themes (theme, program_id);

-- Participating organizations with IATI roles; registered ones by id, others by the name that was given.
CREATE TABLE program_organizations (
  program_id UUID NOT NULL REFERENCES programs (id),
  place INTEGER NOT NULL,
  role TEXT NOT NULL,
  organization_id UUID REFERENCES organizations (id),
  name TEXT,
  PRIMARY KEY (program_id, place),
  CHECK ((organization_id IS NULL) <> (name IS NULL))
);
CREATE INDEX program_organizations_organization ON program_organizations (organization_id, program_id) WHERE organization_id IS NOT NULL;

CREATE TABLE program_tags (
  program_id UUID NOT NULL REFERENCES programs (id),
  vocabulary TEXT NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (program_id, vocabulary, code)
);
CREATE INDEX program_tags_code ON program_tags (code, program_id);

-- Money by period and currency; `amount` is ten-thousandths of the unit.
CREATE TABLE program_budgets (
  id UUID PRIMARY KEY,
  program_id UUID NOT NULL REFERENCES programs (id),
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  value_date DATE NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX program_budgets_program ON program_budgets (program_id, period_start, id);

-- `q=`: any part of a folded text. pg_trgm is a trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX programs_search ON programs USING gin (search_text gin_trgm_ops);
