//! What profiles and portfolios tell of risks: how many are open and how many of them stand above what is tolerated.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::codes::{RiskCategory, RiskStatus};
use crate::disclosure::{Depth, Tlp, disclosed};
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{Iso2, RiskRegisterId};
use crate::platform::db::Tx;
use crate::platform::schema::{holdings, risk_registers, risks};

/// Risks of a category that are not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRisks {
    /// Whose.
    pub country: Iso2,
    /// Of what kind.
    pub category: RiskCategory,
    /// Not closed.
    pub open: i64,
    /// Those of them whose current level is above the register's tolerance.
    pub above_tolerance: i64,
}

type Row = (Iso2, RiskCategory, Option<bool>, i64);

/// Open risks of a country, in the registers that the caller sees in detail.
///
/// # Errors
/// When the database refuses.
pub fn of_country(tx: &mut Tx, scope: &Scope, country: Iso2) -> Result<Vec<OpenRisks>> {
    let rows: Vec<Row> = risks::table
        .group_by((risks::country, risks::category, risks::within_tolerance))
        .select((risks::country, risks::category, risks::within_tolerance, count_star()))
        .filter(risks::country.eq(country))
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed))
        .filter(disclosed(risks::register_id, scope, Depth::Detail))
        .load(tx.conn())?;
    Ok(added(rows))
}

/// Open risks of every country, in registers of the country as a whole whose label lets them count among many (AMBER and
/// wider). Only figures over at least five countries may be shown of them.
///
/// # Errors
/// When the database refuses.
pub fn of_all(tx: &mut Tx) -> Result<Vec<OpenRisks>> {
    let rows: Vec<Row> = risks::table
        .inner_join(risk_registers::table.on(risk_registers::id.eq(risks::register_id)))
        .inner_join(holdings::table.on(holdings::id.eq(risks::register_id)))
        .group_by((risks::country, risks::category, risks::within_tolerance))
        .select((risks::country, risks::category, risks::within_tolerance, count_star()))
        .filter(risk_registers::organization_id.is_null())
        .filter(risk_registers::deleted_at.is_null())
        .filter(holdings::deleted_at.is_null())
        .filter(holdings::tlp.eq_any([Tlp::Clear, Tlp::Green, Tlp::Amber]))
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed))
        .load(tx.conn())?;
    Ok(added(rows))
}

fn added(rows: Vec<Row>) -> Vec<OpenRisks> {
    let mut sums: Vec<OpenRisks> = Vec::new();
    for (country, category, within, count) in rows {
        let above = if within == Some(false) { count } else { 0 };
        match sums.iter_mut().find(|sum| (sum.country, sum.category) == (country, category)) {
            Some(sum) => (sum.open, sum.above_tolerance) = (sum.open + count, sum.above_tolerance + above),
            None => sums.push(OpenRisks { country, category, open: count, above_tolerance: above }),
        }
    }
    sums.sort_by_key(|sum| (sum.country, sum.category));
    sums
}

/// Most registers of a country on its profile.
const REGISTERS: i64 = 50;

/// Registers of a country that the caller sees in detail: what is told of their risks is read from them.
///
/// # Errors
/// When the database refuses.
pub fn registers_of(tx: &mut Tx, scope: &Scope, country: Iso2) -> Result<Vec<RiskRegisterId>> {
    let rows = risk_registers::table
        .select(risk_registers::id)
        .filter(risk_registers::country.eq(country))
        .filter(risk_registers::deleted_at.is_null())
        .filter(disclosed(risk_registers::id, scope, Depth::Detail))
        .order(risk_registers::id)
        .limit(REGISTERS);
    Ok(rows.load(tx.conn())?)
}
