//! What counts of each registration: written beside it in the same transaction, read by the numbers.

use diesel::dsl::sum;
use diesel::prelude::*;

use super::super::completion;
use super::super::registrations::{Origin, Registration, RegistrationStatus};
use super::super::scores;
use super::super::sessions::Whole;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{ParticipantId, RegistrationId};
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{attendance, training_sessions, training_standings};

/// Registrations written in one statement when a session's rule changes.
const TOGETHER: usize = 512;

/// Confirmed or later: had a seat that was theirs.
fn confirmed(status: RegistrationStatus) -> bool {
    use RegistrationStatus::{Attended, Confirmed, NoShow};
    matches!(status, Confirmed | Attended | NoShow)
}

/// A registration that is new.
pub(in super::super) fn enter(tx: &mut Tx, r: &Registration) -> Result<()> {
    use training_standings as t;
    let program = training_sessions::table
        .select(training_sessions::program_id)
        .filter(training_sessions::id.eq(r.session_id))
        .single_value();
    diesel::insert_into(t::table)
        .values((
            (t::registration_id.eq(r.id), t::session_id.eq(r.session_id)),
            t::program_id.eq(program.assume_not_null()),
            (t::participant_id.eq(r.participant_id), t::country.eq(r.country)),
            (t::nominated.eq(i32::from(r.origin == Origin::Nominated)), t::minutes.eq(0)),
            (t::confirmed.eq(i32::from(confirmed(r.status))), t::completed.eq(0)),
            t::attended.eq(i32::from(r.status == RegistrationStatus::Attended)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A registration that went a step.
pub(in super::super) fn follow(tx: &mut Tx, r: &Registration) -> Result<()> {
    use training_standings as t;
    diesel::update(t::table.filter(t::registration_id.eq(r.id)))
        .set((
            t::nominated.eq(i32::from(r.origin == Origin::Nominated)),
            t::confirmed.eq(i32::from(confirmed(r.status))),
            t::attended.eq(i32::from(r.status == RegistrationStatus::Attended)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The registrations of one person who became another's.
pub(in super::super) fn hand_over(tx: &mut Tx, from: ParticipantId, to: ParticipantId) -> Result<()> {
    use training_standings as t;
    let rows = t::table.filter(t::participant_id.eq(from));
    diesel::update(rows).set(t::participant_id.eq(to)).execute(tx.conn())?;
    Ok(())
}

/// Whether somebody has completed the session, after what counts for it changed.
pub(in super::super) fn measure(tx: &mut Tx, session: &Whole, id: RegistrationId) -> Result<()> {
    use training_standings as t;
    let minutes: Option<i64> = attendance::table
        .select(sum(attendance::minutes))
        .filter(attendance::registration_id.eq(id))
        .first(tx.conn())?;
    let minutes = minutes.unwrap_or(0);
    let post = scores::marks(tx, &[id])?.get(&id).and_then(|(_, post)| *post);
    diesel::update(t::table.filter(t::registration_id.eq(id)))
        .set((
            t::minutes.eq(i32::try_from(minutes).unwrap_or(i32::MAX)),
            t::completed.eq(i32::from(completion::reached(session, minutes, post))),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The same for everybody, after the session's days or its rule changed.
pub(in super::super) fn measure_all(tx: &mut Tx, session: &Whole) -> Result<()> {
    use training_standings as t;
    let rows: Vec<(RegistrationId, i32, i32)> = t::table
        .select((t::registration_id, t::minutes, t::completed))
        .filter(t::session_id.eq(session.session.id))
        .load(tx.conn())?;
    let marks = scores::of_session(tx, &Scope::All, session.session.id)?;
    for completed in [0, 1] {
        let reached = |id: &RegistrationId, minutes: i32| {
            let post = marks.get(id).and_then(|(_, post)| *post);
            i32::from(completion::reached(session, i64::from(minutes), post))
        };
        let other = rows
            .iter()
            .filter(|(id, minutes, before)| *before != completed && reached(id, *minutes) == completed);
        let ids: Vec<RegistrationId> = other.map(|(id, ..)| *id).collect();
        for some in ids.chunks(TOGETHER) {
            diesel::update(t::table.filter(among(t::registration_id, some)))
                .set(t::completed.eq(completed))
                .execute(tx.conn())?;
        }
    }
    Ok(())
}
