//! Rows of programs and their parts.

use diesel::dsl::case_when;
use diesel::prelude::*;

use super::codes::Status;
use super::draft::{CountryDraft, ParticipationDraft, TagDraft};
use super::model::{CountryShare, Participation, Parts, Program, Tag};
use super::reach::singly_within;
use crate::kernel::access::{Role, Scope};
use crate::kernel::error::Code;
use crate::kernel::id::{Iso2, OrganizationId, ProgramId, UserId};
use crate::kernel::search;
use crate::kernel::sql::Guid;
use crate::kernel::theme::Theme;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::Claim;
use crate::platform::db::{Constraint, Tx};
use crate::platform::http::etag;
use crate::platform::schema::{
    countries, organizations, program_countries, program_organizations, program_tags, program_themes,
    programs, role_grants, users,
};

/// What `program_countries.status` says of a deleted program.
pub(super) const DELETED: &str = "deleted";

/// The row of this id, within reach. Whether it is, comes first: a hidden row is not touched, like one that is not there.
macro_rules! named {
    ($scope:expr, $id:expr) => {{
        let id = $id.into_sql::<Guid>();
        programs::id.nullable().eq(case_when(singly_within(id, $scope), id))
    }};
}

/// A program within reach that is not deleted.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: ProgramId) -> Result<Option<Program>> {
    let found = programs::table
        .select(Program::as_select())
        .filter(named!(scope, id))
        .filter(programs::deleted_at.is_null())
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Locks the row, within reach, for the length of the transaction, so that guards and lists are read and written together.
pub(super) fn lock(tx: &mut Tx, scope: &Scope, id: ProgramId) -> Result<()> {
    programs::table
        .select(programs::id)
        .filter(named!(scope, id))
        .lock_rows()
        .get_results::<ProgramId>(tx.conn())?;
    Ok(())
}

/// The derived columns of a row.
struct Derived {
    planned_start_on: Option<Day>,
    planned_end_on: Option<Day>,
    start_on: Day,
    search_text: String,
}

impl Derived {
    fn of(program: &Program) -> Derived {
        let mut text: Vec<&str> = program.title.iter().map(|(_, text)| text).collect();
        text.extend(program.description.iter().flat_map(|texts| texts.iter().map(|(_, text)| text)));
        text.extend(program.iati_identifier.as_ref().map(|id| id.as_str()));
        Derived {
            planned_start_on: program.planned_start.as_ref().map(|date| date.earliest()),
            planned_end_on: program.planned_end.as_ref().map(|date| date.latest()),
            start_on: program.start_on(),
            search_text: search::fold(&text.join(" \n ")),
        }
    }
}

macro_rules! row_values {
    ($p:expr, $derived:expr) => {
        (
            (
                programs::iati_identifier.eq(&$p.iati_identifier),
                programs::title.eq(&$p.title),
                programs::description.eq(&$p.description),
                programs::objectives.eq(&$p.objectives),
                programs::target_groups.eq(&$p.target_groups),
                programs::status.eq($p.status),
                programs::planned_start.eq(&$p.planned_start),
                programs::actual_start.eq(&$p.actual_start),
                programs::planned_end.eq(&$p.planned_end),
                programs::actual_end.eq(&$p.actual_end),
            ),
            (
                programs::planned_start_on.eq($derived.planned_start_on),
                programs::planned_end_on.eq($derived.planned_end_on),
                programs::start_on.eq($derived.start_on),
                programs::scope_note.eq(&$p.scope_note),
                programs::budget_note.eq(&$p.budget_note),
                programs::notes.eq(&$p.notes),
                programs::collaboration_type.eq($p.collaboration_type),
                programs::flow_type.eq($p.flow_type),
                programs::aid_type.eq($p.aid_type),
                programs::final_report.eq(&$p.final_report),
            ),
            (
                programs::finalised_by.eq($p.finalised_by),
                programs::milestones_waiver.eq(&$p.milestones_waiver),
                programs::search_text.eq($derived.search_text),
                programs::deleted_at.eq($p.deleted_at),
                programs::version.eq($p.version),
                programs::updated_at.eq($p.updated_at),
                programs::updated_by.eq($p.updated_by),
            ),
        )
    };
}

