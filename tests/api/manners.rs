//! The manners of the API, each shown by every route of the served document: bad input is refused in words, nothing breaks.

mod bodies;
mod conditions;
mod methods;
mod queries;
mod wire;

use awc::http::Method;
use serde_json::Value;

use crate::access::World;
use crate::support::{Answer, TestApp};
use crate::walk::{Operation, Walk};

/// Headers that every answer carries.
const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
];

/// A walk in a world: asks, checks what is true of every answer, and collects findings.
struct Visit {
    walk: Walk,
    world: World,
    findings: Vec<String>,
    asked: usize,
}

impl Visit {
    async fn of(app: &TestApp) -> Visit {
        let walk = Walk::through(app).await;
        Visit { walk, world: World::build(app).await, findings: Vec::new(), asked: 0 }
    }

    fn operations(&self, wanted: impl Fn(&Operation) -> bool) -> Vec<Operation> {
        self.walk.operations.iter().filter(|operation| wanted(operation)).cloned().collect()
    }

    fn find(&mut self, operation: &Operation, what: impl std::fmt::Display) {
        self.findings.push(format!("{}: {what}", operation.name()));
    }

    /// Sends bytes as someone who is welcome, to Home's record.
    async fn send(
        &mut self,
        operation: &Operation,
        query: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let path = format!("{}{query}", self.world.home.path(operation));
        self.send_to(operation, &path, headers, body).await
    }

    /// Sends bytes as someone who is welcome, to this path.
    async fn send_to(
        &mut self,
        operation: &Operation,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let method = Method::from_bytes(operation.method.as_bytes()).expect("a method");
        let answer = self.world.insider(operation).client.send(method, path, headers, body).await;
        self.asked += 1;
        self.check(operation, &answer);
        answer
    }

    /// Sends a JSON body with the precondition that the method needs.
    async fn send_json(&mut self, operation: &Operation, body: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("if-match", "\"999999-en\"")];
        self.send(operation, "", &headers, body.to_string().into_bytes()).await
    }

    /// What is true of every answer.
    fn check(&mut self, operation: &Operation, answer: &Answer) {
        for finding in unmannered(answer) {
            self.find(operation, finding);
        }
    }

    /// A refusal of this status, and for 422 with a fault at each of these places.
    fn refused(&mut self, operation: &Operation, answer: &Answer, status: u16, places: &[&str], why: &str) {
        let faults = answer.json["errors"].as_array().cloned().unwrap_or_default();
        let has =
            |place: &str| faults.iter().any(|f| f["pointer"].as_str().is_some_and(|p| p.starts_with(place)));
        let missed: Vec<&&str> = places.iter().filter(|place| !has(place)).collect();
        if answer.status != status || !missed.is_empty() {
            let text: String = answer.text.chars().take(400).collect();
            self.find(
                operation,
                format!("{why}: wanted {status} at {places:?}, got {} {text}", answer.status),
            );
        }
    }

    #[track_caller]
    fn end(self) {
        assert!(self.asked > 0, "nothing was asked");
        let (count, list) = (self.findings.len(), self.findings.join("\n"));
        assert!(self.findings.is_empty(), "{count} findings in {} requests:\n{list}", self.asked);
    }
}

/// What an answer lacks of what every answer has.
fn unmannered(answer: &Answer) -> Vec<String> {
    let mut findings = Vec::new();
    let text: String = answer.text.chars().take(300).collect();
    if answer.status >= 500 {
        findings.push(format!("broke: {} {text}", answer.status));
    }
    for (name, value) in ALWAYS {
        if answer.header(name) != *value {
            findings.push(format!("{} with {name}: {:?}", answer.status, answer.header(name)));
        }
    }
    if answer.header("x-request-id").is_empty() {
        findings.push(format!("{} without a request id", answer.status));
    }
    if answer.status >= 400 && !answer.text.is_empty() {
        let kind = answer.header("content-type");
        if !kind.starts_with("application/problem+json") {
            findings.push(format!("{} as {kind}: {text}", answer.status));
        }
        let problem = &answer.json;
        let whole =
            ["type", "title", "code", "detail", "request_id"].iter().all(|key| problem[key].is_string());
        let quoted =
            problem["status"] == answer.status && problem["request_id"] == answer.header("x-request-id");
        if !whole || !quoted || problem["detail"].as_str().is_none_or(|detail| detail.len() < 10) {
            findings.push(format!("a problem that is not whole: {text}"));
        }
    }
    findings
}
