//! Nominating, appointing, confirming and ending mandates; the role of a focal point goes with an active mandate.

use super::super::store as partner_store;
use super::model::{
    Appointment, FocalPoint, FocalPointConfirmed, FocalPointDraft, FocalPointEnded, FocalPointNominated,
    FocalPointPatch, FocalPointStatus, FocalPointStep, RoleGranted, RoleRevoked,
};
use super::store::{self, Row};
use crate::accounts::{NewGrant, Permit, seeds};
use crate::kernel::access::{
    Action, Actor, AppointFocalPoints, ConfirmFocalPoints, NominateFocalPoints, Role, Scope,
};
use crate::kernel::error::Code;
use crate::kernel::id::{FocalPointId, Iso2, OrganizationId};
use crate::kernel::time::{Day, Zone};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// Puts a person forward to speak for a country.
pub(super) fn nominate(
    tx: &mut Tx,
    permit: &Permit<NominateFocalPoints>,
    country: Iso2,
    draft: FocalPointDraft,
) -> Result<Row> {
    permit.get(tx, |tx, scope| partner_store::find(tx, scope, country))?;
    if !store::is_eligible(tx, &permit.scope(), country, draft.user_id)? {
        let detail = "Use the id of a person who has an account for this country; invite them first.";
        return Err(Error::invalid("/user_id", "unknown_user", detail));
    }
    registered(tx, draft.organization_id)?;
    let focal = FocalPoint {
        id: tx.new_id(),
        country,
        user_id: draft.user_id,
        organization_id: draft.organization_id,
        themes: draft.themes,
        letter_url: draft.letter_url,
        status: FocalPointStatus::Nominated,
        valid_from: draft.valid_from.unwrap_or(Day(tx.now().date_in(Zone::UTC))),
        valid_to: draft.valid_to,
        last_confirmed_at: None,
        ended_at: None,
        ended_reason: None,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    in_order(&focal)?;
    store::close_over(tx, country, focal.user_id)?;
    store::insert(tx, &focal, permit.user())?;
    outbox::enqueue(tx, &FocalPointNominated::to(&focal))?;
    let entry = Entry::new(permit, "focal_point.nominated", "focal_point", focal.id).country(country);
    journal::record(tx, entry.changed(&(), &focal));
    again(tx, &focal)
}

/// Changes the terms of a mandate.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<NominateFocalPoints>,
    country: Iso2,
    id: FocalPointId,
    read: i32,
    patch: FocalPointPatch,
) -> Result<Row> {
    let (before, ..) = permit.get(tx, |tx, scope| store::find(tx, scope, country, id))?;
    etag::matches(read, before.version)?;
    refuse_ended(&before)?;
    let mut after = before.clone();
    patch.organization_id.apply(&mut after.organization_id);
    patch.themes.apply(&mut after.themes);
    patch.letter_url.apply(&mut after.letter_url);
    patch.valid_from.apply(&mut after.valid_from);
    patch.valid_to.apply(&mut after.valid_to);
    in_order(&after)?;
    if after.organization_id != before.organization_id {
        registered(tx, after.organization_id)?;
    }
    write(tx, permit, "focal_point.changed", &before, &mut after)?;
    if after.valid_to != before.valid_to && before.status != FocalPointStatus::Nominated {
        store::limit_role(tx, country, after.user_id, after.over_at())?;
    }
    again(tx, &after)
}

/// Appoints the nominated person, or ends the mandate.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<AppointFocalPoints>,
    country: Iso2,
    id: FocalPointId,
    step: FocalPointStep,
) -> Result<Row> {
    permit.get(tx, |tx, scope| store::find(tx, scope, country, id))?;
    store::lock_country(tx, country)?;
    let (before, ..) = permit.get(tx, |tx, scope| store::find(tx, scope, country, id))?;
    let after = match step.to {
        Appointment::Active => appoint(tx, permit, &before)?,
        Appointment::Ended => end(tx, permit, &before, step)?,
    };
    again(tx, &after)
}

