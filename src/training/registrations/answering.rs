//! What people do with their own registration, who have no account: take a seat or leave it, and withdraw.

use super::super::sessions::{self, SessionStatus, Whole};
use super::actions::{carried_out, goes_on, no_way};
use super::draft::RegistrationStep;
use super::model::{Registration, RegistrationStatus};
use super::store;
use crate::kernel::access::{Actor, Scope};
use crate::kernel::id::RegistrationId;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// The steps that the person may take: an invitation or an offer is answered, everything before the end is taken back.
pub(in super::super) fn own_steps(
    registration: &Registration,
    session: SessionStatus,
    now: Timestamp,
) -> Vec<RegistrationStatus> {
    use RegistrationStatus::{Confirmed, Declined, Invited, Offered, Pending, Waitlisted, Withdrawn};
    let late = registration.offer_expires_at.is_some_and(|until| until <= now);
    match registration.status {
        Invited | Offered | Pending | Waitlisted | Confirmed if session == SessionStatus::Postponed => {
            vec![Withdrawn]
        }
        _ if !goes_on(session) => Vec::new(),
        Offered if late => Vec::new(),
        Invited | Offered => vec![Confirmed, Declined, Withdrawn],
        Pending | Waitlisted | Confirmed => vec![Withdrawn],
        _ => Vec::new(),
    }
}

/// The person answers. The same answer given again changes nothing.
///
/// # Errors
/// 404 when there is no such registration any more; 409 when its state, the session's or the clock does not allow it.
pub(in super::super) fn answer(
    tx: &mut Tx,
    by: &impl Actor,
    id: RegistrationId,
    step: &RegistrationStep,
) -> Result<(Whole, Registration)> {
    let found = store::held(tx, id)?.ok_or_else(Error::not_found)?;
    sessions::lock(tx, found.session_id)?;
    let session = sessions::find(tx, &Scope::All, found.session_id)?.ok_or_else(Error::not_found)?;
    // Read again under the lock of the session: seats and standing are those of now.
    let before = store::held(tx, found.id)?.ok_or_else(Error::not_found)?;
    let taken = step.to == RegistrationStatus::Confirmed && before.status == RegistrationStatus::Attended;
    if before.status == step.to || taken {
        return Ok((session, before));
    }
    let next = own_steps(&before, session.session.status, tx.now());
    if !next.contains(&step.to) {
        return Err(refused(&before, &session, &next));
    }
    let after = carried_out(tx, by, &session, &before, step)?;
    Ok((session, after))
}

fn refused(before: &Registration, session: &Whole, next: &[RegistrationStatus]) -> Error {
    let status = session.session.status;
    if !goes_on(status) && status != SessionStatus::Postponed {
        return Error::conflict(format!(
            "The session is {status}; nothing about who comes changes any more."
        ));
    }
    match (before.status, before.offer_expires_at) {
        (RegistrationStatus::Offered, Some(until)) if next.is_empty() => Error::conflict(format!(
            "The offer ran out at {until}; the seat goes to the next. Write to whoever invited you."
        )),
        (status, _) => no_way(status, next),
    }
}
