//! What profiles and portfolios read besides the results of assessments.

use std::collections::HashMap;

use diesel::prelude::*;

use super::many::TopNode;
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{FrameworkNodeId, Iso2, ProgramId};
use crate::kernel::lang::Titles;
use crate::kernel::text::NodeCode;
use crate::kernel::theme::Theme;
use crate::partners::countries::Region;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{countries, framework_nodes, program_countries, program_themes, programs};
use crate::programs::{Status, within};

/// Most rows of each kind on a profile.
const SOME: i64 = 100;

/// Programs that run in a country and are within reach, as entered.
pub(super) fn running(tx: &mut Tx, scope: &Scope, country: Iso2) -> Result<Vec<(ProgramId, Titles, Status)>> {
    let there = program_countries::table
        .select(program_countries::program_id)
        .filter(program_countries::country.eq(country));
    let rows = programs::table
        .select((programs::id, programs::title, programs::status))
        .filter(programs::id.eq_any(there))
        .filter(programs::status.eq(Status::Implementation))
        .filter(programs::deleted_at.is_null())
        .filter(within(programs::id, scope))
        .order(programs::id)
        .limit(SOME);
    Ok(rows.load(tx.conn())?)
}

/// Themes of programs that run and are within reach.
pub(super) fn themes(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Theme, ProgramId)>> {
    let rows = program_themes::table
        .inner_join(programs::table.on(programs::id.eq(program_themes::program_id)))
        .select((program_themes::theme, programs::id))
        .filter(programs::status.eq(Status::Implementation))
        .filter(programs::deleted_at.is_null())
        .filter(within(programs::id, scope))
        .order((program_themes::theme, programs::id));
    Ok(rows.load(tx.conn())?)
}

/// The countries of programs that run and are within reach.
pub(super) fn places(tx: &mut Tx, scope: &Scope) -> Result<Vec<(ProgramId, Iso2)>> {
    let rows = program_countries::table
        .inner_join(programs::table.on(programs::id.eq(program_countries::program_id)))
        .select((programs::id, program_countries::country))
        .filter(programs::status.eq(Status::Implementation))
        .filter(programs::deleted_at.is_null())
        .filter(within(programs::id, scope));
    Ok(rows.load(tx.conn())?)
}

/// The region of each country.
pub(super) fn regions(tx: &mut Tx) -> Result<HashMap<Iso2, Option<Region>>> {
    let rows: Vec<(Iso2, Option<Region>)> =
        countries::table.select((countries::iso2, countries::region)).load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Codes and names of nodes.
pub(super) fn nodes(tx: &mut Tx, ids: &[FrameworkNodeId]) -> Result<HashMap<FrameworkNodeId, TopNode>> {
    let rows: Vec<(FrameworkNodeId, NodeCode, Option<Titles>)> = framework_nodes::table
        .select((framework_nodes::id, framework_nodes::code, framework_nodes::name))
        .filter(among(framework_nodes::id, ids))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(id, code, name)| (id, TopNode { id, code, name })).collect())
}
