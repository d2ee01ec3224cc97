//! Training sessions: planned, warned of, published, moved by people and by the clock.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp};

/// A program of these countries.
pub async fn program(coordinator: &Person, countries: &[&str]) -> String {
    let countries: Vec<Value> = countries.iter().map(|iso2| json!({ "country": iso2 })).collect();
    let draft =
        json!({ "title": { "en": "CSIRT set-up", "fr": "Création d’un CSIRT" }, "countries": countries });
    coordinator.post("/programs", draft).await.expect(201).id()
}

/// Plans a session and gives its record.
pub async fn planned(coordinator: &Person, program: &str, draft: Value) -> Value {
    coordinator.post(&format!("/programs/{program}/training-sessions"), draft).await.expect(201).json
}

/// Moves a session.
pub async fn step(by: &Person, session: &Value, to: &str) -> Answer {
    let id = session["id"].as_str().expect("an id");
    by.post(&format!("/training-sessions/{id}/transitions"), json!({ "to": to, "reason": "Elections." }))
        .await
}

fn drill() -> Value {
    json!({ "title": { "en": "Drill", "fr": "Exercice" }, "kind": "cyber drill", "mode": "in_person",
            "venue": "Hôtel Terrou-Bi", "city": "Dakar", "country": "SN", "zone": "Africa/Dakar",
            "days": [{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" },
                     { "day": "2027-03-03", "starts": "09:00", "ends": "12:30" }] })
}

fn with(mut draft: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        draft[name] = value.clone();
    }
    draft
}

fn codes(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    let code =
        |e: &Value| format!("{} {}", e["pointer"].as_str().unwrap_or(""), e["code"].as_str().unwrap_or(""));
    errors.iter().map(code).collect()
}

fn warned(record: &Value) -> Vec<&str> {
    record["warnings"].as_array().expect("warnings").iter().filter_map(|w| w["code"].as_str()).collect()
}

