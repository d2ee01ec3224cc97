//! Whose people a caller counts, and what of the numbers they are shown.

use std::collections::BTreeMap;

use super::super::sessions;
use super::kept_back::{Counts, rows};
use super::model::{SexCounted, Span, TrainingNumbers};
use super::store::{self, Counted, Of};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Actor, Permission, Reach, Role, Scope, ViewTrainingNumbers};
use crate::kernel::id::{Iso2, ProgramId, TrainingSessionId};
use crate::partners;
use crate::platform::db::Tx;
use crate::programs::{self, Eyes, roles_in};

type Permitted = Permit<ViewTrainingNumbers>;

/// Numbers of a session.
///
/// # Errors
/// 404, 403.
pub(super) fn of_session(tx: &mut Tx, permit: &Permitted, id: TrainingSessionId) -> Result<TrainingNumbers> {
    let whole = permit.get(tx, |tx, scope| sessions::find(tx, scope, id))?;
    let mut roles = roles_of(tx, permit, whole.session.program_id)?;
    let countries = countries(permit, &roles);
    if !whole.trainers.contains(&permit.user()) {
        roles.retain(|role| *role != Role::Trainer);
    }
    told(tx, permit, Of::Session(id), countries, &roles, Span::default())
}

/// Numbers of a program.
///
/// # Errors
/// 404, 403.
pub(super) fn of_program(
    tx: &mut Tx,
    permit: &Permitted,
    id: ProgramId,
    span: Span,
) -> Result<TrainingNumbers> {
    permit.get(tx, |tx, scope| programs::find(tx, scope, id))?;
    let mut roles = roles_of(tx, permit, id)?;
    let countries = countries(permit, &roles);
    // Who trains sees the people of their own sessions, not of the program.
    roles.retain(|role| *role != Role::Trainer);
    told(tx, permit, Of::Program(id), countries, &roles, span)
}

/// Numbers of a country: in all programs for who speaks for it, else in those that the caller runs or watches.
///
/// # Errors
/// 404.
pub(super) fn of_partner(
    tx: &mut Tx,
    permit: &Permitted,
    country: Iso2,
    span: Span,
) -> Result<TrainingNumbers> {
    permit.get(tx, |tx, scope| partners::find(tx, scope, country))?;
    let people = permit.scope_of(Permission::ViewRegistrations);
    let (programs, open) = match permit.scope() {
        Scope::Only(reach) if !reach.countries.contains(&country) => by_grant(permit, reach),
        _ => (Scope::All, people.covers(country)),
    };
    shown(tx, Counted::new(Of::Country(country), None, &programs, span), |_| open)
}

/// The programs of who does not speak for the country: those that they run, whose people they see; else those that they
/// watch.
fn by_grant(permit: &Permitted, reach: Reach) -> (Scope, bool) {
    let runs = permit.holds(Permission::DecideRegistrations);
    let roles = match runs {
        true => Permission::DecideRegistrations.roles().to_vec(),
        false => reach.roles.clone(),
    };
    (Scope::Only(Reach { countries: Vec::new(), within: None, roles, ..reach }), runs)
}

/// The caller's roles in a program.
fn roles_of(tx: &mut Tx, permit: &Permitted, program: ProgramId) -> Result<Vec<Role>> {
    Ok(roles_in(tx, permit.user(), &[program])?.into_iter().map(|(_, role)| role).collect())
}

/// Whose people a holder of these roles counts: of all countries, or of those for which the caller speaks.
fn countries(permit: &Permitted, roles: &[Role]) -> Option<Vec<Iso2>> {
    match permit.scope() {
        Scope::All => None,
        Scope::Only(reach) if roles.iter().any(|role| reach.roles.contains(role)) => reach.within,
        Scope::Only(reach) => Some(reach.countries),
    }
}

fn told(
    tx: &mut Tx,
    permit: &Permitted,
    of: Of,
    countries: Option<Vec<Iso2>>,
    roles: &[Role],
    span: Span,
) -> Result<TrainingNumbers> {
    let eyes = Eyes::of(permit, Permission::ViewRegistrations);
    let open = |country| eyes.holds(Permission::ViewRegistrations, &[country], roles);
    shown(tx, Counted::new(of, countries, &Scope::All, span), open)
}

fn shown(tx: &mut Tx, counted: Counted, open: impl Fn(Iso2) -> bool) -> Result<TrainingNumbers> {
    let mut counts: BTreeMap<Iso2, Counts> = BTreeMap::new();
    for (country, sex, nominated, confirmed, attended, completed) in store::count(tx, counted)? {
        let of_country = counts.entry(country).or_default();
        of_country.open = open(country);
        let sex = SexCounted::of(sex) as usize;
        for (by_sex, number) in of_country.tally.iter_mut().zip([nominated, confirmed, attended, completed]) {
            by_sex[sex] = number;
        }
    }
    Ok(TrainingNumbers { counted_at: tx.now(), items: rows(&counts) })
}
