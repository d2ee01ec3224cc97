//! Assessments of the small world: one that is being answered, one that is validated and has a recommendation, one that is shared.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use super::{Belongs, Side};
use crate::actors::Actor;
use crate::assessed::{SMALL, answered, example_of, opened, staged_of, step};
use crate::libraries::brought;
use crate::support::{Person, TestApp};
use crate::walk::Operation;

const SECTION: &str = "/assessments/{id}/sections/{section_id}";
const ANSWER: &str = "/assessments/{id}/answers/{node_id}";
const EVIDENCE: &str = "/assessments/{id}/evidence/{evidence_id}";
/// No path: the framework of the assessments.
const STAGED: &str = "a framework of stages";
const NAMED: &str = "/assessments/{id}/people/{user_id}";

/// Paths of what this file makes.
pub fn is_assessed(path: &str) -> bool {
    let ours = ["/assessments", "/recommendations", "/share-grants", "/label-changes"];
    ours.iter().any(|start| path.starts_with(start))
}

/// The nodes of a framework by their codes.
async fn node(by: &Person, framework: &str, code: &str) -> String {
    let found = by.get(&format!("/frameworks/{framework}/nodes?code={code}")).await.expect(200).json;
    found["items"][0]["id"].as_str().expect("a node").to_owned()
}

fn meets(code: &str) -> Value {
    json!({ "code": code, "value": if code == "A3d" { 0 } else { 2 } })
}

impl Side {
    /// Makes them.
    pub(super) async fn assessments(&mut self, app: &TestApp) {
        let (keeper, admin) = (self.keeper(app).await, app.administrator_again().await);
        let framework = brought(&admin, &staged_of(&app.unique("staged"), &SMALL)).await;
        let held = Belongs { countries: vec![self.country.clone()], holding: true, ..Belongs::default() };
        self.put(STAGED, &framework, &Belongs { everyone: true, ..Belongs::default() });
        let open = opened(&keeper, &framework, &self.country, json!({})).await;
        answered(&keeper, &open, &[json!({ "code": "A2b", "value": 2 })]).await;
        self.put("/assessments/{id}", &open, &held);
        self.put(ANSWER, node(&keeper, &framework, "A2b").await, &held);
        let section = self.make_assessed(app, SECTION).await.expect("a section");
        self.put(SECTION, section, &held);
        let evidence = self.make_assessed(app, EVIDENCE).await.expect("evidence");
        self.put(EVIDENCE, evidence, &held);
        let named = self.make_assessed(app, NAMED).await.expect("a person");
        self.put(NAMED, named, &held);
        let (country, more) = (self.country.clone(), json!({}));
        let validated = example_of(&SMALL, app, (&keeper, &country), &framework, &["A3d"], more).await;
        let gap = json!({ "node_id": node(&keeper, &framework, "A3d").await });
        let made = keeper.post(&format!("/assessments/{validated}/recommendations"), gap).await.expect(201);
        let accepted = format!("/recommendations/{}/transitions", made.id());
        keeper.post(&accepted, json!({ "to": "accepted" })).await.expect(200);
        self.put("/recommendations/{id}", made.id(), &held);
        let grant = self.make_assessed(app, "/share-grants/{id}").await.expect("a grant");
        self.put("/share-grants/{id}", grant, &held);
        let change = self.make_assessed(app, "/label-changes/{id}").await.expect("a change");
        self.put("/label-changes/{id}", change, &held);
    }

    /// The validated assessment.
    async fn validated(&self, by: &Person) -> String {
        let made = by.get(&format!("/recommendations/{}", self.id("/recommendations/{id}"))).await;
        made.expect(200).json["assessment_id"].as_str().expect("an assessment").to_owned()
    }

    /// Makes another record like the side's own at this place, if it is of an assessment.
    pub async fn make_assessed(&self, app: &TestApp, prefix: &str) -> Option<String> {
        if !is_assessed(prefix) {
            return None;
        }
        let keeper = self.keeper(app).await;
        let open = format!("/assessments/{}", self.id("/assessments/{id}"));
        Some(match prefix {
            "/assessments/{id}" => opened(&keeper, self.id(STAGED), &self.country, json!({})).await,
            SECTION => self.section(&keeper, &open).await,
            EVIDENCE => self.evidence(&keeper, &open).await,
            NAMED => {
                let reader =
                    app.with_role(&app.unique("reader"), Role::Contributor, Some(&self.country), None).await;
                let named = json!({ "user_id": reader.id.to_string(), "part": "reader" });
                keeper.post(&format!("{open}/people"), named).await.expect(200);
                reader.id.to_string()
            }
            "/share-grants/{id}" => {
                let amber = self.amber(&keeper).await;
                keeper.post("/share-grants", self.grant(&amber)).await.expect(201).id()
            }
            "/label-changes/{id}" => {
                let strict = opened(&keeper, self.id(STAGED), &self.country, json!({})).await;
                let wider = json!({ "holding_id": strict, "to": "AMBER", "reason": "To share it", "waive_delay": true });
                keeper.post("/label-changes", wider).await.expect(201).id()
            }
            "/recommendations/{id}" => {
                let gap = node(&keeper, self.id(STAGED), "A3d").await;
                let route = format!("/assessments/{}/recommendations", self.validated(&keeper).await);
                keeper.post(&route, json!({ "node_id": gap })).await.expect(201).id()
            }
            _ => return None,
        })
    }