fn identifier_taken() -> Error {
    let mut error = Error::invalid(
        "/iati_identifier",
        "already_exists",
        "Another program has this identifier; it is unique in the world.",
    );
    error.code = Code::AlreadyExists;
    error.detail = "Another program has this IATI identifier.".into();
    error
}

/// Adds a program.
pub(super) fn insert(tx: &mut Tx, p: &Program) -> Result<()> {
    let derived = Derived::of(p);
    let keys =
        (programs::id.eq(p.id), programs::created_at.eq(p.created_at), programs::created_by.eq(p.created_by));
    diesel::insert_into(programs::table)
        .values((keys, row_values!(p, derived)))
        .execute(tx.conn())
        .map(drop)
        .on_unique(identifier_taken)
}

/// Writes a changed program over the version that was read, and repeats its status where its countries are listed.
pub(super) fn update(tx: &mut Tx, p: &mut Program, by: UserId) -> Result<()> {
    let read = p.version;
    p.version += 1;
    p.updated_at = tx.now();
    p.updated_by = by;
    let derived = Derived::of(p);
    let written = diesel::update(programs::table)
        .filter(programs::id.eq(p.id))
        .filter(programs::version.eq(read))
        .set(row_values!(p, derived))
        .execute(tx.conn())
        .on_unique(identifier_taken)?;
    if written != 1 {
        return Err(etag::stale());
    }
    let status = if p.deleted_at.is_some() { DELETED } else { p.status.as_str() };
    diesel::update(program_countries::table)
        .filter(program_countries::program_id.eq(p.id))
        .filter(program_countries::status.ne(status))
        .set(program_countries::status.eq(status))
        .execute(tx.conn())?;
    Ok(())
}

