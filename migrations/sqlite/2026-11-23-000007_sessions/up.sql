-- What is taught: curricula, of no country and no program.
CREATE TABLE courses (
  id BLOB PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  objectives TEXT,
  themes TEXT NOT NULL,
  work_roles TEXT NOT NULL,
  level TEXT,
  languages TEXT NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX courses_updated ON courses (updated_at, id);

-- When and where it is taught. `sequence` is the SEQUENCE of calendars; `venue_key` the folded place, for clashes;
-- `first_day` and `last_day` repeat what session_days hold, for lists.
CREATE TABLE training_sessions (
  id BLOB PRIMARY KEY NOT NULL,
  program_id BLOB NOT NULL REFERENCES programs (id),
  course_id BLOB REFERENCES courses (id),
  title TEXT NOT NULL,
  kind TEXT,
  description TEXT,
  mode TEXT,
  venue TEXT,
  city TEXT,
  country TEXT REFERENCES countries (iso2),
  venue_key TEXT,
  link TEXT,
  zone TEXT,
  themes TEXT NOT NULL,
  languages TEXT NOT NULL,
  organizer TEXT,
  source TEXT,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  sequence INTEGER NOT NULL,
  deleted_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL
) STRICT;
CREATE INDEX training_sessions_program ON training_sessions (program_id, first_day, id);
CREATE INDEX training_sessions_first_day ON training_sessions (first_day, id);
CREATE INDEX training_sessions_status ON training_sessions (status, first_day, id);
CREATE INDEX training_sessions_updated ON training_sessions (updated_at, id);
CREATE INDEX training_sessions_course ON training_sessions (course_id, first_day, id) WHERE course_id IS NOT NULL;
CREATE INDEX training_sessions_venue ON training_sessions (venue_key, last_day) WHERE venue_key IS NOT NULL;

-- How its seats are given and when it counts as completed. Local times are in the session's zone; the instants follow.
CREATE TABLE session_terms (
  session_id BLOB PRIMARY KEY NOT NULL REFERENCES training_sessions (id),
  capacity INTEGER CHECK (capacity BETWEEN 1 AND 100000),
  registration_opens TEXT,
  registration_closes TEXT,
  opens_at INTEGER,
  closes_at INTEGER,
  offer_hours INTEGER NOT NULL CHECK (offer_hours BETWEEN 1 AND 720),
  least_share INTEGER NOT NULL CHECK (least_share BETWEEN 0 AND 10000),
  pass_mark INTEGER CHECK (pass_mark BETWEEN 0 AND 10000)
) STRICT;
CREATE INDEX session_terms_opens ON session_terms (opens_at) WHERE opens_at IS NOT NULL;
CREATE INDEX session_terms_closes ON session_terms (closes_at) WHERE closes_at IS NOT NULL;

-- Its days, by the clock of its zone; a day without times is a whole day.
CREATE TABLE session_days (
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  day TEXT NOT NULL,
  starts TEXT,
  ends TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  PRIMARY KEY (session_id, day)
) STRICT;

-- Which countries are invited, with how many seats kept for each and how many reserves.
CREATE TABLE session_countries (
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  country TEXT NOT NULL REFERENCES countries (iso2),
  quota INTEGER CHECK (quota BETWEEN 0 AND 100000),
  reserves INTEGER CHECK (reserves BETWEEN 0 AND 100000),
  PRIMARY KEY (session_id, country)
) STRICT;
CREATE INDEX session_countries_country ON session_countries (country, session_id);

-- Who trains.
CREATE TABLE session_trainers (
  session_id BLOB NOT NULL REFERENCES training_sessions (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  PRIMARY KEY (session_id, user_id)
) STRICT;
CREATE INDEX session_trainers_user ON session_trainers (user_id, session_id);
