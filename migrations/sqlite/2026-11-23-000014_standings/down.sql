DROP TABLE training_standings;
