//! Rating a scenario: inherent, current or residual, each by its criteria on the register's matrix (domain rule D).

use super::super::codes::RatingKind;
use super::super::events::RiskLevelChanged;
use super::super::grid::{NOT_RATED, Rated, faults, rated, refuse_above, within};
use super::super::registers::{matrix_of, wrote};
use super::actions::{Scene, note, writable};
use super::filter::RatingDraft;
use super::model::Rating;
use super::store;
use crate::accounts::Permit;
use crate::kernel::access::{Actor, EditRisks};
use crate::kernel::id::RiskId;
use crate::kernel::stored::Stored;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::http::etag;
use crate::platform::outbox;

/// Puts one of the three ratings in the place of the one before.
///
/// # Errors
/// 404, 403, 412; 409 while the register stands still; 422 for what is off the matrix or a residual above the current level.
pub(super) fn rate(
    tx: &mut Tx,
    permit: &Permit<EditRisks>,
    id: RiskId,
    version: i32,
    draft: RatingDraft,
) -> Result<Scene> {
    let mut scene = writable(tx, permit, id)?;
    etag::matches(version, scene.risk.version)?;
    let matrix = matrix_of(tx, &scene.register)?;
    let mut found = faults(&matrix.grid.0, draft.likelihood, &draft.impacts);
    let cell = rated(&matrix.grid.0, draft.likelihood.0, &draft.impacts);
    let held = store::ratings(tx, &[id])?;
    let current = held.iter().find(|rating| rating.kind == RatingKind::Current).map(Rating::rated);
    if let Some(cell) = cell.filter(|_| found.is_empty()) {
        found.extend(refuse_above(draft.rating, cell, current));
    }
    let Some(cell) = cell.filter(|_| found.is_empty()) else { return Err(Error::invalid_fields(found)) };
    let rating = Rating {
        risk_id: id,
        kind: draft.rating,
        register_id: scene.register.id,
        likelihood: cell.likelihood,
        impacts: Stored(draft.impacts),
        impact: cell.impact,
        level: cell.level,
        rationale: draft.rationale,
        counted: scene.risk.status != super::super::codes::RiskStatus::Closed,
        rated_by: permit.user(),
        rated_at: tx.now(),
    };
    store::put_rating(tx, &rating)?;
    let before = scene.risk.clone();
    if draft.rating == RatingKind::Current {
        now_at(tx, permit, &mut scene, cell)?;
    }
    store::update(tx, &mut scene.risk, permit.user())?;
    wrote(tx, scene.register.id, permit.user())?;
    note(tx, permit, "risk.rated", &scene.risk, Some(&before));
    Ok(scene)
}

/// The residual rating becomes the current one: its actions are verified, and somebody confirmed it.
///
/// # Errors
/// When the database refuses.
pub(super) fn reach_residual(tx: &mut Tx, by: &impl Actor, scene: &mut Scene) -> Result<()> {
    let held = store::ratings(tx, &[scene.risk.id])?;
    let Some(residual) = held.into_iter().find(|rating| rating.kind == RatingKind::Residual) else {
        return Ok(());
    };
    let cell = residual.rated();
    let current = Rating { kind: RatingKind::Current, rated_by: by.user(), rated_at: tx.now(), ..residual };
    store::put_rating(tx, &current)?;
    now_at(tx, by, scene, cell)
}

/// The scenario stands in this cell now; who must know hears when the level is another.
fn now_at(tx: &mut Tx, by: &impl Actor, scene: &mut Scene, cell: Rated) -> Result<()> {
    let from = scene.risk.level;
    scene.risk.level = cell.level;
    let tolerance = scene.register.tolerance_for(scene.risk.category);
    scene.risk.within_tolerance = within(cell.level, tolerance);
    if from == cell.level && from != NOT_RATED {
        return Ok(());
    }
    let event = RiskLevelChanged {
        risk_id: scene.risk.id,
        register_id: scene.register.id,
        country: scene.register.country,
        owner_id: scene.risk.owner,
        from,
        to: cell.level,
        above_tolerance: scene.risk.within_tolerance == Some(false),
        by: by.user(),
    };
    outbox::enqueue(tx, &event)
}
