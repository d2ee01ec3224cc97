//! A small world for walks over all routes: two countries that must not see each other, everything made through the API.

mod assessments;
mod holdings;

use std::collections::BTreeMap;

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::libraries;
use crate::support::{Person, TestApp};
use crate::walk::Operation;

pub use holdings::{is_held, version_made};

/// Stands for a letter until one is asked for.
const UNWRITTEN: &str = "01936f1e-0000-7000-8000-00000000000a";

/// What decides whether a caller reaches a record; the oracle of the walk works on this alone.
#[derive(Clone, Debug, Default)]
pub struct Belongs {
    /// Countries whose officials reach it.
    pub countries: Vec<String>,
    /// Programs whose people reach it.
    pub programs: Vec<String>,
    /// Everyone who holds the permission anywhere reaches it.
    pub everyone: bool,
    /// Only this person reaches it.
    pub owner: Option<String>,
    /// A country owns it, under TLP:AMBER+STRICT: its focal points reach it.
    pub holding: bool,
}

/// One half of the world.
#[derive(Debug)]
pub struct Side {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// A country that is no partner yet.
    pub spare: String,
    /// Someone who may be nominated.
    candidate: String,
    /// A session that is running; the other one takes registrations.
    pub held: String,
    /// A registration with a seat in it.
    seat: String,
    /// A session that is completed.
    pub finished: String,
    /// A registration that completed it.
    pub completed: String,
    /// A second row for the same person, with nothing left to lose.
    twin: String,
    /// Ids by the prefix of a path that ends in them: `/programs/{id}`.
    ids: BTreeMap<&'static str, (String, Belongs)>,
}

impl Side {
    /// The record that stands at this place of a path.
    ///
    /// A path with no record in the world fails the walk: add it to [`Side::build`].
    pub fn at(&self, prefix: &str) -> &(String, Belongs) {
        self.ids
            .get(prefix)
            .unwrap_or_else(|| panic!("the world has no record for {prefix}: add one in world.rs"))
    }

    /// An id, for bodies.
    pub fn id(&self, prefix: &str) -> &str {
        &self.at(prefix).0
    }

    /// Ids that must not be shown to those who may not see them, with the place where they stand.
    pub fn secrets(&self) -> impl Iterator<Item = (&'static str, &str, &Belongs)> {
        let all = self.ids.iter().filter(|(_, (id, belongs))| id.len() == 36 && !belongs.everyone);
        all.map(|(prefix, (id, belongs))| (*prefix, id.as_str(), belongs))
    }

    /// The program of this side, once there are programs.
    pub fn program(&self) -> Option<&str> {
        self.ids.get("/programs/{id}").map(|(id, _)| id.as_str())
    }

    fn put(&mut self, prefix: &'static str, id: impl AsRef<str>, belongs: &Belongs) {
        self.ids.insert(prefix, (id.as_ref().to_owned(), belongs.clone()));
    }

    /// The path of an operation with this side's records in its holes.
    pub fn path(&self, operation: &Operation) -> String {
        let held = ["attendance", "check-in-code", "scores"]
            .iter()
            .any(|what| operation.path.starts_with(&format!("/training-sessions/{{id}}/{what}")));
        let finished = operation.path.starts_with("/training-sessions/{id}/certificates");
        let record = |prefix| match (held, finished) {
            (true, _) => self.held.as_str(),
            (_, true) => self.finished.as_str(),
            _ => self.id(prefix),
        };
        let records: Vec<&str> = operation.prefixes().into_iter().map(record).collect();
        filled(operation, &records)
    }

    /// The same path with another record in its last hole.
    pub fn path_with(&self, operation: &Operation, last: &str) -> String {
        let prefixes = operation.prefixes();
        let (_, above) = prefixes.split_last().expect("a record");
        let mut records: Vec<&str> = above.iter().map(|prefix| self.id(prefix)).collect();
        records.push(last);
        filled(operation, &records)
    }

