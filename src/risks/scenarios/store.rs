//! Rows of scenarios, of their ratings and of the outcomes that they endanger.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::codes::{RatingKind, RiskStatus, Strength, Treatment};
use super::super::heat_map::Spot;
use super::model::{Rating, Risk};
use crate::disclosure::{Depth, singly_disclosed};
use crate::kernel::Result;
use crate::kernel::access::Scope;
use crate::kernel::id::{FrameworkNodeId, RiskId, RiskRegisterId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::Day;
use crate::on_each;
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::schema::{risk_outcomes, risk_ratings, risks, treatment_actions};

/// A scenario of a register of which the caller sees all.
pub(super) fn find(tx: &mut Tx, scope: &Scope, id: RiskId) -> Result<Option<Risk>> {
    let found = risks::table
        .select(Risk::as_select())
        .filter(risks::id.eq(id))
        .filter(risks::deleted_at.is_null())
        .filter(singly_disclosed(risks::register_id, scope, Depth::Detail))
        .first(tx.conn())
        .optional()?;
    Ok(found)
}

/// A scenario, whoever asks: for the clock.
pub fn by_id(tx: &mut Tx, id: RiskId) -> Result<Option<Risk>> {
    Ok(risks::table.find(id).select(Risk::as_select()).first(tx.conn()).optional()?)
}

/// Enters a scenario.
pub(super) fn insert(tx: &mut Tx, risk: &Risk) -> Result<()> {
    diesel::insert_into(risks::table).values(risk).execute(tx.conn())?;
    Ok(())
}

/// Writes a changed scenario over the version that was read.
pub(super) fn update(tx: &mut Tx, r: &mut Risk, by: UserId) -> Result<()> {
    let read = r.version;
    (r.version, r.updated_at, r.updated_by) = (read + 1, tx.now(), by);
    let words = (
        risks::title.eq(&r.title),
        risks::description.eq(&r.description),
        risks::source.eq(&r.source),
        risks::event.eq(&r.event),
        risks::consequence.eq(&r.consequence),
        risks::assets.eq(&r.assets),
        risks::ai_system_id.eq(r.ai_system_id),
        risks::owner.eq(r.owner),
        risks::treatment.eq(r.treatment),
        risks::strength.eq(r.strength),
        risks::next_review_on.eq(r.next_review_on),
        risks::triggers.eq(&r.triggers),
        risks::search_text.eq(&r.search_text),
    );
    let rest = (
        risks::ai.eq(&r.ai),
        risks::mit_domain.eq(r.mit_domain),
        risks::mit_subdomain.eq(r.mit_subdomain),
        risks::status.eq(r.status),
        risks::level.eq(r.level),
        risks::within_tolerance.eq(r.within_tolerance),
        risks::reopened_by.eq(r.reopened_by),
        risks::note.eq(&r.note),
        risks::deleted_at.eq(r.deleted_at),
        risks::version.eq(r.version),
        risks::updated_at.eq(r.updated_at),
        risks::updated_by.eq(r.updated_by),
    );
    let written = diesel::update(risks::table)
        .filter(risks::id.eq(r.id))
        .filter(risks::version.eq(read))
        .set((words, rest))
        .execute(tx.conn())?;
    if written == 1 { Ok(()) } else { Err(etag::stale()) }
}

/// The ratings of some scenarios.
pub(super) fn ratings(tx: &mut Tx, ids: &[RiskId]) -> Result<Vec<Rating>> {
    let rows = risk_ratings::table.select(Rating::as_select()).filter(among(risk_ratings::risk_id, ids));
    Ok(rows.load(tx.conn())?)
}

/// Puts a rating in the place of the one before.
pub(super) fn put_rating(tx: &mut Tx, rating: &Rating) -> Result<()> {
    let before = risk_ratings::table
        .filter(risk_ratings::risk_id.eq(rating.risk_id))
        .filter(risk_ratings::kind.eq(rating.kind));
    diesel::delete(before).execute(tx.conn())?;
    diesel::insert_into(risk_ratings::table).values(rating).execute(tx.conn())?;
    Ok(())
}

/// Lets the heat map count a scenario, or not.
pub(super) fn count(tx: &mut Tx, id: RiskId, counted: bool) -> Result<()> {
    diesel::update(risk_ratings::table.filter(risk_ratings::risk_id.eq(id)))
        .set(risk_ratings::counted.eq(counted))
        .execute(tx.conn())?;
    Ok(())
}

/// The outcomes that a scenario endangers.
pub(super) fn outcomes(tx: &mut Tx, id: RiskId) -> Result<Vec<FrameworkNodeId>> {
    let rows = risk_outcomes::table
        .select(risk_outcomes::node_id)
        .filter(risk_outcomes::risk_id.eq(id))
        .order(risk_outcomes::node_id);
    Ok(rows.load(tx.conn())?)
}

/// Writes the outcomes of a scenario anew.
pub(super) fn put_outcomes(tx: &mut Tx, id: RiskId, nodes: &[FrameworkNodeId]) -> Result<()> {
    diesel::delete(risk_outcomes::table.filter(risk_outcomes::risk_id.eq(id))).execute(tx.conn())?;
    let rows: Vec<_> =
        nodes.iter().map(|node| (risk_outcomes::risk_id.eq(id), risk_outcomes::node_id.eq(*node))).collect();
    if !rows.is_empty() {
        on_each!(tx.conn(), c => diesel::insert_into(risk_outcomes::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Whether somebody still answers for anything in a register.
pub(super) fn owns_anything(tx: &mut Tx, register: RiskRegisterId, user: UserId) -> Result<bool> {
    let scenarios: i64 = risks::table
        .filter(risks::register_id.eq(register))
        .filter(risks::owner.eq(user))
        .filter(risks::deleted_at.is_null())
        .count()
        .get_result(tx.conn())?;
    let actions: i64 = treatment_actions::table
        .filter(treatment_actions::register_id.eq(register))
        .filter(treatment_actions::owner.eq(user))
        .filter(treatment_actions::deleted_at.is_null())
        .count()
        .get_result(tx.conn())?;
    Ok(scenarios + actions > 0)
}

/// How many scenarios of a register are not closed.
pub fn open_count(tx: &mut Tx, register: RiskRegisterId) -> Result<i64> {
    let rows = risks::table
        .filter(risks::register_id.eq(register))
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed));
    Ok(rows.count().get_result(tx.conn())?)
}

/// Where the scenarios of a register stand, from the index alone.
pub fn spots(tx: &mut Tx, register: RiskRegisterId) -> Result<Vec<Spot>> {
    let rows = risk_ratings::table
        .select((risk_ratings::kind, risk_ratings::likelihood, risk_ratings::impact, risk_ratings::risk_id))
        .filter(risk_ratings::register_id.eq(register))
        .filter(risk_ratings::counted.eq(true))
        .order((risk_ratings::kind, risk_ratings::likelihood, risk_ratings::impact, risk_ratings::risk_id));
    Ok(rows.load(tx.conn())?)
}

/// A scenario as the consistency checks need it.
#[derive(Clone, Debug, Queryable)]
pub struct Lint {
    pub id: RiskId,
    pub number: i32,
    pub title: Titles,
    pub status: RiskStatus,
    pub owner: Option<UserId>,
    pub treatment: Option<Treatment>,
    pub within_tolerance: Option<bool>,
    pub strength: Option<Strength>,
    pub next_review_on: Option<Day>,
}

/// Scenarios of a register that are not closed, by their numbers.
pub fn lint_rows(tx: &mut Tx, register: RiskRegisterId) -> Result<Vec<Lint>> {
    let rows = risks::table
        .select((
            risks::id,
            risks::number,
            risks::title,
            risks::status,
            risks::owner,
            risks::treatment,
            risks::within_tolerance,
            risks::strength,
            risks::next_review_on,
        ))
        .filter(risks::register_id.eq(register))
        .filter(risks::deleted_at.is_null())
        .filter(risks::status.ne(RiskStatus::Closed))
        .order(risks::number);
    Ok(rows.load(tx.conn())?)
}

/// A rating's kind, likelihood, impact and level.
pub type Cell = (RatingKind, i32, i32, i32);

/// Cells of the ratings of a register, by scenario.
pub fn ratings_in(tx: &mut Tx, register: RiskRegisterId) -> Result<HashMap<RiskId, Vec<Cell>>> {
    let rows: Vec<(RiskId, RatingKind, i32, i32, i32)> = risk_ratings::table
        .select((
            risk_ratings::risk_id,
            risk_ratings::kind,
            risk_ratings::likelihood,
            risk_ratings::impact,
            risk_ratings::level,
        ))
        .filter(risk_ratings::register_id.eq(register))
        .filter(risk_ratings::counted.eq(true))
        .load(tx.conn())?;
    let mut found: HashMap<RiskId, Vec<_>> = HashMap::new();
    for (risk, kind, likelihood, impact, level) in rows {
        found.entry(risk).or_default().push((kind, likelihood, impact, level));
    }
    Ok(found)
}
