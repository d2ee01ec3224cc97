-- AI systems of a country (ISO/IEC 42001 A.4; EU AI Act articles 3 and 6). The row has the id of its holding.
CREATE TABLE ai_systems (
  id BLOB PRIMARY KEY NOT NULL REFERENCES holdings (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  organization_id BLOB REFERENCES organizations (id),
  program_id BLOB REFERENCES programs (id),
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  roles TEXT NOT NULL,
  provider TEXT,
  deployer TEXT,
  users TEXT,
  sector TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  data_kinds TEXT NOT NULL,
  autonomy TEXT NOT NULL,
  affected_groups TEXT NOT NULL,
  affected TEXT,
  class_id BLOB REFERENCES framework_nodes (id),
  class_reason TEXT,
  owner BLOB REFERENCES users (id),
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX ai_systems_country ON ai_systems (country, id);
CREATE INDEX ai_systems_class ON ai_systems (class_id, id) WHERE class_id IS NOT NULL;
CREATE INDEX ai_systems_sector ON ai_systems (sector, id);
CREATE INDEX ai_systems_lifecycle ON ai_systems (lifecycle, id);
CREATE INDEX ai_systems_owner ON ai_systems (owner, id) WHERE owner IS NOT NULL;
CREATE INDEX ai_systems_program ON ai_systems (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX ai_systems_organization ON ai_systems (organization_id) WHERE organization_id IS NOT NULL;

-- What an AI system does to individuals, groups and society (ISO/IEC 42001 6.1.4 and 8.4).
CREATE TABLE ai_impact_assessments (
  id BLOB PRIMARY KEY NOT NULL,
  ai_system_id BLOB NOT NULL REFERENCES ai_systems (id),
  title TEXT NOT NULL,
  context TEXT,
  individuals TEXT NOT NULL,
  groups TEXT NOT NULL,
  society TEXT NOT NULL,
  mitigations TEXT,
  oversight TEXT,
  conclusion TEXT,
  status TEXT NOT NULL,
  note TEXT,
  review_on TEXT,
  reviewed_by BLOB,
  reviewed_at INTEGER,
  approved_by BLOB,
  approved_at INTEGER,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX ai_impact_assessments_system ON ai_impact_assessments (ai_system_id, id);
CREATE INDEX ai_impact_assessments_review ON ai_impact_assessments (review_on, id) WHERE status = 'approved' AND deleted_at IS NULL;

-- Who wrote or edited it: none of them approves it. Rows are only ever added.
CREATE TABLE ai_impact_writers (
  impact_id BLOB NOT NULL REFERENCES ai_impact_assessments (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  PRIMARY KEY (impact_id, user_id)
) STRICT;

-- Outcomes of a framework (NIST AI RMF) that an assessment speaks to.
CREATE TABLE ai_impact_outcomes (
  impact_id BLOB NOT NULL REFERENCES ai_impact_assessments (id),
  node_id BLOB NOT NULL REFERENCES framework_nodes (id),
  PRIMARY KEY (impact_id, node_id)
) STRICT;
CREATE INDEX ai_impact_outcomes_node ON ai_impact_outcomes (node_id);