    /// Has a letter about the program written and sent: a milestone's date moves.
    pub async fn letter(&mut self, app: &TestApp, admin: &Person) {
        if self.id("/letters/{id}") != UNWRITTEN {
            return;
        }
        let (program, milestone) = (self.id("/programs/{id}"), self.id("/milestones/{id}"));
        let moved = json!({ "due": "2027-06-30", "reason": "Elections." });
        admin.post(&format!("/milestones/{milestone}/moves"), moved).await.expect(200);
        app.tick().await;
        let letters = admin.get(&format!("/letters?program_id={program}&rule=M4")).await.expect(200).json;
        let id = letters["items"][0]["id"].as_str().expect("a letter about the move").to_owned();
        self.ids.entry("/letters/{id}").and_modify(|(place, _)| *place = id);
    }

    /// A program of this side, to be entered.
    pub fn program_draft(&self) -> Value {
        json!({ "title": { "en": format!("CSIRT of {}", self.country) }, "countries": [{ "country": self.country }] })
    }

    /// Makes this half through the API.
    pub async fn build(app: &TestApp, admin: &Person, country: &str, spare: &str) -> Side {
        let mut side = Side {
            country: country.into(),
            spare: spare.into(),
            candidate: String::new(),
            held: String::new(),
            seat: String::new(),
            finished: String::new(),
            completed: String::new(),
            twin: String::new(),
            ids: BTreeMap::new(),
        };
        let program = admin.post("/programs", side.program_draft()).await.expect(201).id();
        let ours = Belongs {
            countries: vec![country.into()],
            programs: vec![program.clone()],
            ..Belongs::default()
        };
        side.put("/programs/{id}", program, &ours);
        side.put("/programs/{id}/countries/{iso2}", country, &ours);
        side.partner(app, admin, &ours).await;
        side.program_parts(app, admin, &ours).await;
        side.holdings(app).await;
        side
    }

    /// What libraries bring.
    async fn libraries(&mut self, admin: &Person, all: &Belongs) {
        let name = self.country.to_lowercase();
        let framework = libraries::brought(admin, &libraries::framework(&name)).await;
        let nodes = admin.get(&format!("/frameworks/{framework}/nodes")).await.expect(200).json;
        self.put("/frameworks/{id}/nodes/{node_id}", nodes["items"][1]["id"].as_str().expect("a node"), all);
        self.put("/frameworks/{id}", framework, all);
        self.put("/crosswalks/{id}", libraries::brought(admin, &libraries::crosswalk(&name)).await, all);
        self.put("/risk-matrices/{id}", libraries::brought(admin, &libraries::matrix(&name)).await, all);
    }