    /// An assessment that may be shared.
    async fn amber(&self, keeper: &Person) -> String {
        opened(keeper, self.id(STAGED), &self.country, json!({ "tlp": "AMBER" })).await
    }

    fn grant(&self, holding: &str) -> Value {
        json!({ "holding_id": holding, "user_id": self.id(NAMED), "level": "summary", "purpose": "To plan", "expires_on": "2026-12-31" })
    }

    /// An assessment that everybody may know of.
    async fn published(&self, app: &TestApp, keeper: &Person) -> String {
        let more = json!({ "tlp": "CLEAR" });
        let id = example_of(&SMALL, app, (keeper, &self.country), self.id(STAGED), &[], more).await;
        step(keeper, &id, "published").await;
        id
    }

    /// A section of a node that stands in none yet; the one that bodies name comes last.
    async fn section(&self, keeper: &Person, assessment: &str) -> String {
        for (code, _) in SMALL.iter().rev() {
            let draft = json!({ "node_id": node(keeper, self.id(STAGED), code).await });
            let made = keeper.post(&format!("{assessment}/sections"), draft).await;
            if made.status == 201 {
                return made.id();
            }
        }
        panic!("every node stands in a section");
    }

    /// Evidence with a file.
    async fn evidence(&self, keeper: &Person, assessment: &str) -> String {
        let draft = json!({ "code": "A2b", "kind": "law", "title": "The act" });
        let id = keeper.post(&format!("{assessment}/evidence"), draft).await.expect(201).id();
        let (path, version) =
            (format!("{assessment}/evidence/{id}/file?name=act.pdf"), ("if-match", "\"1-en\""));
        keeper.send(Method::PUT, &path, &[version], b"%PDF-1.7 an act".to_vec()).await.expect(200);
        id
    }

    /// An assessment in review, with the caller as its reviewer, and evidence to judge.
    async fn in_review(&self, app: &TestApp, actor: &Actor) -> (String, String) {
        let keeper = self.keeper(app).await;
        let open = opened(&keeper, self.id(STAGED), &self.country, json!({})).await;
        let items: Vec<Value> = SMALL.iter().map(|(code, _)| meets(code)).collect();
        answered(&keeper, &open, &items).await;
        let evidence = self.evidence(&keeper, &format!("/assessments/{open}")).await;
        let named = json!({ "user_id": actor.user, "part": "reviewer" });
        keeper.post(&format!("/assessments/{open}/people"), named).await.expect(200);
        step(&keeper, &open, "in_review").await;
        (open, evidence)
    }

    /// A body that the operation accepts, if it is about an assessment.
    pub(super) fn assessed_body(&self, operation: &Operation) -> Option<Value> {
        if !is_assessed(&operation.path) {
            return None;
        }
        let node = || self.id(ANSWER);
        Some(match operation.name().as_str() {
            "POST /assessments" => json!({
                "framework_id": self.id(STAGED), "country": self.country, "title": "A profile",
                "period_from": "2026-01-01", "period_to": "2026-12-31",
            }),
            "PATCH /assessments/{id}" => json!({ "title": "A better profile" }),
            "POST /assessments/{id}/transitions" => json!({ "to": "in_progress" }),
            "POST /assessments/{id}/people" => json!({ "user_id": self.id(NAMED), "part": "reader" }),
            "POST /assessments/{id}/sections" => json!({ "node_id": node() }),
            "PATCH /assessments/{id}/sections/{section_id}" => json!({ "due": "2027-01-31" }),
            "POST /assessments/{id}/sections/{section_id}/transitions" => json!({ "to": "open" }),
            "POST /assessments/{id}/answers" => json!({ "items": [{ "code": "A2b", "value": 2 }] }),
            "POST /assessments/{id}/reviews" => json!({ "items": [{ "code": "A2b", "validated_value": 0 }] }),
            "POST /assessments/{id}/evidence" => json!({ "code": "A2b", "kind": "law", "title": "The act" }),
            "PATCH /assessments/{id}/evidence/{evidence_id}" => json!({ "title": "Another act" }),
            "POST /assessments/{id}/evidence/{evidence_id}/transitions" => json!({ "to": "accepted" }),
            "POST /assessments/{id}/recommendations" => json!({ "node_id": node() }),
            "POST /recommendations/{id}/transitions" => json!({ "to": "planned" }),
            "POST /share-grants" => json!({
                "holding_id": self.id("/assessments/{id}"), "program_id": self.program(), "level": "summary",
                "purpose": "To plan", "expires_on": "2026-12-31",
            }),
            "POST /share-grants/{id}/transitions" => json!({ "to": "revoked", "reason": "It is over" }),
            "POST /label-changes" => {
                json!({ "holding_id": self.id("/assessments/{id}"), "to": "RED", "reason": "It is delicate" })
            }
            "POST /label-changes/{id}/transitions" => json!({ "to": "confirmed", "waive_delay": true }),
            _ => return None,
        })
    }

