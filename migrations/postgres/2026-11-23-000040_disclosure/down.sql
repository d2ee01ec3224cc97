DROP INDEX audit_events_readings;
DROP TABLE label_changes;
DROP TABLE share_grants;
DROP TABLE holding_people;
DROP TABLE holdings;