    /// What stands below the program.
    async fn program_parts(&mut self, app: &TestApp, admin: &Person, ours: &Belongs) {
        let program = self.id("/programs/{id}").to_owned();
        let route = format!("/programs/{program}/milestones");
        let milestone = admin.post(&route, self.milestone_draft()).await.expect(201).id();
        self.put("/milestones/{id}", milestone, ours);
        let all = Belongs { everyone: true, ..Belongs::default() };
        let course = admin.post("/courses", self.course_draft()).await.expect(201).id();
        self.put("/courses/{id}", course, &all);
        self.libraries(admin, &all).await;
        let route = format!("/programs/{program}/training-sessions");
        let session = admin.post(&route, self.session_draft()).await.expect(201).id();
        let published = json!({ "to": "published" });
        admin.post(&format!("/training-sessions/{session}/transitions"), published).await.expect(200);
        let open = json!({ "to": "registration_open" });
        admin.post(&format!("/training-sessions/{session}/transitions"), open).await.expect(200);
        self.put("/training-sessions/{id}", session, ours);
        let (_, nominee) = self.nominee(app).await;
        let route = format!("/training-sessions/{}/registration-links", self.id("/training-sessions/{id}"));
        let coordinator =
            app.with_role(&app.unique("coordinator"), Role::Coordinator, None, Some(&program)).await;
        let link = coordinator.post(&route, json!({})).await.expect(201).id();
        self.put("/registration-links/{id}", link, ours);
        self.put("/registrations/{id}", nominee["id"].as_str().expect("an id"), ours);
        self.put("/participants/{id}", nominee["person"]["id"].as_str().expect("an id"), ours);
        let (official, twin) = self.nominee(app).await;
        let withdrawn = format!("/registrations/{}/transitions", twin["id"].as_str().expect("an id"));
        official.post(&withdrawn, json!({ "to": "withdrawn" })).await.expect(200);
        self.twin = twin["person"]["id"].as_str().expect("an id").to_owned();
        self.hold(app, &program, ours).await;
        self.finish(app, &program, ours).await;
        let route = format!("/programs/{program}/budgets");
        let budget = admin.post(&route, Side::budget_draft()).await.expect(201).id();
        self.put("/programs/{id}/budgets/{budget_id}", budget, ours);
        let route = format!("/programs/{program}/members");
        let member = json!({ "user_id": self.id("/users/{id}"), "role": "trainer" });
        let member = admin.post(&route, member).await.expect(201).id();
        self.put("/programs/{id}/members/{member_id}", member, ours);
        let own = Belongs { owner: Some(admin.id.to_string()), ..Belongs::default() };
        let sessions = admin.get("/me/sessions").await.expect(200).json;
        self.put("/me/sessions/{id}", sessions["items"][0]["id"].as_str().unwrap_or("none"), &own);
        let token = json!({ "name": "sync", "permissions": ["reference.view"] });
        let token = admin.post("/me/tokens", token).await.expect(201).id();
        self.put("/me/tokens/{id}", token, &own);
        // Letters are made by the worker, where they are asked for: see [`Side::letter`].
        self.put("/letters/{id}", UNWRITTEN, ours);
        let feed = admin.post("/me/feeds", json!({})).await.expect(201).id();
        self.put(
            "/me/feeds/{id}",
            feed,
            &Belongs { owner: Some(admin.id.to_string()), ..Belongs::default() },
        );
    }

    /// A budget line, to be entered.
    pub fn budget_draft() -> Value {
        json!({ "kind": "original", "status": "indicative", "period_start": "2027-01-01", "period_end": "2027-12-31",
                "value": { "amount": "1200.50", "currency": "KES" }, "value_date": "2026-11-20" })
    }

    /// A course, to be entered.
    pub fn course_draft(&self) -> Value {
        json!({ "title": { "en": format!("First response for {}", self.country) }, "work_roles": ["ecsf-02"] })
    }

    /// A training session of this side, to be planned.
    pub fn session_draft(&self) -> Value {
        json!({ "title": { "en": format!("Drill of {}", self.country) }, "mode": "in_person", "city": "The capital",
                "zone": "UTC", "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }],
                "countries": [{ "country": self.country }] })
    }

    /// An entry of the list of the running session.
    pub fn attendance_draft(&self) -> Value {
        json!({ "registration_id": self.seat, "day": "2026-11-21", "status": "present" })
    }

    /// A score in the running session.
    pub fn score_draft(&self) -> Value {
        json!({ "registration_id": self.seat, "test": "post", "points": 12.5, "max": 20 })
    }

    /// A person of this side, to be registered.
    pub fn person_draft(&self, app: &TestApp) -> Value {
        let name = app.unique("person");
        json!({ "country": self.country, "person": { "name": name, "email": format!("{name}@example.org") } })
    }

    /// A session that runs, with somebody in it.
    async fn hold(&mut self, app: &TestApp, program: &str, ours: &Belongs) {
        let coordinator =
            app.with_role(&app.unique("coordinator"), Role::Coordinator, None, Some(program)).await;
        let mut draft = self.session_draft();
        draft["days"] = json!([{ "day": "2026-11-20", "starts": "09:00", "ends": "17:00" },
                               { "day": "2026-11-21", "starts": "09:00", "ends": "17:00" }]);
        let route = format!("/programs/{program}/training-sessions");
        self.held = coordinator.post(&route, draft).await.expect(201).id();
        let held = self.held.clone();
        let below = |what: &str| format!("/training-sessions/{held}/{what}");
        coordinator.post(&below("transitions"), json!({ "to": "published" })).await.expect(200);
        let seat = coordinator.post(&below("registrations"), self.person_draft(app)).await.expect(201).id();
        for to in ["registration_closed", "running"] {
            coordinator.post(&below("transitions"), json!({ "to": to })).await.expect(200);
        }
        let entry = json!({ "registration_id": seat, "day": "2026-11-20", "status": "present" });
        let entry = coordinator.post(&below("attendance"), entry).await.expect(201).id();
        self.seat = seat;
        self.put("/attendance/{id}", entry, ours);
        let score = json!({ "registration_id": self.seat, "test": "pre", "points": 8, "max": 20 });
        let score = coordinator.post(&below("scores"), score).await.expect(201).id();
        self.put("/scores/{id}", score, ours);
    }