/// Replaces the countries; an acknowledgement stays with a country that stays.
pub(super) fn put_countries(
    tx: &mut Tx,
    id: ProgramId,
    status: Status,
    stated: &[CountryDraft],
) -> Result<()> {
    let before = countries_of(tx, &[id])?;
    diesel::delete(program_countries::table.filter(program_countries::program_id.eq(id)))
        .execute(tx.conn())?;
    for draft in stated {
        let kept = before.iter().find(|share| share.country == draft.country);
        diesel::insert_into(program_countries::table)
            .values((
                program_countries::program_id.eq(id),
                program_countries::country.eq(draft.country),
                program_countries::share.eq(draft.share),
                program_countries::status.eq(status),
                program_countries::acknowledged_at.eq(kept.and_then(|share| share.acknowledged_at)),
                program_countries::acknowledged_by.eq(kept.and_then(|share| share.acknowledged_by)),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Replaces the themes.
pub(super) fn put_themes(tx: &mut Tx, id: ProgramId, stated: &[Theme]) -> Result<()> {
    diesel::delete(program_themes::table.filter(program_themes::program_id.eq(id))).execute(tx.conn())?;
    for theme in stated {
        diesel::insert_into(program_themes::table)
            .values((program_themes::program_id.eq(id), program_themes::theme.eq(*theme)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Replaces the participating organizations, in the order given.
pub(super) fn put_organizations(tx: &mut Tx, id: ProgramId, stated: &[ParticipationDraft]) -> Result<()> {
    diesel::delete(program_organizations::table.filter(program_organizations::program_id.eq(id)))
        .execute(tx.conn())?;
    for (place, draft) in (0_i32..).zip(stated) {
        diesel::insert_into(program_organizations::table)
            .values((
                program_organizations::program_id.eq(id),
                program_organizations::place.eq(place),
                program_organizations::role.eq(draft.role),
                program_organizations::organization_id.eq(draft.organization_id),
                program_organizations::name.eq(&draft.name),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Replaces the tags.
pub(super) fn put_tags(tx: &mut Tx, id: ProgramId, stated: &[TagDraft]) -> Result<()> {
    diesel::delete(program_tags::table.filter(program_tags::program_id.eq(id))).execute(tx.conn())?;
    for tag in stated {
        diesel::insert_into(program_tags::table)
            .values((
                program_tags::program_id.eq(id),
                program_tags::vocabulary.eq(tag.vocabulary),
                program_tags::code.eq(tag.code.as_str()),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn countries_of(tx: &mut Tx, ids: &[ProgramId]) -> Result<Vec<CountryShare>> {
    let rows = program_countries::table
        .select(CountryShare::as_select())
        .filter(among(program_countries::program_id, ids))
        .order((program_countries::program_id, program_countries::country))
        .load(tx.conn())?;
    Ok(rows)
}

/// The parts of some programs: one query each, however many programs.
pub(super) fn parts_of(tx: &mut Tx, ids: &[ProgramId]) -> Result<Parts> {
    Ok(Parts {
        countries: countries_of(tx, ids)?,
        themes: program_themes::table
            .select((program_themes::program_id, program_themes::theme))
            .filter(among(program_themes::program_id, ids))
            .order((program_themes::program_id, program_themes::theme))
            .load(tx.conn())?,
        organizations: program_organizations::table
            .select(Participation::as_select())
            .filter(among(program_organizations::program_id, ids))
            .order((program_organizations::program_id, program_organizations::place))
            .load(tx.conn())?,
        tags: program_tags::table
            .select(Tag::as_select())
            .filter(among(program_tags::program_id, ids))
            .order((program_tags::program_id, program_tags::vocabulary, program_tags::code))
            .load(tx.conn())?,
    })
}

/// Notes that a country acknowledged the program.
pub(super) fn acknowledge(tx: &mut Tx, id: ProgramId, country: Iso2, by: UserId) -> Result<()> {
    let now = tx.now();
    diesel::update(program_countries::table)
        .filter(program_countries::program_id.eq(id))
        .filter(program_countries::country.eq(country))
        .set((program_countries::acknowledged_at.eq(now), program_countries::acknowledged_by.eq(by)))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether any of its countries acknowledged it.
pub(super) fn is_acknowledged(tx: &mut Tx, id: ProgramId) -> Result<bool> {
    let found = program_countries::table
        .select(program_countries::country)
        .filter(program_countries::program_id.eq(id))
        .filter(program_countries::acknowledged_at.is_not_null())
        .first::<Iso2>(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Whether someone who may log in holds a coordinator's grant in force.
pub(super) fn has_coordinator(tx: &mut Tx, id: ProgramId) -> Result<bool> {
    let now = tx.now();
    let found = role_grants::table
        .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
        .select(role_grants::user_id)
        .filter(role_grants::program_id.eq(id))
        .filter(role_grants::role.eq(Role::Coordinator))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .filter(users::status.eq("active"))
        .first::<UserId>(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Which of these are countries of the world.
pub(super) fn known_countries(tx: &mut Tx, asked: Vec<Iso2>) -> Result<Vec<Iso2>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let known = countries::table.select(countries::iso2).filter(among(countries::iso2, &asked));
    Ok(known.load(tx.conn())?)
}

/// Which of these are registered organizations.
pub(super) fn known_organizations(tx: &mut Tx, asked: Vec<OrganizationId>) -> Result<Vec<OrganizationId>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let known = organizations::table
        .select(organizations::id)
        .filter(among(organizations::id, &asked))
        .filter(organizations::deleted_at.is_null());
    Ok(known.load(tx.conn())?)
}

/// The roles that a person holds in some programs.
///
/// # Errors
/// When the database refuses.
pub fn roles_in(tx: &mut Tx, user: UserId, ids: &[ProgramId]) -> Result<Vec<(ProgramId, Role)>> {
    let now = tx.now();
    let rows = role_grants::table
        .select((role_grants::program_id.assume_not_null(), role_grants::role))
        .filter(role_grants::user_id.eq(user))
        .filter(among(role_grants::program_id.assume_not_null(), ids))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .load(tx.conn())?;
    Ok(rows)
}
