//! Courses and training sessions as steps of the year.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::content::{Course, Session};
use super::script::{date, named, step, without_nulls};
use super::stage::Step;

/// A course is written.
pub(super) fn write(course: &Course) -> Step {
    let body = json!({
        "title": course.title,
        "objectives": course.objectives,
        "level": course.level,
        "themes": course.themes,
        "work_roles": course.work_roles,
        "languages": course.languages,
    });
    named(step(course.entered, &course.who, Method::POST, "/courses", body), &course.key)
}

/// A session is planned, published, held and written up, as far as it got.
pub(super) fn hold(session: &Session, number: usize, steps: &mut Vec<Step>) {
    let (key, who) = (format!("session.{number}"), session.who.as_str());
    let path = format!("/programs/{{{}}}/training-sessions", session.program);
    steps.push(named(step(session.entered, who, Method::POST, path, draft(session)), &key));
    let (first, last) = session.days;
    let given_up = session.given_up.map(|day| (day, session.state.as_str()));
    let life = [
        (Some(session.entered + 2), "published"),
        (session.opens, "registration_open"),
        (session.closes.or(session.opens).or(Some(first - 7)), "registration_closed"),
        (Some(first), "running"),
        (Some(last), "completed"),
        (Some(last + 10), "reported"),
    ];
    let so_far = life.iter().position(|(_, to)| *to == session.state).map_or(1, |place| place + 1);
    let so_far = if session.state == "draft" { 0 } else { so_far };
    let lived = life.into_iter().take(so_far).filter_map(|(day, to)| Some((day?, to)));
    for (day, to) in lived.chain(given_up) {
        let reason = session.reason.as_ref().filter(|_| to == session.state);
        let body = json!({ "to": to, "reason": reason });
        let path = format!("/training-sessions/{{{key}}}/transitions");
        steps.push(step(day, who, Method::POST, path, without_nulls(body)));
        match to {
            "registration_closed" => come(session, &key, day, steps),
            "running" => attend(session, &key, steps),
            "completed" => {
                let path = format!("/training-sessions/{{{key}}}/certificates");
                steps.push(step(day + 1, who, Method::POST, path, json!({})));
            }
            _ => {}
        }
    }
}

/// Its people are entered.
fn come(session: &Session, key: &str, day: i64, steps: &mut Vec<Step>) {
    for (number, (country, name)) in session.people.iter().enumerate() {
        let email = format!("{}.{number}@people.demo.example", key.replace('.', "-"));
        let body = json!({ "country": country, "person": { "name": name, "email": email } });
        let path = format!("/training-sessions/{{{key}}}/registrations");
        let entered = step(day, &session.who, Method::POST, path, body);
        steps.push(named(entered, format!("{key}.{number}")));
    }
}

/// Day by day it is noted who was there.
fn attend(session: &Session, key: &str, steps: &mut Vec<Step>) {
    for day in session.days.0..=session.days.1 {
        for (number, (_, name)) in session.people.iter().enumerate() {
            let status =
                if session.away.contains(name) && day > session.days.0 { "absent" } else { "present" };
            let body = json!({ "registration_id": format!("{{{key}.{number}}}"), "day": date(day), "status": status });
            let path = format!("/training-sessions/{{{key}}}/attendance");
            steps.push(step(day, &session.who, Method::POST, path, body));
        }
    }
}

fn draft(session: &Session) -> Value {
    let seats = session.seats.as_ref().map(|seats| {
        let seat = |(country, quota, reserves): &(String, u32, u32)| json!({ "country": country, "quota": quota, "reserves": reserves });
        seats.iter().map(seat).collect::<Vec<_>>()
    });
    let trainers = session.trainers.iter().map(|person| format!("{{{person}}}"));
    without_nulls(json!({
        "title": session.title,
        "kind": session.kind,
        "course_id": session.course.as_ref().map(|course| format!("{{{course}}}")),
        "mode": session.mode,
        "venue": session.venue,
        "city": session.city,
        "country": session.country,
        "link": session.link,
        "zone": session.zone,
        "first_day": date(session.days.0),
        "last_day": date(session.days.1),
        "starts": session.starts,
        "ends": session.ends,
        "registration_opens": session.opens.map(|day| format!("{}T09:00", date(day))),
        "registration_closes": session.closes.map(|day| format!("{}T18:00", date(day))),
        "capacity": session.capacity,
        "countries": seats,
        "trainers": trainers.collect::<Vec<_>>(),
        "languages": session.languages,
    }))
}