    /// A session that is completed, and a certificate of it.
    async fn finish(&mut self, app: &TestApp, program: &str, ours: &Belongs) {
        let coordinator =
            app.with_role(&app.unique("coordinator"), Role::Coordinator, None, Some(program)).await;
        let mut draft = self.session_draft();
        draft["days"] = json!([{ "day": "2026-11-20", "starts": "09:00", "ends": "17:00" }]);
        let route = format!("/programs/{program}/training-sessions");
        let session = coordinator.post(&route, draft).await.expect(201).id();
        let below = |what: &str| format!("/training-sessions/{session}/{what}");
        coordinator.post(&below("transitions"), json!({ "to": "published" })).await.expect(200);
        let seat = coordinator.post(&below("registrations"), self.person_draft(app)).await.expect(201).id();
        for to in ["registration_closed", "running"] {
            coordinator.post(&below("transitions"), json!({ "to": to })).await.expect(200);
        }
        let entry = json!({ "registration_id": seat, "day": "2026-11-20", "status": "present" });
        coordinator.post(&below("attendance"), entry).await.expect(201);
        coordinator.post(&below("transitions"), json!({ "to": "completed" })).await.expect(200);
        (self.finished, self.completed) = (session, seat);
        let certificate = self.certificate(&coordinator).await;
        let shown = coordinator.get(&format!("/training-certificates/{certificate}")).await.expect(200).json;
        let all = Belongs { everyone: true, ..Belongs::default() };
        self.put("/certificates/{number}", shown["number"].as_str().expect("a number"), &all);
        self.put("/training-certificates/{id}", certificate, ours);
    }

    /// A certificate in force of who completed that session: issued anew where the last one was revoked.
    pub async fn certificate(&self, coordinator: &Person) -> String {
        let route = format!("/training-sessions/{}/certificates", self.finished);
        let named = json!({ "registrations": [self.completed] });
        coordinator.post(&route, named).await.expect(200);
        let query = format!("/training-certificates?status=issued&registration={}", self.completed);
        let found = coordinator.get(&query).await.expect(200).json;
        found["items"][0]["id"].as_str().expect("a certificate").to_owned()
    }

    /// A new nominee of this side's country for its session, and who nominated them.
    pub async fn nominee(&self, app: &TestApp) -> (Person, Value) {
        let official =
            app.with_role(&app.unique("official"), Role::FocalPoint, Some(&self.country), None).await;
        let route = format!("/training-sessions/{}/nominations", self.id("/training-sessions/{id}"));
        let nominee = official.post(&route, self.person_draft(app)).await.expect(201).json;
        (official, nominee)
    }

    /// A milestone of this side, to be planned.
    pub fn milestone_draft(&self) -> Value {
        json!({ "title": { "en": format!("Plan of {}", self.country) }, "due": "2027-03-31", "country": self.country })
    }

