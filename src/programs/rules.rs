//! What must hold between the fields of a program; every fault is reported at once.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::draft::{CountryDraft, ParticipationDraft, TagDraft};
use super::model::Program;
use super::sdg;
use crate::kernel::error::FieldError;
use crate::kernel::money::Percent;
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, PartialDate};

/// Longest lists.
const COUNTRIES: usize = 249;
const ENTRIES: usize = 100;

/// Rules on the row itself: dates in order (IATI 11.1.1, 11.1.2), actual ones not in the future (11.1.3, 11.1.4), an
/// identifier without the signs that IATI refuses.
pub(super) fn row(program: &Program, today: Day) -> Vec<FieldError> {
    let mut faults = Vec::new();
    in_order(&mut faults, ("planned_start", &program.planned_start), ("planned_end", &program.planned_end));
    in_order(&mut faults, ("actual_start", &program.actual_start), ("actual_end", &program.actual_end));
    for (name, date) in [("actual_start", &program.actual_start), ("actual_end", &program.actual_end)] {
        if date.as_ref().is_some_and(|date| date.earliest() > today) {
            let words = format!("An actual date is not in the future; today is {today}.");
            faults.push(FieldError::at(format!("/{name}"), "in_the_future", words));
        }
    }
    let strange = |c: char| c.is_whitespace() || "/&|?".contains(c);
    if program.iati_identifier.as_ref().is_some_and(|id| id.as_str().contains(strange)) {
        let words = "Use <organization identifier>-<local id> without spaces and without / & | ?.";
        faults.push(FieldError::at("/iati_identifier", "not_an_iati_identifier", words));
    }
    faults
}

type Dated<'a> = (&'a str, &'a Option<PartialDate>);

/// Refuses only what can't be true: "2019" may end later in 2019.
fn in_order(faults: &mut Vec<FieldError>, start: Dated<'_>, end: Dated<'_>) {
    let (Some(from), Some(to)) = (start.1, end.1) else { return };
    if from.earliest() >= to.latest() {
        let words = format!("The end is after the start ({from}); this is {to}.");
        faults.push(FieldError::at(format!("/{}", end.0), "end_before_start", words));
    }
}

/// Each country once; shares for all that sum to 100, or for none (IATI 3.1.1, 3.1.2, 3.1.4).
pub(super) fn countries(stated: &[CountryDraft]) -> Vec<FieldError> {
    let mut faults = once("countries", stated.iter().map(|c| c.country));
    too_many(&mut faults, "countries", stated.len(), COUNTRIES);
    let shares: Vec<Percent> = stated.iter().filter_map(|c| c.share).collect();
    if shares.is_empty() {
        return faults;
    }
    let sum: i32 = shares.iter().map(|share| share.0).fold(0, i32::saturating_add);
    if shares.len() < stated.len() {
        let words = "Give every country a share, or none.";
        let lacking = stated.iter().enumerate().filter(|(_, c)| c.share.is_none());
        faults
            .extend(lacking.map(|(i, _)| FieldError::at(format!("/countries/{i}/share"), "missing", words)));
    } else if sum != Percent::WHOLE {
        let words = format!("The shares sum to 100; these sum to {}.", hundredths(sum));
        faults.push(FieldError::at("/countries", "shares_not_100", words));
    }
    faults
}

fn hundredths(sum: i32) -> String {
    match sum % 100 {
        0 => (sum / 100).to_string(),
        rest => format!("{}.{rest:02}", sum / 100),
    }
}

/// Each theme once.
pub(super) fn themes(stated: &[Theme]) -> Vec<FieldError> {
    once("themes", stated.iter().copied())
}

/// An id or a name, not both (IATI 6.10.1); each role of each organization once.
pub(super) fn organizations(stated: &[ParticipationDraft]) -> Vec<FieldError> {
    let shown = |p: &ParticipationDraft| {
        let who = p.organization_id.map(|id| id.to_string());
        let name = p.name.as_ref().map(|name| name.as_str().to_lowercase());
        format!("{} as {}", who.or(name).unwrap_or_default(), p.role)
    };
    let mut faults = once("organizations", stated.iter().map(shown));
    too_many(&mut faults, "organizations", stated.len(), ENTRIES);
    for (i, p) in stated.iter().enumerate() {
        if p.organization_id.is_some() == p.name.is_some() {
            let words =
                "Give the id of a registered organization, or the name of one that is not registered.";
            faults.push(FieldError::at(format!("/organizations/{i}"), "id_or_name", words));
        }
    }
    faults
}

/// Codes of the lists of the United Nations; each once.
pub(super) fn tags(stated: &[TagDraft]) -> Vec<FieldError> {
    let mut faults = once("tags", stated.iter().map(|tag| format!("{} {}", tag.vocabulary, tag.code)));
    too_many(&mut faults, "tags", stated.len(), ENTRIES);
    for (i, tag) in stated.iter().enumerate() {
        if !sdg::knows(tag.vocabulary, tag.code.as_str()) {
            let words =
                "Use a goal like 16, or a target like 16.6 or 16.a, of the Sustainable Development Goals.";
            faults.push(FieldError::at(format!("/tags/{i}/code"), "unknown_value", words));
        }
    }
    faults
}

fn once<T: Ord + Display>(list: &str, values: impl Iterator<Item = T>) -> Vec<FieldError> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for (i, value) in values.enumerate() {
        let words = format!("{value} stands here twice.");
        if !seen.insert(value) {
            faults.push(FieldError::at(format!("/{list}/{i}"), "twice", words));
        }
    }
    faults
}

fn too_many(faults: &mut Vec<FieldError>, list: &str, length: usize, most: usize) {
    if length > most {
        let words = format!("Use at most {most} entries; these are {length}.");
        faults.push(FieldError::at(format!("/{list}"), "too_many", words));
    }
}
