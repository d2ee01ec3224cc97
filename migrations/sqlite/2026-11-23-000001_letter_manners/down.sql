ALTER TABLE letter_suppressions DROP COLUMN for_good;
DROP TABLE address_refusals;
DROP TABLE letter_pace;
