//! Registering organizations, changing them and taking them from the register.

use super::model::{Organization, OrganizationDraft, OrganizationPatch};
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditOrganizations};
use crate::kernel::id::{Iso2, OrganizationId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

/// Enters an organization.
pub(super) fn register(
    tx: &mut Tx,
    permit: &Permit<EditOrganizations>,
    draft: OrganizationDraft,
) -> Result<Organization> {
    permit.held()?;
    known(tx, draft.country)?;
    let organization = Organization {
        id: tx.new_id(),
        names: draft.names,
        acronym: draft.acronym,
        kind: draft.kind,
        type_code: draft.type_code,
        iati_id: draft.iati_id,
        country: draft.country,
        website: draft.website,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        deleted_at: None,
    };
    store::insert(tx, &organization, permit.user())?;
    let entry = Entry::new(permit, "organization.created", "organization", organization.id);
    journal::record(tx, entry.changed(&(), &organization));
    Ok(organization)
}

/// Changes an organization.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditOrganizations>,
    id: OrganizationId,
    read: i32,
    patch: OrganizationPatch,
) -> Result<Organization> {
    let before = get(tx, permit, id)?;
    etag::matches(read, before.version)?;
    let mut after = before.clone();
    patch.names.apply(&mut after.names);
    patch.acronym.apply(&mut after.acronym);
    patch.kind.apply(&mut after.kind);
    patch.type_code.apply(&mut after.type_code);
    patch.iati_id.apply(&mut after.iati_id);
    patch.country.apply(&mut after.country);
    patch.website.apply(&mut after.website);
    if after.country != before.country {
        known(tx, after.country)?;
    }
    store::update(tx, &mut after, permit.user())?;
    let entry = Entry::new(permit, "organization.changed", "organization", id);
    journal::record(tx, entry.changed(&before, &after));
    Ok(after)
}

/// Takes an organization from the register; records that name it keep its id.
pub(super) fn remove(
    tx: &mut Tx,
    permit: &Permit<EditOrganizations>,
    id: OrganizationId,
    read: i32,
) -> Result<()> {
    let before = get(tx, permit, id)?;
    etag::matches(read, before.version)?;
    let mut after = before.clone();
    after.deleted_at = Some(tx.now());
    store::update(tx, &mut after, permit.user())?;
    let entry = Entry::new(permit, "organization.removed", "organization", id);
    journal::record(tx, entry.changed(&before, &()));
    Ok(())
}

/// Everyone may see the register, so a stranger to it hears 403, but 404 when there is no such organization.
fn get(tx: &mut Tx, permit: &Permit<EditOrganizations>, id: OrganizationId) -> Result<Organization> {
    let organization = store::find(tx, id)?.ok_or_else(Error::not_found)?;
    permit.held()?;
    Ok(organization)
}

fn known(tx: &mut Tx, country: Option<Iso2>) -> Result<()> {
    match country {
        Some(country) if !store::is_country(tx, country)? => {
            Err(Error::invalid("/country", "unknown_country", "Use a code of GET /api/v1/countries."))
        }
        _ => Ok(()),
    }
}
