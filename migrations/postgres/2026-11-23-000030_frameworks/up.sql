-- What is assessed: one edition of a framework. It never changes; `digest` covers its content.
CREATE TABLE frameworks (
  id UUID PRIMARY KEY NOT NULL,
  urn TEXT NOT NULL,
  edition TEXT NOT NULL,
  name TEXT NOT NULL,
  publisher TEXT NOT NULL,
  source TEXT,
  published TEXT,
  license TEXT NOT NULL,
  notice TEXT,
  language TEXT NOT NULL,
  languages TEXT NOT NULL,
  method TEXT,
  scale TEXT NOT NULL,
  groups TEXT NOT NULL,
  coverage_threshold INTEGER NOT NULL,
  rollup TEXT,
  kinds TEXT NOT NULL,
  node_count INTEGER NOT NULL,
  assessable_count INTEGER NOT NULL,
  form TEXT NOT NULL,
  digest TEXT NOT NULL,
  shipped BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX frameworks_edition ON frameworks (urn, edition);

-- Its tree: `position` is the order of reading, a parent before its children.
CREATE TABLE framework_nodes (
  id UUID PRIMARY KEY NOT NULL,
  framework_id UUID NOT NULL REFERENCES frameworks (id),
  position INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  parent_id UUID REFERENCES framework_nodes (id),
  code TEXT NOT NULL,
  urn TEXT NOT NULL,
  kind TEXT NOT NULL,
  assessable BOOLEAN NOT NULL,
  weight INTEGER NOT NULL,
  stage INTEGER,
  points INTEGER,
  name TEXT,
  text TEXT,
  guidance TEXT,
  evidence TEXT,
  recommendation TEXT,
  groups TEXT NOT NULL,
  questions TEXT NOT NULL
);
CREATE UNIQUE INDEX framework_nodes_position ON framework_nodes (framework_id, position);
CREATE UNIQUE INDEX framework_nodes_code ON framework_nodes (framework_id, code);
CREATE INDEX framework_nodes_parent ON framework_nodes (parent_id, position);
CREATE INDEX framework_nodes_urn ON framework_nodes (urn);

-- How two frameworks relate. Nodes are named by their urns: one side may not be held here.
CREATE TABLE crosswalks (
  id UUID PRIMARY KEY NOT NULL,
  urn TEXT NOT NULL,
  edition TEXT NOT NULL,
  name TEXT NOT NULL,
  publisher TEXT NOT NULL,
  license TEXT NOT NULL,
  source_urn TEXT NOT NULL,
  target_urn TEXT NOT NULL,
  mapping_count INTEGER NOT NULL,
  digest TEXT NOT NULL,
  shipped BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX crosswalks_edition ON crosswalks (urn, edition);
CREATE INDEX crosswalks_source ON crosswalks (source_urn, id);
CREATE INDEX crosswalks_target ON crosswalks (target_urn, id);

-- The lines of a crosswalk.
CREATE TABLE crosswalk_mappings (
  id UUID PRIMARY KEY NOT NULL,
  crosswalk_id UUID NOT NULL REFERENCES crosswalks (id),
  position INTEGER NOT NULL,
  source_urn TEXT NOT NULL,
  target_urn TEXT NOT NULL,
  relation TEXT NOT NULL,
  strength INTEGER,
  rationale TEXT
);
CREATE UNIQUE INDEX crosswalk_mappings_position ON crosswalk_mappings (crosswalk_id, position);
CREATE INDEX crosswalk_mappings_source ON crosswalk_mappings (crosswalk_id, source_urn, position);
CREATE INDEX crosswalk_mappings_target ON crosswalk_mappings (crosswalk_id, target_urn, position);

-- Matrices for risk registers: levels and grid are read whole with their row.
CREATE TABLE risk_matrices (
  id UUID PRIMARY KEY NOT NULL,
  urn TEXT NOT NULL,
  edition TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  publisher TEXT NOT NULL,
  license TEXT NOT NULL,
  likelihood TEXT NOT NULL,
  impact TEXT NOT NULL,
  levels TEXT NOT NULL,
  grid TEXT NOT NULL,
  digest TEXT NOT NULL,
  shipped BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX risk_matrices_edition ON risk_matrices (urn, edition);
