//! Impact assessments as callers see them.

use std::collections::HashMap;

use super::super::actions::Seen;
use super::super::view::words;
use super::model::{Impact, ImpactRecord};
use super::{rights, store};
use crate::accounts::people;
use crate::frameworks::nodes_named;
use crate::kernel::id::{AiImpactId, FrameworkNodeId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

fn outcomes_by_impact(tx: &mut Tx, ids: &[AiImpactId]) -> Result<HashMap<AiImpactId, Vec<FrameworkNodeId>>> {
    let mut outcomes: HashMap<AiImpactId, Vec<FrameworkNodeId>> = HashMap::new();
    for (impact, node) in store::outcomes_of(tx, ids)? {
        outcomes.entry(impact).or_default().push(node);
    }
    Ok(outcomes)
}

/// Assessments of one system: a fixed number of queries, however many.
pub(super) fn records(
    tx: &mut Tx,
    seen: &Seen,
    caller: UserId,
    rows: Vec<Impact>,
) -> Result<Vec<ImpactRecord>> {
    let ids: Vec<AiImpactId> = rows.iter().map(|row| row.id).collect();
    let mut writers = store::writers_of(tx, &ids)?;
    let mut outcomes = outcomes_by_impact(tx, &ids)?;
    let mut nodes: Vec<FrameworkNodeId> = outcomes.values().flatten().copied().collect();
    nodes.sort();
    nodes.dedup();
    let nodes = nodes_named(tx, &nodes)?;
    let mut named: Vec<UserId> = writers.values().flatten().copied().collect();
    named.extend(rows.iter().flat_map(|row| [row.reviewed_by, row.approved_by]).flatten());
    named.sort();
    named.dedup();
    let named = people(tx, &named)?;
    let held = seen.rights();
    let record = |i: Impact| {
        let wrote = writers.remove(&i.id).unwrap_or_default();
        let own = wrote.contains(&caller);
        let steps = i.status.next().iter().copied();
        let allowed = steps.filter(|to| rights::refusal(i.status, *to, held, own).is_none());
        let linked = outcomes.remove(&i.id).unwrap_or_default();
        ImpactRecord {
            id: i.id,
            ai_system_id: i.ai_system_id,
            tlp: seen.holding.tlp,
            title: i.title,
            context: i.context,
            individuals: i.individuals.0,
            groups: i.groups.0,
            society: i.society.0,
            mitigations: i.mitigations,
            oversight: i.oversight,
            conclusion: i.conclusion,
            outcomes: linked.iter().filter_map(|node| nodes.get(node).cloned()).collect(),
            allowed_transitions: allowed.collect(),
            status: i.status,
            note: i.note,
            review_on: i.review_on,
            writers: wrote.iter().filter_map(|user| named.get(user).cloned()).collect(),
            reviewed_by: i.reviewed_by.and_then(|user| named.get(&user).cloned()),
            reviewed_at: i.reviewed_at,
            approved_by: i.approved_by.and_then(|user| named.get(&user).cloned()),
            approved_at: i.approved_at,
            created_at: i.created_at,
            updated_at: i.updated_at,
            version: i.version,
            permissions: words(held),
        }
    };
    Ok(rows.into_iter().map(record).collect())
}

/// One assessment.
pub(super) fn one(tx: &mut Tx, seen: &Seen, caller: UserId, impact: Impact) -> Result<ImpactRecord> {
    let id = impact.id;
    let mut found = records(tx, seen, caller, vec![impact])?;
    found.pop().ok_or_else(|| Error::internal(format!("impact assessment {id} has no record")))
}
