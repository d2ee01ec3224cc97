DROP TABLE evidence_files;
DROP TABLE assessment_evidence;
DROP TABLE answer_changes;
DROP TABLE assessment_answers;
DROP TABLE assessment_sections;
DROP TABLE assessments;
