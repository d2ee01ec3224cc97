DROP TABLE certificates;
DROP TABLE certificate_keys;
ALTER TABLE courses DROP COLUMN certificate_months;
DROP TABLE feedback;
DROP TABLE scores;
