-- Registrations that a merge of two rows of one person took away: whoever holds a pass of one is led to the one that stays.
CREATE TABLE merged_registrations (
  id UUID PRIMARY KEY NOT NULL,
  into_id UUID NOT NULL REFERENCES registrations (id)
);
CREATE INDEX merged_registrations_into ON merged_registrations (into_id);
