//! An example for every body of the API document, made from its schemas, so that no example can go stale.

use serde_json::{Map, Value, json};

/// Deepest nesting of an example.
const DEPTH: usize = 8;

/// Adds an example to every JSON request and success body that has none.
pub fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations.filter(|operation| operation.get("responses").is_some()) {
        if let Some(content) = operation.pointer_mut("/requestBody/content") {
            fill(content, &schemas, Side::Request);
        }
        let Some(responses) = operation["responses"].as_object_mut() else { continue };
        for (status, response) in responses {
            if response.get("description").is_none() {
                response["description"] = said(status).into();
            }
            if let Some(content) = response.get_mut("content").filter(|_| status.starts_with('2')) {
                fill(content, &schemas, Side::Reply);
            }
        }
    }
}

/// What a status says when the operation's own words do not.
fn said(status: &str) -> &'static str {
    match status {
        "201" => "It was made; `Location` tells where.",
        "202" => "The work is queued.",
        "204" => "It is done; there is nothing to show.",
        "304" => "It did not change.",
        _ => "As asked.",
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Reply,
}

fn fill(content: &mut Value, schemas: &Value, side: Side) {
    let Some(types) = content.as_object_mut() else { return };
    for (name, body) in types {
        let bare = body.get("example").is_none() && body.get("examples").is_none();
        if bare && name.ends_with("json") && body.get("schema").is_some() {
            let example = example(&body["schema"], schemas, side, DEPTH);
            body["example"] = example;
        }
    }
}

/// A value that fits the schema.
fn example(schema: &Value, schemas: &Value, side: Side, depth: usize) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return example(&schemas[name], schemas, side, depth);
    }
    if let Some(given) = schema.get("example").or_else(|| schema.get("const")) {
        return given.clone();
    }
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|list| list.first());
    if let Some(given) = first("examples").or_else(|| first("enum")) {
        return given.clone();
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(options) = schema.get(key).and_then(Value::as_array) {
            return one_of(options, schemas, side, depth);
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let merged = parts.iter().map(|part| example(part, schemas, side, depth));
        return merged.fold(json!({}), merge);
    }
    typed(schema, schemas, side, depth)
}

fn merge(mut a: Value, b: Value) -> Value {
    match (a.as_object_mut(), b) {
        (Some(into), Value::Object(from)) => {
            into.extend(from);
            a
        }
        (_, b) => b,
    }
}

/// The first option that says something; of a text in several languages a reply shows the string, a request the object.
fn one_of(options: &[Value], schemas: &Value, side: Side, depth: usize) -> Value {
    let says = |option: &Value| {
        ["$ref", "type", "allOf", "oneOf", "enum"].iter().any(|key| option.get(key).is_some())
    };
    let mut telling = options.iter().filter(|option| option["type"] != "null" && says(option));
    let option = match side {
        Side::Reply => telling.next(),
        Side::Request => telling.next_back(),
    };
    option.map_or(Value::Null, |option| example(option, schemas, side, depth))
}

fn typed(schema: &Value, schemas: &Value, side: Side, depth: usize) -> Value {
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") => object(schema, schemas, side, depth),
        Some("array") if depth > 0 => json!([example(&schema["items"], schemas, side, depth - 1)]),
        Some("array") => json!([]),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("string") => text(schema),
        _ => Value::Null,
    }
}

fn object(schema: &Value, schemas: &Value, side: Side, depth: usize) -> Value {
    let Some(properties) = schema["properties"].as_object().filter(|_| depth > 0) else { return json!({}) };
    let shown = properties
        .iter()
        .filter(|(name, _)| name.len() != 2 || ["en", "fr", "id", "at", "to"].contains(&name.as_str()));
    shown.map(|(name, property)| (name.clone(), example(property, schemas, side, depth - 1))).collect()
}

fn text(schema: &Value) -> Value {
    json!(match schema["format"].as_str() {
        Some("date-time") => "2026-11-22T08:30:00Z",
        Some("date") => "2026-12-31",
        Some("uuid") => "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f",
        Some("email") => "awa_diop@ministry.example",
        Some("uri") => "https://example.org/report.pdf",
        _ => "text",
    })
}
