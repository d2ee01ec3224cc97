-- How many letters left in a minute, by all processes together; one row, also the lock under which letters are claimed.
CREATE TABLE letter_pace (
  id INTEGER PRIMARY KEY,
  minute TIMESTAMPTZ NOT NULL,
  taken INTEGER NOT NULL
);
INSERT INTO letter_pace (id, minute, taken) VALUES (1, '1970-01-01T00:00:00Z', 0);

-- Letters that an address refused without refusing all: five within 14 days are as good as a refusal for good.
CREATE TABLE address_refusals (
  id UUID PRIMARY KEY,
  address TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX address_refusals_of ON address_refusals (address, at);

-- Whether the address does not exist, as its server says; else it refused too often.
ALTER TABLE letter_suppressions ADD COLUMN for_good BOOLEAN NOT NULL DEFAULT TRUE;
