-- Assessments of countries and organizations. An assessment is a holding: its row there has the same id and says whose it is.
CREATE TABLE assessments (
  id UUID PRIMARY KEY NOT NULL REFERENCES holdings (id),
  framework_id UUID NOT NULL REFERENCES frameworks (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  organization_id UUID REFERENCES organizations (id),
  program_id UUID REFERENCES programs (id),
  previous_id UUID REFERENCES assessments (id),
  title TEXT NOT NULL,
  purpose TEXT NOT NULL,
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  due DATE,
  groups TEXT NOT NULL,
  tiers TEXT NOT NULL,
  status TEXT NOT NULL,
  note TEXT,
  submitted_by UUID,
  submitted_at TIMESTAMPTZ,
  validated_by UUID,
  validated_at TIMESTAMPTZ,
  published_at TIMESTAMPTZ,
  next_due DATE,
  answered INTEGER NOT NULL CHECK (answered >= 0),
  in_scope INTEGER NOT NULL CHECK (in_scope >= 0),
  deleted_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX assessments_country ON assessments (country, id);
CREATE INDEX assessments_framework ON assessments (framework_id, id);
CREATE INDEX assessments_program ON assessments (program_id, id) WHERE program_id IS NOT NULL;
CREATE INDEX assessments_previous ON assessments (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX assessments_due ON assessments (due, id) WHERE due IS NOT NULL;
CREATE INDEX assessments_next_due ON assessments (next_due, id) WHERE next_due IS NOT NULL;
CREATE INDEX assessments_updated ON assessments (updated_at, id);

-- Parts of an assessment that somebody fills in: a node and all below it, by their places in the framework.
CREATE TABLE assessment_sections (
  id UUID PRIMARY KEY NOT NULL,
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  node_id UUID NOT NULL,
  position_from INTEGER NOT NULL,
  position_to INTEGER NOT NULL,
  assignee UUID REFERENCES users (id),
  due DATE,
  status TEXT NOT NULL,
  note TEXT,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL,
  UNIQUE (assessment_id, node_id)
);
CREATE INDEX assessment_sections_order ON assessment_sections (assessment_id, position_from, id);
CREATE INDEX assessment_sections_assignee ON assessment_sections (assignee, assessment_id) WHERE assignee IS NOT NULL;
CREATE INDEX assessment_sections_due ON assessment_sections (due, id) WHERE due IS NOT NULL;

-- The answer to each node that has one. A stage_gate value is 0 not met, 1 partly, 2 met.
CREATE TABLE assessment_answers (
  id UUID PRIMARY KEY NOT NULL,
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  node_id UUID NOT NULL,
  position INTEGER NOT NULL,
  value INTEGER,
  validated_value INTEGER,
  target INTEGER,
  priority INTEGER,
  confidence TEXT,
  not_applicable BOOLEAN NOT NULL,
  reason TEXT,
  comment TEXT,
  review_note TEXT,
  carried BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL,
  UNIQUE (assessment_id, node_id)
);
CREATE INDEX assessment_answers_order ON assessment_answers (assessment_id, position);

-- Who wrote what of an answer, and when: who stands here as a writer never validates the assessment.
CREATE TABLE answer_changes (
  id UUID PRIMARY KEY NOT NULL,
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  node_id UUID NOT NULL,
  act TEXT NOT NULL,
  client_id TEXT,
  content TEXT NOT NULL,
  changed_by UUID NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX answer_changes_node ON answer_changes (assessment_id, node_id, id);
CREATE INDEX answer_changes_writer ON answer_changes (assessment_id, changed_by, act);
CREATE UNIQUE INDEX answer_changes_client ON answer_changes (assessment_id, client_id) WHERE client_id IS NOT NULL;

-- What proves an answer: a link or a file.
CREATE TABLE assessment_evidence (
  id UUID PRIMARY KEY NOT NULL,
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  node_id UUID NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT,
  file_name TEXT,
  file_type TEXT,
  file_size INTEGER,
  file_digest TEXT,
  language TEXT,
  dated DATE,
  valid_until DATE,
  status TEXT NOT NULL,
  note TEXT,
  decided_by UUID,
  decided_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX assessment_evidence_order ON assessment_evidence (assessment_id, position, id);
CREATE INDEX assessment_evidence_ending ON assessment_evidence (valid_until, id) WHERE valid_until IS NOT NULL;
CREATE TABLE evidence_files (
  evidence_id UUID PRIMARY KEY NOT NULL REFERENCES assessment_evidence (id),
  bytes BYTEA NOT NULL
);
