-- What follows from a gap of an assessment: from a proposal to the milestone, course or session that sees to it.
CREATE TABLE recommendations (
  id BLOB PRIMARY KEY NOT NULL,
  assessment_id BLOB NOT NULL REFERENCES assessments (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  node_id BLOB NOT NULL REFERENCES framework_nodes (id),
  title TEXT NOT NULL,
  text TEXT,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3),
  status TEXT NOT NULL,
  reason TEXT,
  program_id BLOB REFERENCES programs (id),
  milestone_id BLOB REFERENCES milestones (id),
  course_id BLOB REFERENCES courses (id),
  session_id BLOB REFERENCES training_sessions (id),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX recommendations_assessment ON recommendations (assessment_id, id);
CREATE INDEX recommendations_country ON recommendations (country, id);
CREATE INDEX recommendations_milestone ON recommendations (milestone_id, id) WHERE milestone_id IS NOT NULL;
CREATE INDEX recommendations_program ON recommendations (program_id, id) WHERE program_id IS NOT NULL;
