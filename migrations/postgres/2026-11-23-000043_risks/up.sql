-- Risk registers of a country (ISO 31000, ISO/IEC 27005). The row has the id of its holding; the matrix never changes and stays
-- while a register uses it.
CREATE TABLE risk_registers (
  id UUID PRIMARY KEY NOT NULL REFERENCES holdings (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  organization_id UUID REFERENCES organizations (id),
  program_id UUID REFERENCES programs (id),
  title TEXT NOT NULL,
  scope TEXT,
  criteria TEXT,
  matrix_id UUID NOT NULL REFERENCES risk_matrices (id),
  tolerance INTEGER NOT NULL,
  tolerance_cyber INTEGER,
  tolerance_ai INTEGER,
  tolerance_program INTEGER,
  status TEXT NOT NULL,
  note TEXT,
  last_number INTEGER NOT NULL,
  submitted_by UUID,
  submitted_at TIMESTAMPTZ,
  validated_by UUID,
  validated_at TIMESTAMPTZ,
  published_at TIMESTAMPTZ,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX risk_registers_country ON risk_registers (country, id);
CREATE INDEX risk_registers_status ON risk_registers (status, id);
CREATE INDEX risk_registers_program ON risk_registers (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX risk_registers_matrix ON risk_registers (matrix_id);
CREATE INDEX risk_registers_organization ON risk_registers (organization_id) WHERE organization_id IS NOT NULL;

-- Who wrote in a register: none of them validates it. Rows are only ever added.
CREATE TABLE risk_writers (
  register_id UUID NOT NULL REFERENCES risk_registers (id),
  user_id UUID NOT NULL REFERENCES users (id),
  PRIMARY KEY (register_id, user_id)
);

-- Scenarios. `level` is the current level by the grid of the register's matrix, -1 while it is not rated; `within_tolerance`
-- follows from it and the register's tolerance, null while it is not rated.
CREATE TABLE risks (
  id UUID PRIMARY KEY NOT NULL,
  register_id UUID NOT NULL REFERENCES risk_registers (id),
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
  ai_system_id UUID REFERENCES ai_systems (id),
  owner UUID REFERENCES users (id),
  treatment TEXT,
  level INTEGER NOT NULL,
  within_tolerance BOOLEAN,
  strength TEXT,
  next_review_on DATE,
  triggers TEXT NOT NULL,
  reopened_by TEXT,
  ai TEXT NOT NULL,
  mit_domain UUID REFERENCES framework_nodes (id),
  mit_subdomain UUID REFERENCES framework_nodes (id),
  note TEXT,
  search_text TEXT NOT NULL,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
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
  risk_id UUID NOT NULL REFERENCES risks (id),
  kind TEXT NOT NULL,
  register_id UUID NOT NULL,
  likelihood INTEGER NOT NULL,
  impacts TEXT NOT NULL,
  impact INTEGER NOT NULL,
  level INTEGER NOT NULL,
  rationale TEXT,
  counted BOOLEAN NOT NULL,
  rated_by UUID NOT NULL,
  rated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (risk_id, kind)
);
CREATE INDEX risk_ratings_map ON risk_ratings (register_id, counted, kind, likelihood, impact, risk_id);

-- Outcomes of a framework (NIST AI RMF) that a scenario endangers.
CREATE TABLE risk_outcomes (
  risk_id UUID NOT NULL REFERENCES risks (id),
  node_id UUID NOT NULL REFERENCES framework_nodes (id),
  PRIMARY KEY (risk_id, node_id)
);
CREATE INDEX risk_outcomes_node ON risk_outcomes (node_id);

-- What is done about a scenario.
CREATE TABLE treatment_actions (
  id UUID PRIMARY KEY NOT NULL,
  risk_id UUID NOT NULL REFERENCES risks (id),
  register_id UUID NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL,
  owner UUID REFERENCES users (id),
  due DATE,
  cost BIGINT,
  currency TEXT,
  effort_days INTEGER,
  milestone_id UUID REFERENCES milestones (id),
  note TEXT,
  done_by UUID,
  done_at TIMESTAMPTZ,
  verified_by UUID,
  verified_at TIMESTAMPTZ,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX treatment_actions_risk ON treatment_actions (risk_id, id);
CREATE INDEX treatment_actions_register ON treatment_actions (register_id, risk_id);
CREATE INDEX treatment_actions_due ON treatment_actions (due, id) WHERE deleted_at IS NULL AND status IN ('planned', 'in_progress');
CREATE INDEX treatment_actions_owner ON treatment_actions (owner, due, id) WHERE owner IS NOT NULL;
CREATE INDEX treatment_actions_milestone ON treatment_actions (milestone_id) WHERE milestone_id IS NOT NULL;

-- Who bears a risk as it is, until when and why.
CREATE TABLE risk_acceptances (
  id UUID PRIMARY KEY NOT NULL,
  risk_id UUID NOT NULL REFERENCES risks (id),
  register_id UUID NOT NULL,
  status TEXT NOT NULL,
  justification TEXT NOT NULL,
  level INTEGER NOT NULL,
  expires_on DATE NOT NULL,
  approver UUID REFERENCES users (id),
  note TEXT,
  submitted_by UUID,
  submitted_at TIMESTAMPTZ,
  decided_by UUID,
  decided_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX risk_acceptances_risk ON risk_acceptances (risk_id, id);
CREATE INDEX risk_acceptances_register ON risk_acceptances (register_id, risk_id);
CREATE INDEX risk_acceptances_expiry ON risk_acceptances (expires_on, id) WHERE status = 'accepted' AND deleted_at IS NULL;
CREATE INDEX risk_acceptances_approver ON risk_acceptances (approver, id) WHERE approver IS NOT NULL;

-- `q=`: any part of a folded text.
CREATE INDEX risks_search ON risks USING gin (search_text gin_trgm_ops);
