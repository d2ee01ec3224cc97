//! What a caller sees of assessments: how much of each, and what they may do with it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Assessment, AssessmentRecord, FrameworkRef};
use super::rights::Act;
use super::sight::Seen;
use crate::accounts::{Permit, Somebody, people};
use crate::disclosure::{Depth, Tlp, disclosed};
use crate::frameworks;
use crate::kernel::access::{Action, Permission, Scope};
use crate::kernel::id::{AssessmentId, FrameworkId, UserId};
use crate::kernel::{Error, Result};
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::holdings;

/// What stands around some assessments: frameworks, names, labels, and of which the caller sees all.
struct Around {
    frameworks: HashMap<FrameworkId, FrameworkRef>,
    people: HashMap<UserId, Somebody>,
    labels: HashMap<AssessmentId, Tlp>,
    whole: Vec<AssessmentId>,
}

impl Around {
    fn of(tx: &mut Tx, scope: &Scope, rows: &[Assessment]) -> Result<Around> {
        let ids: Vec<AssessmentId> = rows.iter().map(|row| row.id).collect();
        let mut kinds: Vec<FrameworkId> = rows.iter().map(|row| row.framework_id).collect();
        kinds.sort();
        kinds.dedup();
        let named = rows.iter().flat_map(|row| [row.submitted_by, row.validated_by]);
        let named: Vec<UserId> = named.flatten().collect();
        let labels: Vec<(AssessmentId, Tlp)> = holdings::table
            .select((holdings::id, holdings::tlp))
            .filter(among(holdings::id, &ids))
            .load(tx.conn())?;
        let whole: Vec<AssessmentId> = holdings::table
            .select(holdings::id)
            .filter(among(holdings::id, &ids))
            .filter(disclosed(holdings::id, scope, Depth::Detail))
            .load(tx.conn())?;
        let frameworks = frameworks::frameworks_of(tx, &kinds)?.into_iter().map(reference);
        Ok(Around {
            frameworks: frameworks.collect(),
            people: people(tx, &named)?,
            labels: labels.into_iter().collect(),
            whole,
        })
    }

    fn record(&self, a: Assessment) -> Result<AssessmentRecord> {
        let named = |id: Option<UserId>| id.and_then(|id| self.people.get(&id).cloned());
        let whole = self.whole.contains(&a.id);
        let framework = self.frameworks.get(&a.framework_id).cloned();
        Ok(AssessmentRecord {
            id: a.id,
            country: a.country,
            organization_id: a.organization_id,
            program_id: a.program_id,
            previous_id: a.previous_id,
            framework: framework.ok_or_else(|| Error::internal("an assessment without its framework"))?,
            purpose: a.purpose,
            period_from: a.period_from,
            period_to: a.period_to,
            due: a.due,
            next_due: a.next_due,
            groups: a.groups.0,
            tiers: whole.then_some(a.tiers.0),
            tlp: self.labels.get(&a.id).copied().unwrap_or(Tlp::Red),
            disclosed: if whole { Depth::Detail } else { Depth::Summary },
            status: a.status,
            note: a.note.filter(|_| whole),
            answered: a.answered,
            in_scope: a.in_scope,
            submitted_by: named(a.submitted_by),
            submitted_at: a.submitted_at,
            validated_by: named(a.validated_by),
            validated_at: a.validated_at,
            published_at: a.published_at,
            created_at: a.created_at,
            updated_at: a.updated_at,
            version: a.version,
            permissions: Vec::new(),
            allowed_transitions: Vec::new(),
            title: a.title,
        })
    }
}

/// What others need to know of a framework.
pub(super) fn reference(framework: frameworks::Framework) -> (FrameworkId, FrameworkRef) {
    let reference = FrameworkRef {
        id: framework.id,
        urn: framework.urn,
        edition: framework.edition,
        name: framework.name,
        method: framework.method,
    };
    (framework.id, reference)
}

/// A page's records.
pub(super) fn listed(tx: &mut Tx, scope: &Scope, rows: Vec<Assessment>) -> Result<Vec<AssessmentRecord>> {
    let around = Around::of(tx, scope, &rows)?;
    rows.into_iter().map(|row| around.record(row)).collect()
}

/// One record, with what the caller may do with it.
pub(super) fn one<A: Action>(tx: &mut Tx, permit: &Permit<A>, seen: Seen) -> Result<AssessmentRecord> {
    let scope = permit.scope_of(Permission::ViewAssessments);
    let around = Around::of(tx, &scope, std::slice::from_ref(&seen.assessment))?;
    let (permissions, next) = (held(&seen), steps(&seen));
    let mut record = around.record(seen.assessment)?;
    (record.permissions, record.allowed_transitions) = (permissions, next);
    Ok(record)
}

fn held(seen: &Seen) -> Vec<&'static str> {
    let acts = [
        (Act::Edit, Permission::EditAssessments),
        (Act::Name, Permission::NameOnAssessments),
        (Act::Assign, Permission::AssignSections),
        (Act::Answer, Permission::AnswerAssessments),
        (Act::Review, Permission::ReviewAssessments),
    ];
    let may = acts.into_iter().filter(|(act, _)| seen.can(*act)).map(|(_, permission)| permission.word());
    std::iter::once(Permission::ViewAssessments.word()).chain(may).collect()
}

fn steps(seen: &Seen) -> Vec<super::model::AssessmentStatus> {
    let next = seen.assessment.status.next().iter().copied();
    next.filter(|to| seen.can(Act::Step(*to))).collect()
}
