DROP TABLE ai_impact_outcomes;
DROP TABLE ai_impact_writers;
DROP TABLE ai_impact_assessments;
DROP TABLE ai_systems;
