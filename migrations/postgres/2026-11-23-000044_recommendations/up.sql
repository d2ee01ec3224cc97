-- What follows from a gap of an assessment: from a proposal to the milestone, course or session that sees to it.
CREATE TABLE recommendations (
  id UUID PRIMARY KEY NOT NULL,
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  node_id UUID NOT NULL REFERENCES framework_nodes (id),
  title TEXT NOT NULL,
  text TEXT,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3),
  status TEXT NOT NULL,
  reason TEXT,
  program_id UUID REFERENCES programs (id),
  milestone_id UUID REFERENCES milestones (id),
  course_id UUID REFERENCES courses (id),
  session_id UUID REFERENCES training_sessions (id),
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  created_by UUID NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  updated_by UUID NOT NULL
);
CREATE INDEX recommendations_assessment ON recommendations (assessment_id, id);
CREATE INDEX recommendations_country ON recommendations (country, id);
CREATE INDEX recommendations_milestone ON recommendations (milestone_id, id) WHERE milestone_id IS NOT NULL;
CREATE INDEX recommendations_program ON recommendations (program_id, id) WHERE program_id IS NOT NULL;
