-- A feed may be of one program, or of one country.
ALTER TABLE calendar_feeds ADD COLUMN program_id UUID REFERENCES programs (id);
ALTER TABLE calendar_feeds ADD COLUMN country TEXT REFERENCES countries (iso2);
