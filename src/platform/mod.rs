//! The machine: database, HTTP, mail, clock, keys. Knows no slice.

pub mod backup;
pub mod clock;
pub mod connection;
pub mod constraint;
pub mod db;
pub mod denials;
pub mod health;
pub mod http;
pub mod journal;
pub mod keys;
pub mod keyset;
pub mod limit;
pub mod mail;
pub mod migrate;
pub mod outbox;
pub mod password;
pub mod plan;
pub mod schema;
pub mod seal;
pub mod sheet;
pub mod smtp;
pub mod sqltypes;
pub mod token;
pub mod trigram;
pub mod worker;
