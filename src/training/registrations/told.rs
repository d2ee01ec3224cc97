//! What letters tell of registrations: one, or those of a session a page at a time, with the people behind them.

use diesel::prelude::*;

use super::model::{Registration, RegistrationStatus};
use super::store::joined;
use crate::kernel::Result;
use crate::kernel::id::{ProgramId, RegistrationId, TrainingSessionId};
use crate::kernel::lang::Lang;
use crate::kernel::text::{Email, Name};
use crate::kernel::time::{Day, Zone};
use crate::partners::countries::Languages;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{participants, programs, registrations, training_sessions};
use crate::training::sessions::SessionStatus;

/// A registration, who stands behind it, and what its letters need of the session.
#[derive(Clone, Debug)]
pub struct Told {
    /// The registration.
    pub registration: Registration,
    /// Where letters go.
    pub email: Email,
    /// What the person is called.
    pub name: Name,
    /// In which language the person is written to.
    pub language: Lang,
    /// The zone of the session: nobody said in which one the person lives.
    pub zone: Zone,
    /// Of which program.
    pub program_id: ProgramId,
    /// Where the session stands.
    pub session_status: SessionStatus,
    /// Its last day.
    pub last_day: Day,
}

type Person = (Email, Name, Option<Lang>);
type Held = (ProgramId, SessionStatus, Day, Option<Zone>, Languages);

fn told((registration, (email, name, language), held): (Registration, Person, Held)) -> Told {
    let (program_id, session_status, last_day, zone, languages) = held;
    // Of the languages of the session the first in which we write letters, for who never said.
    let spoken = || languages.0.iter().find_map(|tag| tag.as_str().split('-').next()?.parse::<Lang>().ok());
    Told {
        language: language.or_else(spoken).unwrap_or(Lang::En),
        zone: zone.unwrap_or(Zone::UTC),
        registration,
        email,
        name,
        program_id,
        session_status,
        last_day,
    }
}

macro_rules! rows {
    () => {
        joined!()
            .inner_join(participants::table.on(participants::id.eq(registrations::participant_id)))
            .select((
                Registration::as_select(),
                (participants::email, participants::name, participants::language),
                (
                    training_sessions::program_id,
                    training_sessions::status,
                    training_sessions::last_day,
                    training_sessions::zone,
                    training_sessions::languages,
                ),
            ))
    };
}

/// One registration; none when it is gone, or its session or program.
///
/// # Errors
/// When the database refuses.
pub fn one(tx: &mut Tx, id: RegistrationId) -> Result<Option<Told>> {
    Ok(those(tx, &[id])?.pop())
}

/// Some registrations, in one query.
///
/// # Errors
/// When the database refuses.
pub fn those(tx: &mut Tx, ids: &[RegistrationId]) -> Result<Vec<Told>> {
    let found: Vec<(Registration, Person, Held)> =
        rows!().filter(among(registrations::id, ids)).load(tx.conn())?;
    Ok(found.into_iter().map(told).collect())
}

/// The people of a session who stand so, in order of their registrations, after one of them.
///
/// # Errors
/// When the database refuses.
pub fn page(
    tx: &mut Tx,
    session: TrainingSessionId,
    standing: &[RegistrationStatus],
    after: Option<RegistrationId>,
    limit: i64,
) -> Result<Vec<Told>> {
    let after = after.unwrap_or(RegistrationId(uuid::Uuid::nil()));
    let found: Vec<(Registration, Person, Held)> = rows!()
        .filter(registrations::session_id.eq(session))
        .filter(registrations::id.gt(after))
        .filter(among(registrations::status, standing))
        .order(registrations::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(found.into_iter().map(told).collect())
}
