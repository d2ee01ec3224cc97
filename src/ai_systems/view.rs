//! AI systems as callers see them.

use super::model::{AiSystem, AiSystemLine, AiSystemRecord};
use super::ties::Rights;
use crate::accounts::people;
use crate::disclosure::Tlp;
use crate::frameworks::nodes_named;
use crate::kernel::Result;
use crate::kernel::access::Permission;
use crate::kernel::id::FrameworkNodeId;
use crate::platform::db::Tx;

/// A page of lines: one query for the classes, however many systems.
pub(super) fn lines(tx: &mut Tx, rows: Vec<(AiSystem, Tlp)>) -> Result<Vec<AiSystemLine>> {
    let mut ids: Vec<FrameworkNodeId> = rows.iter().filter_map(|(system, _)| system.class_id).collect();
    ids.sort();
    ids.dedup();
    let classes = nodes_named(tx, &ids)?;
    let line = |(s, tlp): (AiSystem, Tlp)| AiSystemLine {
        id: s.id,
        country: s.country,
        tlp,
        program_id: s.program_id,
        name: s.name,
        sector: s.sector,
        lifecycle: s.lifecycle,
        risk_class: s.class_id.and_then(|id| classes.get(&id).cloned()),
        updated_at: s.updated_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// What somebody with these rights may do with a system.
pub(super) fn words(rights: Rights) -> Vec<&'static str> {
    let mut words = vec![Permission::ViewAiSystems.word()];
    if rights.write {
        words.push(Permission::EditAiSystems.word());
    }
    if rights.write || rights.review || rights.govern {
        words.push(Permission::MoveAiSystems.word());
    }
    words
}

/// One system with everything in it.
pub(super) fn record(tx: &mut Tx, s: AiSystem, tlp: Tlp, rights: Rights) -> Result<AiSystemRecord> {
    let class: Vec<FrameworkNodeId> = s.class_id.into_iter().collect();
    let risk_class = nodes_named(tx, &class)?.into_values().next();
    let owners: Vec<_> = s.owner.into_iter().collect();
    let owner = people(tx, &owners)?.into_values().next();
    Ok(AiSystemRecord {
        id: s.id,
        country: s.country,
        tlp,
        organization_id: s.organization_id,
        program_id: s.program_id,
        name: s.name,
        purpose: s.purpose,
        roles: s.roles,
        provider: s.provider,
        deployer: s.deployer,
        users: s.users,
        sector: s.sector,
        lifecycle: s.lifecycle,
        data_kinds: s.data_kinds,
        autonomy: s.autonomy,
        affected_groups: s.affected_groups,
        affected: s.affected,
        risk_class,
        class_reason: s.class_reason,
        owner,
        created_at: s.created_at,
        updated_at: s.updated_at,
        version: s.version,
        permissions: words(rights),
    })
}