fn appoint(tx: &mut Tx, permit: &Permit<AppointFocalPoints>, before: &FocalPoint) -> Result<FocalPoint> {
    if before.status != FocalPointStatus::Nominated {
        return Err(Error::conflict(format!(
            "Only a nomination can be moved to active; this is {}.",
            before.status
        )));
    }
    if before.over_at().is_some_and(|over| over <= tx.now()) {
        return Err(Error::conflict(
            "The last day of this nomination has passed; set another `valid_to` first.",
        ));
    }
    let mut after = before.clone();
    (after.status, after.last_confirmed_at) = (FocalPointStatus::Active, Some(tx.now()));
    write(tx, permit, "focal_point.appointed", before, &mut after)?;
    if store::belongs(tx, after.country, after.user_id, Some(Role::FocalPoint))? {
        store::limit_role(tx, after.country, after.user_id, after.over_at())?;
    } else {
        let grant = NewGrant { role: Role::FocalPoint, country: Some(after.country), program_id: None };
        seeds::give_until(tx, permit, after.user_id, grant, after.over_at())?;
        outbox::enqueue(tx, &RoleGranted::with(&after, permit.user()))?;
    }
    outbox::enqueue(tx, &FocalPointConfirmed::to(&after))?;
    Ok(after)
}

fn end(
    tx: &mut Tx,
    permit: &Permit<AppointFocalPoints>,
    before: &FocalPoint,
    step: FocalPointStep,
) -> Result<FocalPoint> {
    refuse_ended(before)?;
    let reason =
        step.reason.ok_or_else(|| Error::invalid("/reason", "missing", "Say why the mandate ends."))?;
    let spoke = before.status != FocalPointStatus::Nominated;
    if spoke && store::active_in(tx, before.country)? <= 1 {
        let detail = "This is the country's last focal point: nominate and appoint another one first.";
        return Err(Error::new(Code::GuardFailed, detail));
    }
    let mut after = before.clone();
    after.status = FocalPointStatus::Ended;
    (after.ended_at, after.ended_reason) = (Some(tx.now()), Some(reason));
    write(tx, permit, "focal_point.ended", before, &mut after)?;
    if spoke {
        store::revoke(tx, after.country, after.user_id)?;
        let entry = Entry::new(permit, "role.revoked", "user", after.user_id).country(after.country);
        journal::record(tx, entry);
        outbox::enqueue(tx, &RoleRevoked::with(&after, permit.user()))?;
    }
    outbox::enqueue(tx, &FocalPointEnded::to(&after))?;
    Ok(after)
}

/// Says that a mandate still holds: the person themself, or an administrator.
pub(super) fn confirm(
    tx: &mut Tx,
    permit: &Permit<ConfirmFocalPoints>,
    country: Iso2,
    id: FocalPointId,
) -> Result<Row> {
    let (before, ..) = permit.get(tx, |tx, scope| store::find(tx, scope, country, id))?;
    if !matches!(permit.scope(), Scope::All) && before.user_id != permit.user() {
        let detail = "This mandate is another person's: they or an administrator confirm it.";
        return Err(Error::new(Code::GuardFailed, detail));
    }
    if !matches!(before.status, FocalPointStatus::Active | FocalPointStatus::Unconfirmed) {
        return Err(Error::conflict(format!(
            "Only an active mandate is confirmed; this is {}.",
            before.status
        )));
    }
    let mut after = before.clone();
    (after.status, after.last_confirmed_at) = (FocalPointStatus::Active, Some(tx.now()));
    write(tx, permit, "focal_point.confirmed", &before, &mut after)?;
    outbox::enqueue(tx, &FocalPointConfirmed::to(&after))?;
    again(tx, &after)
}

fn write<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    action: &'static str,
    before: &FocalPoint,
    after: &mut FocalPoint,
) -> Result<()> {
    store::update(tx, after, permit.user())?;
    let entry = Entry::new(permit, action, "focal_point", after.id).country(after.country);
    journal::record(tx, entry.changed(before, &*after));
    Ok(())
}

/// The mandate as it stands after the change, with the person's name.
fn again(tx: &mut Tx, focal: &FocalPoint) -> Result<Row> {
    store::find(tx, &Scope::All, focal.country, focal.id)?.ok_or_else(Error::not_found)
}

fn refuse_ended(focal: &FocalPoint) -> Result<()> {
    match focal.status {
        FocalPointStatus::Ended => Err(Error::conflict("This mandate has ended; nominate anew.")),
        _ => Ok(()),
    }
}

fn in_order(focal: &FocalPoint) -> Result<()> {
    match focal.valid_to {
        Some(last) if last < focal.valid_from => {
            let detail =
                format!("Use {} or a later day: a mandate can't end before it begins.", focal.valid_from);
            Err(Error::invalid("/valid_to", "before_start", detail))
        }
        _ => Ok(()),
    }
}

fn registered(tx: &mut Tx, organization: Option<OrganizationId>) -> Result<()> {
    let unknown = || {
        let detail = "Use the id of an organization of GET /api/v1/organizations.";
        Error::invalid("/organization_id", "unknown_organization", detail)
    };
    match organization {
        Some(id) if !store::is_registered(tx, id)? => Err(unknown()),
        _ => Ok(()),
    }
}
