//! A broken constraint as words for the client, said where the insert is.

use diesel::QueryResult;
use diesel::result::{DatabaseErrorKind, Error as Sql};

use crate::kernel::{Error, Result};

/// Turning a broken constraint into words for the client, where the insert is.
pub trait Constraint<T> {
    /// A unique constraint was broken.
    ///
    /// # Errors
    /// The given error, or the original one.
    fn on_unique(self, error: impl FnOnce() -> Error) -> Result<T>;
    /// A foreign key pointed nowhere.
    ///
    /// # Errors
    /// The given error, or the original one.
    fn on_foreign_key(self, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> Constraint<T> for QueryResult<T> {
    fn on_unique(self, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|e| match e {
            Sql::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => error(),
            other => other.into(),
        })
    }

    fn on_foreign_key(self, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|e| match e {
            Sql::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => error(),
            other => other.into(),
        })
    }
}
