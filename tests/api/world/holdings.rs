//! What the countries of the small world own: AI systems and risk registers, kept by a focal point of each.

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use super::assessments::is_assessed;
use super::{Belongs, Side};
use crate::support::{Person, TestApp};
use crate::{ai_systems, risks, walk::Operation};

const IMPACT: &str = "/ai-systems/{id}/impact-assessments/{impact_id}";
const ACTION: &str = "/risks/{id}/actions/{action_id}";
const ACCEPTANCE: &str = "/risks/{id}/acceptances/{acceptance_id}";

/// The version of what was made and not changed: a scenario was rated.
pub fn version_made(path: &str) -> &'static str {
    match path.starts_with("/risks/") && path.matches('/').count() == 2 {
        true => "\"2-en\"",
        false => "\"1-en\"",
    }
}

/// Paths of what only officials of its country read.
pub fn is_held(path: &str) -> bool {
    path.starts_with("/ai-systems")
        || path.starts_with("/risk-registers")
        || path.starts_with("/risks")
        || is_assessed(path)
}

impl Side {
    /// A focal point of the country, another one each time.
    pub async fn keeper(&self, app: &TestApp) -> Person {
        app.with_role(&app.unique("keeper"), Role::FocalPoint, Some(&self.country), None).await
    }

    /// Makes what the country owns.
    pub(super) async fn holdings(&mut self, app: &TestApp) {
        let keeper = self.keeper(app).await;
        let held = Belongs { countries: vec![self.country.clone()], holding: true, ..Belongs::default() };
        let system = self.ai_system(&keeper).await;
        let impact = self.impact(&keeper, &system).await;
        self.put("/ai-systems/{id}", system, &held);
        self.put(IMPACT, impact, &held);
        let register = self.register(&keeper).await;
        let risk = self.risk(&keeper, &register).await;
        self.put("/risk-registers/{id}", register, &held);
        self.put(ACTION, self.below(&keeper, &risk, "actions", Side::action_draft()).await, &held);
        self.put(
            ACCEPTANCE,
            self.below(&keeper, &risk, "acceptances", Side::acceptance_draft()).await,
            &held,
        );
        self.put("/risks/{id}", risk, &held);
        self.assessments(app).await;
    }

    fn register_draft(&self) -> Value {
        let mut draft = risks::register_draft(&self.country, self.id("/risk-matrices/{id}"));
        draft["program_id"] = self.program().into();
        draft
    }

    fn action_draft() -> Value {
        json!({ "title": { "en": "Offline backups" }, "due": "2027-01-31" })
    }

    fn acceptance_draft() -> Value {
        json!({ "justification": { "en": "Too dear." }, "expires_on": "2027-03-31" })
    }

    async fn register(&self, keeper: &Person) -> String {
        keeper.post("/risk-registers", self.register_draft()).await.expect(201).id()
    }

    async fn risk(&self, keeper: &Person, register: &str) -> String {
        let path = risks::risk(keeper, &format!("/risk-registers/{register}"), json!({})).await;
        risks::rate(keeper, &path, "current", 1, json!({ "economy": 1 })).await.expect(200);
        path.rsplit('/').next().expect("an id").to_owned()
    }

    async fn below(&self, keeper: &Person, risk: &str, what: &str, draft: Value) -> String {
        keeper.post(&format!("/risks/{risk}/{what}"), draft).await.expect(201).id()
    }

    async fn ai_system(&self, keeper: &Person) -> String {
        keeper.post("/ai-systems", ai_systems::draft(&self.country)).await.expect(201).id()
    }

    async fn impact(&self, keeper: &Person, system: &str) -> String {
        let route = format!("/ai-systems/{system}/impact-assessments");
        keeper.post(&route, ai_systems::impact()).await.expect(201).id()
    }

    /// Makes another record like the side's own at this place, if it is one that a country owns.
    pub async fn make_held(&self, app: &TestApp, prefix: &str) -> Option<String> {
        if is_assessed(prefix) {
            return self.make_assessed(app, prefix).await;
        }
        let keeper = self.keeper(app).await;
        Some(match prefix {
            "/ai-systems/{id}" => self.ai_system(&keeper).await,
            IMPACT => self.impact(&keeper, self.id("/ai-systems/{id}")).await,
            "/risk-registers/{id}" => self.register(&keeper).await,
            "/risks/{id}" => self.risk(&keeper, self.id("/risk-registers/{id}")).await,
            ACTION => self.below(&keeper, self.id("/risks/{id}"), "actions", Side::action_draft()).await,
            ACCEPTANCE => {
                self.below(&keeper, self.id("/risks/{id}"), "acceptances", Side::acceptance_draft()).await
            }
            _ => return None,
        })
    }

    /// A body that the operation accepts, if it is about what a country owns.
    pub(super) fn held_body(&self, operation: &Operation) -> Option<Value> {
        if is_assessed(&operation.path) {
            return self.assessed_body(operation);
        }
        Some(match operation.name().as_str() {
            "POST /ai-systems" => ai_systems::draft(&self.country),
            "PATCH /ai-systems/{id}" => json!({ "lifecycle": "retired" }),
            "POST /ai-systems/{id}/impact-assessments" => ai_systems::impact(),
            "PATCH /ai-systems/{id}/impact-assessments/{impact_id}" => {
                json!({ "conclusion": { "en": "Go on." } })
            }
            "POST /ai-systems/{id}/impact-assessments/{impact_id}/transitions" => json!({ "to": "reviewed" }),
            "POST /risk-registers" => self.register_draft(),
            "PATCH /risk-registers/{id}" => json!({ "tolerance": 0 }),
            "POST /risk-registers/{id}/transitions" => json!({ "to": "in_progress" }),
            "POST /risk-registers/{id}/risks" => json!({ "title": { "en": "Flood" }, "category": "cyber" }),
            "PATCH /risks/{id}" => json!({ "strength": "high" }),
            "PUT /risks/{id}/ratings" => {
                json!({ "rating": "current", "likelihood": 0, "impacts": { "economy": 1 } })
            }
            "POST /risks/{id}/transitions" => json!({ "to": "analysed" }),
            "POST /risks/{id}/actions" => Side::action_draft(),
            "PATCH /risks/{id}/actions/{action_id}" => json!({ "effort_days": 3 }),
            "POST /risks/{id}/actions/{action_id}/transitions" => json!({ "to": "in_progress" }),
            "POST /risks/{id}/acceptances" => Side::acceptance_draft(),
            "PATCH /risks/{id}/acceptances/{acceptance_id}" => json!({ "expires_on": "2027-02-28" }),
            "POST /risks/{id}/acceptances/{acceptance_id}/transitions" => json!({ "to": "submitted" }),
            _ => return None,
        })
    }
}
