//! The waiting list: a seat that falls free is offered to the next, and an offer that runs out goes on.

use super::events::RegistrationMoved;
use super::model::{Registration, RegistrationStatus};
use super::seats::Seats;
use super::store;
use crate::kernel::Result;
use crate::kernel::access::{Actor, System};
use crate::kernel::id::TrainingSessionId;
use crate::kernel::text::Note;
use crate::platform::db::Tx;
use crate::platform::journal::{self, Entry};
use crate::platform::outbox;

/// The name of a registration in the audit chain.
pub(super) fn entry(by: &impl Actor, action: &'static str, registration: &Registration) -> Entry {
    Entry::new(by, action, "registration", registration.id).country(registration.country)
}

/// Offers free seats to those who wait: countries with seats of their own first, then by rank, then by time.
///
/// The caller holds the session's row.
pub(super) fn promote(
    tx: &mut Tx,
    by: &impl Actor,
    session: TrainingSessionId,
    seats: &mut Seats,
) -> Result<()> {
    if seats.are_gone() {
        return Ok(());
    }
    let mut waiting = store::waiting(tx, session)?;
    waiting.sort_by_key(|registration| !seats.are_kept_for(registration.country));
    for mut next in waiting {
        if seats.are_gone() {
            break;
        }
        if !seats.take(next.country) {
            continue;
        }
        let from = next.status;
        next.status = RegistrationStatus::Offered;
        next.offer_expires_at = Some(tx.now().plus_seconds(i64::from(seats.offer_hours) * 3_600));
        store::update(tx, &mut next, by.user())?;
        journal::record(tx, entry(by, "registration.offered", &next));
        outbox::enqueue(tx, &RegistrationMoved::of(&next, Some(from), by.user()))?;
    }
    Ok(())
}

/// Takes back offers that have run out and gives the seats to the next.
pub(super) fn turn(tx: &mut Tx) -> Result<()> {
    let by = System("offer ran out");
    for id in store::lapsed(tx)? {
        let Some(session) = store::session_of(tx, id)? else { continue };
        super::super::sessions::lock(tx, session)?;
        // Read again under the lock: the person may have taken the seat meanwhile.
        let Some(mut offer) = store::lapsed_offer(tx, id)? else { continue };
        let from = offer.status;
        offer.status = RegistrationStatus::Declined;
        (offer.offer_expires_at, offer.queued_at) = (None, None);
        offer.note = "The offer ran out.".parse::<Note>().ok();
        store::update(tx, &mut offer, by.user())?;
        journal::record(tx, entry(&by, "registration.lapsed", &offer));
        outbox::enqueue(tx, &RegistrationMoved::of(&offer, Some(from), by.user()))?;
        let mut seats = Seats::of(tx, session)?;
        seats.free(offer.country);
        promote(tx, &by, session, &mut seats)?;
        seats.write(tx)?;
    }
    Ok(())
}
