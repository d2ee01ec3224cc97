-- Risk registers of a country (ISO 31000, ISO/IEC 27005). The row has the id of its holding; the matrix never changes and stays
-- while a register uses it.
CREATE TABLE risk_registers (
  id BLOB PRIMARY KEY NOT NULL REFERENCES holdings (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  organization_id BLOB REFERENCES organizations (id),
  program_id BLOB REFERENCES programs (id),
  title TEXT NOT NULL,
  scope TEXT,
  criteria TEXT,
  matrix_id BLOB NOT NULL REFERENCES risk_matrices (id),
  tolerance INTEGER NOT NULL,
  tolerance_cyber INTEGER,
  tolerance_ai INTEGER,
  tolerance_program INTEGER,
  status TEXT NOT NULL,
  note TEXT,
  last_number INTEGER NOT NULL,
  submitted_by BLOB,
  submitted_at INTEGER,
  validated_by BLOB,
  validated_at INTEGER,
  published_at INTEGER,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX risk_registers_country ON risk_registers (country, id);
CREATE INDEX risk_registers_status ON risk_registers (status, id);
CREATE INDEX risk_registers_program ON risk_registers (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX risk_registers_matrix ON risk_registers (matrix_id);
CREATE INDEX risk_registers_organization ON risk_registers (organization_id) WHERE organization_id IS NOT NULL;

-- Who wrote in a register: none of them validates it. Rows are only ever added.
CREATE TABLE risk_writers (
  register_id BLOB NOT NULL REFERENCES risk_registers (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  PRIMARY KEY (register_id, user_id)
) STRICT;

-- Scenarios. `level` is the current level by the grid of the register's matrix, -1 while it is not rated; `within_tolerance`
-- follows from it and the register's tolerance, null while it is not rated.
CREATE TABLE risks (
  id BLOB PRIMARY KEY NOT NULL,
  register_id BLOB NOT NULL REFERENCES risk_registers (id),
  country TEXT NOT NULL,
  number INTEGER NOT NULL,
  category TEXT NOT NULL,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  source TEXT,
  event TEXT,
  consequence TEXT,
  assets TEXT,
  ai_system_id BLOB REFERENCES ai_systems (id),
  owner BLOB REFERENCES users (id),
  treatment TEXT,
  level INTEGER NOT NULL,
  within_tolerance INTEGER,
  strength TEXT,
  next_review_on TEXT,
  triggers TEXT NOT NULL,
  reopened_by TEXT,
  ai TEXT NOT NULL,
  mit_domain BLOB REFERENCES framework_nodes (id),
  mit_subdomain BLOB REFERENCES framework_nodes (id),
  note TEXT,
  search_text TEXT NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX risks_number ON risks (register_id, number);
CREATE INDEX risks_register_level ON risks (register_id, level, id);
CREATE INDEX risks_level ON risks (level, id);
CREATE INDEX risks_country ON risks (country, level, id);
CREATE INDEX risks_category ON risks (category, level, id);
CREATE INDEX risks_status ON risks (status, level, id);
CREATE INDEX risks_owner ON risks (owner, level, id) WHERE owner IS NOT NULL;
CREATE INDEX risks_tolerance ON risks (within_tolerance, level, id);
CREATE INDEX risks_review ON risks (next_review_on, id) WHERE next_review_on IS NOT NULL;
CREATE INDEX risks_updated ON risks (updated_at, id);
CREATE INDEX risks_ai_system ON risks (ai_system_id) WHERE ai_system_id IS NOT NULL;
CREATE INDEX risks_mit_domain ON risks (mit_domain) WHERE mit_domain IS NOT NULL;
CREATE INDEX risks_mit_subdomain ON risks (mit_subdomain) WHERE mit_subdomain IS NOT NULL;

-- The three ratings of a scenario: likelihood, impact by criterion, and what follows from the grid. `counted` while the scenario
-- is neither closed nor deleted: the heat map reads one index.
CREATE TABLE risk_ratings (
  risk_id BLOB NOT NULL REFERENCES risks (id),
  kind TEXT NOT NULL,
  register_id BLOB NOT NULL,
  likelihood INTEGER NOT NULL,
  impacts TEXT NOT NULL,
  impact INTEGER NOT NULL,
  level INTEGER NOT NULL,
  rationale TEXT,
  counted INTEGER NOT NULL,
  rated_by BLOB NOT NULL,
  rated_at INTEGER NOT NULL,
  PRIMARY KEY (risk_id, kind)
) STRICT;
CREATE INDEX risk_ratings_map ON risk_ratings (register_id, counted, kind, likelihood, impact, risk_id);

-- Outcomes of a framework (NIST AI RMF) that a scenario endangers.
CREATE TABLE risk_outcomes (
  risk_id BLOB NOT NULL REFERENCES risks (id),
  node_id BLOB NOT NULL REFERENCES framework_nodes (id),
  PRIMARY KEY (risk_id, node_id)
) STRICT;
CREATE INDEX risk_outcomes_node ON risk_outcomes (node_id);

-- What is done about a scenario.
CREATE TABLE treatment_actions (
  id BLOB PRIMARY KEY NOT NULL,
  risk_id BLOB NOT NULL REFERENCES risks (id),
  register_id BLOB NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL,
  owner BLOB REFERENCES users (id),
  due TEXT,
  cost INTEGER,
  currency TEXT,
  effort_days INTEGER,
  milestone_id BLOB REFERENCES milestones (id),
  note TEXT,
  done_by BLOB,
  done_at INTEGER,
  verified_by BLOB,
  verified_at INTEGER,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX treatment_actions_risk ON treatment_actions (risk_id, id);
CREATE INDEX treatment_actions_register ON treatment_actions (register_id, risk_id);
CREATE INDEX treatment_actions_due ON treatment_actions (due, id) WHERE deleted_at IS NULL AND status IN ('planned', 'in_progress');
CREATE INDEX treatment_actions_owner ON treatment_actions (owner, due, id) WHERE owner IS NOT NULL;
CREATE INDEX treatment_actions_milestone ON treatment_actions (milestone_id) WHERE milestone_id IS NOT NULL;

-- Who bears a risk as it is, until when and why.
CREATE TABLE risk_acceptances (
  id BLOB PRIMARY KEY NOT NULL,
  risk_id BLOB NOT NULL REFERENCES risks (id),
  register_id BLOB NOT NULL,
  status TEXT NOT NULL,
  justification TEXT NOT NULL,
  level INTEGER NOT NULL,
  expires_on TEXT NOT NULL,
  approver BLOB REFERENCES users (id),
  note TEXT,
  submitted_by BLOB,
  submitted_at INTEGER,
  decided_by BLOB,
  decided_at INTEGER,
  ended_at INTEGER,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX risk_acceptances_risk ON risk_acceptances (risk_id, id);
CREATE INDEX risk_acceptances_register ON risk_acceptances (register_id, risk_id);
CREATE INDEX risk_acceptances_expiry ON risk_acceptances (expires_on, id) WHERE status = 'accepted' AND deleted_at IS NULL;
CREATE INDEX risk_acceptances_approver ON risk_acceptances (approver, id) WHERE approver IS NOT NULL;

-- `q=`: any part of a folded text.
CREATE TABLE risks_search_places (place INTEGER PRIMARY KEY NOT NULL, id BLOB NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE risks_search USING fts5(id UNINDEXED, search_text, tokenize = 'trigram case_sensitive 1');
CREATE TRIGGER risks_search_insert AFTER INSERT ON risks BEGIN
  INSERT INTO risks_search_places (id) VALUES (new.id);
  INSERT INTO risks_search (rowid, id, search_text)
    SELECT place, new.id, new.search_text FROM risks_search_places WHERE id = new.id;
END;
CREATE TRIGGER risks_search_update AFTER UPDATE OF search_text ON risks WHEN new.search_text <> old.search_text BEGIN
  UPDATE risks_search SET search_text = new.search_text
    WHERE rowid = (SELECT place FROM risks_search_places WHERE id = new.id);
END;
CREATE TRIGGER risks_search_delete AFTER DELETE ON risks BEGIN
  DELETE FROM risks_search WHERE rowid = (SELECT place FROM risks_search_places WHERE id = old.id);
  DELETE FROM risks_search_places WHERE id = old.id;
END;