    async fn partner(&mut self, app: &TestApp, admin: &Person, ours: &Belongs) {
        let all = Belongs { everyone: true, ..Belongs::default() };
        let country = self.country.clone();
        self.put("/countries/{iso2}", &country, &all);
        admin.post("/partners", json!({ "country": country })).await.expect(201);
        let path = format!("/partners/{country}");
        self.put("/partners/{iso2}", &country, ours);
        let holiday = json!({ "day": "2027-01-01", "name": "New Year" });
        let holiday = admin.post(&format!("{path}/holidays"), holiday).await.expect(201).id();
        self.put("/partners/{iso2}/holidays/{id}", holiday, ours);
        let mut mandates = Vec::new();
        for _ in 0..2 {
            let name = app.unique("official");
            let person = app.with_role(&name, Role::FocalPoint, Some(&country), None).await;
            let draft = json!({ "user_id": person.id.to_string() });
            mandates.push(admin.post(&format!("{path}/focal-points"), draft).await.expect(201).id());
        }
        for mandate in &mandates {
            admin
                .post(&format!("{path}/focal-points/{mandate}/transitions"), json!({ "to": "active" }))
                .await
                .expect(200);
        }
        self.put("/partners/{iso2}/focal-points/{id}", &mandates[1], ours);
        admin.post(&format!("{path}/transitions"), json!({ "to": "active" })).await.expect(200);
        let name = app.unique("official");
        self.candidate = app.with_role(&name, Role::Contributor, Some(&country), None).await.id.to_string();
        let official = app.with_role(&app.unique("official"), Role::Contributor, Some(&country), None).await;
        let official = official.id.to_string();
        let grants = admin.get(&format!("/users/{official}/grants")).await.expect(200).json;
        let people = Belongs { countries: vec![country.clone()], ..Belongs::default() };
        // An official of the country who also trains in the program.
        self.put("/users/{id}", &official, ours);
        self.put(
            "/users/{id}/grants/{grant_id}",
            grants["items"][0]["id"].as_str().unwrap_or("none"),
            &people,
        );
        let csirt = admin.post("/organizations", self.organization_draft()).await.expect(201).id();
        self.put("/organizations/{id}", csirt, &all);
    }

    fn ministry_draft(&self) -> Value {
        json!({ "names": { "en": format!("Team of {}", self.country) }, "kind": "csirt", "type_code": "10" })
    }

    /// An organization of this side, to be registered.
    pub fn organization_draft(&self) -> Value {
        json!({ "names": { "en": format!("CSIRT of {}", self.country) }, "kind": "csirt", "type_code": "10" })
    }

