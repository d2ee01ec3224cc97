-- The topmost scores of validated assessments, written once with the validation: place 0 is the whole, the others are the
-- top nodes. Figures in millionths of the method's own unit; none where too little was answered.
CREATE TABLE assessment_results (
  assessment_id UUID NOT NULL REFERENCES assessments (id),
  position INTEGER NOT NULL,
  node_id UUID,
  figure BIGINT,
  stage INTEGER,
  answered INTEGER NOT NULL,
  applicable INTEGER NOT NULL,
  PRIMARY KEY (assessment_id, position)
);
CREATE INDEX assessments_validated ON assessments (framework_id, country, validated_at) WHERE status IN ('validated', 'published') AND deleted_at IS NULL;
