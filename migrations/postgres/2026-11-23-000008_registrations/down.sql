DROP TABLE session_seats;
DROP TABLE registrations;
DROP TABLE participants;
