//! What a caller sees of sessions, what they may do with each, and where they may move it.

use std::collections::HashMap;

use super::super::courses;
use super::clashes;
use super::model::{DayRecord, GoneSession, InvitedRecord, ListedSession, SessionDay, SessionRecord, Whole};
use super::store::{self, Row};
use crate::accounts::{Permit, Somebody, people};
use crate::kernel::access::{Action, Permission, Role, Scope};
use crate::kernel::id::{CourseId, Iso2, ProgramId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::programs::{Eyes, roles_in};

/// The caller's reach over sessions.
pub(super) fn eyes<A: Action>(permit: &Permit<A>) -> Eyes {
    Eyes::of(permit, Permission::ViewTraining)
}

/// What the records of a page have in common: a fixed number of queries, however many sessions.
struct Around {
    roles: HashMap<ProgramId, Vec<Role>>,
    programs: HashMap<ProgramId, Titles>,
    courses: HashMap<CourseId, Titles>,
    people: HashMap<UserId, Somebody>,
}

fn unique<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found: Vec<T> = all.collect();
    found.sort();
    found.dedup();
    found
}

impl Around {
    fn of(tx: &mut Tx, user: UserId, rows: &[Whole]) -> Result<Around> {
        let programs = unique(rows.iter().map(|whole| whole.session.program_id));
        let courses = unique(rows.iter().filter_map(|whole| whole.session.course_id));
        let trainers = unique(rows.iter().flat_map(|whole| whole.trainers.iter().copied()));
        let mut roles: HashMap<ProgramId, Vec<Role>> = HashMap::new();
        for (program, role) in roles_in(tx, user, &programs)? {
            roles.entry(program).or_default().push(role);
        }
        Ok(Around {
            roles,
            programs: store::program_titles(tx, &programs)?,
            courses: courses::titles(tx, &courses)?,
            people: people(tx, &trainers)?,
        })
    }
}

fn records(tx: &mut Tx, eyes: &Eyes, rows: Vec<Whole>) -> Result<Vec<SessionRecord>> {
    let around = Around::of(tx, eyes.user(), &rows)?;
    Ok(rows.into_iter().map(|whole| record(eyes, &around, whole)).collect())
}

/// One session as the caller sees it, with what a planner should look at.
pub(super) fn one(tx: &mut Tx, eyes: &Eyes, whole: Whole) -> Result<SessionRecord> {
    let id = whole.session.id;
    let open = !whole.session.status.is_over();
    let warnings = if open { clashes::warnings(tx, &whole)? } else { Vec::new() };
    let mut record = records(tx, eyes, vec![whole])?
        .pop()
        .ok_or_else(|| Error::internal(format!("session {id} has no record")))?;
    if record.permissions.contains(&Permission::EditTraining.word()) {
        record.warnings = warnings;
    }
    Ok(record)
}

/// A page of a list, deleted ones as tombstones.
pub(super) fn listed(tx: &mut Tx, eyes: &Eyes, rows: Vec<Row>) -> Result<Vec<ListedSession>> {
    let wholes = store::wholes(tx, rows)?;
    let around = Around::of(tx, eyes.user(), &wholes)?;
    let seen = wholes.into_iter().map(|whole| match whole.session.deleted_at {
        Some(deleted_at) => ListedSession::Gone(GoneSession { id: whole.session.id, deleted_at }),
        None => ListedSession::There(Box::new(record(eyes, &around, whole))),
    });
    Ok(seen.collect())
}

/// A country sees what is kept for it, and nothing of what is kept for others.
fn invited(eyes: &Eyes, whole: &Whole, runs: bool) -> Vec<InvitedRecord> {
    let own = |country: Iso2| match eyes.scope(Permission::ViewWholeTraining) {
        Some(Scope::Only(reach)) => reach.countries.contains(&country),
        Some(Scope::All) => true,
        None => false,
    };
    let shown = whole.countries.iter().map(|invited| {
        let near = runs || own(invited.country);
        InvitedRecord {
            country: invited.country,
            quota: invited.quota.filter(|_| near),
            reserves: invited.reserves.filter(|_| near),
        }
    });
    shown.collect()
}

/// A day as shown.
pub(in super::super) fn day(day: SessionDay) -> DayRecord {
    DayRecord {
        day: day.day,
        starts: day.starts,
        ends: day.ends,
        starts_at: day.starts_at,
        ends_at: day.ends_at,
    }
}

fn record(eyes: &Eyes, around: &Around, whole: Whole) -> SessionRecord {
    let countries = whole.invited();
    let roles = around.roles.get(&whole.session.program_id).map_or(&[][..], Vec::as_slice);
    let held: Vec<Permission> = eyes.held(&countries, roles).collect();
    let may = |permission: Permission| held.contains(&permission);
    let steps = if may(Permission::MoveTraining) { whole.session.status.next() } else { &[] };
    let countries = invited(eyes, &whole, may(Permission::EditTraining));
    let Whole { session: s, terms, days, trainers, .. } = whole;
    SessionRecord {
        program_title: around.programs.get(&s.program_id).cloned().unwrap_or_default(),
        course_title: s.course_id.and_then(|id| around.courses.get(&id).cloned()),
        days: days.into_iter().map(day).collect(),
        countries,
        trainers: trainers.iter().filter_map(|id| around.people.get(id).cloned()).collect(),
        link: s.link.filter(|_| may(Permission::ViewWholeTraining)),
        capacity: terms.capacity,
        registration_opens: terms.registration_opens,
        registration_closes: terms.registration_closes,
        offer_hours: terms.offer_hours,
        least_share: terms.least_share,
        pass_mark: terms.pass_mark,
        warnings: Vec::new(),
        allowed_transitions: steps.to_vec(),
        permissions: held.into_iter().map(Permission::word).collect(),
        id: s.id,
        program_id: s.program_id,
        course_id: s.course_id,
        title: s.title,
        kind: s.kind,
        description: s.description,
        mode: s.mode,
        venue: s.venue,
        city: s.city,
        country: s.country,
        zone: s.zone,
        first_day: s.first_day,
        last_day: s.last_day,
        themes: s.themes,
        languages: s.languages,
        organizer: s.organizer,
        source: s.source,
        status: s.status,
        reason: s.reason,
        sequence: s.sequence,
        created_at: s.created_at,
        updated_at: s.updated_at,
        version: s.version,
    }
}
