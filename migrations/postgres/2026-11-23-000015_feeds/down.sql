ALTER TABLE calendar_feeds DROP COLUMN country;
ALTER TABLE calendar_feeds DROP COLUMN program_id;
