DROP INDEX assessments_validated;
DROP TABLE assessment_results;
