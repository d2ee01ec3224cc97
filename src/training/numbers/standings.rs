//! What counts of each registration: written beside it in the same transaction, read by the numbers.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::sum;
use diesel::prelude::*;

use super::super::completion;
use super::super::registrations::{Origin, Registration, RegistrationStatus};
use super::super::scores;
use super::super::sessions::Whole;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{ParticipantId, ProgramId, RegistrationId};
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::TOGETHER;
use crate::platform::db::Tx;
use crate::platform::schema::{attendance, training_sessions, training_standings};

/// What counts of a registration that is new, but for its program.
macro_rules! begins {
    ($r:expr) => {{
        use training_standings as t;
        let r = $r;
        (
            (t::registration_id.eq(r.id), t::session_id.eq(r.session_id)),
            (t::participant_id.eq(r.participant_id), t::country.eq(r.country)),
            (t::nominated.eq(i32::from(r.origin == Origin::Nominated)), t::minutes.eq(0)),
            (t::confirmed.eq(i32::from(confirmed(r.status))), t::completed.eq(0)),
            t::attended.eq(i32::from(r.status == RegistrationStatus::Attended)),
        )
    }};
}

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
        .values((t::program_id.eq(program.assume_not_null()), begins!(r)))
        .execute(tx.conn())?;
    Ok(())
}

/// Registrations of a program that are new.
pub(in super::super) fn enter_all(tx: &mut Tx, program: ProgramId, new: &[&Registration]) -> Result<()> {
    use training_standings as t;
    for some in new.chunks(TOGETHER) {
        let rows: Vec<_> = some.iter().map(|r| (t::program_id.eq(program), begins!(r))).collect();
        on_each!(tx.conn(), c => diesel::insert_into(t::table).values(&rows).execute(c))?;
    }
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

/// People with a seat who were there.
pub(in super::super) fn attend(tx: &mut Tx, ids: &[RegistrationId]) -> Result<()> {
    use training_standings as t;
    for some in ids.chunks(TOGETHER) {
        diesel::update(t::table.filter(among(t::registration_id, some)))
            .set((t::confirmed.eq(1), t::attended.eq(1)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The registrations of one person who became another's.
pub(in super::super) fn hand_over(tx: &mut Tx, from: ParticipantId, to: ParticipantId) -> Result<()> {
    use training_standings as t;
    let rows = t::table.filter(t::participant_id.eq(from));
    diesel::update(rows).set(t::participant_id.eq(to)).execute(tx.conn())?;
    Ok(())
}

/// Whether people have completed the session, after what counts for it changed.
pub(in super::super) fn measure(tx: &mut Tx, session: &Whole, ids: &[RegistrationId]) -> Result<()> {
    use training_standings as t;
    for some in ids.chunks(TOGETHER) {
        let sums: Vec<(RegistrationId, Option<i64>)> = attendance::table
            .group_by(attendance::registration_id)
            .select((attendance::registration_id, sum(attendance::minutes)))
            .filter(among(attendance::registration_id, some))
            .load(tx.conn())?;
        let sums: HashMap<RegistrationId, Option<i64>> = sums.into_iter().collect();
        let marks = scores::marks(tx, some)?;
        // Most of a list were there for the same time: they are written together.
        let mut alike: BTreeMap<(i32, bool), Vec<RegistrationId>> = BTreeMap::new();
        for id in some {
            let minutes = sums.get(id).copied().flatten().unwrap_or(0);
            let post = marks.get(id).and_then(|(_, post)| *post);
            let standing =
                (i32::try_from(minutes).unwrap_or(i32::MAX), completion::reached(session, minutes, post));
            alike.entry(standing).or_default().push(*id);
        }
        for ((minutes, completed), ids) in alike {
            diesel::update(t::table.filter(among(t::registration_id, &ids)))
                .set((t::minutes.eq(minutes), t::completed.eq(i32::from(completed))))
                .execute(tx.conn())?;
        }
    }
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
