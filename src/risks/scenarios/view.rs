//! Scenarios as callers see them.

use std::collections::HashMap;

use super::super::codes::{RatingKind, RiskCategory};
use super::super::registers::{matrix_of, words};
use super::actions::Scene;
use super::model::{AiShown, Rating, RatingShown, Risk, RiskLine, RiskRecord};
use super::store;
use crate::accounts::{Somebody, people};
use crate::frameworks::{MatrixLevel, NamedNode, nodes_named};
use crate::kernel::Result;
use crate::kernel::id::{FrameworkNodeId, RiskId, UserId};
use crate::platform::db::Tx;

/// Lines of a page: two queries, however many.
pub(super) fn lines(tx: &mut Tx, rows: Vec<Risk>) -> Result<Vec<RiskLine>> {
    let ids: Vec<RiskId> = rows.iter().map(|row| row.id).collect();
    let mut levels: HashMap<(RiskId, RatingKind), i32> = HashMap::new();
    for rating in store::ratings(tx, &ids)? {
        levels.insert((rating.risk_id, rating.kind), rating.level);
    }
    let mut owners: Vec<UserId> = rows.iter().filter_map(|row| row.owner).collect();
    owners.sort();
    owners.dedup();
    let owners = people(tx, &owners)?;
    let line = |r: Risk| RiskLine {
        inherent_level: levels.get(&(r.id, RatingKind::Inherent)).copied(),
        current_level: levels.get(&(r.id, RatingKind::Current)).copied(),
        residual_level: levels.get(&(r.id, RatingKind::Residual)).copied(),
        owner: r.owner.and_then(|owner| owners.get(&owner).cloned()),
        id: r.id,
        register_id: r.register_id,
        number: r.number,
        country: r.country,
        category: r.category,
        status: r.status,
        title: r.title,
        ai_system_id: r.ai_system_id,
        treatment: r.treatment,
        within_tolerance: r.within_tolerance,
        strength: r.strength,
        next_review_on: r.next_review_on,
        updated_at: r.updated_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

fn shown(rating: &Rating, levels: &[MatrixLevel], named: &HashMap<UserId, Somebody>) -> RatingShown {
    let code = usize::try_from(rating.level).ok().and_then(|level| levels.get(level));
    RatingShown {
        likelihood: rating.likelihood,
        impacts: rating.impacts.0.clone(),
        impact: rating.impact,
        level: rating.level,
        level_code: code.map(|level| level.code.clone()),
        rationale: rating.rationale.clone(),
        rated_by: named.get(&rating.rated_by).cloned(),
        rated_at: rating.rated_at,
    }
}

fn ai_shown(r: &Risk, node: impl Fn(FrameworkNodeId) -> Option<NamedNode>) -> AiShown {
    AiShown {
        domain: r.mit_domain.and_then(&node),
        subdomain: r.mit_subdomain.and_then(&node),
        entity: r.ai.0.entity,
        intent: r.ai.0.intent,
        timing: r.ai.0.timing,
        lifecycle: r.ai.0.lifecycle,
        affected_groups: r.ai.0.affected_groups.clone(),
    }
}

/// One scenario with everything in it.
pub(super) fn record(tx: &mut Tx, scene: Scene) -> Result<RiskRecord> {
    let held = scene.rights();
    let matrix = matrix_of(tx, &scene.register)?;
    let Scene { risk: r, register, holding, .. } = scene;
    let ratings = store::ratings(tx, &[r.id])?;
    let outcomes = store::outcomes(tx, r.id)?;
    let tags = [r.mit_domain, r.mit_subdomain].into_iter().flatten();
    let nodes = nodes_named(tx, &tags.chain(outcomes.iter().copied()).collect::<Vec<_>>())?;
    let users: Vec<UserId> = ratings.iter().map(|rating| rating.rated_by).chain(r.owner).collect();
    let named = people(tx, &users)?;
    let rating = |kind: RatingKind| {
        let found = ratings.iter().find(|rating| rating.kind == kind);
        found.map(|rating| shown(rating, &matrix.levels.0, &named))
    };
    let ai = (r.category == RiskCategory::Ai).then(|| ai_shown(&r, |id| nodes.get(&id).cloned()));
    let moves = held.write && !register.status.is_locked();
    Ok(RiskRecord {
        inherent: rating(RatingKind::Inherent),
        current: rating(RatingKind::Current),
        residual: rating(RatingKind::Residual),
        tolerance: register.tolerance_for(r.category),
        ai,
        outcomes: outcomes.iter().filter_map(|id| nodes.get(id).cloned()).collect(),
        owner: r.owner.and_then(|owner| named.get(&owner).cloned()),
        allowed_transitions: if moves { r.status.next().to_vec() } else { Vec::new() },
        permissions: words(held),
        id: r.id,
        register_id: r.register_id,
        number: r.number,
        country: r.country,
        tlp: holding.tlp,
        category: r.category,
        status: r.status,
        title: r.title,
        description: r.description,
        source: r.source,
        event: r.event,
        consequence: r.consequence,
        assets: r.assets,
        ai_system_id: r.ai_system_id,
        treatment: r.treatment,
        within_tolerance: r.within_tolerance,
        strength: r.strength,
        next_review_on: r.next_review_on,
        triggers: r.triggers,
        reopened_by: r.reopened_by,
        note: r.note,
        created_at: r.created_at,
        updated_at: r.updated_at,
        version: r.version,
    })
}
