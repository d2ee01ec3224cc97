//! From the files to the steps of the year, in the order of their days.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::content::{Content, Milestone, Organization, Partner, Program};
use super::stage::Step;
use super::training;

/// The day on which the register is set up.
const FIRST: i64 = super::BEGINS;

/// All steps, in the order of their days.
pub(super) fn year(content: &Content) -> Vec<Step> {
    let mut steps = Vec::new();
    for partner in &content.partners {
        welcome(partner, &mut steps);
    }
    for organization in &content.organizations {
        steps.push(register(organization));
    }
    for program in &content.programs {
        enter(program, &mut steps);
        for (number, milestone) in program.milestones.iter().enumerate() {
            plan(program, milestone, number, &mut steps);
        }
    }
    steps.extend(content.courses.iter().map(training::write));
    for (number, session) in content.sessions.iter().enumerate() {
        training::hold(session, number, &mut steps);
    }
    steps.sort_by_key(|step| step.day);
    steps
}

/// What someone does on a day.
pub(super) fn step(day: i64, who: &str, method: Method, path: impl Into<String>, body: Value) -> Step {
    Step { day: day.min(0), who: who.into(), method, path: path.into(), body, named: None }
}

/// A day relative to today, as the stage reads it.
pub(super) fn date(day: i64) -> String {
    format!("@{day}")
}

/// What is not known is left out.
pub(super) fn without_nulls(mut body: Value) -> Value {
    if let Value::Object(fields) = &mut body {
        fields.retain(|_, value| !value.is_null());
    }
    body
}

/// The same, with the key under which the record's id is remembered.
pub(super) fn named(step: Step, key: impl Into<String>) -> Step {
    Step { named: Some(key.into()), ..step }
}

/// A country becomes a partner, and someone speaks for it.
fn welcome(partner: &Partner, steps: &mut Vec<Step>) {
    let (country, person) = (&partner.country, format!("fp.{}", partner.country));
    let body = json!({ "country": country, "working_languages": partner.languages });
    steps.push(step(FIRST, "admin", Method::POST, "/partners", body));
    let (key, points) = (format!("mandate.{country}"), format!("/partners/{country}/focal-points"));
    let body = json!({ "user_id": format!("{{{person}}}") });
    steps.push(named(step(FIRST, "admin", Method::POST, points.clone(), body), &key));
    let appoint = format!("{points}/{{{key}}}/transitions");
    steps.push(step(FIRST, "admin", Method::POST, appoint, json!({ "to": "active" })));
    if partner.status != "prospective" {
        let path = format!("/partners/{country}/transitions");
        steps.push(step(FIRST, "admin", Method::POST, path, json!({ "to": partner.status })));
    }
    for day in &partner.confirmed {
        let path = format!("{points}/{{{key}}}/confirmations");
        steps.push(step(*day, &person, Method::POST, path, json!({})));
    }
}

fn register(organization: &Organization) -> Step {
    let body = json!({
        "names": organization.name,
        "kind": organization.kind,
        "type_code": organization.type_code,
        "country": organization.country,
    });
    named(step(FIRST, "admin", Method::POST, "/organizations", without_nulls(body)), &organization.key)
}

/// A program is entered, funded, acknowledged by its countries, and moves on.
fn enter(program: &Program, steps: &mut Vec<Step>) {
    let (key, who, entered) = (&program.key, program.who.as_str(), program.entered);
    let countries = program.countries.iter().map(|line| json!({ "country": line[0], "share": line.get(1) }));
    let organizations = program.organizations.iter().map(
        |(role, organization)| json!({ "role": role, "organization_id": format!("{{{organization}}}") }),
    );
    let tags = program.sdg.iter().map(|goal| json!({ "vocabulary": "sdg_goal", "code": goal }));
    let body = json!({
        "title": program.title,
        "description": program.description,
        "themes": program.themes,
        "planned_start": program.starts.or(program.started).map(date),
        "planned_end": program.ends.map(date),
        "countries": countries.map(without_nulls).collect::<Vec<_>>(),
        "organizations": organizations.collect::<Vec<_>>(),
        "tags": tags.collect::<Vec<_>>(),
    });
    steps.push(named(step(entered, who, Method::POST, "/programs", without_nulls(body)), key));
    if let (Some(value), Some(from)) = (&program.budget, program.started) {
        // A line covers a year at most.
        let to = program.ends.unwrap_or(from + 364).min(from + 364);
        let body = json!({
            "kind": "original", "status": "committed",
            "period_start": date(from), "period_end": date(to),
            "value": value, "value_date": date(entered),
        });
        steps.push(step(entered + 3, who, Method::POST, format!("/programs/{{{key}}}/budgets"), body));
    }
    for country in program.countries.iter().map(|line| &line[0]) {
        let path = format!("/programs/{{{key}}}/countries/{country}/acknowledgements");
        let body = json!({});
        steps.push(step(entered + 10, &format!("fp.{country}"), Method::POST, path, body));
    }
    for (role, person) in &program.members {
        let body = json!({ "user_id": format!("{{{person}}}"), "role": role });
        // Trainers and donors belong to no country yet: to a coordinator they do not exist.
        steps.push(step(entered + 5, "admin", Method::POST, format!("/programs/{{{key}}}/members"), body));
    }
    move_on(program, steps);
}

