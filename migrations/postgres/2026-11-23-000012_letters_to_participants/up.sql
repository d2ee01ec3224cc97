-- Letters go to people without accounts too: `recipient` is then a registration, a person's place in a session, and stays
-- so when two rows of one person are merged.
ALTER TABLE letters DROP CONSTRAINT letters_recipient_fkey;
ALTER TABLE letters ADD COLUMN recipient_kind TEXT NOT NULL DEFAULT 'user';
ALTER TABLE letters ALTER COLUMN recipient_kind DROP DEFAULT;

-- What a person wants of letters: an account, or a participant.
ALTER TABLE letter_preferences DROP CONSTRAINT letter_preferences_user_id_fkey;
ALTER TABLE letter_preferences RENAME COLUMN user_id TO person;

-- An event that concerns many is planned in parts: up to which of them it is.
ALTER TABLE domain_events ADD COLUMN planned_to UUID;

-- Sessions that ended lately: has attendance been noted?
CREATE INDEX training_sessions_last_day ON training_sessions (last_day, id);
