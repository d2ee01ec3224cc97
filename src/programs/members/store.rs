//! Grants over one program; the program was found within reach before.

use diesel::prelude::*;

use super::model::{Member, MemberFilter, MemberRole};
use crate::kernel::Result;
use crate::kernel::access::Role;
use crate::kernel::id::{GrantId, ProgramId, UserId};
use crate::kernel::page::{Page, PageRequest, Position};
use crate::kernel::text::Name;
use crate::kernel::time::Timestamp;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::schema::{program_countries, role_grants, users};

diesel::alias!(role_grants as theirs: Theirs);

type Row = (GrantId, UserId, Name, Role, Option<Timestamp>, Timestamp);

fn member((id, user_id, name, role, valid_to, granted_at): Row) -> Member {
    Member { id, user_id, name, role, valid_to, granted_at }
}

/// The members of a program in force, as added.
pub(super) fn list(
    tx: &mut Tx,
    program: ProgramId,
    by: &MemberFilter,
    request: &PageRequest,
) -> Result<Page<Member>> {
    let now = tx.now();
    let in_force = |by: &MemberFilter| {
        let mut query = role_grants::table
            .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
            .filter(role_grants::program_id.eq(program))
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
            .into_boxed::<MultiBackend>();
        if let Some(role) = by.role {
            query = query.filter(role_grants::role.eq(Role::from(role)));
        }
        query
    };
    let mut query = in_force(by);
    if let Some(after) = request.after_id::<GrantId>() {
        query = query.filter(role_grants::id.gt(after));
    }
    let columns = (
        role_grants::id,
        role_grants::user_id,
        users::name,
        role_grants::role,
        role_grants::valid_to,
        role_grants::granted_at,
    );
    let rows: Vec<Row> =
        query.select(columns).order(role_grants::id).limit(request.fetch()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |row| Position { key: String::new(), id: row.0.0 }).map(member);
    if request.count {
        page.total = Some(in_force(by).count().get_result(tx.conn())?);
    }
    Ok(page)
}

/// A member of a program, in force.
pub(super) fn find(tx: &mut Tx, program: ProgramId, id: GrantId) -> Result<Option<Member>> {
    let now = tx.now();
    let found = role_grants::table
        .inner_join(users::table.on(users::id.eq(role_grants::user_id)))
        .select((
            role_grants::id,
            role_grants::user_id,
            users::name,
            role_grants::role,
            role_grants::valid_to,
            role_grants::granted_at,
        ))
        .filter(role_grants::id.eq(id))
        .filter(role_grants::program_id.eq(program))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
        .first::<Row>(tx.conn())
        .optional()?;
    Ok(found.map(member))
}

/// Whether the account exists and may be given roles. To who does not reach everybody (the program and they are named
/// then) people who have nothing to do with the program's countries or with a program of theirs do not exist.
pub(super) fn is_known(tx: &mut Tx, user: UserId, near: Option<(ProgramId, UserId)>) -> Result<bool> {
    let now = tx.now();
    let mut query = users::table
        .select(users::id)
        .filter(users::id.eq(user))
        .filter(users::status.eq_any(["active", "invited"]))
        .limit(1)
        .into_boxed::<MultiBackend>();
    if let Some((program, by)) = near {
        let countries = program_countries::table
            .select(program_countries::country)
            .filter(program_countries::program_id.eq(program));
        let programs = theirs
            .select(theirs.field(role_grants::program_id))
            .filter(theirs.field(role_grants::user_id).eq(by))
            .filter(theirs.field(role_grants::role).eq(Role::Coordinator))
            .filter(theirs.field(role_grants::revoked_at).is_null());
        let people = role_grants::table
            .select(role_grants::user_id)
            .filter(role_grants::revoked_at.is_null())
            .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.gt(now)))
            .filter(
                role_grants::country
                    .eq_any(countries.select(program_countries::country.nullable()))
                    .or(role_grants::program_id.eq_any(programs)),
            );
        query = query.filter(users::id.eq(by).or(users::id.eq_any(people)));
    }
    Ok(query.first::<UserId>(tx.conn()).optional()?.is_some())
}

/// Closes grants of the same role that ran out, so that the role can be given again.
pub(super) fn close_expired(tx: &mut Tx, program: ProgramId, user: UserId, role: MemberRole) -> Result<()> {
    let now = tx.now();
    diesel::update(role_grants::table)
        .filter(role_grants::user_id.eq(user))
        .filter(role_grants::program_id.eq(program))
        .filter(role_grants::role.eq(Role::from(role)))
        .filter(role_grants::revoked_at.is_null())
        .filter(role_grants::valid_to.le(now))
        .set(role_grants::revoked_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Sets the end of a grant.
pub(super) fn limit(tx: &mut Tx, id: GrantId, to: Timestamp) -> Result<()> {
    diesel::update(role_grants::table.filter(role_grants::id.eq(id)))
        .set(role_grants::valid_to.eq(to))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends a grant; false when it had ended.
pub(super) fn end(tx: &mut Tx, id: GrantId) -> Result<bool> {
    let now = tx.now();
    let ended = diesel::update(role_grants::table)
        .filter(role_grants::id.eq(id))
        .filter(role_grants::revoked_at.is_null())
        .set(role_grants::revoked_at.eq(now))
        .execute(tx.conn())?;
    Ok(ended == 1)
}
