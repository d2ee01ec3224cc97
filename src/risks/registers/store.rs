//! Rows of registers and of who wrote in them.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::codes::{RiskCategory, RiskStatus};
use super::super::grid::NOT_RATED;
use super::model::{Register, RegisterFilter};
use crate::disclosure::{Depth, Tlp, disclosed, singly_disclosed};
use crate::frameworks::{RiskMatrix, matrix};
use crate::kernel::access::Scope;
use crate::kernel::id::{RiskRegisterId, UserId};
use crate::kernel::page::{COUNT_CAP, Page, PageRequest, Position};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::connection::{IntoPortable, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{holdings, risk_ratings, risk_registers, risk_writers, risks};

/// A register that the caller may see to a depth.
pub(super) fn find(tx: &mut Tx, scope: &Scope, depth: Depth, id: RiskRegisterId) -> Result<Option<Register>> {
    let found = risk_registers::table
        .select(Register::as_select())
        .filter(risk_registers::id.eq(id))
        .filter(risk_registers::deleted_at.is_null())
        .filter(singly_disclosed(risk_registers::id, scope, depth))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// Enters a register.
pub(super) fn insert(tx: &mut Tx, register: &Register) -> Result<()> {
    diesel::insert_into(risk_registers::table).values(register).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed register over the version that was read.
pub(super) fn update(tx: &mut Tx, r: &mut Register, by: UserId) -> Result<()> {
    let read = r.version;
    (r.version, r.updated_at, r.updated_by) = (read + 1, tx.now(), by);
    let words = (
        risk_registers::organization_id.eq(r.organization_id),
        risk_registers::title.eq(&r.title),
        risk_registers::scope.eq(&r.scope),
        risk_registers::criteria.eq(&r.criteria),
        risk_registers::matrix_id.eq(r.matrix_id),
        risk_registers::tolerance.eq(r.tolerance),
        risk_registers::tolerance_cyber.eq(r.tolerance_cyber),
        risk_registers::tolerance_ai.eq(r.tolerance_ai),
        risk_registers::tolerance_program.eq(r.tolerance_program),
    );
    let steps = (
        risk_registers::status.eq(r.status),
        risk_registers::note.eq(&r.note),
        risk_registers::submitted_by.eq(r.submitted_by),
        risk_registers::submitted_at.eq(r.submitted_at),
        risk_registers::validated_by.eq(r.validated_by),
        risk_registers::validated_at.eq(r.validated_at),
        risk_registers::published_at.eq(r.published_at),
        risk_registers::deleted_at.eq(r.deleted_at),
        risk_registers::version.eq(r.version),
        risk_registers::updated_at.eq(r.updated_at),
        risk_registers::updated_by.eq(r.updated_by),
    );
    let written = diesel::update(risk_registers::table)
        .filter(risk_registers::id.eq(r.id))
        .filter(risk_registers::version.eq(read))
        .set((words, steps))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// The next number of a register. Its row is locked by then: two who enter scenarios get two numbers.
pub fn next_number(tx: &mut Tx, id: RiskRegisterId) -> Result<i32> {
    let row = risk_registers::table.filter(risk_registers::id.eq(id));
    diesel::update(row)
        .set(risk_registers::last_number.eq(risk_registers::last_number + 1))
        .execute(tx.conn())?;
    let row = risk_registers::table.filter(risk_registers::id.eq(id));
    Ok(row.select(risk_registers::last_number).first(tx.conn())?)
}

/// The matrix of a register.
pub fn matrix_of(tx: &mut Tx, register: &Register) -> Result<RiskMatrix> {
    matrix(tx, register.matrix_id)?.ok_or_else(|| Error::internal("a register without its matrix"))
}

/// Notes that somebody wrote in a register; twice does no harm.
pub fn wrote(tx: &mut Tx, register: RiskRegisterId, user: UserId) -> Result<()> {
    diesel::insert_into(risk_writers::table)
        .values((risk_writers::register_id.eq(register), risk_writers::user_id.eq(user)))
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// Whether somebody wrote in a register.
pub(super) fn has_written(tx: &mut Tx, register: RiskRegisterId, user: UserId) -> Result<bool> {
    let found: i64 = risk_writers::table
        .filter(risk_writers::register_id.eq(register))
        .filter(risk_writers::user_id.eq(user))
        .count()
        .get_result(tx.conn())?;
    Ok(found > 0)
}

/// Whether anything in a register is rated.
pub(super) fn is_rated(tx: &mut Tx, register: RiskRegisterId) -> Result<bool> {
    let found: i64 =
        risk_ratings::table.filter(risk_ratings::register_id.eq(register)).count().get_result(tx.conn())?;
    Ok(found > 0)
}

/// Works out anew which scenarios are within the register's tolerance.
pub(super) fn retolerate(tx: &mut Tx, register: &Register) -> Result<()> {
    for category in RiskCategory::ALL {
        let rows = risks::table
            .filter(risks::register_id.eq(register.id))
            .filter(risks::category.eq(*category))
            .filter(risks::level.gt(NOT_RATED));
        diesel::update(rows)
            .set(risks::within_tolerance.eq(risks::level.le(register.tolerance_for(*category)).nullable()))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Of some registers: how many scenarios are not closed, and how many of them are above the tolerance.
pub(super) fn counts(tx: &mut Tx, ids: &[RiskRegisterId]) -> Result<HashMap<RiskRegisterId, (i64, i64)>> {
    let rows: Vec<(RiskRegisterId, Option<bool>, i64)> = risks::table
        .group_by((risks::register_id, risks::within_tolerance))
        .select((risks::register_id, risks::within_tolerance, count_star()))
        .filter(among(risks::register_id, ids))
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed))
        .load(tx.conn())?;
    let mut found: HashMap<RiskRegisterId, (i64, i64)> = HashMap::new();
    for (register, within, count) in rows {
        let (all, above) = found.entry(register).or_default();
        *all += count;
        *above += if within == Some(false) { count } else { 0 };
    }
    Ok(found)
}

macro_rules! filtered {
    ($query:expr, $scope:expr, $by:expr) => {{
        let by: &RegisterFilter = $by;
        let mut query = $query
            .filter(disclosed(risk_registers::id, $scope, Depth::Summary))
            .filter(risk_registers::deleted_at.is_null());
        if !by.country.is_empty() {
            query = query.filter(among(risk_registers::country, by.country.values()));
        }
        if let Some(status) = by.status {
            query = query.filter(risk_registers::status.eq(status));
        }
        if let Some(program) = by.program {
            query = query.filter(risk_registers::program_id.eq(program));
        }
        query
    }};
}

/// A page of registers that the caller may know of, each with its label, in order of their ids.
pub(super) fn page(
    tx: &mut Tx,
    scope: &Scope,
    by: &RegisterFilter,
    request: &PageRequest,
) -> Result<Page<(Register, Tlp)>> {
    let query = risk_registers::table
        .inner_join(holdings::table.on(holdings::id.eq(risk_registers::id)))
        .select((Register::as_select(), holdings::tlp))
        .into_boxed::<MultiBackend>();
    let mut query = filtered!(query, scope, by);
    if let Some(after) = request.after_id::<RiskRegisterId>() {
        query = query.filter(risk_registers::id.gt(after));
    }
    let rows: Vec<(Register, Tlp)> =
        query.order(risk_registers::id).limit(request.fetch()).load(tx.conn())?;
    let mut page = Page::of(rows, request, |(row, _)| Position { key: String::new(), id: row.id.0 });
    if request.count {
        let all = risk_registers::table.into_boxed::<MultiBackend>();
        let counted: i64 = filtered!(all, scope, by).count().get_result(tx.conn())?;
        page.total = Some(counted.min(COUNT_CAP + 1));
    }
    Ok(page)
}