on_both_databases! {
    async fn a_session_is_planned_for_all_countries_of_its_program_and_seen_once_it_is_published(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let senegal = app.focal_point_of("SN").await;
        let ghana = app.focal_point_of("GH").await;

        let session = planned(&coordinator, &program, drill()).await;

        assert_eq!(session["status"], "draft");
        assert_eq!(session["first_day"], "2027-03-02");
        assert_eq!(session["last_day"], "2027-03-03");
        assert_eq!(session["days"][1]["ends_at"], "2027-03-03T12:30:00Z");
        assert_eq!((&session["offer_hours"], &session["least_share"]), (&json!(72), &json!(80)));
        let invited: Vec<_> = session["countries"].as_array().expect("countries").iter().map(|c| &c["country"]).collect();
        assert_eq!(invited, ["KE", "SN"]);
        let path = format!("/training-sessions/{}", session["id"].as_str().expect("an id"));
        senegal.get(&path).await.expect(404);
        assert_eq!(senegal.get("/training-sessions").await.expect(200).json["items"], json!([]));

        step(&coordinator, &session, "published").await.expect(200);

        let seen = senegal.get(&path).await.expect(200).json;
        assert_eq!(seen["title"], "Drill");
        assert_eq!(seen["warnings"], json!([]), "a country is not told how a planner fares");
        assert_eq!(seen["allowed_transitions"], json!([]));
        assert_eq!(senegal.get("/training-sessions?country=SN").await.expect(200).json["items"][0]["id"], session["id"]);
        step(&senegal, &session, "cancelled").await.expect(403);
        ghana.get(&path).await.expect(404);
        ghana.get(&format!("/programs/{program}/training-sessions")).await.expect(404);
        assert_eq!(ghana.get("/training-sessions").await.expect(200).json["items"], json!([]));
    }

    async fn a_country_that_is_not_invited_sees_nothing_and_quotas_are_between_each_country_and_the_planners(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "SN"]).await;
        let invited = json!({ "capacity": 20, "countries": [{ "country": "SN", "quota": 12, "reserves": 3 }] });
        let session = planned(&coordinator, &program, with(drill(), invited)).await;
        step(&coordinator, &session, "published").await.expect(200);
        let path = format!("/training-sessions/{}", session["id"].as_str().expect("an id"));

        assert_eq!(app.focal_point_of("SN").await.get(&path).await.expect(200).json["countries"][0]["quota"], 12);
        let kenya = app.focal_point_of("KE").await;
        kenya.get(&path).await.expect(404);

        let both = json!({ "countries": [{ "country": "KE", "quota": 5 }, { "country": "SN", "quota": 12 }] });
        let etag = coordinator.get(&path).await.expect(200).header("etag").to_owned();
        coordinator.patch(&path, &etag, both).await.expect(200);
        let kenya = kenya.get(&path).await.expect(200).json;
        assert_eq!((&kenya["countries"][0]["quota"], &kenya["countries"][1]["quota"]), (&json!(5), &Value::Null));
    }

    async fn everything_wrong_with_a_session_is_said_at_once(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let route = format!("/programs/{program}/training-sessions");
        let before = app.fingerprint();
        let draft = json!({
            "title": { "en": "Drill" }, "zone": "Africa/Cairo", "capacity": 10, "country": "ZZ",
            "course_id": "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f",
            "days": [{ "day": "2027-04-29", "starts": "12:00", "ends": "09:00" },
                     { "day": "2027-04-30", "starts": "00:30", "ends": "09:00" },
                     { "day": "2027-05-01", "starts": "09:00" }],
            "countries": [{ "country": "SN", "quota": 11 }, { "country": "GH" }, { "country": "SN" }],
            "trainers": ["01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f"],
            "registration_opens": "2027-02-01T09:00", "registration_closes": "2027-01-01T09:00",
        });
        let refused = coordinator.post(&route, draft).await.expect(422);
        assert_eq!(codes(&refused), [
            "/days/0/ends end_before_start", "/days/1/starts no_such_time", "/days/2/ends missing",
            "/registration_closes end_before_start", "/course_id unknown_course", "/country unknown_country",
            "/countries/1/country not_in_program", "/countries/2/country twice", "/trainers/0 not_a_member",
            "/countries/0/quota above_capacity",
        ]);
        let no_zone = json!({ "title": "Drill", "first_day": "2027-03-02", "starts": "09:00", "ends": "17:00" });
        assert_eq!(codes(&coordinator.post(&route, no_zone).await.expect(422)), ["/zone missing"]);
        let backwards = json!({ "title": "Drill", "first_day": "2027-03-02", "last_day": "2027-03-01" });
        assert_eq!(codes(&coordinator.post(&route, backwards).await.expect(422)), ["/last_day end_before_start"]);
        let unknown = coordinator.post(&route, with(drill(), json!({ "zone": "Africa/Nowhere" }))).await.expect(422);
        assert_eq!(codes(&unknown), ["/zone not_a_zone"]);
        let long = coordinator.post(&route, with(drill(), json!({ "title": "x".repeat(1 << 17) }))).await.expect(422);
        assert_eq!(codes(&long), ["/title too_long"]);
        assert_eq!(codes(&coordinator.post(&route, json!({ "title": "Drill" })).await.expect(422)), ["/days missing"]);
        assert_eq!(app.fingerprint(), before, "a refusal leaves nothing");
    }

    async fn clashes_are_told_and_nothing_is_refused_for_them(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["EG", "SN"]).await;
        let trainer = app.with_role("trainer", Role::Trainer, None, Some(&program)).await;
        let trained = json!({ "trainers": [trainer.id.to_string()] });
        let first = planned(&coordinator, &program, with(drill(), trained.clone())).await;
        assert_eq!(warned(&first), Vec::<&str>::new());

        let second = planned(&coordinator, &program, with(drill(), trained)).await;

        assert_eq!(warned(&second), ["venue_taken", "trainer_taken"]);
        assert_eq!(second["warnings"][0]["session_id"], first["id"]);
        let third = planned(&coordinator, &program, with(drill(), json!({ "venue": "HOTEL terrou bi" }))).await;
        assert_eq!(warned(&third), ["venue_taken", "venue_taken", "country_busy", "country_busy"]);
        let friday = json!({ "venue": null, "days": [{ "day": "2027-03-05", "starts": "09:00", "ends": "12:00" }] });
        let at_rest = planned(&coordinator, &program, with(drill(), friday)).await;
        assert_eq!(warned(&at_rest), ["day_of_rest"]);
        assert_eq!(at_rest["warnings"][0]["detail"], "EG does not work on 2027-03-05.");
        let evening = json!({ "days": [{ "day": "2027-03-02", "starts": "18:00", "ends": "20:00" }] });
        assert_eq!(warned(&planned(&coordinator, &program, with(drill(), evening)).await), Vec::<&str>::new());
        let elsewhere = app.with_role("elsewhere", Role::Coordinator, None, None).await;
        let theirs = self::program(&elsewhere, &["SN"]).await;
        let other = planned(&elsewhere, &theirs, drill()).await;
        assert!(other["warnings"].as_array().expect("warnings").iter().all(|w| w["session_id"].is_null()));
    }

    async fn a_session_is_published_when_people_can_know_where_to_go(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let bare = planned(&coordinator, &program, json!({ "title": "Drill", "first_day": "2027-03-02" })).await;

        let refused = step(&coordinator, &bare, "published").await.expect(409);

        assert_eq!(codes(&refused), ["/to mode_known", "/to somebody_invited"]);
        let path = format!("/training-sessions/{}", bare["id"].as_str().expect("an id"));
        coordinator.patch(&path, "\"1-en\"", json!({ "mode": "hybrid" })).await.expect(200);
        let refused = step(&coordinator, &bare, "published").await.expect(409);
        assert_eq!(codes(&refused), ["/to place_known", "/to somebody_invited"]);
        assert_eq!(step(&coordinator, &bare, "running").await.expect(409).code(), "conflict");
        coordinator.delete(&path, "\"2-en\"").await.expect(204);
        coordinator.get(&path).await.expect(404);
        let gone = coordinator.get("/training-sessions?updated_since=2020-01-01T00:00:00Z").await.expect(200).json;
        assert!(gone["items"][0]["deleted_at"].is_string());
    }

    async fn registration_opens_and_closes_by_itself(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let window = json!({ "registration_opens": "2027-01-11T09:00", "registration_closes": "2027-02-15T18:00" });
        let draft = planned(&coordinator, &program, with(drill(), window.clone())).await;
        let session = planned(&coordinator, &program, with(drill(), window)).await;
        step(&coordinator, &session, "published").await.expect(200);
        let path = format!("/training-sessions/{}", session["id"].as_str().expect("an id"));
        let at = async |instant: &str| {
            app.at(instant);
            app.tick().await;
            app.client_of(&coordinator).await.get(&path).await.expect(200).json["status"].as_str().unwrap_or("").to_owned()
        };

        assert_eq!(at("2027-01-11T08:59:59Z").await, "published");
        assert_eq!(at("2027-01-11T09:00:00Z").await, "registration_open");
        assert_eq!(at("2027-02-15T17:59:59Z").await, "registration_open");
        assert_eq!(at("2027-02-15T18:00:00Z").await, "registration_closed");
        assert_eq!(at("2027-02-16T18:00:00Z").await, "registration_closed");
        let late = app.client_of(&coordinator).await;
        let again = late.post(&format!("{path}/transitions"), json!({ "to": "registration_open" })).await.expect(409);
        assert_eq!(codes(&again), ["/to window_open"]);
        let early = late.post(&format!("{path}/transitions"), json!({ "to": "running" })).await.expect(409);
        assert_eq!(codes(&early), ["/to first_day_here"]);
        let untouched = format!("/training-sessions/{}", draft["id"].as_str().expect("an id"));
        assert_eq!(late.get(&untouched).await.expect(200).json["status"], "draft", "a draft waits for its planner");
        assert_eq!(app.events("session.status_changed").await.len(), 3);
    }

    async fn its_sequence_rises_with_each_change_of_time_place_or_standing_that_others_saw(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let session = planned(&coordinator, &program, drill()).await;
        let path = format!("/training-sessions/{}", session["id"].as_str().expect("an id"));
        let sequence = async |change: Value| {
            let etag = coordinator.get(&path).await.expect(200).header("etag").to_owned();
            coordinator.patch(&path, &etag, change).await.expect(200).json["sequence"].as_i64().expect("a number")
        };

        assert_eq!(sequence(json!({ "venue": "Ministry" })).await, 0, "nobody has seen it");
        step(&coordinator, &session, "published").await.expect(200);
        assert_eq!(sequence(json!({ "description": "Bring a laptop." })).await, 0);
        assert_eq!(sequence(json!({ "venue": "Ministry" })).await, 0, "it is there already");
        assert_eq!(sequence(json!({ "venue": "Palais des congrès" })).await, 1);
        assert_eq!(sequence(json!({ "days": [{ "day": "2027-03-04", "starts": "09:00", "ends": "17:00" }] })).await, 2);
        assert_eq!(sequence(json!({ "zone": "Africa/Nairobi" })).await, 3);
        assert_eq!(step(&coordinator, &session, "postponed").await.expect(200).json["sequence"], 4);
        assert_eq!(sequence(json!({ "days": [{ "day": "2027-06-01", "starts": "09:00", "ends": "17:00" }] })).await, 5);
        assert_eq!(step(&coordinator, &session, "published").await.expect(200).json["sequence"], 6);
        let cancelled = step(&coordinator, &session, "cancelled").await.expect(200).json;
        assert_eq!((&cancelled["sequence"], &cancelled["reason"]), (&json!(7), &json!("Elections.")));
        let moved = app.events("session.moved").await;
        let told: Vec<_> = moved.iter().map(|m| (m["time"].as_bool(), m["place"].as_bool())).collect();
        assert_eq!(told, [(Some(false), Some(true)), (Some(true), Some(false)), (Some(true), Some(false)), (Some(true), Some(false))]);
        let etag = coordinator.get(&path).await.expect(200).header("etag").to_owned();
        coordinator.patch(&path, &etag, json!({ "venue": "Elsewhere" })).await.expect(409);
    }

    async fn a_course_is_everybodys_to_read_and_its_title_stays_with_its_sessions(app: TestApp) {
        let coordinator = app.coordinator().await;
        let draft = json!({ "title": { "en": "First response" }, "level": "introductory", "themes": ["B"],
                            "work_roles": ["ecsf-02", "PD-WRL-003"], "languages": ["fr", "sw"] });
        let course = coordinator.post("/courses", draft).await.expect(201).json;
        let path = format!("/courses/{}", course["id"].as_str().expect("an id"));
        let official = app.focal_point_of("SN").await;
        assert_eq!(official.get(&path).await.expect(200).json["work_roles"], json!(["ecsf-02", "PD-WRL-003"]));
        official.patch(&path, "\"1-en\"", json!({ "level": "advanced" })).await.expect(403);
        let wrong = coordinator.post("/courses", json!({ "title": "x", "work_roles": ["ecsf-99"] })).await.expect(422);
        assert_eq!(codes(&wrong), ["/work_roles/0 unknown_value"]);
        assert_eq!(coordinator.get("/work-roles").await.expect(200).json["items"].as_array().expect("roles").len(), 53);

        let program = program(&coordinator, &["SN"]).await;
        let session = planned(&coordinator, &program, with(drill(), json!({ "course_id": course["id"] }))).await;
        assert_eq!(session["course_title"], "First response");
        coordinator.delete(&path, "\"1-en\"").await.expect(204);
        coordinator.get(&path).await.expect(404);
        let kept = coordinator.get(&format!("/training-sessions?course={}", course["id"].as_str().expect("an id"))).await;
        assert_eq!(kept.expect(200).json["items"][0]["course_title"], "First response");
    }

    async fn sessions_travel_as_files_and_come_back_the_same(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (from, to) = (program(&coordinator, &["KE", "SN"]).await, program(&coordinator, &["KE", "SN"]).await);
        let days = json!([{ "day": "2027-03-02", "starts": "09:00", "ends": "17:00" }]);
        planned(&coordinator, &from, with(drill(), json!({ "days": days, "title": "=cmd()", "capacity": 20 }))).await;
        let csv = coordinator.get(&format!("/training-sessions.csv?program={from}")).await.expect(200);
        assert!(csv.text.contains("'=cmd()"), "a formula is defused");
        let route = format!("/programs/{to}/training-sessions/import");
        let send = async |query: &str, body: &str| {
            coordinator.send(Method::POST, &format!("{route}{query}"), &[("content-type", "text/csv")], body.as_bytes().to_vec()).await
        };

        let rehearsed = send("?dry_run=true", &csv.text).await.expect(200).json;
        assert_eq!((&rehearsed["created"], &rehearsed["rows"][0]["status"]), (&json!(1), &json!("would_create")));
        assert_eq!(coordinator.get(&format!("/programs/{to}/training-sessions")).await.expect(200).json["items"], json!([]));
        assert_eq!(send("", &csv.text).await.expect(200).json["created"], 1, "the file itself");
        let copy = coordinator.get(&format!("/programs/{to}/training-sessions")).await.expect(200).json["items"][0].clone();
        assert_eq!((&copy["title"], &copy["capacity"], &copy["first_day"]), (&json!("=cmd()"), &json!(20), &json!("2027-03-02")));
        let wrong = send("?atomic=true", "title,first_day,zone\nA,2027-03-02,UTC\nB,2027-02-30,Nowhere\n").await.expect(200).json;
        assert_eq!(wrong["created"], 0, "all or nothing");
        let said: Vec<_> = wrong["rows"][1]["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        assert_eq!(said, ["/first_day", "/zone"]);
        assert_eq!(send("", "title,colour\nA,red\n").await.expect(422).code(), "invalid");
    }
}
