-- How many letters left in a minute, by all processes together; one row, also the lock under which letters are claimed.
CREATE TABLE letter_pace (
  id INTEGER PRIMARY KEY NOT NULL,
  minute INTEGER NOT NULL,
  taken INTEGER NOT NULL
) STRICT;
INSERT INTO letter_pace (id, minute, taken) VALUES (1, 0, 0);

-- Letters that an address refused without refusing all: five within 14 days are as good as a refusal for good.
CREATE TABLE address_refusals (
  id BLOB PRIMARY KEY NOT NULL,
  address TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX address_refusals_of ON address_refusals (address, at);

-- Whether the address does not exist, as its server says; else it refused too often.
ALTER TABLE letter_suppressions ADD COLUMN for_good INTEGER NOT NULL DEFAULT 1;
