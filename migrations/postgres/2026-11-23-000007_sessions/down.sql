DROP TABLE session_trainers;
DROP TABLE session_countries;
DROP TABLE session_days;
DROP TABLE session_terms;
DROP TABLE training_sessions;
DROP TABLE courses;
