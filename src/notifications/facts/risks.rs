//! What is true of scenarios, actions, acceptances and AI systems, for letters K1 to K6: never a title below the register's.

use serde_json::Value;

use super::held::matter as held;
use super::{Fact, Matter, doer, id};
use crate::ai_systems::{ImpactStatus, told as ai};
use crate::disclosure::{self, Holding};
use crate::kernel::Result;
use crate::kernel::id::{
    AcceptanceId, AiImpactId, AiSystemId, HoldingId, ObjectId, RiskId, RiskRegisterId, TreatmentActionId,
    UserId,
};
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::people;
use crate::notifications::rules::{Anchor, Audience, RuleCode};
use crate::platform::db::Tx;
use crate::risks::letters::{self as told, ToldAcceptance, ToldRisk};
use crate::risks::{AcceptanceStatus, RiskStatus};

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

const CLOSED: &str = "the risk is closed";

const NO_REGISTER: &str = "the register is gone, or a later one took its place";

/// The register or the system that it belongs to.
fn holding(tx: &mut Tx, id: uuid::Uuid) -> Result<Option<Holding>> {
    Ok(disclosure::find(tx, HoldingId(id))?.filter(|holding| holding.deleted_at.is_none()))
}

/// The register that it belongs to, while something is done in it.
fn register(tx: &mut Tx, id: RiskRegisterId) -> Result<Option<Holding>> {
    if told::is_over(tx, id)? { Ok(None) } else { holding(tx, id.0) }
}

/// Who did it; of a letter that tells of something that happened.
fn happened(tx: &mut Tx, matter: &mut Matter, body: &Value) -> Result<()> {
    matter.doer = id(body, "by");
    matter.facts.extend(doer(tx, body)?);
    Ok(())
}

/// A date of it, told under a name.
fn day(matter: &mut Matter, name: &'static str, day: Option<Day>) {
    matter.day = day;
    if let Some(day) = day {
        matter.tell(name, Fact::Day(day));
    }
}

fn moved(letter: &Letter, day: Option<Day>) -> bool {
    day.map(|day| day.to_string()).as_ref() != Some(&letter.anchor)
}

fn reassigned(body: &Value, owner: Option<UserId>) -> Option<&'static str> {
    (id(body, "owner_id") != owner).then_some("somebody else answers for it now")
}

pub(super) fn of_risk(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some(risk) = told::risk(tx, RiskId(letter.object_id.0))? else {
        return Ok(Matter::void("the risk is gone"));
    };
    let Some(holding) = register(tx, risk.register_id)? else { return Ok(Matter::void(NO_REGISTER)) };
    let mut matter = held(tx, holding, "risk", format!("/risks/{}", risk.id))?;
    matter.owner = risk.owner;
    matter.void = risk_void(letter, &risk, body);
    match letter.rule {
        RuleCode::K5 => day(&mut matter, "review", risk.next_review_on),
        _ => happened(tx, &mut matter, body)?,
    }
    Ok(matter)
}

fn risk_void(letter: &Letter, risk: &ToldRisk, body: &Value) -> Option<&'static str> {
    match letter.rule {
        _ if risk.status == RiskStatus::Closed => Some(CLOSED),
        RuleCode::K1 => reassigned(body, risk.owner),
        RuleCode::K2 if risk.within_tolerance != Some(false) => Some("it is tolerated now"),
        RuleCode::K2 if body["to"].as_i64() != Some(i64::from(risk.level)) => Some("its level changed again"),
        RuleCode::K5 if moved(letter, risk.next_review_on) => Some("the date moved"),
        _ => None,
    }
}

pub(super) fn of_action(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some((action, risk)) = told::action(tx, TreatmentActionId(letter.object_id.0))? else {
        return Ok(Matter::void("the action is gone"));
    };
    let Some(holding) = register(tx, action.register_id)? else { return Ok(Matter::void(NO_REGISTER)) };
    let path = format!("/risks/{}/actions/{}", action.risk_id, action.id);
    let mut matter = held(tx, holding, "action", path)?;
    matter.owner = action.owner;
    matter.void = match letter.rule {
        _ if risk.status == RiskStatus::Closed => Some(CLOSED),
        _ if !action.status.is_open() => Some("it is done or given up"),
        RuleCode::K1 => reassigned(body, action.owner),
        _ if moved(letter, action.due) => Some("the date moved"),
        _ => None,
    };
    day(&mut matter, "due", action.due);
    if letter.rule == RuleCode::K1 {
        happened(tx, &mut matter, body)?;
    }
    Ok(matter)
}

pub(super) fn of_acceptance(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some((acceptance, risk)) = told::acceptance(tx, AcceptanceId(letter.object_id.0))? else {
        return Ok(Matter::void("the acceptance is gone"));
    };
    let Some(holding) = register(tx, acceptance.register_id)? else {
        return Ok(Matter::void(NO_REGISTER));
    };
    let path = format!("/risks/{}/acceptances/{}", acceptance.risk_id, acceptance.id);
    let mut matter = held(tx, holding, "acceptance", path)?;
    matter.owner = risk.owner;
    matter.void = acceptance_void(letter, &acceptance, body);
    matter.tell("last_day", Fact::Day(acceptance.expires_on));
    if letter.rule == RuleCode::K4D {
        matter.day = Some(acceptance.expires_on);
    } else {
        happened(tx, &mut matter, body)?;
        matter.tell("to", Fact::Word("step", acceptance.status.as_str().to_owned()));
    }
    let approvers = approvers(tx, letter.rule, &matter, &acceptance)?;
    if let Some(held) = &mut matter.holding {
        held.approvers = approvers;
    }
    Ok(matter)
}

