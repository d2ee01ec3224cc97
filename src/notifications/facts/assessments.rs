//! What is true of an assessment, a section or evidence, for letters A1 to A8: never an answer, a comment or a note.

use serde_json::Value;

use super::held::matter as held;
use super::{Fact, Matter, doer, id};
use crate::assessments::told::{self, ToldAssessment, ToldSection};
use crate::assessments::{AssessmentStatus, EvidenceStatus, SectionStatus};
use crate::disclosure;
use crate::kernel::Result;
use crate::kernel::id::{AssessmentId, EvidenceId, ObjectId, SectionId};
use crate::kernel::time::{Day, Timestamp};
use crate::notifications::model::Letter;
use crate::notifications::rules::{Anchor, Audience, RuleCode};
use crate::platform::db::Tx;

/// A row of a walk: what it is, its day, and since when that is known.
type Row = (ObjectId, String, Timestamp);

const GONE: &str = "the assessment is gone";

pub(super) fn of_assessment(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let id = AssessmentId(letter.object_id.0);
    let (Some(told), Some(holding)) = (told::assessment(tx, id)?, disclosure::find(tx, id.into())?) else {
        return Ok(Matter::void(GONE));
    };
    let mut matter = held(tx, holding, "assessment", format!("/assessments/{id}"))?;
    matter.void = void(tx, letter, &told, body)?;
    matter.audiences = match letter.rule {
        RuleCode::A3 => &[Audience::Authors],
        RuleCode::A4 => &[Audience::Authors, Audience::FocalPoints, Audience::Coordinators],
        RuleCode::A5 => &[Audience::Reviewers, Audience::Authors],
        _ => &[],
    };
    matter.day = match letter.rule {
        RuleCode::A3 | RuleCode::A4 => told.due,
        RuleCode::A8 => told.next_due,
        _ => None,
    };
    if let Some(day) = matter.day {
        matter.tell(if letter.rule == RuleCode::A8 { "next_due" } else { "due" }, Fact::Day(day));
    }
    happened(tx, &mut matter, letter.rule, body)?;
    Ok(matter)
}

/// Who did it and what it is now; a letter that waits for somebody is for them, whoever did it.
fn happened(tx: &mut Tx, matter: &mut Matter, rule: RuleCode, body: &Value) -> Result<()> {
    let news = match body["to"].as_str() {
        None => return Ok(()),
        Some("in_review" | "submitted") => "submitted",
        Some("changes_requested") => "returned",
        Some("in_progress") if body["from"] == "in_review" => "returned",
        Some("in_progress") => "begun",
        Some(other) => other,
    };
    matter.tell("to", Fact::Word("step", news.to_owned()));
    if rule != RuleCode::A6 {
        matter.doer = id(body, "by");
    }
    matter.facts.extend(doer(tx, body)?);
    Ok(())
}

/// Why a letter about an assessment no longer holds, if so.
fn void(tx: &mut Tx, letter: &Letter, told: &ToldAssessment, body: &Value) -> Result<Option<&'static str>> {
    let moved = |day: Option<Day>| day.map(|day| day.to_string()).as_ref() != Some(&letter.anchor);
    let counts = matches!(told.status, AssessmentStatus::Validated | AssessmentStatus::Published);
    Ok(match letter.rule {
        RuleCode::A3 | RuleCode::A4 if !told.is_open() => Some("it was handed in"),
        RuleCode::A3 | RuleCode::A4 if moved(told.due) => Some("the date moved"),
        RuleCode::A8 if !counts => Some("another assessment took its place"),
        RuleCode::A8 if moved(told.next_due) => Some("the date moved"),
        RuleCode::A8 if told::is_made_again(tx, told.id)? => Some("it is being made again"),
        RuleCode::A1 | RuleCode::A5 | RuleCode::A6 if body["to"].as_str() != Some(told.status.as_str()) => {
            Some("the assessment went on")
        }
        _ => None,
    })
}

