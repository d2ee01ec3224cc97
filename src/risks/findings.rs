//! What does not fit together in a register, scenario by scenario; over HTTP.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::RatingKind;
use super::grid::Rated;
use super::lint::{About, AcceptanceFacts, ActionFacts, Facts, FindingCode, findings};
use super::registers::{self, Seen, matrix_of};
use super::scenarios::{Lint, lint_rows, ratings_in};
use super::{acceptances, treatment};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewRisks;
use crate::kernel::id::{AcceptanceId, RiskId, RiskRegisterId, TreatmentActionId, UserId};
use crate::kernel::lang::Titles;
use crate::kernel::time::Day;
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Key, Reply, Routing};

/// Most findings that are written out; all are counted.
const WRITTEN: usize = 1_000;

/// Registers the handler.
pub(super) fn routes(config: &mut Routing<'_, '_>) {
    config.service(register_findings);
}

/// Something that does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// What to do about it, in English.
    pub advice: &'static str,
    /// In which scenario.
    pub risk_id: RiskId,
    /// Its number in the register.
    pub number: i32,
    /// What it is called.
    pub title: Titles,
    /// In which of its actions.
    pub action_id: Option<TreatmentActionId>,
    /// In which of its acceptances.
    pub acceptance_id: Option<AcceptanceId>,
}

/// How often something does not fit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingCount {
    /// What.
    pub code: FindingCode,
    /// How often.
    pub count: usize,
}

/// What does not fit together in a register today.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Findings {
    /// Scenarios that were looked at: those that are not closed.
    pub scenarios: usize,
    /// All findings, counted.
    pub counts: Vec<FindingCount>,
    /// The findings by the numbers of their scenarios; the first 1,000.
    pub items: Vec<Finding>,
    /// True when there are more than are written out.
    pub shortened: bool,
}

/// Show what does not fit together in a register: the consistency checks of ISO 31000 and ISO/IEC 27005 registers.
#[utoipa::path(tag = "risks", params(("id" = RiskRegisterId, Path)), responses((status = 200, body = Findings)))]
#[get("/risk-registers/{id}/findings")]
pub async fn register_findings(
    db: Data<Db>,
    permit: Permit<ViewRisks>,
    Key(id): Key<RiskRegisterId>,
) -> Result<Reply<Findings>> {
    let read = db.write(move |tx| {
        let seen = registers::read(tx, &permit, id, "findings")?;
        of_register(tx, &seen)
    });
    Ok(Reply::ok(read.await?))
}

/// A fixed number of queries, however many scenarios.
fn of_register(tx: &mut Tx, seen: &Seen) -> Result<Findings> {
    let (id, today) = (seen.register.id, Day(tx.now().utc().date_naive()));
    let highest = matrix_of(tx, &seen.register)?.levels.0.len() as i32 - 1;
    let rows = lint_rows(tx, id)?;
    let mut ratings = ratings_in(tx, id)?;
    let mut actions = treatment::facts_in(tx, id)?;
    let mut accepted = acceptances::facts_in(tx, id)?;
    let owned = actions.values().flatten().filter_map(|(_, _, owner, _)| *owner);
    let mut owners: Vec<UserId> = rows.iter().filter_map(|row| row.owner).chain(owned).collect();
    owners.sort();
    owners.dedup();
    let here = seen.ties().in_office(tx, &owners)?;
    let (mut items, mut counts, scenarios) = (Vec::new(), BTreeMap::new(), rows.len());
    for row in rows {
        let of = |owner: Option<UserId>| owner.map(|owner| here.contains(&owner));
        let cells = ratings.remove(&row.id).unwrap_or_default();
        let facts = Facts {
            actions: actions
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|(id, status, owner, due)| ActionFacts { id, status, owner_here: of(owner), due })
                .collect(),
            acceptances: accepted
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|(id, status, day)| AcceptanceFacts { id, status, expires_on: Some(day) })
                .collect(),
            ..facts(&row, &cells, highest, of(row.owner))
        };
        for (code, about) in findings(&facts, today) {
            *counts.entry(code).or_insert(0) += 1;
            if items.len() < WRITTEN {
                items.push(written(&row, code, about));
            }
        }
    }
    let all: usize = counts.values().sum();
    let counts = counts.into_iter().map(|(code, count)| FindingCount { code, count }).collect();
    Ok(Findings { scenarios, counts, shortened: all > items.len(), items })
}

fn facts(row: &Lint, cells: &[(RatingKind, i32, i32, i32)], highest: i32, owner_here: Option<bool>) -> Facts {
    let of = |kind: RatingKind| {
        let cell = cells.iter().find(|(known, ..)| *known == kind);
        cell.map(|(_, likelihood, impact, level)| Rated {
            likelihood: *likelihood,
            impact: *impact,
            level: *level,
        })
    };
    Facts {
        status: row.status,
        inherent: of(RatingKind::Inherent),
        current: of(RatingKind::Current),
        residual: of(RatingKind::Residual),
        within_tolerance: row.within_tolerance,
        highest,
        treatment: row.treatment,
        strength: row.strength,
        owner_here,
        next_review_on: row.next_review_on,
        actions: Vec::new(),
        acceptances: Vec::new(),
    }
}

fn written(row: &Lint, code: FindingCode, about: About) -> Finding {
    let (action_id, acceptance_id) = match about {
        About::Risk => (None, None),
        About::Action(id) => (Some(id), None),
        About::Acceptance(id) => (None, Some(id)),
    };
    Finding {
        code,
        advice: code.advice(),
        risk_id: row.id,
        number: row.number,
        title: row.title.clone(),
        action_id,
        acceptance_id,
    }
}