fn acceptance_void(letter: &Letter, acceptance: &ToldAcceptance, body: &Value) -> Option<&'static str> {
    let stands = acceptance.status;
    match letter.rule {
        RuleCode::K4 if stands != AcceptanceStatus::Submitted => Some("it is decided"),
        RuleCode::K4D if stands != AcceptanceStatus::Accepted => Some("the acceptance is over"),
        RuleCode::K4D if moved(letter, Some(acceptance.expires_on)) => Some("the date moved"),
        RuleCode::K4E if body["outcome"].as_str() != Some(stands.as_str()) => Some("the acceptance went on"),
        _ => None,
    }
}

/// Who decides: the person named, else the focal points, but never who drafted it or asked for it. Once it is decided, who
/// decided and who drafted it.
fn approvers(
    tx: &mut Tx,
    rule: RuleCode,
    matter: &Matter,
    acceptance: &ToldAcceptance,
) -> Result<Vec<UserId>> {
    if rule != RuleCode::K4 {
        let both = [acceptance.decided_by.or(acceptance.approver), Some(acceptance.created_by)];
        return Ok(both.into_iter().flatten().collect());
    }
    let mut approvers: Vec<UserId> = match acceptance.approver {
        Some(approver) => vec![approver],
        None => {
            let officials = people::everyone(tx, Audience::FocalPoints, matter)?;
            officials.into_iter().map(|person| UserId(person.id.0)).collect()
        }
    };
    approvers.retain(|user| *user != acceptance.created_by && Some(*user) != acceptance.submitted_by);
    Ok(approvers)
}

pub(super) fn of_system(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = AiSystemId(letter.object_id.0);
    let (Some(owner), Some(holding)) = (ai::owner_of(tx, id)?, holding(tx, id.0)?) else {
        return Ok(Matter::void("the AI system is gone"));
    };
    let mut matter = held(tx, holding, "ai-system", format!("/ai-systems/{id}"))?;
    matter.owner = owner;
    matter.void = reassigned(body, owner);
    happened(tx, &mut matter, body)?;
    Ok(matter)
}

pub(super) fn of_impact(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let Some(impact) = ai::impact(tx, AiImpactId(letter.object_id.0))? else {
        return Ok(Matter::void("the impact assessment is gone"));
    };
    let system = impact.ai_system_id;
    let (Some(owner), Some(holding)) = (ai::owner_of(tx, system)?, holding(tx, system.0)?) else {
        return Ok(Matter::void("the AI system is gone"));
    };
    let path = format!("/ai-systems/{system}/impact-assessments/{}", impact.id);
    let mut matter = held(tx, holding, "ai-impact", path)?;
    matter.owner = owner.or(Some(impact.created_by));
    let stands = matches!(impact.status, ImpactStatus::Approved | ImpactStatus::DueForReview);
    matter.void = match stands {
        false => Some("it is being looked at"),
        true => moved(letter, impact.review_on).then_some("the date moved"),
    };
    day(&mut matter, "review", impact.review_on);
    Ok(matter)
}

fn row<T: Into<uuid::Uuid>>(id: T, day: Option<Day>, since: Timestamp) -> Option<Row> {
    day.map(|day| (ObjectId(id.into()), day.to_string(), since))
}

/// What has this date in a span, in order of ids, after a row.
pub(super) fn dated(
    tx: &mut Tx,
    anchor: Anchor,
    span: (Day, Day),
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Row>> {
    let after = after.map_or_else(uuid::Uuid::nil, |after| after.0);
    let rows: Vec<Option<Row>> = match anchor {
        Anchor::ActionDue => {
            let found = told::actions_due(tx, span, TreatmentActionId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.due, told.updated_at)).collect()
        }
        Anchor::AcceptanceEnds => {
            let found = told::acceptances_ending(tx, span, AcceptanceId(after), limit)?;
            found.into_iter().map(|told| row(told.id, Some(told.expires_on), told.updated_at)).collect()
        }
        Anchor::ImpactReview => {
            let found = ai::reviews(tx, span, AiImpactId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.review_on, told.updated_at)).collect()
        }
        _ => {
            let found = told::reviews(tx, span, RiskId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.next_review_on, told.updated_at)).collect()
        }
    };
    Ok(rows.into_iter().flatten().collect())
}

/// One of these dates of one object.
pub(super) fn date_of(tx: &mut Tx, anchor: Anchor, object: ObjectId) -> Result<Option<Row>> {
    Ok(match anchor {
        Anchor::ActionDue => {
            let found = told::action(tx, TreatmentActionId(object.0))?;
            found.and_then(|(told, _)| row(told.id, told.due, told.updated_at))
        }
        Anchor::AcceptanceEnds => {
            let found = told::acceptance(tx, AcceptanceId(object.0))?;
            found.and_then(|(told, _)| row(told.id, Some(told.expires_on), told.updated_at))
        }
        Anchor::ImpactReview => {
            let found = ai::impact(tx, AiImpactId(object.0))?;
            found.and_then(|told| row(told.id, told.review_on, told.updated_at))
        }
        _ => {
            let found = told::risk(tx, RiskId(object.0))?;
            found.and_then(|told| row(told.id, told.next_review_on, told.updated_at))
        }
    })
}
