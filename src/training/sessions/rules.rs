//! What must hold between a session, its program, its course and its people; every fault is reported at once.

use super::super::{courses, registrations};
use super::model::Whole;
use super::store;
use crate::kernel::Result;
use crate::kernel::error::FieldError;
use crate::kernel::id::Iso2;
use crate::partners::countries;
use crate::platform::db::Tx;

/// Most trainers of a session.
const TRAINERS: usize = 50;

/// Checks what is new, or what changed since `before`.
pub(super) fn check(tx: &mut Tx, after: &Whole, before: Option<&Whole>) -> Result<Vec<FieldError>> {
    let mut faults = Vec::new();
    let session = &after.session;
    if let Some(course) = session.course_id
        && before.is_none_or(|before| before.session.course_id != session.course_id)
        && !courses::exists(tx, course)?
    {
        let words = "There is no such course; see GET /api/v1/courses.";
        faults.push(FieldError::at("/course_id", "unknown_course", words));
    }
    if let Some(country) = session.country
        && before.is_none_or(|before| before.session.country != session.country)
        && countries::find(tx, country)?.is_none()
    {
        faults.push(FieldError::at("/country", "unknown_country", "Use a code of GET /api/v1/countries."));
    }
    if before.is_none_or(|before| before.countries != after.countries) {
        invited(tx, after, &mut faults)?;
    }
    if before.is_none_or(|before| before.trainers != after.trainers) {
        trainers(tx, after, &mut faults)?;
    }
    if before.is_none_or(|before| before.countries != after.countries || before.terms != after.terms) {
        quotas(after, &mut faults);
    }
    Ok(faults)
}

fn invited(tx: &mut Tx, after: &Whole, faults: &mut Vec<FieldError>) -> Result<()> {
    let program = store::program_countries(tx, after.session.program_id)?;
    for (place, invited) in after.countries.iter().enumerate() {
        let at = format!("/countries/{place}/country");
        if after.countries.iter().take(place).any(|other| other.country == invited.country) {
            faults.push(FieldError::at(at, "twice", "Name each country once."));
        } else if !program.contains(&invited.country) {
            let words = format!("{} is not a country of the program.", invited.country);
            faults.push(FieldError::at(at, "not_in_program", words));
        }
    }
    Ok(())
}

/// A country stays invited while people of it are registered: taken off in a list that was sent whole, its people would be
/// withdrawn by a slip, and nobody could bring their seats back. Who withdraws them first means it.
pub(super) fn dismissed(tx: &mut Tx, before: &Whole, after: &Whole) -> Result<Vec<FieldError>> {
    let (were, are) = (before.invited(), after.invited());
    let gone: Vec<_> = were.into_iter().filter(|country| !are.contains(country)).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let registered = registrations::registered(tx, before.session.id, &gone)?;
    let fault = |(country, people): (Iso2, i64)| {
        let words = format!(
            "{people} of {country} are registered; withdraw or decline them first, or keep {country}."
        );
        FieldError::at("/countries", "people_registered", words)
    };
    Ok(registered.into_iter().map(fault).collect())
}

fn trainers(tx: &mut Tx, after: &Whole, faults: &mut Vec<FieldError>) -> Result<()> {
    if after.trainers.len() > TRAINERS {
        let words = format!("A session has at most {TRAINERS} trainers; these are {}.", after.trainers.len());
        faults.push(FieldError::at("/trainers", "too_many", words));
        return Ok(());
    }
    let members = store::members(tx, after.session.program_id, &after.trainers)?;
    for (place, trainer) in after.trainers.iter().enumerate() {
        if after.trainers.iter().take(place).any(|other| other == trainer) {
            faults.push(FieldError::at(format!("/trainers/{place}"), "twice", "Name each person once."));
        } else if !members.contains(trainer) {
            let words =
                "A trainer is an active trainer or coordinator of the program: POST /programs/{id}/members.";
            faults.push(FieldError::at(format!("/trainers/{place}"), "not_a_member", words));
        }
    }
    Ok(())
}

/// No country is promised more seats than there are.
fn quotas(after: &Whole, faults: &mut Vec<FieldError>) {
    let Some(capacity) = after.terms.capacity else { return };
    for (place, invited) in after.countries.iter().enumerate() {
        if let Some(quota) = invited.quota.filter(|quota| *quota > capacity) {
            let words = format!("There are {capacity} seats; {quota} can't be kept for {}.", invited.country);
            faults.push(FieldError::at(format!("/countries/{place}/quota"), "above_capacity", words));
        }
    }
}
