-- Registrations that a merge of two rows of one person took away: whoever holds a pass of one is led to the one that stays.
CREATE TABLE merged_registrations (
  id BLOB PRIMARY KEY NOT NULL,
  into_id BLOB NOT NULL REFERENCES registrations (id)
) STRICT;
CREATE INDEX merged_registrations_into ON merged_registrations (into_id);
