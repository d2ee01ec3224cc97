//! The whole service over HTTP, each test on a database of its own, on SQLite and on PostgreSQL.

#![expect(clippy::too_many_lines, reason = "a story is told in one piece")]

#[macro_use]
mod support;

mod access;
mod account;
mod actors;
mod api_tokens;
mod attendance;
mod audit;
mod calendar;
mod canary;
mod certificate_letters;
mod certificates;
mod check_in;
mod command;
mod countries;
mod durability;
mod feedback;
mod fitting;
mod focal_points;
mod foreign_ids;
mod imports;
mod keeping;
mod letter_ladders;
mod letter_lines;
mod letter_manners;
mod letter_rules;
mod letters;
mod lives;
mod login;
mod manners;
mod milestone_moves;
mod milestones;
mod numbers;
mod open_registration;
mod operations;
mod oracle;
mod organizations;
mod partners;
mod passes;
mod program_lists;
mod program_parts;
mod program_real;
mod program_status;
mod programs;
mod proxied;
mod refusals;
mod registrations;
mod scores;
mod second_factor;
mod sessions;
mod sheets;
mod story;
mod timeline;
mod training;
mod training_letters;
mod training_lists;
mod training_people;
mod training_places;
mod training_real;
mod training_story;
mod users;
mod walk;
mod world;
