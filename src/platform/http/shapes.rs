//! What the shapes of the API document say of the code but the handlers' attributes do not: bodies are closed, rows have a
//! name, versions travel in headers, files are bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::platform::sheet::IMPORT_ROWS;

/// Completes the document: request bodies, rows of lists, headers of replies, files.
pub fn complete(document: &mut Value) {
    close_bodies(document);
    name_rows(document);
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            files(operation);
            versions(method, operation);
            if path.ends_with("/import") {
                judge_rows_one_by_one(operation);
            }
        }
    }
}

/// Objects of request bodies take no other fields than theirs.
fn close_bodies(document: &mut Value) {
    let mut reached = BTreeSet::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (_, operation) in paths.flat_map(|(_, item)| item.as_object().into_iter().flatten()) {
        reach(&operation["requestBody"], &document["components"]["schemas"], &mut reached);
    }
    for name in reached {
        close(&mut document["components"]["schemas"][&name]);
    }
}

/// Names of all schemas that a part of the document leads to.
fn reach(part: &Value, schemas: &Value, reached: &mut BTreeSet<String>) {
    match part {
        Value::Object(map) => {
            if let Some(name) = name_of(part)
                && reached.insert(name.to_owned())
            {
                reach(&schemas[name], schemas, reached);
            }
            map.values().for_each(|value| reach(value, schemas, reached));
        }
        Value::Array(list) => list.iter().for_each(|value| reach(value, schemas, reached)),
        _ => {}
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.get("properties").is_some_and(|p| p["type"].is_null() || p["type"].is_object())
                && map.get("type").is_some_and(|kind| kind == "object")
            {
                map.entry("additionalProperties").or_insert(json!(false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// Rows of lists are written out where they stand; where a schema is the same, its name stands instead.
fn name_rows(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let lists: Vec<String> = schemas.keys().filter(|name| name.contains('_')).cloned().collect();
    for list in lists {
        let row = list.split_once('_').map(|(_, row)| row.to_owned()).unwrap_or_default();
        let same =
            schemas.get(&row).is_some_and(|named| *named == schemas[&list]["properties"]["items"]["items"]);
        if same && let Some(schema) = schemas.get_mut(&list) {
            schema["properties"]["items"]["items"] = json!({ "$ref": format!("#/components/schemas/{row}") });
        }
    }
}

/// Schemas of records: their replies carry an `ETag`. A walk over all routes holds this against the replies.
const RECORDS: &[&str] = &[
    "AnswerRecord",
    "AssessmentRecord",
    "AcceptanceRecord",
    "ActionRecord",
    "AiSystemRecord",
    "AttendanceRecord",
    "ScoreRecord",
    "Budget",
    "CatalogDocument",
    "CertificateRecord",
    "Country",
    "CourseView",
    "CrosswalkView",
    "EvidenceRecord",
    "FocalPointView",
    "FrameworkNode",
    "FrameworkView",
    "Grant",
    "Holiday",
    "LabelChangeRecord",
    "Me",
    "Member",
    "ImpactRecord",
    "MilestoneRecord",
    "OrganizationView",
    "ParticipantRecord",
    "PartnerView",
    "ProgramRecord",
    "RecommendationRecord",
    "RegisterRecord",
    "RegistrationRecord",
    "RegistrationLinkRecord",
    "RiskMatrixView",
    "RiskRecord",
    "SectionRecord",
    "SessionRecord",
    "ShareRecord",
    "UserShown",
    "Whole_RuleRecord",
];

/// A record comes with its version as `ETag`, a new one also with its place; one that the client has is not sent again.
fn versions(method: &str, operation: &mut Value) {
    if let Some(made) = operation.pointer_mut("/responses/201") {
        made["headers"]["ETag"] = tag();
        made["headers"]["Location"] = json!({
            "description": "Where it is.", "required": true,
            "schema": { "type": "string", "format": "uri-reference", "pattern": "^/api/v1/" }
        });
    }
    let Some(shown) = operation.pointer_mut("/responses/200") else { return };
    let schema = &shown["content"]["application/json"]["schema"];
    if !name_of(schema).is_some_and(|name| RECORDS.contains(&name)) {
        return;
    }
    shown["headers"]["ETag"] = tag();
    if method == "get" {
        operation["responses"]["304"] = json!({
            "description": "It did not change.", "headers": { "ETag": tag() }
        });
        let known = json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The ETag that the client has; 304 when it is still the latest."
        });
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.push(known);
        }
    }
}

fn tag() -> Value {
    json!({
        "description": "Version and language of the record; send it as If-Match to change it.", "required": true,
        "schema": { "type": "string", "pattern": "^\"[0-9]+-[a-z]{2,3}(-[0-9a-f]{8})?\"$" }
    })
}

/// Bytes are no lists of numbers.
fn files(operation: &mut Value) {
    for place in ["/responses/200/content", "/requestBody/content"] {
        for (kind, body) in operation.pointer_mut(place).and_then(Value::as_object_mut).into_iter().flatten()
        {
            if kind.contains("spreadsheet") {
                body["schema"] = json!({ "type": "string", "format": "binary" });
            }
        }
    }
}

/// An import answers for each row by itself: any row is read, and a wrong one is told in the result.
fn judge_rows_one_by_one(operation: &mut Value) {
    let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) else {
        return;
    };
    for (kind, body) in content {
        if kind == "application/json" && body["schema"]["type"] == "array" {
            let row = std::mem::take(&mut body["schema"]["items"]);
            let any = json!({ "description": "Any other row is read too; the result tells what is wrong with it." });
            body["schema"]["items"] = json!({ "anyOf": [row, any] });
            body["schema"]["maxItems"] = json!(IMPORT_ROWS);
        } else if body["schema"]["type"] == "string" {
            body["schema"]["minLength"] = json!(1);
        }
    }
}