pub(super) fn of_section(tx: &mut Tx, letter: &Letter, body: &Value) -> Result<Matter> {
    let Some((section, assessment)) = told::section(tx, SectionId(letter.object_id.0))? else {
        return Ok(Matter::void("the section is gone"));
    };
    let Some(holding) = disclosure::find(tx, assessment.id.into())? else { return Ok(Matter::void(GONE)) };
    let path = format!("/assessments/{}/sections/{}", assessment.id, section.id);
    let mut matter = held(tx, holding, "section", path)?;
    matter.owner = section.assignee;
    matter.void = section_void(letter, &section, &assessment, body);
    matter.audiences = match (letter.rule, section.status.is_writable() && section.assignee.is_some()) {
        (RuleCode::A3, true) => &[Audience::Assignee],
        (RuleCode::A4, true) => &[Audience::Assignee, Audience::FocalPoints, Audience::Coordinators],
        // Nobody writes in it yet: those who give it out are told.
        (RuleCode::A3, false) => &[Audience::Authors],
        (RuleCode::A4, false) => &[Audience::Authors, Audience::FocalPoints, Audience::Coordinators],
        (RuleCode::A5, _) if body["to"] == "submitted" => &[Audience::Authors],
        _ => &[Audience::Assignee],
    };
    if let Some(due) = section.due {
        matter.tell("due", Fact::Day(due));
        matter.day = Some(due);
    }
    match letter.rule {
        RuleCode::A2 => {
            matter.doer = id(body, "by");
            matter.facts.extend(doer(tx, body)?);
        }
        rule => happened(tx, &mut matter, rule, body)?,
    }
    Ok(matter)
}

/// Why a letter about a section no longer holds, if so.
fn section_void(
    letter: &Letter,
    section: &ToldSection,
    assessment: &ToldAssessment,
    body: &Value,
) -> Option<&'static str> {
    let done = matches!(section.status, SectionStatus::Submitted | SectionStatus::Closed);
    let due = section.due.map(|day| day.to_string());
    match letter.rule {
        RuleCode::A2 if id(body, "assignee_id") != section.assignee => {
            Some("somebody else fills it in, or nobody")
        }
        RuleCode::A2 | RuleCode::A3 | RuleCode::A4 if done => Some("it was handed in or closed"),
        _ if !assessment.is_open() => Some("the assessment was handed in"),
        RuleCode::A3 | RuleCode::A4 if due.as_ref() != Some(&letter.anchor) => Some("the date moved"),
        RuleCode::A5 if body["to"].as_str() != Some(section.status.as_str()) => Some("the section went on"),
        _ => None,
    }
}

pub(super) fn of_evidence(tx: &mut Tx, letter: &Letter) -> Result<Matter> {
    let Some((evidence, assessment)) = told::evidence(tx, EvidenceId(letter.object_id.0))? else {
        return Ok(Matter::void("the evidence is gone"));
    };
    let Some(holding) = disclosure::find(tx, assessment.id.into())? else { return Ok(Matter::void(GONE)) };
    let path = format!("/assessments/{}/evidence/{}", assessment.id, evidence.id);
    let mut matter = held(tx, holding, "evidence", path)?;
    (matter.owner, matter.day) = (Some(evidence.created_by), evidence.valid_until);
    matter.void = match evidence.valid_until {
        Some(day) if day.to_string() == letter.anchor => None,
        _ => Some("the date moved"),
    };
    if assessment.status == AssessmentStatus::Superseded {
        matter.void = Some("another assessment took its place");
    } else if evidence.status == EvidenceStatus::Rejected {
        matter.void = Some("the evidence was rejected");
    }
    if let Some(day) = evidence.valid_until {
        matter.tell("valid_until", Fact::Day(day));
    }
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
        Anchor::SectionDue => {
            let found = told::sections_due(tx, span, SectionId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.due, told.updated_at)).collect()
        }
        Anchor::EvidenceEnds => {
            let found = told::evidence_ending(tx, span, EvidenceId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.valid_until, told.updated_at)).collect()
        }
        Anchor::AssessmentAgain => {
            let found = told::due_again(tx, span, AssessmentId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.next_due, told.updated_at)).collect()
        }
        _ => {
            let found = told::due(tx, span, AssessmentId(after), limit)?;
            found.into_iter().map(|told| row(told.id, told.due, told.updated_at)).collect()
        }
    };
    Ok(rows.into_iter().flatten().collect())
}

/// One of these dates of one object.
pub(super) fn date_of(tx: &mut Tx, anchor: Anchor, object: ObjectId) -> Result<Option<Row>> {
    Ok(match anchor {
        Anchor::SectionDue => {
            let found = told::section(tx, SectionId(object.0))?;
            found.and_then(|(told, _)| row(told.id, told.due, told.updated_at))
        }
        Anchor::EvidenceEnds => {
            let found = told::evidence(tx, EvidenceId(object.0))?;
            found.and_then(|(told, _)| row(told.id, told.valid_until, told.updated_at))
        }
        Anchor::AssessmentAgain => {
            let found = told::assessment(tx, AssessmentId(object.0))?;
            found.and_then(|told| row(told.id, told.next_due, told.updated_at))
        }
        _ => {
            let found = told::assessment(tx, AssessmentId(object.0))?;
            found.and_then(|told| row(told.id, told.due, told.updated_at))
        }
    })
}
