DROP TABLE risk_acceptances;
DROP TABLE treatment_actions;
DROP TABLE risk_outcomes;
DROP TABLE risk_ratings;
DROP TABLE risks;
DROP TABLE risk_writers;
DROP TABLE risk_registers;
