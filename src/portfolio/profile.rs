//! A country on one page, only with what the reader may see.

use actix_web::get;
use actix_web::web::Data;

use super::model::{
    CountryProfile, ProfileAssessment, ProfileProgram, ProfileRisks, ProfileScore, ProfileSession,
};
use super::store;
use crate::accounts::Permit;
use crate::assessments::{self, ValidatedResult};
use crate::disclosure;
use crate::kernel::access::{Permission, ViewPartners, ViewTraining};
use crate::kernel::id::{FrameworkId, FrameworkNodeId, HoldingId, Iso2};
use crate::kernel::list::Many;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};
use crate::partners::{self, countries};
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Key, Reply};
use crate::risks::told as told_of_risks;
use crate::training::sessions::{SessionFilter, SessionStatus, told};

/// Show a country on one page: the latest validated assessments disclosed to the reader, programs that run, sessions to come.
#[utoipa::path(tag = "portfolio", params(("iso2" = Iso2, Path)), responses((status = 200, body = CountryProfile)))]
#[get("/partners/{iso2}/profile")]
pub async fn country_profile(
    db: Data<Db>,
    permit: Permit<ViewPartners>,
    Key(country): Key<Iso2>,
) -> Result<Reply<CountryProfile>> {
    // A writing transaction: that somebody read scores labelled AMBER or narrower is noted before they are sent.
    Ok(Reply::ok(db.write(move |tx| profile(tx, &permit, country)).await?))
}

fn profile(tx: &mut Tx, permit: &Permit<ViewPartners>, country: Iso2) -> Result<CountryProfile> {
    partners::find(tx, &permit.scope(), country)?.ok_or_else(Error::not_found)?;
    let results = assessments::of_country(tx, &permit.scope_of(Permission::ViewAssessments), country)?;
    let registers = told_of_risks::registers_of(tx, &permit.scope_of(Permission::ViewRisks), country)?;
    let assessed = results.iter().map(|result| HoldingId::from(result.id));
    let read: Vec<HoldingId> = assessed.chain(registers.into_iter().map(HoldingId::from)).collect();
    disclosure::note_all(tx, permit, &read, "profile")?;
    let running = store::running(tx, &permit.scope_of(Permission::ViewPrograms), country)?;
    Ok(CountryProfile {
        country,
        name: countries::names(tx, &[country])?.remove(&country).unwrap_or_default(),
        as_of: tx.now(),
        assessments: scored(tx, results)?,
        risks: risks(tx, permit, country)?,
        programs: running
            .into_iter()
            .map(|(id, title, status)| ProfileProgram { id, title, status })
            .collect(),
        sessions: sessions(tx, &permit.also(), country)?,
    })
}

fn scored(tx: &mut Tx, results: Vec<ValidatedResult>) -> Result<Vec<ProfileAssessment>> {
    let ids: Vec<FrameworkId> = results.iter().map(|result| result.framework_id).collect();
    let mut frameworks = assessments::frameworks_named(tx, &ids)?;
    let nodes: Vec<FrameworkNodeId> =
        results.iter().flat_map(|result| &result.scores).filter_map(|score| score.node_id).collect();
    let nodes = store::nodes(tx, &nodes)?;
    let shown = |result: ValidatedResult| {
        let framework = frameworks.remove(&result.framework_id)?;
        let score = |score: &assessments::Kept| {
            let node = nodes.get(&score.node_id?)?;
            Some(ProfileScore {
                node_id: node.id,
                code: node.code.clone(),
                name: node.name.clone(),
                figure: score.figure(),
                stage: score.stage,
                answered: score.answered,
                applicable: score.applicable,
            })
        };
        Some(ProfileAssessment {
            assessment_id: result.id,
            framework,
            validated_at: result.validated_at,
            overall: result
                .scores
                .iter()
                .find(|score| score.node_id.is_none())
                .and_then(|score| score.figure()),
            nodes: result.scores.iter().filter_map(score).collect(),
            title: result.title,
        })
    };
    Ok(results.into_iter().filter_map(shown).collect())
}

/// Open risks of the country: numbers alone, but of content.
fn risks(tx: &mut Tx, permit: &Permit<ViewPartners>, country: Iso2) -> Result<Vec<ProfileRisks>> {
    let open = told_of_risks::of_country(tx, &permit.scope_of(Permission::ViewRisks), country)?;
    let shown = |risks: told_of_risks::OpenRisks| ProfileRisks {
        category: risks.category,
        open: risks.open,
        above_tolerance: risks.above_tolerance,
    };
    Ok(open.into_iter().map(shown).collect())
}

/// Sessions to which the country is invited, from today on.
fn sessions(tx: &mut Tx, permit: &Permit<ViewTraining>, country: Iso2) -> Result<Vec<ProfileSession>> {
    let over = [SessionStatus::Cancelled, SessionStatus::Completed, SessionStatus::Reported];
    let by = SessionFilter {
        country: Many::one(country),
        from: Some(Day(tx.now().utc().date_naive())),
        ..SessionFilter::default()
    };
    let found = told::dated(tx, permit, &by)?;
    let coming = found.into_iter().filter(|(whole, _)| !over.contains(&whole.session.status)).take(100);
    let shown = coming.map(|(whole, _)| ProfileSession {
        id: whole.session.id,
        first_day: whole.days.first().map(|day| day.day),
        status: whole.session.status,
        title: whole.session.title,
    });
    Ok(shown.collect())
}
