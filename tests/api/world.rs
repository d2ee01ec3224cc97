//! A small world for walks over all routes: two countries that must not see each other, everything made through the API.

use std::collections::BTreeMap;

use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::walk::Operation;

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
}

/// One half of the world.
#[derive(Debug)]
pub struct Side {
    /// `KE` or `SN`.
    pub country: &'static str,
    /// A person of the country whom nobody has nominated.
    nominee: String,
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

    fn put(&mut self, prefix: &'static str, id: impl Into<String>, belongs: Belongs) {
        self.ids.insert(prefix, (id.into(), belongs));
    }

    /// The path of an operation with this side's records in its holes.
    pub fn path(&self, operation: &Operation) -> String {
        let records: Vec<&str> = operation.prefixes().into_iter().map(|prefix| self.id(prefix)).collect();
        filled(operation, &records)
    }

    fn program_draft(&self) -> Value {
        json!({ "title": { "en": format!("CSIRT of {}", self.country) }, "countries": [{ "country": self.country }] })
    }

    fn milestone_draft(&self) -> Value {
        json!({ "title": { "en": format!("Plan of {}", self.country) }, "due": "2027-03-31", "country": self.country })
    }

    /// Makes this half through the API.
    pub async fn build(app: &TestApp, admin: &Person, country: &'static str) -> Side {
        let nominee = app.with_role(&app.unique("nominee"), Role::Contributor, Some(country), None).await;
        let mut side = Side { country, nominee: nominee.id.to_string(), ids: BTreeMap::new() };
        let all = || Belongs { everyone: true, ..Belongs::default() };
        side.put("/countries/{iso2}", country, all());
        let country_of = |program: &str| Belongs {
            countries: vec![country.to_owned()],
            programs: vec![program.to_owned()],
            ..Belongs::default()
        };
        let program = admin.post("/programs", side.program_draft()).await.expect(201).id();
        let of_program = country_of(&program);
        side.put("/programs/{id}", &program, of_program.clone());
        side.partner(app, admin, of_program.clone()).await;
        let route = format!("/programs/{program}/milestones");
        let milestone = admin.post(&route, side.milestone_draft()).await.expect(201).id();
        side.put("/milestones/{id}", milestone, of_program);
        let feed = admin.post("/me/feeds", json!({})).await.expect(201).id();
        let own = Belongs { owner: Some(admin.id.to_string()), ..Belongs::default() };
        side.put("/me/feeds/{id}", feed, own);
        side
    }

    /// The country as a partner with a holiday and two people who speak for it, and an organization.
    async fn partner(&mut self, app: &TestApp, admin: &Person, belongs: Belongs) {
        let country = self.country;
        // The world is built anew after a walk that changed it; the country is a partner by then.
        admin.post("/partners", json!({ "country": country })).await;
        let path = format!("/partners/{country}");
        let known = admin.get(&format!("{path}/holidays")).await.expect(200).json["items"]
            .as_array()
            .map_or(0, Vec::len);
        let day = json!({ "day": format!("2027-01-{:02}", known + 1), "name": "A day of rest" });
        let holiday = admin.post(&format!("{path}/holidays"), day).await.expect(201).id();
        let mut mandate = String::new();
        for _ in 0..2 {
            let speaker = app.with_role(&app.unique("speaker"), Role::Contributor, Some(country), None).await;
            let draft = json!({ "user_id": speaker.id.to_string() });
            mandate = admin.post(&format!("{path}/focal-points"), draft).await.expect(201).id();
            let transitions = format!("{path}/focal-points/{mandate}/transitions");
            admin.post(&transitions, json!({ "to": "active" })).await.expect(200);
        }
        let draft = json!({ "names": format!("CSIRT of {country}"), "kind": "csirt", "type_code": "10" });
        let organization = admin.post("/organizations", draft).await.expect(201).id();
        self.put("/partners/{iso2}", country, belongs.clone());
        self.put("/partners/{iso2}/holidays/{id}", holiday, belongs.clone());
        self.put("/partners/{iso2}/focal-points/{id}", mandate, belongs);
        self.put("/organizations/{id}", organization, Belongs { everyone: true, ..Belongs::default() });
    }

    /// A body that the operation accepts on this side: the documented example, with records of this world in it.
    pub fn body(&self, operation: &Operation) -> Option<Value> {
        let mut body = operation.example()?;
        let own: Value = match operation.name().as_str() {
            "POST /auth/step-up" => return Some(json!({ "password": crate::actors::PASSWORD })),
            "POST /programs" => return Some(self.program_draft()),
            "POST /partners" => json!({ "country": "UG" }),
            "POST /partners/{iso2}/transitions" => json!({ "to": "archived", "reason": "It is over." }),
            "POST /partners/{iso2}/holidays/import" => {
                json!({ "items": [{ "day": "2031-01-01", "name": "New Year" }] })
            }
            "POST /partners/{iso2}/focal-points" => return Some(json!({ "user_id": self.nominee })),
            "POST /partners/{iso2}/focal-points/{id}/transitions" => {
                json!({ "to": "ended", "reason": "A new post." })
            }
            "POST /organizations" => json!({ "country": self.country }),
            "PATCH /partners/{iso2}/focal-points/{id}" => json!({ "organization_id": null }),
            "POST /programs/{id}/milestones" => return Some(self.milestone_draft()),
            "POST /programs/{id}/milestones/import" => return Some(json!([self.milestone_draft()])),
            "POST /milestones/{id}/transitions" => return Some(json!({ "to": "in_progress" })),
            _ => return Some(body),
        };
        for (key, value) in own.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        Some(body)
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
