//! Tests before and after a session: noted, merged from lists made offline, counted for completion, and what was learned.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::registrations::at;
use crate::support::{Answer, Client, Person, TestApp};
use crate::training::{planned, program, step};

/// A session of one day with people in it, all of whom were there.
pub struct Class {
    pub program: String,
    pub session: Value,
    /// Ids of their registrations.
    pub people: Vec<String>,
    pub coordinator: Client,
}

/// A person to be entered: `(country, name)`.
pub type Whom<'a> = (&'a str, &'a str);

/// A session of 22 November, running, with these people in it; `changes` are made to its draft.
pub async fn class(app: &TestApp, coordinator: &Person, whom: &[Whom<'_>], changes: Value) -> Class {
    let mut countries: Vec<&str> = whom.iter().map(|(country, _)| *country).collect();
    countries.sort_unstable();
    countries.dedup();
    let program = program(coordinator, &countries).await;
    let mut draft = json!({ "title": { "en": "First response", "fr": "Première réponse" }, "mode": "online", "zone": "UTC",
        "days": [{ "day": "2026-11-22", "starts": "09:00", "ends": "17:00" }] });
    if let Some(trainer) = changes["trainers"][0].as_str() {
        let member = json!({ "user_id": trainer, "role": "trainer" });
        coordinator.post(&format!("/programs/{program}/members"), member).await.expect(201);
    }
    for (name, value) in changes.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    let session = planned(coordinator, &program, draft).await;
    step(coordinator, &session, "published").await.expect(200);
    let mut people = Vec::new();
    for (country, name) in whom {
        let words = name.to_lowercase();
        let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).take(3).collect();
        let email = format!("{}@ministry.example", words.join("."));
        let person = json!({ "country": country, "person": { "name": name, "email": email } });
        people.push(
            coordinator.post(&format!("{}/registrations", at(&session)), person).await.expect(201).id(),
        );
    }
    step(coordinator, &session, "registration_closed").await.expect(200);
    step(coordinator, &session, "running").await.expect(200);
    app.at("2026-11-22T18:00:00Z");
    let coordinator = app.client_of(coordinator).await;
    for registration in &people {
        let there = json!({ "registration_id": registration, "day": "2026-11-22", "status": "present" });
        coordinator.post(&format!("{}/attendance", at(&session)), there).await.expect(201);
    }
    Class { program, session, people, coordinator }
}

impl Class {
    /// A path below the session.
    pub fn below(&self, what: &str) -> String {
        format!("{}/{what}", at(&self.session))
    }

    /// Notes a score.
    pub async fn score(&self, whom: usize, test: &str, points: Value, max: i32) -> Answer {
        let body =
            json!({ "registration_id": self.people[whom], "test": test, "points": points, "max": max });
        self.coordinator.post(&self.below("scores"), body).await
    }

    /// Moves the session.
    pub async fn moves(&self, to: &str) {
        self.coordinator.post(&self.below("transitions"), json!({ "to": to })).await.expect(200);
    }

    async fn results(&self) -> Vec<Value> {
        let page = self.coordinator.get(&self.below("results")).await.expect(200).json;
        page["items"].as_array().expect("items").clone()
    }
}

