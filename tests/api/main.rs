//! The whole service over HTTP, each test on a database of its own, on SQLite and on PostgreSQL.

#[macro_use]
mod support;

mod access;
mod account;
mod actors;
mod command;
mod countries;
mod durability;
mod operations;
mod program_status;
mod programs;
mod refusals;
mod walk;
mod world;
