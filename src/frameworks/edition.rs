//! What frameworks, crosswalks and risk matrices have in common: each is one edition that never changes.

use std::fmt::Display;

use serde::Serialize;
use uuid::Uuid;

use super::model::PartKind;
use super::scale::KindCount;
use crate::kernel::error::Code;
use crate::kernel::lang::Titles;
use crate::kernel::text::{Label, Urn};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// An edition never changes: its only version is the first.
pub(super) const VERSION: i32 = 1;

/// What a file says of an edition.
#[derive(Debug)]
pub(super) struct Stated<'a> {
    /// Its name among all of its kind.
    pub urn: &'a Urn,
    /// Which edition.
    pub edition: &'a Label,
    /// What it is called.
    pub name: &'a Titles,
    /// Nodes, mappings or cells.
    pub size: usize,
    /// Nodes of a framework, counted by kind.
    pub kinds: Vec<KindCount>,
}

/// An edition that is held here.
pub(super) trait Edition: Serialize + Sized {
    /// What a file says of it.
    type Content: Serialize;
    /// Its id.
    type Id: Copy + Display + Into<Uuid> + Send + 'static;
    /// What it is.
    const KIND: PartKind;

    /// Its id.
    fn id(&self) -> Self::Id;
    /// SHA-256 of its content.
    fn digest(&self) -> &str;
    /// Whether it came with the service.
    fn is_shipped(&self) -> bool;
    /// Names and sizes of what a file says.
    fn stated(content: &Self::Content) -> Stated<'_>;

    /// The one with this id.
    ///
    /// # Errors
    /// When the database refuses.
    fn find(tx: &mut Tx, id: Self::Id) -> Result<Option<Self>>;
    /// The one with this name and edition.
    ///
    /// # Errors
    /// When the database refuses.
    fn named(tx: &mut Tx, urn: &Urn, edition: &Label) -> Result<Option<Self>>;
    /// Enters what a file says.
    ///
    /// # Errors
    /// When the database refuses.
    fn enter(tx: &mut Tx, content: &Self::Content, origin: Origin) -> Result<Self>;
    /// Makes it one that came with the service.
    ///
    /// # Errors
    /// When the database refuses.
    fn adopt(tx: &mut Tx, id: Self::Id) -> Result<()>;
    /// Takes it away with everything in it.
    ///
    /// # Errors
    /// 404 when it is not there any more.
    fn delete(tx: &mut Tx, id: Self::Id) -> Result<()>;
}

/// 409: somebody else entered it at the same moment.
pub(super) fn is_there() -> Error {
    Error::new(Code::AlreadyExists, "Somebody else entered this edition at the same moment; look at theirs.")
}

/// 409: something rests on it.
pub(super) fn is_used() -> Error {
    Error::conflict(
        "It is in use, and what rests on it must stay what it was. Enter a new edition beside it.",
    )
}

/// Answers to how many rows a deletion took.
///
/// # Errors
/// 404 when somebody else took it away.
pub(super) fn gone(rows: usize) -> Result<()> {
    if rows == 0 { Err(Error::not_found()) } else { Ok(()) }
}

/// Where an edition came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The form of the file.
    pub form: super::model::Form,
    /// Whether it came with the service.
    pub shipped: bool,
}
