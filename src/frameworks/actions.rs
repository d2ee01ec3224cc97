//! Bringing libraries in, and taking away what nobody uses.

use super::crosswalks::Crosswalk;
use super::edition::{Edition, Origin, VERSION};
use super::library::Library;
use super::matrices::RiskMatrix;
use super::model::{Framework, LibraryPart, LibraryReport, PartStatus};
use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, EditFrameworks, Permission};
use crate::kernel::error::Code;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

/// What the caller may do with every framework: they belong to no country and no program.
pub(super) fn words<A: Action>(permit: &Permit<A>) -> Vec<&'static str> {
    match permit.also::<EditFrameworks>().held() {
        Ok(()) => vec![Permission::ReadReference.word(), Permission::EditFrameworks.word()],
        Err(_) => vec![Permission::ReadReference.word()],
    }
}

/// Enters everything in a library, or nothing; with `rehearsal` only tells what would happen.
///
/// # Errors
/// 403 without the right; 409 when an edition is here with other content.
pub(super) fn import(
    tx: &mut Tx,
    permit: &Permit<EditFrameworks>,
    library: &Library,
    rehearsal: bool,
) -> Result<LibraryReport> {
    permit.held()?;
    let parts = match rehearsal {
        true => tx.rehearse(|tx| enter(tx, permit, library, false))?,
        false => enter(tx, permit, library, false)?,
    };
    let told = |part: LibraryPart| match (rehearsal, part.status) {
        (true, PartStatus::Created) => LibraryPart { status: PartStatus::WouldCreate, id: None, ..part },
        _ => part,
    };
    Ok(LibraryReport {
        dry_run: rehearsal,
        form: library.form,
        parts: parts.into_iter().map(told).collect(),
        notices: library.notices.clone(),
    })
}

/// Enters everything in a library.
///
/// # Errors
/// 409 when an edition is here with other content.
pub(super) fn enter(
    tx: &mut Tx,
    actor: &impl Actor,
    library: &Library,
    shipped: bool,
) -> Result<Vec<LibraryPart>> {
    let origin = Origin { form: library.form, shipped };
    let mut parts = Vec::new();
    for content in &library.frameworks {
        parts.push(one::<Framework>(tx, actor, content, origin)?);
    }
    for content in &library.crosswalks {
        parts.push(one::<Crosswalk>(tx, actor, content, origin)?);
    }
    for content in &library.matrices {
        parts.push(one::<RiskMatrix>(tx, actor, content, origin)?);
    }
    Ok(parts)
}

fn one<E: Edition>(
    tx: &mut Tx,
    actor: &impl Actor,
    content: &E::Content,
    origin: Origin,
) -> Result<LibraryPart> {
    let stated = E::stated(content);
    let held = E::named(tx, stated.urn, stated.edition)?;
    let (status, edition) = match held {
        Some(held) if held.digest() == super::library::digest(content) => {
            if origin.shipped && !held.is_shipped() {
                E::adopt(tx, held.id())?;
            }
            (PartStatus::Unchanged, held)
        }
        // A later release mends its own files.
        Some(held) if origin.shipped && held.is_shipped() => {
            let replaced = tx.attempt(|tx| {
                E::delete(tx, held.id())?;
                E::enter(tx, content, origin)
            });
            match replaced {
                Ok(edition) => (PartStatus::Created, edition),
                // What assessments and registers rest on stays what it was.
                Err(error) if error.code == Code::Conflict => {
                    tracing::warn!(urn = %stated.urn, edition = %stated.edition, "kept an edition that is in use");
                    (PartStatus::Unchanged, held)
                }
                Err(error) => return Err(error),
            }
        }
        // What a house brought in itself under the same name never changes, and must not keep a release from starting.
        Some(held) if origin.shipped => {
            tracing::warn!(urn = %stated.urn, edition = %stated.edition, "kept a house's own content of this edition");
            (PartStatus::Unchanged, held)
        }
        Some(_) => {
            let detail = format!(
                "{} is here in edition {} with other content. An edition never changes: give yours another one.",
                stated.urn, stated.edition
            );
            return Err(Error::new(Code::AlreadyExists, detail));
        }
        None => (PartStatus::Created, E::enter(tx, content, origin)?),
    };
    // What comes with the binary is nobody's act, as the other reference data.
    if status == PartStatus::Created && !origin.shipped {
        let entry = Entry::new(actor, "library.imported", E::KIND.as_str(), edition.id());
        journal::record(tx, entry.changed(&(), &edition));
    }
    Ok(LibraryPart {
        kind: E::KIND,
        status,
        id: Some(edition.id().into()),
        urn: stated.urn.clone(),
        edition: stated.edition.clone(),
        name: stated.name.clone(),
        size: stated.size,
        kinds: stated.kinds,
    })
}

/// Takes away an edition that a house brought in itself.
///
/// # Errors
/// 404 when there is none; 403 without the right; 412 for another version; 409 when it comes with the service.
pub(super) fn remove<E: Edition>(
    tx: &mut Tx,
    permit: &Permit<EditFrameworks>,
    id: E::Id,
    read: i32,
) -> Result<()> {
    let edition = E::find(tx, id)?.ok_or_else(Error::not_found)?;
    permit.held()?;
    etag::matches(read, VERSION)?;
    if edition.is_shipped() {
        return Err(Error::conflict("It comes with the service, which would bring it back."));
    }
    E::delete(tx, id)?;
    let entry = Entry::new(permit, "library.removed", E::KIND.as_str(), id);
    journal::record(tx, entry.changed(&edition, &()));
    Ok(())
}