    /// Path and body of a request about an assessment that must succeed, where the world's own do not do.
    pub async fn fit_assessed(
        &self,
        app: &TestApp,
        actor: &Actor,
        operation: &Operation,
    ) -> Option<(String, Option<Value>)> {
        if !is_assessed(&operation.path) {
            return None;
        }
        let (keeper, body) = (self.keeper(app).await, self.body(operation));
        let fresh = |prefix: &'static str| self.make_assessed(app, prefix);
        Some(match operation.name().as_str() {
            "POST /assessments" => {
                let mut body = body.expect("a draft");
                body["framework_id"] = self.id(STAGED).into();
                ("/assessments".into(), Some(body))
            }
            "DELETE /assessments/{id}" => {
                (format!("/assessments/{}", fresh("/assessments/{id}").await?), body)
            }
            "POST /assessments/{id}/transitions" => {
                let draft = json!({
                    "framework_id": self.id(STAGED), "country": self.country, "title": "A plan",
                    "period_from": "2026-01-01", "period_to": "2026-12-31",
                });
                let id = keeper.post("/assessments", draft).await.expect(201).id();
                (format!("/assessments/{id}/transitions"), body)
            }
            "POST /assessments/{id}/sections" => {
                (format!("/assessments/{}/sections", fresh("/assessments/{id}").await?), body)
            }
            "DELETE /assessments/{id}/sections/{section_id}" => {
                let open = fresh("/assessments/{id}").await?;
                let section = self.section(&keeper, &format!("/assessments/{open}")).await;
                (format!("/assessments/{open}/sections/{section}"), body)
            }
            "POST /assessments/{id}/sections/{section_id}/transitions" => {
                let open = fresh("/assessments/{id}").await?;
                let section = self.section(&keeper, &format!("/assessments/{open}")).await;
                (format!("/assessments/{open}/sections/{section}/transitions"), body)
            }
            "POST /assessments/{id}/reviews" => {
                (format!("/assessments/{}/reviews", self.in_review(app, actor).await.0), body)
            }
            "POST /assessments/{id}/evidence/{evidence_id}/transitions" => {
                let (open, evidence) = self.in_review(app, actor).await;
                (format!("/assessments/{open}/evidence/{evidence}/transitions"), body)
            }
            "GET /assessments/{id}/compare" => {
                let id = self.validated(&keeper).await;
                (format!("/assessments/{id}/compare?with={id}"), None)
            }
            "POST /assessments/{id}/recommendations" => {
                let gap = node(&keeper, self.id(STAGED), "A3d").await;
                let path = format!("/assessments/{}/recommendations", self.validated(&keeper).await);
                (path, Some(json!({ "node_id": gap })))
            }
            "POST /share-grants" => {
                ("/share-grants".into(), Some(self.grant(&self.published(app, &keeper).await)))
            }
            "POST /share-grants/{id}/transitions" => {
                (format!("/share-grants/{}/transitions", fresh("/share-grants/{id}").await?), body)
            }
            "POST /label-changes" => {
                let narrower = json!({ "holding_id": self.amber(&keeper).await, "to": "AMBER+STRICT", "reason": "It is delicate" });
                ("/label-changes".into(), Some(narrower))
            }
            "POST /label-changes/{id}/transitions" => {
                (format!("/label-changes/{}/transitions", fresh("/label-changes/{id}").await?), body)
            }
            "POST /recommendations/{id}/transitions" => {
                let path = format!("/recommendations/{}/transitions", fresh("/recommendations/{id}").await?);
                (path, Some(json!({ "to": "accepted" })))
            }
            _ => return None,
        })
    }
}
