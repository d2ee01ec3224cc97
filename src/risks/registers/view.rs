//! Registers as callers see them.

use super::actions::Seen;
use super::model::{MatrixShown, Register, RegisterLine, RegisterRecord};
use super::{rights, store};
use crate::accounts::people;
use crate::ai_systems::Rights;
use crate::disclosure::{self, Part, Tlp};
use crate::frameworks::RiskMatrix;
use crate::kernel::Result;
use crate::kernel::access::Permission;
use crate::kernel::id::{RiskRegisterId, UserId};
use crate::platform::db::Tx;

/// What somebody with these rights may do with a register and what is in it.
pub(in super::super) fn words(rights: Rights) -> Vec<&'static str> {
    let mut words = vec![Permission::ViewRisks.word()];
    if rights.write {
        words.push(Permission::EditRisks.word());
    }
    if rights.write || rights.review || rights.govern {
        words.push(Permission::MoveRisks.word());
    }
    words
}

/// A page of lines: one query for the counts, however many registers.
pub(super) fn lines(tx: &mut Tx, rows: Vec<(Register, Tlp)>) -> Result<Vec<RegisterLine>> {
    let ids: Vec<RiskRegisterId> = rows.iter().map(|(register, _)| register.id).collect();
    let counts = store::counts(tx, &ids)?;
    let line = |(r, tlp): (Register, Tlp)| {
        let (scenarios, above_tolerance) = counts.get(&r.id).copied().unwrap_or_default();
        RegisterLine {
            id: r.id,
            country: r.country,
            tlp,
            program_id: r.program_id,
            title: r.title,
            status: r.status,
            scenarios,
            above_tolerance,
            updated_at: r.updated_at,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

fn matrix_shown(matrix: RiskMatrix) -> MatrixShown {
    MatrixShown { id: matrix.id, urn: matrix.urn, edition: matrix.edition, levels: matrix.levels.0 }
}

/// One register with everything but its scenarios.
pub(super) fn record(tx: &mut Tx, caller: UserId, seen: Seen) -> Result<RegisterRecord> {
    let held = seen.rights();
    let Seen { register: r, holding, .. } = seen;
    let matrix = store::matrix_of(tx, &r)?;
    let (scenarios, above_tolerance) = store::counts(tx, &[r.id])?.remove(&r.id).unwrap_or_default();
    let wrote = store::has_written(tx, r.id, caller)?;
    let parts = disclosure::named(tx, holding.id)?;
    let mut ids: Vec<UserId> = parts.iter().map(|(user, _)| *user).collect();
    ids.extend([r.submitted_by, r.validated_by].into_iter().flatten());
    ids.sort();
    ids.dedup();
    let named = people(tx, &ids)?;
    let of = |part: Part| {
        let users = parts.iter().filter(|(_, held)| *held == part);
        users.filter_map(|(user, _)| named.get(user).cloned()).collect::<Vec<_>>()
    };
    let steps = r.status.next().iter().copied();
    let allowed = steps.filter(|to| rights::refusal(r.status, *to, held, wrote).is_none());
    Ok(RegisterRecord {
        id: r.id,
        country: r.country,
        tlp: holding.tlp,
        organization_id: r.organization_id,
        program_id: r.program_id,
        title: r.title,
        scope: r.scope,
        criteria: r.criteria,
        matrix: matrix_shown(matrix),
        tolerance: r.tolerance,
        tolerance_cyber: r.tolerance_cyber,
        tolerance_ai: r.tolerance_ai,
        tolerance_program: r.tolerance_program,
        allowed_transitions: allowed.collect(),
        status: r.status,
        note: r.note,
        scenarios,
        above_tolerance,
        contributors: of(Part::Contributor),
        reviewers: of(Part::Reviewer),
        submitted_by: r.submitted_by.and_then(|user| named.get(&user).cloned()),
        submitted_at: r.submitted_at,
        validated_by: r.validated_by.and_then(|user| named.get(&user).cloned()),
        validated_at: r.validated_at,
        published_at: r.published_at,
        created_at: r.created_at,
        updated_at: r.updated_at,
        version: r.version,
        permissions: words(held),
    })
}
