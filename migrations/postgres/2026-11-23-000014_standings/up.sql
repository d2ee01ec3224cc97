-- What counts of each registration, kept beside it in the same transaction, so that the numbers of a program are read from
-- one index, however long its attendance lists are.
CREATE TABLE training_standings (
  registration_id UUID PRIMARY KEY NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
  session_id UUID NOT NULL REFERENCES training_sessions (id),
  program_id UUID NOT NULL REFERENCES programs (id),
  participant_id UUID NOT NULL REFERENCES participants (id),
  country TEXT NOT NULL,
  nominated INTEGER NOT NULL CHECK (nominated IN (0, 1)),
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  attended INTEGER NOT NULL CHECK (attended IN (0, 1)),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  completed INTEGER NOT NULL CHECK (completed IN (0, 1))
);

INSERT INTO training_standings
SELECT r.id, r.session_id, s.program_id, r.participant_id, r.country,
  CASE WHEN r.origin = 'nominated' THEN 1 ELSE 0 END,
  CASE WHEN r.status IN ('confirmed', 'attended', 'no_show') THEN 1 ELSE 0 END,
  CASE WHEN r.status = 'attended' THEN 1 ELSE 0 END,
  COALESCE((SELECT SUM(a.minutes) FROM attendance AS a WHERE a.registration_id = r.id), 0),
  CASE WHEN COALESCE((SELECT SUM(a.minutes) FROM attendance AS a WHERE a.registration_id = r.id), 0) > 0
    AND (SELECT SUM(a.minutes) FROM attendance AS a WHERE a.registration_id = r.id) * 10000 >= t.least_share
      * (SELECT SUM(FLOOR(EXTRACT(EPOCH FROM d.ends_at - d.starts_at) / 60)) FROM session_days AS d WHERE d.session_id = r.session_id)
    THEN 1 ELSE 0 END
FROM registrations AS r
INNER JOIN training_sessions AS s ON s.id = r.session_id
INNER JOIN session_terms AS t ON t.session_id = r.session_id;

CREATE INDEX training_standings_program ON training_standings
  (program_id, participant_id, country, session_id, nominated, confirmed, attended, completed);
CREATE INDEX training_standings_country ON training_standings
  (country, participant_id, program_id, session_id, nominated, confirmed, attended, completed);
CREATE INDEX training_standings_session ON training_standings
  (session_id, participant_id, country, nominated, confirmed, attended, completed);
CREATE INDEX training_standings_participant ON training_standings (participant_id);
