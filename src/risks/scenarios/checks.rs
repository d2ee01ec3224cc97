//! What must hold between a scenario, its register, its people and the frameworks that tag it; every fault at once.

use super::super::codes::RiskCategory;
use super::filter::{AiDraft, Outcomes};
use super::model::{AiTags, Risk};
use crate::accounts::Permit;
use crate::ai_systems::{Ties, is_of};
use crate::frameworks::{nodes_named, unknown_nodes};
use crate::kernel::access::{Action, Permission};
use crate::kernel::error::FieldError;
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::stored::Stored;
use crate::kernel::{Error, Result};
use crate::platform::db::Tx;

/// Puts the tags of a body into a scenario.
pub(super) fn tag(risk: &mut Risk, draft: Option<AiDraft>) {
    let Some(draft) = draft else {
        (risk.ai, risk.mit_domain, risk.mit_subdomain) = (Stored(AiTags::default()), None, None);
        return;
    };
    (risk.mit_domain, risk.mit_subdomain) = (draft.domain, draft.subdomain);
    risk.ai = Stored(AiTags {
        entity: draft.entity,
        intent: draft.intent,
        timing: draft.timing,
        lifecycle: draft.lifecycle,
        affected_groups: draft.affected_groups.0,
    });
}

/// Checks what is new, or what changed since `before`.
///
/// # Errors
/// 422 with every fault.
pub(super) fn check<A: Action>(
    tx: &mut Tx,
    permit: &Permit<A>,
    ties: Ties,
    risk: &Risk,
    before: Option<&Risk>,
    outcomes: Option<&Outcomes>,
) -> Result<()> {
    let mut faults = Vec::new();
    if risk.category != RiskCategory::Ai && (risk.ai.0 != AiTags::default() || risk.mit_domain.is_some()) {
        let words = format!("Only an AI scenario has these tags; this one is about {}.", risk.category);
        faults.push(FieldError::at("/ai", "not_here", words));
    }
    let known = before.and_then(|before| before.ai_system_id);
    if let Some(system) = risk.ai_system_id.filter(|system| known != Some(*system)) {
        let scope = permit.scope_of(Permission::ViewAiSystems);
        if !is_of(tx, &scope, system, risk.country)? {
            let words = "There is no such AI system of this country, or it is not yours to see.";
            faults.push(FieldError::at("/ai_system_id", "unknown", words));
        }
    }
    let known = before.and_then(|before| before.owner);
    if let Some(owner) = risk.owner.filter(|owner| known != Some(*owner)) {
        faults.extend(ties.owner_fault(tx, owner, "/owner")?);
    }
    faults.extend(of_nodes(tx, risk, before, outcomes)?);
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

fn of_nodes(
    tx: &mut Tx,
    risk: &Risk,
    before: Option<&Risk>,
    outcomes: Option<&Outcomes>,
) -> Result<Vec<FieldError>> {
    let mut named: Vec<(String, FrameworkNodeId)> = Vec::new();
    let same = before.is_some_and(|before| {
        (before.mit_domain, before.mit_subdomain) == (risk.mit_domain, risk.mit_subdomain)
    });
    let tags = [("/ai/domain", risk.mit_domain), ("/ai/subdomain", risk.mit_subdomain)];
    named.extend(tags.into_iter().filter(|_| !same).filter_map(|(at, id)| Some((at.to_owned(), id?))));
    let listed = outcomes.map(|outcomes| outcomes.0.as_slice()).unwrap_or_default();
    named.extend(listed.iter().enumerate().map(|(place, id)| (format!("/outcomes/{place}"), *id)));
    let ids: Vec<FrameworkNodeId> = named.iter().map(|(_, id)| *id).collect();
    let known = nodes_named(tx, &ids)?;
    let mut faults = unknown_nodes(&known, &named);
    for (at, id) in named.iter().filter(|(at, _)| at.starts_with("/ai/")) {
        if known.get(id).is_some_and(|node| node.method.is_some()) {
            let words = "Use a node of a taxonomy, as those of the MIT AI risk repository: this framework is assessed.";
            faults.push(FieldError::at(at, "not_a_tag", words));
        }
    }
    let sub = risk.mit_subdomain.filter(|_| !same).and_then(|id| known.get(&id));
    if sub.is_some_and(|sub| risk.mit_domain.is_none() || sub.parent_id != risk.mit_domain) {
        let words = "A subdomain stands below its domain: name that domain too.";
        faults.push(FieldError::at("/ai/subdomain", "not_below", words));
    }
    Ok(faults)
}