const FIVE: &[Whom<'static>] =
    &[("SN", "Awa"), ("SN", "Modou"), ("KE", "Kamau"), ("KE", "Wanjiru"), ("KE", "Otieno")];

on_both_databases! {
    async fn the_pass_mark_decides_with_the_minutes_and_the_results_say_what_is_lacking(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &FIVE[..4], json!({ "pass_mark": 60 })).await;
        let teacher = app.with_role("teacher", Role::Trainer, None, Some(&class.program)).await;
        let stranger = app.client_of(&teacher).await.get(&class.below("results")).await.expect(200).json;
        assert_eq!(stranger["items"], json!([]), "who does not train in the session sees nobody of it");

        class.score(0, "pre", json!(8), 20).await.expect(201);
        let half = class.score(0, "post", json!(12.5), 20).await.expect(201).json;
        assert_eq!((&half["points"], &half["max"], &half["share"]), (&json!(12.5), &json!(20), &json!(62.5)));
        assert_eq!(half["person"], json!({ "name": "Awa", "country": "SN" }));
        class.score(1, "pre", json!(20), 20).await.expect(201);
        class.score(1, "post", json!(11.99), 20).await.expect(201);
        class.score(2, "pre", json!(15), 20).await.expect(201);
        let late = json!({ "registration_id": class.people[3], "day": "2026-11-22", "status": "absent" });
        class.coordinator.post(&class.below("attendance"), late).await.expect(200);
        class.score(3, "post", json!(5), 5).await.expect(201);

        let told: Vec<_> = class.results().await.iter()
            .map(|r| json!([r["person"]["name"], r["pre"], r["post"], r["gain"], r["completed"], r["lacking"]])).collect();
        assert_eq!(json!(told), json!([
            ["Awa", 40, 62.5, 0.375, true, []],
            ["Modou", 100, 59.95, null, false, ["pass_mark"]],
            ["Kamau", 75, null, null, false, ["post_test"]],
            ["Wanjiru", null, 100, null, false, ["attendance"]],
        ]));
        class.score(2, "post", json!(12), 20).await.expect(201);
        let kamau = class.results().await.remove(2);
        assert_eq!((&kamau["gain"], &kamau["completed"]), (&json!(-0.6), &json!(true)), "a gain may be negative");
    }

    async fn a_score_is_noted_once_mended_and_refused_with_all_its_faults(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &FIVE[..2], json!({})).await;
        let before = app.fingerprint();
        let bad = json!({ "registration_id": class.program, "test": "post", "points": 21, "max": 20 });
        let refused = class.coordinator.post(&class.below("scores"), bad).await.expect(422).json;
        let codes: Vec<_> = refused["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        assert_eq!(codes, ["/registration_id", "/points"]);
        assert_eq!(class.score(0, "post", json!(0), 0).await.expect(422).json["errors"][0]["pointer"], "/max");
        assert_eq!(class.score(0, "mid", json!(1), 2).await.expect(422).json["errors"][0]["pointer"], "/test");
        assert_eq!(class.score(0, "pre", json!(-1), 2).await.expect(422).json["errors"][0]["code"], "not_points");
        assert_eq!(app.fingerprint(), before);

        let first = class.score(0, "post", json!(10), 20).await.expect(201);
        assert_eq!(first.header("location"), format!("/api/v1/scores/{}", first.id()));
        let mended = class.score(0, "post", json!(14), 20).await.expect(200).json;
        assert_eq!((&mended["id"], &mended["points"], &mended["version"]), (&first.json["id"], &json!(14), &json!(2)));
        let kenya = app.client_of(&app.focal_point_of("KE").await).await;
        kenya.get(&format!("/scores/{}", first.id())).await.expect(404);
        let senegal = app.client_of(&app.focal_point_of("SN").await).await;
        assert_eq!(senegal.get(&format!("/scores/{}", first.id())).await.expect(200).json["points"], 14);
        senegal.post(&class.below("scores"), json!({ "registration_id": class.people[0], "test": "pre", "points": 1, "max": 2 })).await.expect(403);
        class.moves("completed").await;
        class.score(1, "post", json!(10), 20).await.expect(201);
        class.moves("reported").await;
        class.score(1, "pre", json!(10), 20).await.expect(409);
    }

    async fn a_list_of_scores_is_rehearsed_merged_twice_and_counts_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &FIVE[..2], json!({})).await;
        let csv = format!("registration_id,test,points,max,client_id\n{},pre,7.5,20,a-1\n{},pre,9,20,a-2\n", class.people[0], class.people[1]);
        let send = async |query: &str, body: &str| {
            let headers = [("content-type", "text/csv")];
            class.coordinator.send(Method::POST, &class.below(&format!("scores/import{query}")), &headers, body.as_bytes().to_vec()).await.expect(200).json
        };
        let before = app.fingerprint();
        assert_eq!(send("?dry_run=true", &csv).await["rows"][1]["status"], "would_create");
        assert_eq!(app.fingerprint(), before);
        assert_eq!(send("", &csv).await["created"], 2);
        send("", &csv).await;
        let list = class.coordinator.get(&class.below("scores?count=exact&test=pre")).await.expect(200).json;
        assert_eq!((&list["total"], &list["items"][0]["points"]), (&json!(2), &json!(7.5)));
        let broken = send("", &csv.replace("a-1", "b-1").replace(",9,20,", ",29,20,")).await;
        assert_eq!((&broken["created"], &broken["rows"][1]["errors"][0]["pointer"]), (&json!(0), &json!("/points")));
        let again = json!({ "registration_id": class.people[0], "test": "post", "points": 1, "max": 2, "client_id": "a-2" });
        assert_eq!(class.coordinator.post(&class.below("scores"), again).await.expect(422).json["errors"][0]["code"], "taken");
    }

    async fn what_was_learned_is_told_as_means_that_single_nobody_out(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, FIVE, json!({ "pass_mark": 50 })).await;
        for whom in 0..4 {
            class.score(whom, "pre", json!(10), 20).await.expect(201);
            class.score(whom, "post", json!(15), 20).await.expect(201);
        }
        let few = class.coordinator.get(&class.below("learning")).await.expect(200).json;
        assert_eq!(few["post"], json!({ "count": null, "mean": null }));
        assert_eq!((&few["gain"]["mean"], &few["passed"]), (&Value::Null, &Value::Null));

        class.score(4, "pre", json!(20), 20).await.expect(201);
        class.score(4, "post", json!(5), 20).await.expect(201);
        let told = class.coordinator.get(&class.below("learning")).await.expect(200).json;
        assert_eq!(told["pre"], json!({ "count": 5, "mean": 60.0 }));
        assert_eq!(told["post"], json!({ "count": 5, "mean": 65.0 }));
        assert_eq!(told["gain"], json!({ "count": null, "mean": null }), "for one of the five it is undefined");
        assert_eq!(told["passed"], Value::Null, "four passed and one did not: nobody is pointed at");
        class.score(4, "post", json!(18), 20).await.expect(200);
        assert_eq!(class.coordinator.get(&class.below("learning")).await.expect(200).json["passed"], 5);
        let senegal = app.client_of(&app.focal_point_of("SN").await).await;
        assert_eq!(senegal.get(&class.below("learning")).await.expect(200).json["post"]["mean"], Value::Null, "its two people are too few");
    }
}
