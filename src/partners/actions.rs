//! Entering partners, changing them, and the steps of a partnership with their guards.

use super::model::{
    Disclosure, Holiday, HolidayDraft, Partner, PartnerDraft, PartnerPatch, PartnerStatus, PartnerStep,
};
use super::store::{self, Row};
use super::{countries, focal_points};
use crate::accounts::Permit;
use crate::kernel::access::{Actor, CreatePartners, EditPartners, MovePartners};
use crate::kernel::error::Code;
use crate::kernel::id::{HolidayId, Iso2};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::journal::{self, Entry};

/// Makes a country a partner, prospective at first.
pub(super) fn enter(tx: &mut Tx, permit: &Permit<CreatePartners>, draft: PartnerDraft) -> Result<Row> {
    let unknown = || Error::invalid("/country", "unknown_country", "Use a code of GET /api/v1/countries.");
    let country = countries::find(tx, draft.country)?.ok_or_else(unknown)?;
    let partner = Partner {
        country: country.iso2,
        status: PartnerStatus::Prospective,
        status_reason: None,
        working_languages: draft.working_languages.unwrap_or(country.official_languages),
        disclosure: draft.disclosure.unwrap_or(Disclosure::AmberStrict),
        timezone: draft.timezone.or(country.primary_zone),
        weekend: draft.weekend.unwrap_or(country.weekend),
        notes: draft.notes,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    store::insert(tx, &partner, permit.user())?;
    let entry = Entry::new(permit, "partner.created", "partner", partner.country);
    journal::record(tx, entry.country(partner.country).changed(&(), &partner));
    Ok((partner, country.names))
}

/// Changes what we know of a partner.
pub(super) fn revise(
    tx: &mut Tx,
    permit: &Permit<EditPartners>,
    country: Iso2,
    read: i32,
    patch: PartnerPatch,
) -> Result<Row> {
    let (before, names) = permit.get(tx, |tx, scope| store::find(tx, scope, country))?;
    etag::matches(read, before.version)?;
    let mut after = before.clone();
    patch.working_languages.apply(&mut after.working_languages);
    patch.disclosure.apply(&mut after.disclosure);
    patch.timezone.apply(&mut after.timezone);
    patch.weekend.apply(&mut after.weekend);
    patch.notes.apply(&mut after.notes);
    store::update(tx, &mut after, permit.user())?;
    let entry = Entry::new(permit, "partner.changed", "partner", country).country(country);
    journal::record(tx, entry.changed(&before, &after));
    Ok((after, names))
}

/// Moves the partnership a step.
pub(super) fn step(
    tx: &mut Tx,
    permit: &Permit<MovePartners>,
    country: Iso2,
    step: PartnerStep,
) -> Result<Row> {
    let (before, names) = permit.get(tx, |tx, scope| store::find(tx, scope, country))?;
    let next = before.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let detail = format!("From {} it goes to: {}.", before.status, words.join(", "));
        return Err(Error::conflict(detail));
    }
    guard(tx, country, &step)?;
    let mut after = before.clone();
    (after.status, after.status_reason) = (step.to, step.reason);
    store::update(tx, &mut after, permit.user())?;
    let entry = Entry::new(permit, "partner.moved", "partner", country).country(country);
    journal::record(tx, entry.changed(&before, &after));
    Ok((after, names))
}

fn guard(tx: &mut Tx, country: Iso2, step: &PartnerStep) -> Result<()> {
    match step.to {
        PartnerStatus::Active if focal_points::active_in(tx, country)? == 0 => Err(Error::new(
            Code::GuardFailed,
            "An active partner needs an active focal point: nominate one and move the nomination to active.",
        )),
        PartnerStatus::Suspended | PartnerStatus::Archived if step.reason.is_none() => {
            Err(Error::invalid("/reason", "missing", "Say why; the reason is kept with the partner."))
        }
        _ => Ok(()),
    }
}

/// Enters a holiday of a partner that was found before.
pub(super) fn enter_holiday(
    tx: &mut Tx,
    permit: &Permit<EditPartners>,
    country: Iso2,
    draft: HolidayDraft,
) -> Result<Holiday> {
    let holiday = Holiday {
        id: tx.new_id(),
        country,
        day: draft.day,
        name: draft.name,
        version: 1,
        created_at: tx.now(),
        created_by: permit.user(),
    };
    store::insert_holiday(tx, &holiday)?;
    let entry = Entry::new(permit, "holiday.created", "holiday", holiday.id).country(country);
    journal::record(tx, entry.changed(&(), &holiday));
    Ok(holiday)
}

/// Takes a holiday away.
pub(super) fn remove_holiday(
    tx: &mut Tx,
    permit: &Permit<EditPartners>,
    country: Iso2,
    id: HolidayId,
    read: i32,
) -> Result<()> {
    let holiday = permit.get(tx, |tx, scope| match store::find(tx, scope, country)? {
        Some(_) => store::find_holiday(tx, country, id),
        None => Ok(None),
    })?;
    etag::matches(read, holiday.version)?;
    store::delete_holiday(tx, id)?;
    let entry = Entry::new(permit, "holiday.removed", "holiday", id).country(country);
    journal::record(tx, entry.changed(&holiday, &()));
    Ok(())
}
