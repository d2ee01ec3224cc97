DROP TABLE letter_alerts;
DROP TABLE letter_suppressions;
DROP TABLE letter_preferences;
DROP TABLE letter_rules;
DROP TABLE letters;
