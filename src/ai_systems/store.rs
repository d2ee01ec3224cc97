//! Rows of AI systems.

use diesel::prelude::*;

use super::model::{AiSystem, AiSystemFilter};
use crate::disclosure::{Depth, Tlp, disclosed, singly_disclosed};
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{AiSystemId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::platform::among::among;
use crate::platform::connection::MultiBackend;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{ai_systems, holdings};

/// A system that the caller may know of.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: AiSystemId) -> Result<Option<AiSystem>> {
    let found = ai_systems::table
        .select(AiSystem::as_select())
        .filter(ai_systems::id.eq(id))
        .filter(ai_systems::deleted_at.is_null())
        .filter(singly_disclosed(ai_systems::id, scope, Depth::Summary))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A system, whoever asks: for the clock.
pub(super) fn by_id(tx: &mut Tx, id: AiSystemId) -> Result<Option<AiSystem>> {
    Ok(ai_systems::table.find(id).select(AiSystem::as_select()).first(tx.conn()).optional()?)
}

/// Enters a system.
pub(super) fn insert(tx: &mut Tx, system: &AiSystem) -> Result<()> {
    diesel::insert_into(ai_systems::table).values(system).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed system over the version that was read.
pub(super) fn update(tx: &mut Tx, s: &mut AiSystem, by: UserId) -> Result<()> {
    let read = s.version;
    (s.version, s.updated_at, s.updated_by) = (read + 1, tx.now(), by);
    let words = (
        ai_systems::organization_id.eq(s.organization_id),
        ai_systems::name.eq(&s.name),
        ai_systems::purpose.eq(&s.purpose),
        ai_systems::roles.eq(&s.roles),
        ai_systems::provider.eq(&s.provider),
        ai_systems::deployer.eq(&s.deployer),
        ai_systems::users.eq(&s.users),
        ai_systems::sector.eq(s.sector),
        ai_systems::lifecycle.eq(s.lifecycle),
        ai_systems::data_kinds.eq(&s.data_kinds),
        ai_systems::autonomy.eq(s.autonomy),
    );
    let rest = (
        ai_systems::affected_groups.eq(&s.affected_groups),
        ai_systems::affected.eq(&s.affected),
        ai_systems::class_id.eq(s.class_id),
        ai_systems::class_reason.eq(&s.class_reason),
        ai_systems::owner.eq(s.owner),
        ai_systems::deleted_at.eq(s.deleted_at),
        ai_systems::version.eq(s.version),
        ai_systems::updated_at.eq(s.updated_at),
        ai_systems::updated_by.eq(s.updated_by),
    );
    let written = diesel::update(ai_systems::table)
        .filter(ai_systems::id.eq(s.id))
        .filter(ai_systems::version.eq(read))
        .set((words, rest))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

macro_rules! filtered {
    ($query:expr, $scope:expr, $by:expr, $caller:expr) => {{
        let by: &AiSystemFilter = $by;
        let mut query = $query
            .filter(disclosed(ai_systems::id, $scope, Depth::Summary))
            .filter(ai_systems::deleted_at.is_null());
        if !by.country.is_empty() {
            query = query.filter(among(ai_systems::country, by.country.values()));
        }
        if let Some(sector) = by.sector {
            query = query.filter(ai_systems::sector.eq(sector));
        }
        if let Some(lifecycle) = by.lifecycle {
            query = query.filter(ai_systems::lifecycle.eq(lifecycle));
        }
        if let Some(class) = by.class {
            query = query.filter(ai_systems::class_id.eq(class));
        }
        if let Some(program) = by.program {
            query = query.filter(ai_systems::program_id.eq(program));
        }
        match by.mine.map(|flag| flag.is_yes()) {
            Some(true) => query = query.filter(ai_systems::owner.eq($caller)),
            Some(false) => {
                let others = ai_systems::owner.is_null().or(ai_systems::owner.ne($caller).assume_not_null());
                query = query.filter(others);
            }
            None => {}
        }
        query
    }};
}

/// A page of systems that the caller may know of, each with its label, in order of their ids.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &AiSystemFilter,
    caller: UserId,
    request: &PageRequest,
) -> Result<Page<(AiSystem, Tlp)>> {
    let query = ai_systems::table
        .inner_join(holdings::table.on(holdings::id.eq(ai_systems::id)))
        .select((AiSystem::as_select(), holdings::tlp))
        .into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, by, caller);
    if let Some(after) = request.after_id::<AiSystemId>() {
        query = query.filter(ai_systems::id.gt(after));
    }
    let rows: Vec<(AiSystem, Tlp)> = query.order(ai_systems::id).limit(request.fetch()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |(row, _)| Position { key: String::new(), id: row.id.0 });
    if request.count {
        let all = ai_systems::table.into_boxed::<MultiBackend>();
        let counted: i64 = filtered!(all, scope, by, caller).count().get_result(tx.conn())?;
        page.total = Some(counted.min(COUNT_CAP + 1));
    }
    Ok(page)
}