    /// A body that the operation accepts on this side: the documented example, or one with records of this world in it.
    pub fn body(&self, operation: &Operation) -> Option<Value> {
        let documented = operation.example()?;
        let ended = json!({ "to": "ended", "reason": "Moved to another post." });
        Some(match operation.name().as_str() {
            "POST /auth/step-up" => json!({ "password": crate::actors::PASSWORD }),
            "POST /partners" => json!({ "country": self.spare }),
            "PATCH /partners/{iso2}" => json!({ "notes": "Visited in May." }),
            "POST /partners/{iso2}/transitions" => json!({ "to": "suspended", "reason": "Elections." }),
            "POST /partners/{iso2}/holidays" => json!({ "day": "2027-05-01", "name": "Labor Day" }),
            "POST /partners/{iso2}/holidays/import" => {
                json!([{ "day": "2027-12-12", "name": "Jamhuri" }])
            }
            "POST /partners/{iso2}/focal-points" => json!({ "user_id": self.candidate }),
            "PATCH /partners/{iso2}/focal-points/{id}" => json!({ "themes": ["C"] }),
            "POST /partners/{iso2}/focal-points/{id}/transitions" => ended,
            "POST /partners/{iso2}/focal-points/{id}/confirmations" => json!({}),
            "POST /organizations" => self.ministry_draft(),
            "PATCH /organizations/{id}" => json!({ "acronym": "NEW" }),
            "POST /programs" => self.program_draft(),
            "PATCH /programs/{id}" => json!({ "title": { "en": "CSIRT, renamed" } }),
            "POST /programs/{id}/transitions" => json!({ "to": "cancelled", "reason": "No funding." }),
            "POST /programs/{id}/countries/{iso2}/acknowledgements" => json!({}),
            "POST /users" => {
                let email = format!("new.{}@example.org", self.country.to_lowercase());
                json!({ "email": email, "roles": [{ "role": "contributor", "country": self.country }] })
            }
            "PATCH /notification-rules" | "PATCH /programs/{id}/notification-rules" => {
                json!({ "code": "P4", "enabled": false })
            }
            "PATCH /me/notification-preferences" => json!({ "category": "programs", "frequency": "daily" }),
            "PATCH /users/{id}" => json!({ "name": "A new name" }),
            "POST /users/{id}/transitions" => json!({ "to": "deactivated", "reason": "Left the ministry." }),
            "POST /users/{id}/invitations" | "POST /users/{id}/address-releases" => json!({}),
            "POST /users/{id}/grants" => json!({ "role": "observer", "country": self.country }),
            "POST /me/feeds" => json!({ "name": "My phone" }),
            "POST /me/tokens" => json!({ "name": "sync", "permissions": ["reference.view"] }),
            "POST /me/password" => {
                json!({ "current_password": crate::actors::PASSWORD, "new_password": "eleven zebras at the well by dusk" })
            }
            "POST /programs/import" => json!([self.program_draft()]),
            "POST /programs/{id}/budgets" => Side::budget_draft(),
            "PATCH /programs/{id}/budgets/{budget_id}" => json!({ "status": "committed" }),
            "POST /programs/{id}/members" => json!({ "user_id": self.candidate, "role": "trainer" }),
            "POST /frameworks/import" => libraries::framework(&self.country.to_lowercase()),
            "POST /courses" => self.course_draft(),
            "PATCH /courses/{id}" => json!({ "level": "advanced" }),
            "POST /programs/{id}/training-sessions" => self.session_draft(),
            "POST /programs/{id}/training-sessions/import" => json!([self.session_draft()]),
            "PATCH /training-sessions/{id}" => json!({ "kind": "drill" }),
            "POST /training-sessions/{id}/transitions" => {
                json!({ "to": "cancelled", "reason": "Elections." })
            }
            "POST /training-sessions/{id}/nominations" | "POST /training-sessions/{id}/registrations" => {
                json!({ "country": self.country, "person": { "name": "Awa", "email": "awa@example.org" } })
            }
            "POST /training-sessions/{id}/nominations/import"
            | "POST /training-sessions/{id}/registrations/import" => {
                json!([{ "country": self.country, "person": { "name": "Awa", "email": "awa@example.org" } }])
            }
            "POST /training-sessions/{id}/registration-links" => json!({ "country": self.country }),
            "POST /training-sessions/{id}/attendance" => self.attendance_draft(),
            "POST /training-sessions/{id}/attendance/import" => json!([self.attendance_draft()]),
            "POST /training-sessions/{id}/scores" => self.score_draft(),
            "POST /training-sessions/{id}/certificates" => json!({}),
            "POST /training-certificates/{id}/transitions" => {
                json!({ "to": "revoked", "reason": "The test was taken by somebody else." })
            }
            "POST /training-sessions/{id}/scores/import" => json!([self.score_draft()]),
            "PATCH /registrations/{id}" => json!({ "rank": 2 }),
            "POST /registrations/{id}/transitions" => json!({ "to": "withdrawn" }),
            "PATCH /participants/{id}" => json!({ "job": "Analyst" }),
            "POST /participants/{id}/merge" => json!({ "into": self.twin }),
            "PATCH /milestones/{id}" => json!({ "weight": 2 }),
            "POST /milestones/{id}/moves" => json!({ "due": "2027-04-30", "reason": "Elections." }),
            "POST /programs/{id}/milestones" => self.milestone_draft(),
            "POST /programs/{id}/milestones/import" => json!([self.milestone_draft()]),
            "POST /milestones/{id}/transitions" => json!({ "to": "in_progress" }),
            _ => return self.held_body(operation).or(Some(documented)),
        })
    }
}

/// A path template with its holes filled.
pub fn filled(operation: &Operation, records: &[&str]) -> String {
    let mut path = String::new();
    let mut records = records.iter();
    for (at, piece) in operation.path.split('/').enumerate() {
        if at > 0 {
            path.push('/');
        }
        match piece.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((_, ending)) => {
                path.push_str(records.next().expect("a record for each hole"));
                path.push_str(ending);
            }
            None => path.push_str(piece),
        }
    }
    path
}
