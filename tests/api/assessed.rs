//! Assessments made ready for a test: opened, answered, proven, validated.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// The nine indicators of one aspect: the worked example of domain rule A, stage 2 = 3, stage 3 = 4, stage 4 = 2.
pub const EXAMPLE: [(&str, i32); 9] = [
    ("A2a", 2),
    ("A2b", 2),
    ("A2c", 2),
    ("A3a", 3),
    ("A3b", 3),
    ("A3c", 3),
    ("A3d", 3),
    ("A4a", 4),
    ("A4b", 4),
];

/// As little as has a gap when one of it is not met: three indicators, for worlds that are made again and again.
pub const SMALL: [(&str, i32); 3] = [("A2b", 2), ("A3c", 3), ("A3d", 3)];

/// A framework of stages that holds the worked example.
pub fn staged(name: &str) -> Value {
    staged_of(name, &EXAMPLE)
}

/// A framework of stages with one aspect of these indicators.
pub fn staged_of(name: &str, indicators: &[(&str, i32)]) -> Value {
    let level =
        |(place, code): (usize, &str)| json!({ "value": place + 1, "code": code, "name": { "en": code } });
    let levels: Vec<Value> = ["start-up", "formative", "established", "strategic", "dynamic"]
        .into_iter()
        .enumerate()
        .map(level)
        .collect();
    let indicator = |&(code, stage): &(&str, i32)| {
        json!({ "code": code, "kind": "indicator", "stage": stage, "text": { "en": format!("{code} is in place.") },
                "recommendation": { "en": format!("Put {code} in place.") } })
    };
    let indicators: Vec<Value> = indicators.iter().map(indicator).collect();
    json!({
        "urn": format!("urn:example:framework:{name}"), "edition": "1", "name": { "en": "Stages" },
        "publisher": "A ministry", "license": "CC0", "language": "en", "method": "stage_gate", "scale": levels,
        "nodes": [{ "code": "A", "kind": "aspect", "name": { "en": "An aspect" }, "nodes": indicators }]
    })
}

/// An assessment of a country over a framework, open for answers.
pub async fn opened(by: &Person, framework: &str, country: &str, more: Value) -> String {
    let mut draft = json!({
        "framework_id": framework, "country": country, "title": { "en": format!("Assessment of {country}") },
        "period_from": "2026-01-01", "period_to": "2026-12-31",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        draft[key] = value.clone();
    }
    let id = by.post("/assessments", draft).await.expect(201).id();
    step(by, &id, "in_progress").await;
    id
}

/// Moves an assessment.
pub async fn step(by: &Person, id: &str, to: &str) {
    let to = json!({ "to": to, "reason": "As agreed" });
    by.post(&format!("/assessments/{id}/transitions"), to).await.expect(200);
}

/// Sends answers.
pub async fn answered(by: &Person, id: &str, items: &[Value]) -> Value {
    let mut last = Value::Null;
    for some in items.chunks(500) {
        let body = json!({ "items": some });
        last = by.post(&format!("/assessments/{id}/answers"), body).await.expect(200).json;
    }
    last
}

/// Offers evidence for some nodes; the ids.
pub async fn offered(by: &Person, id: &str, codes: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for code in codes {
        let proof =
            json!({ "code": code, "kind": "law", "title": "The act", "link": "https://ke.example/act" });
        ids.push(by.post(&format!("/assessments/{id}/evidence"), proof).await.expect(201).id());
    }
    ids
}

/// Somebody of another country who may review what these officials write.
pub async fn reviewer(app: &TestApp, official: &Person, id: &str) -> Person {
    let role = cybercap::kernel::access::Role::Contributor;
    let reviewer = app.with_role(&format!("reviewer.{}", &id[24..]), role, Some("GH"), None).await;
    let named = json!({ "user_id": reviewer.id.to_string(), "part": "reviewer" });
    official.post(&format!("/assessments/{id}/people"), named).await.expect(200);
    reviewer
}

/// Hands an assessment in, has its evidence accepted and validates it.
pub async fn validated(app: &TestApp, official: &Person, id: &str, evidence: &[String]) {
    let reviewer = reviewer(app, official, id).await;
    step(official, id, "in_review").await;
    for one in evidence {
        let accepted = json!({ "to": "accepted" });
        reviewer.post(&format!("/assessments/{id}/evidence/{one}/transitions"), accepted).await.expect(200);
    }
    step(&reviewer, id, "validated").await;
}

/// The worked example, all but the unmet indicators met and proven; validated.
pub async fn example(
    app: &TestApp,
    of: (&Person, &str),
    framework: &str,
    unmet: &[&str],
    more: Value,
) -> String {
    example_of(&EXAMPLE, app, of, framework, unmet, more).await
}

/// The same over a framework of these indicators.
pub async fn example_of(
    indicators: &[(&str, i32)],
    app: &TestApp,
    (official, country): (&Person, &str),
    framework: &str,
    unmet: &[&str],
    more: Value,
) -> String {
    let id = opened(official, framework, country, more).await;
    let value = |code: &str| if unmet.contains(&code) { 0 } else { 2 };
    let items: Vec<Value> =
        indicators.iter().map(|(code, _)| json!({ "code": code, "value": value(code) })).collect();
    answered(official, &id, &items).await;
    let met: Vec<&str> = indicators.iter().map(|(code, _)| *code).filter(|code| value(code) == 2).collect();
    let evidence = offered(official, &id, &met).await;
    validated(app, official, &id, &evidence).await;
    id
}