fn move_on(program: &Program, steps: &mut Vec<Step>) {
    let (key, who) = (&program.key, program.who.as_str());
    let mut go = |day: i64, to: &str| {
        let body = json!({ "to": to, "reason": program.reason });
        let path = format!("/programs/{{{key}}}/transitions");
        steps.push(step(day, who, Method::POST, path, without_nulls(body)));
    };
    match (program.status.as_str(), program.started) {
        ("cancelled", _) => go(program.entered + 60, "cancelled"),
        (status, Some(started)) => {
            go(started + 1, "implementation");
            match status {
                "suspended" => go(-30, "suspended"),
                "finalisation" => go(-20, "finalisation"),
                _ => {}
            }
        }
        _ => {}
    }
    if let Some(started) = program.started {
        let body = json!({ "actual_start": date(started) });
        steps.push(step(started, who, Method::PATCH, format!("/programs/{{{key}}}"), body));
    }
}

/// A milestone is planned, moved, worked on, submitted and accepted or returned.
fn plan(program: &Program, milestone: &Milestone, number: usize, steps: &mut Vec<Step>) {
    let who = program.who.as_str();
    let key = format!("{}.{number}", program.key);
    let first_due = milestone.moved.first().map_or(milestone.due, |(due, _)| *due);
    let body = json!({
        "title": milestone.title,
        "country": milestone.country,
        "owner": format!("{{{}}}", milestone.owner),
        "due": date(first_due),
        "weight": milestone.weight,
    });
    let path = format!("/programs/{{{}}}/milestones", program.key);
    steps.push(named(step(program.entered + 12, who, Method::POST, path, body), &key));
    let after = milestone.moved.iter().skip(1).map(|(due, _)| *due).chain([milestone.due]);
    for ((old, reason), new) in milestone.moved.iter().zip(after) {
        let body = json!({ "due": date(new), "reason": reason });
        steps.push(step((old - 12).min(-2), who, Method::POST, format!("/milestones/{{{key}}}/moves"), body));
    }
    let owner = milestone.owner.as_str();
    // Nobody accepts what they submitted: what a focal point owns, the coordinator submits.
    let submitter = if owner.starts_with("fp.") { who } else { owner };
    let country = format!("fp.{}", milestone.country);
    let worked = (milestone.due - 40).max(program.entered + 20).min(-6);
    let mut go = |day: i64, person: &str, to: &str| {
        let note = milestone.note.as_ref().filter(|_| ["returned", "cancelled"].contains(&to));
        let link = (to == "submitted").then(|| format!("https://documents.demo.example/{key}"));
        let body = json!({ "to": to, "reason": note, "deliverable_url": link });
        let path = format!("/milestones/{{{key}}}/transitions");
        steps.push(step(day, person, Method::POST, path, without_nulls(body)));
    };
    if milestone.state == "cancelled" {
        return go(-5, who, "cancelled");
    }
    if milestone.state != "planned" {
        go(worked, submitter, "in_progress");
    }
    if ["submitted", "accepted", "returned"].contains(&milestone.state.as_str()) {
        go((milestone.due - 3).min(-3), submitter, "submitted");
    }
    if ["accepted", "returned"].contains(&milestone.state.as_str()) {
        go((milestone.due + 1).min(-1), &country, &milestone.state);
    }
}
