//! The whole service over HTTP, each test on a database of its own, on SQLite and on PostgreSQL.

#[macro_use]
mod support;

mod account;
mod command;
mod countries;
mod durability;
mod programs;
mod operations;
mod refusals;
