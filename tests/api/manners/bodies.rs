//! JSON bodies: every fault is found, named and placed, all at once.

use serde_json::{Map, Value, json};

use super::Visit;
use crate::support::TestApp;
use crate::walk::{Operation, Walk};

const JSON: (&str, &str) = ("content-type", "application/json");
const MATCH: (&str, &str) = ("if-match", "\"999999-en\"");

fn body(visit: &Visit, operation: &Operation) -> Value {
    visit.world.home.body(operation).expect("an operation with a body")
}

/// The first schema of a property that is not null, resolved.
fn plain<'a>(walk: &'a Walk, schema: &'a Value) -> &'a Value {
    let schema = walk.resolve(schema);
    let options = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    let options = options.or_else(|| schema["allOf"].as_array());
    match options.and_then(|list| list.iter().find(|option| option["type"] != "null")) {
        Some(option) => plain(walk, option),
        None => schema,
    }
}

fn is_kind(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

/// A value that no property of this schema takes.
fn wrong(walk: &Walk, schema: &Value) -> Value {
    if is_kind(plain(walk, schema), "array") { json!(true) } else { json!([[true]]) }
}

on_both_databases! {
    async fn an_unknown_field_is_refused_with_the_names_of_the_known_ones(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let mut sent = body(&visit, &operation);
            // Rows of imports have a walk of their own, below.
            if operation.row(&visit.walk).is_some() {
                continue;
            }
            sent["no_such_field"] = json!(1);
            let answer = visit.send_json(&operation, &sent).await;
            visit.refused(&operation, &answer, 422, &["/no_such_field"], "unknown field");
            let names = operation.properties(&visit.walk);
            let told = names.keys().all(|name| answer.text.contains(name.as_str()));
            if !told {
                visit.find(&operation, format!("does not name its fields: {}", answer.text));
            }
        }
        visit.end();
    }

    async fn every_field_of_the_wrong_type_is_named_at_once(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let properties = operation.properties(&visit.walk);
            let mut sent = body(&visit, &operation);
            for (name, schema) in &properties {
                sent[name] = wrong(&visit.walk, schema);
            }
            let places: Vec<String> = properties.keys().map(|name| format!("/{name}")).collect();
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            if !places.is_empty() {
                let answer = visit.send_json(&operation, &sent).await;
                visit.refused(&operation, &answer, 422, &places, "wrong types");
            }
        }
        visit.end();
    }

    async fn every_row_of_an_import_is_judged_like_a_body(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        let mut imports = 0;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let Some(row) = operation.row(&visit.walk).cloned() else { continue };
            imports += 1;
            let good = body(&visit, &operation)[0].clone();
            let properties = row["properties"].as_object().cloned().expect("a row has properties");
            let needed: Vec<String> = row["required"].as_array().into_iter().flatten().map(|name| format!("/{}", name.as_str().expect("a name"))).collect();
            let mut cases = vec![(json!({}), needed, "missing fields"), (json!([]), vec![String::new()], "not an object")];
            let mut sent = good.clone();
            sent["no_such_field"] = json!(1);
            cases.push((sent, vec!["/no_such_field".into()], "unknown field"));
            let wrongs: Map<String, Value> = properties.iter().map(|(name, schema)| (name.clone(), wrong(&visit.walk, schema))).collect();
            cases.push((wrongs.into(), properties.keys().map(|name| format!("/{name}")).collect(), "wrong types"));
            for (name, schema) in &properties {
                let schema = plain(&visit.walk, schema);
                let most = schema["maxLength"].as_u64().filter(|_| is_kind(schema, "string"));
                let bad = [most.map(|most| "x".repeat(most as usize + 1)), (schema["format"] == "uuid").then(|| "17".into())];
                for text in bad.into_iter().flatten() {
                    let mut sent = good.clone();
                    sent[name] = text.into();
                    cases.push((sent, vec![format!("/{name}")], "too long, or no id"));
                }
            }
            for (sent, places, why) in cases {
                let answer = visit.send_json(&operation, &json!([good, sent])).await;
                let told = &answer.json["rows"][1];
                let faults = told["errors"].as_array().cloned().unwrap_or_default();
                let has = |place: &String| faults.iter().any(|f| f["pointer"].as_str().is_some_and(|p| p.starts_with(place.as_str())));
                if answer.status != 200 || told["status"] != "invalid" || answer.json["created"] != 0 || !places.iter().all(has) {
                    visit.find(&operation, format!("{why} at {places:?}: {} {}", answer.status, answer.text));
                }
            }
        }
        assert!(imports >= 4, "programs, milestones, training sessions and holidays are imported");
        visit.end();
    }

    async fn every_missing_field_is_named_at_once(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let required = operation.required(&visit.walk);
            let places: Vec<String> = required.iter().map(|name| format!("/{name}")).collect();
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            if !places.is_empty() {
                let answer = visit.send_json(&operation, &json!({})).await;
                visit.refused(&operation, &answer, 422, &places, "missing fields");
            }
        }
        visit.end();
    }

    async fn texts_that_are_too_long_or_hold_control_characters_are_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            for (name, schema) in operation.properties(&visit.walk) {
                let schema = plain(&visit.walk, &schema).clone();
                if !is_kind(&schema, "string") {
                    continue;
                }
                let place = format!("/{name}");
                let mut sent = body(&visit, &operation);
                let most = schema["maxLength"].as_u64();
                if most.is_none() && schema["enum"].is_null() && schema["format"].is_null() {
                    visit.find(&operation, format!("{name}: a text without a limit in the document"));
                }
                sent[&name] = "x".repeat(most.unwrap_or(100_000) as usize + 1).into();
                let answer = visit.send_json(&operation, &sent).await;
                visit.refused(&operation, &answer, 422, &[&place], "too long");
                // Passwords and codes may hold anything: they are compared, never stored or shown.
                if operation.path.starts_with("/auth/") || schema["format"] == "password" {
                    continue;
                }
                for text in ["a\u{0}b", "a\u{202E}b"] {
                    sent[&name] = text.into();
                    let answer = visit.send_json(&operation, &sent).await;
                    visit.refused(&operation, &answer, 422, &[&place], "a NUL or a turned direction in a text");
                }
            }
        }
        visit.end();
    }

    async fn an_id_that_is_none_is_refused_where_it_stands(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            for (name, schema) in operation.properties(&visit.walk) {
                if plain(&visit.walk, &schema)["format"] != "uuid" {
                    continue;
                }
                for not_an_id in ["17", "", "01936f1e7b7a7c3d9c550a6b8c1d2e3f"] {
                    let mut sent = body(&visit, &operation);
                    sent[&name] = not_an_id.into();
                    let answer = visit.send_json(&operation, &sent).await;
                    visit.refused(&operation, &answer, 422, &[&format!("/{name}")], "not an id");
                }
            }
        }
        visit.end();
    }

    async fn what_is_not_json_is_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let good = body(&visit, &operation).to_string();
            let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
            let deeper = "[".repeat(100_000);
            let twice = format!("{{\"x\":1,\"x\":1,{}", good.trim_start_matches('{'));
            let cut = good[..good.len() - 1].to_owned();
            let cases = [
                ("broken JSON", cut), ("an empty body", String::new()), ("two values", format!("{good} {good}")),
                ("a key twice", twice), ("deep nesting", deep), ("deeper nesting", deeper),
                ("a number beyond all", "{\"a\":1e999}".into()), ("half a surrogate", "{\"a\":\"\\ud800\"}".into()),
            ];
            for (why, text) in cases {
                let answer = visit.send(&operation, "", &[JSON, MATCH], text.into_bytes()).await;
                visit.refused(&operation, &answer, 400, &[], why);
            }
            let answer = visit.send(&operation, "", &[JSON, MATCH], b"{\"a\":\"\xff\xfe\"}".to_vec()).await;
            visit.refused(&operation, &answer, 400, &[], "not UTF-8");
            let other = if operation.row(&visit.walk).is_some() { "{}" } else { "[]" };
            for value in [other, "7", "\"text\"", "null"] {
                let answer = visit.send(&operation, "", &[JSON, MATCH], value.into()).await;
                visit.refused(&operation, &answer, 422, &[], "not an object, or no list of them");
            }
        }
        visit.end();
    }

    async fn other_content_types_are_refused(app: TestApp) {
        let mut visit = Visit::of(&app).await;
        for operation in visit.operations(|operation| operation.json().is_some()) {
            let taken = operation.described["requestBody"]["content"].as_object().cloned().unwrap_or_default();
            let good = body(&visit, &operation).to_string();
            for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"] {
                if !taken.contains_key(kind) {
                    let answer = visit.send(&operation, "", &[("content-type", kind), MATCH], good.clone().into()).await;
                    visit.refused(&operation, &answer, 415, &[], kind);
                }
            }
            let answer = visit.send(&operation, "", &[MATCH], good.into()).await;
            visit.refused(&operation, &answer, 415, &[], "no content type");
        }
        visit.end();
    }
}
