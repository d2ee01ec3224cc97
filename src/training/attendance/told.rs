//! What letters tell of attendance: what is noted of a session, by country.

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use super::super::completion::whole_length;
use super::super::registrations::RegistrationStatus;
use super::super::sessions::Whole;
use crate::kernel::Result;
use crate::kernel::id::{Iso2, TrainingSessionId};
use crate::platform::db::Tx;
use crate::platform::schema::{attendance, registrations};

/// How the people of a country were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnout {
    /// Of which country.
    pub country: Iso2,
    /// How many had a seat.
    pub seats: i64,
    /// How many of them came.
    pub came: i64,
    /// Entries that are missing: one for each of them and each day.
    pub missing: i64,
    /// Minutes that they attended together.
    pub minutes: i64,
    /// Minutes that they could have attended.
    pub of_minutes: i64,
}

/// Statuses of those who had a seat.
const SEATED: [RegistrationStatus; 3] =
    [RegistrationStatus::Confirmed, RegistrationStatus::Attended, RegistrationStatus::NoShow];

/// The turnout of each country with people in a session: two queries, however many people.
///
/// # Errors
/// When the database refuses.
pub fn turnout(tx: &mut Tx, whole: &Whole) -> Result<Vec<Turnout>> {
    let (days, length) = (whole.days.len() as i64, whole_length(whole));
    let mut all: Vec<Turnout> = Vec::new();
    for (country, status, people) in seats(tx, whole.session.id)? {
        if all.last().is_none_or(|last| last.country != country) {
            all.push(Turnout { country, seats: 0, came: 0, missing: 0, minutes: 0, of_minutes: 0 });
        }
        if let Some(row) = all.last_mut() {
            row.seats += people;
            row.came += if status == RegistrationStatus::Attended { people } else { 0 };
            row.missing += people * days;
            row.of_minutes += people * length;
        }
    }
    for (country, entries, minutes) in noted(tx, whole.session.id)? {
        if let Some(row) = all.iter_mut().find(|row| row.country == country) {
            row.missing -= entries;
            row.minutes += minutes;
        }
    }
    Ok(all)
}

fn seats(tx: &mut Tx, session: TrainingSessionId) -> Result<Vec<(Iso2, RegistrationStatus, i64)>> {
    let counted = registrations::table
        .group_by((registrations::country, registrations::status))
        .select((registrations::country, registrations::status, count_star()))
        .filter(registrations::session_id.eq(session))
        .filter(registrations::status.eq_any(SEATED))
        .order(registrations::country);
    Ok(counted.load(tx.conn())?)
}

fn noted(tx: &mut Tx, session: TrainingSessionId) -> Result<Vec<(Iso2, i64, i64)>> {
    let rows: Vec<(Iso2, i64, Option<i64>)> = attendance::table
        .inner_join(registrations::table.on(registrations::id.eq(attendance::registration_id)))
        .group_by(registrations::country)
        .select((registrations::country, count_star(), sum(attendance::minutes)))
        .filter(attendance::session_id.eq(session))
        .filter(registrations::status.eq_any(SEATED))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(country, entries, minutes)| (country, entries, minutes.unwrap_or(0))).collect())
}
