-- Assessments of countries and organizations. An assessment is a holding: its row there has the same id and says whose it is.
CREATE TABLE assessments (
  id BLOB PRIMARY KEY NOT NULL REFERENCES holdings (id),
  framework_id BLOB NOT NULL REFERENCES frameworks (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  organization_id BLOB REFERENCES organizations (id),
  program_id BLOB REFERENCES programs (id),
  previous_id BLOB REFERENCES assessments (id),
  title TEXT NOT NULL,
  purpose TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  due TEXT,
  groups TEXT NOT NULL,
  tiers TEXT NOT NULL,
  status TEXT NOT NULL,
  note TEXT,
  submitted_by BLOB,
  submitted_at INTEGER,
  validated_by BLOB,
  validated_at INTEGER,
  published_at INTEGER,
  next_due TEXT,
  answered INTEGER NOT NULL CHECK (answered >= 0),
  in_scope INTEGER NOT NULL CHECK (in_scope >= 0),
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX assessments_country ON assessments (country, id);
CREATE INDEX assessments_framework ON assessments (framework_id, id);
CREATE INDEX assessments_program ON assessments (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX assessments_previous ON assessments (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX assessments_due ON assessments (due, id) WHERE due IS NOT NULL;
CREATE INDEX assessments_next_due ON assessments (next_due, id) WHERE next_due IS NOT NULL;
CREATE INDEX assessments_updated ON assessments (updated_at, id);

-- Parts of an assessment that somebody fills in: a node and all below it, by their places in the framework.
CREATE TABLE assessment_sections (
  id BLOB PRIMARY KEY NOT NULL,
  assessment_id BLOB NOT NULL REFERENCES assessments (id),
  node_id BLOB NOT NULL,
  position_from INTEGER NOT NULL,
  position_to INTEGER NOT NULL,
  assignee BLOB REFERENCES users (id),
  due TEXT,
  status TEXT NOT NULL,
  note TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL,
  UNIQUE (assessment_id, node_id)
) STRICT;
CREATE INDEX assessment_sections_order ON assessment_sections (assessment_id, position_from, id);
CREATE INDEX assessment_sections_assignee ON assessment_sections (assignee, assessment_id) WHERE assignee IS NOT NULL;
CREATE INDEX assessment_sections_due ON assessment_sections (due, id) WHERE due IS NOT NULL;

-- The answer to each node that has one. A stage_gate value is 0 not met, 1 partly, 2 met.
CREATE TABLE assessment_answers (
  id BLOB PRIMARY KEY NOT NULL,
  assessment_id BLOB NOT NULL REFERENCES assessments (id),
  node_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  value INTEGER,
  validated_value INTEGER,
  target INTEGER,
  priority INTEGER,
  confidence TEXT,
  not_applicable INTEGER NOT NULL,
  reason TEXT,
  comment TEXT,
  review_note TEXT,
  carried INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL,
  UNIQUE (assessment_id, node_id)
) STRICT;
CREATE INDEX assessment_answers_order ON assessment_answers (assessment_id, position);

-- Who wrote what of an answer, and when: who stands here as a writer never validates the assessment.
CREATE TABLE answer_changes (
  id BLOB PRIMARY KEY NOT NULL,
  assessment_id BLOB NOT NULL REFERENCES assessments (id),
  node_id BLOB NOT NULL,
  act TEXT NOT NULL,
  client_id TEXT,
  content TEXT NOT NULL,
  changed_by BLOB NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_changes_node ON answer_changes (assessment_id, node_id, id);
CREATE INDEX answer_changes_writer ON answer_changes (assessment_id, changed_by, act);
CREATE UNIQUE INDEX answer_changes_client ON answer_changes (assessment_id, client_id) WHERE client_id IS NOT NULL;

-- What proves an answer: a link or a file.
CREATE TABLE assessment_evidence (
  id BLOB PRIMARY KEY NOT NULL,
  assessment_id BLOB NOT NULL REFERENCES assessments (id),
  node_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT,
  file_name TEXT,
  file_type TEXT,
  file_size INTEGER,
  file_digest TEXT,
  language TEXT,
  dated TEXT,
  valid_until TEXT,
  status TEXT NOT NULL,
  note TEXT,
  decided_by BLOB,
  decided_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX assessment_evidence_order ON assessment_evidence (assessment_id, position, id);
CREATE INDEX assessment_evidence_ending ON assessment_evidence (valid_until, id) WHERE valid_until IS NOT NULL;
CREATE TABLE evidence_files (
  evidence_id BLOB PRIMARY KEY NOT NULL REFERENCES assessment_evidence (id),
  bytes BLOB NOT NULL
) STRICT;
