//! Whose a new record is and who answers for it: country, organization, program, people in office.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::accounts::Permit;
use crate::disclosure::{Part, Relation};
use crate::kernel::access::{Action, Permission, Role, Scope};
use crate::kernel::error::FieldError;
use crate::kernel::id::{Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::{Error, Result};
use crate::partners::organizations;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{program_countries, role_grants, users};
use crate::programs;

/// To whom a record belongs.
#[derive(Clone, Copy, Debug)]
pub struct Ties {
    /// Whose it is.
    pub country: Iso2,
    /// Of which body of it.
    pub organization_id: Option<OrganizationId>,
    /// In which program it is worked on.
    pub program_id: Option<ProgramId>,
}

impl Ties {
    /// What is wrong with them for who wants to enter a record, every fault at once: the country is one for which they hold an
    /// office, or one of a program that they coordinate.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn faults<A: Action>(&self, tx: &mut Tx, permit: &Permit<A>) -> Result<Vec<FieldError>> {
        let mut faults = Vec::new();
        let own = permit.scope().covers(self.country);
        let mut there = false;
        if let Some(program) = self.program_id {
            let seen = programs::find(tx, &permit.scope_of(Permission::ViewPrograms), program)?;
            there = seen.is_some() && takes_part(tx, program, self.country)?;
            let coordinated = there && !own && programs::find(tx, &permit.scope(), program)?.is_some();
            if !there {
                let words = "There is no such program of this country, or it is not yours to see.";
                faults.push(FieldError::at("/program_id", "unknown", words));
            }
            there = coordinated;
        }
        if !own && !there && offices(permit) == 0 {
            return Err(Error::not_permitted(
                "An official of the country opens it, or a coordinator of a program in it.",
            ));
        }
        if !own && !there {
            let words =
                "Use a country for which you hold an office, or name a program in it that you coordinate.";
            faults.push(FieldError::at("/country", "not_yours", words));
        }
        if let Some(organization) = self.organization_id
            && organizations::registered(tx, &[organization])?.is_empty()
        {
            let words = "There is no such organization in the register.";
            faults.push(FieldError::at("/organization_id", "unknown", words));
        }
        Ok(faults)
    }

    /// What is wrong with who shall answer for something: an official of the country, or of the program's team.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn owner_fault(&self, tx: &mut Tx, owner: UserId, at: &str) -> Result<Option<FieldError>> {
        let words = "Name an active official of the country, or a coordinator or trainer of the program.";
        let here = self.in_office(tx, &[owner])?.contains(&owner);
        Ok((!here).then(|| FieldError::at(at, "not_in_office", words)))
    }

    /// Which of these people are in office now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn in_office(&self, tx: &mut Tx, people: &[UserId]) -> Result<HashSet<UserId>> {
        if people.is_empty() {
            return Ok(HashSet::new());
        }
        let now = tx.now();
        let officials = role_grants::country
            .assume_not_null()
            .eq(self.country)
            .and(role_grants::role.eq_any([Role::FocalPoint, Role::Contributor]));
        let team = role_grants::program_id
            .is_not_null()
            .and(role_grants::program_id.eq(self.program_id).assume_not_null())
            .and(role_grants::role.eq_any([Role::Coordinator, Role::Trainer]));
        let found: Vec<UserId> = role_grants::table
            .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
            .select(role_grants::user_id)
            .filter(among(role_grants::user_id, people))
            .filter(users::status.eq("active"))
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
            .filter(role_grants::country.is_not_null().and(officials).or(team))
            .load(tx.conn())?;
        Ok(found.into_iter().collect())
    }
}

fn offices<A: Action>(permit: &Permit<A>) -> usize {
    match permit.scope() {
        Scope::All => usize::MAX,
        Scope::Only(reach) => reach.countries.len(),
    }
}

fn takes_part(tx: &mut Tx, program: ProgramId, country: Iso2) -> Result<bool> {
    let found: i64 = program_countries::table
        .filter(program_countries::program_id.eq(program))
        .filter(program_countries::country.eq(country))
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}

/// What a caller may do with a record of a country, from what they are to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Writes in it: its authors, contributors, facilitators and owners, and the focal points of the country.
    pub write: bool,
    /// Reads it through and passes a judgement: its reviewers.
    pub review: bool,
    /// Speaks for the country: its focal points.
    pub govern: bool,
}

impl Rights {
    /// From a relation. Who only sees a summary, or reads, has none.
    pub fn of(relation: &Relation) -> Rights {
        let detail = relation.in_detail().is_ok();
        let writers = [Part::Author, Part::Contributor, Part::Facilitator, Part::Owner];
        let named = writers.into_iter().any(|part| relation.is(part));
        Rights {
            write: detail && (relation.governs() || named),
            review: detail && relation.is(Part::Reviewer),
            govern: detail && relation.governs(),
        }
    }
}

/// As which part somebody who enters a record is named on it: an official keeps it, a coordinator helps.
pub fn part_of_entry<A: Action>(permit: &Permit<A>, country: Iso2) -> Part {
    if permit.scope().covers(country) { Part::Author } else { Part::Facilitator }
}
