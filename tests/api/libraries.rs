//! Small libraries of our own form, and bringing them in.

use serde_json::{Value, json};

use crate::support::{Answer, Person};

/// A framework of two outcomes under one function.
pub fn framework(name: &str) -> Value {
    json!({
        "urn": format!("urn:example:framework:{name}"), "edition": "1", "name": { "en": "A small one", "fr": "Un petit" },
        "publisher": "A ministry", "license": "CC0", "language": "en", "method": "weighted_mean",
        "scale": [{ "value": 0, "code": "no", "name": { "en": "No" } }, { "value": 1, "code": "yes", "name": { "en": "Yes" } }],
        "nodes": [{ "code": "A", "kind": "function", "name": { "en": "Govern", "fr": "Gouverner" }, "nodes": [
            { "code": "A-1", "kind": "outcome", "text": { "en": "There is a policy.", "fr": "Il y a une politique." }, "weight": 2 },
            { "code": "A-2", "kind": "outcome", "text": { "en": "There is a budget.", "fr": "Il y a un budget." } }
        ] }]
    })
}

/// A crosswalk of one line.
pub fn crosswalk(name: &str) -> Value {
    json!({
        "urn": format!("urn:example:crosswalk:{name}"), "edition": "1", "name": { "en": "Small to CSF" },
        "publisher": "A ministry", "license": "CC0",
        "source": format!("urn:example:framework:{name}"), "target": "urn:cybercap:framework:nist-csf-2.0",
        "mappings": [{ "source": format!("urn:example:framework:{name}:A-1"),
                       "target": "urn:cybercap:framework:nist-csf-2.0:GV.PO-01",
                       "relation": "subset", "strength": 5, "rationale": "The outcome asks for more." }]
    })
}

/// A matrix of two by two.
pub fn matrix(name: &str) -> Value {
    let level = |code: &str, color: &str| json!({ "code": code, "name": { "en": code }, "color": color });
    json!({
        "urn": format!("urn:example:risk-matrix:{name}"), "edition": "1", "name": { "en": "Two by two" },
        "publisher": "A ministry", "license": "CC0",
        "likelihood": [level("rare", "#ffffff"), level("often", "#cccccc")],
        "impact": [level("small", "#ffffff"), level("large", "#cccccc")],
        "levels": [level("low", "#00aa00"), level("high", "#aa0000")],
        "grid": [[0, 0], [0, 1]]
    })
}

/// Brings a library in; the whole answer.
pub async fn import(by: &Person, library: &Value) -> Answer {
    by.post("/frameworks/import", library.clone()).await
}

/// Brings in a library of one part; its id.
pub async fn brought(by: &Person, library: &Value) -> String {
    let report = import(by, library).await.expect(200).json;
    report["parts"][0]["id"].as_str().expect("it was entered").to_owned()
}
