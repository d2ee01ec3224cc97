//! Words that all slices share: pure, without I/O and without actix.

pub mod access;
pub mod code;
pub mod count;
pub mod error;
pub mod flag;
pub mod id;
pub mod lang;
pub mod list;
pub mod local;
pub mod money;
pub mod page;
pub mod parse;
pub mod patch;
pub mod search;
pub mod sql;
pub mod stored;
pub mod text;
pub mod theme;
pub mod time;
pub mod words;

pub use error::{Error, Result};
