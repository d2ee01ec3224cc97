DROP INDEX training_sessions_last_day;
ALTER TABLE domain_events DROP COLUMN planned_to;
DELETE FROM letter_preferences WHERE person NOT IN (SELECT id FROM users);
ALTER TABLE letter_preferences RENAME COLUMN person TO user_id;
ALTER TABLE letter_preferences ADD CONSTRAINT letter_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id);
DELETE FROM letters WHERE recipient_kind <> 'user';
ALTER TABLE letters DROP COLUMN recipient_kind;
ALTER TABLE letters ADD CONSTRAINT letters_recipient_fkey FOREIGN KEY (recipient) REFERENCES users (id);
