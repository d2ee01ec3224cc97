//! Numbers of training: people counted once, by country and sex, without a number that points at somebody.

use awc::http::Method;
use cybercap::kernel::access::Role;
use cybercap::training::numbers::{Of, plan_of_numbers};
use serde_json::{Value, json};

use crate::registrations::{at, open_session};
use crate::support::{Client, Person, TestApp};
use crate::training::program;

/// So many people of a country, entered with a seat.
async fn enter(by: &Client, session: &Value, country: &str, sexes: &str) {
    let people = sexes.chars().enumerate().map(|(n, sex)| {
        let mut person =
            json!({ "name": format!("{country} {n}"), "email": format!("{country}{n}@ministry.example") });
        match sex {
            'f' => person["sex"] = json!("female"),
            'm' => person["sex"] = json!("male"),
            _ => {}
        }
        json!({ "country": country, "person": person })
    });
    let people: Vec<Value> = people.collect();
    let route = format!("{}/registrations/import?atomic=true", at(session));
    let body = serde_json::to_vec(&people).expect("JSON");
    let done = by.send(Method::POST, &route, &[("content-type", "application/json")], body).await.expect(200);
    assert_eq!(done.json["created"], people.len(), "{}", done.text);
}

/// Notes everybody of a country as present on the day, or for some minutes.
async fn attend(by: &Client, session: &Value, country: &str, minutes: Option<i64>) {
    let list =
        by.get(&format!("{}/registrations?country={country}&limit=200", at(session))).await.expect(200).json;
    let entries: Vec<Value> = list["items"].as_array().expect("items").iter().map(|r| match minutes {
        None => json!({ "registration_id": r["id"], "day": "2027-03-02", "status": "present" }),
        Some(minutes) => json!({ "registration_id": r["id"], "day": "2027-03-02", "status": "partial", "minutes": minutes }),
    }).collect();
    let route = format!("{}/attendance/import", at(session));
    let body = serde_json::to_vec(&entries).expect("JSON");
    let done = by.send(Method::POST, &route, &[("content-type", "application/json")], body).await.expect(200);
    assert_eq!(done.json["invalid"], 0, "{}", done.text);
}

/// `KE female 1 2 3 4`: rows in which anything is above zero, as the caller sees them.
async fn told(by: &Client, route: &str) -> Vec<String> {
    let rows = by.get(route).await.expect(200).json["items"].as_array().expect("items").clone();
    let number = |row: &Value, name: &str| row[name].as_i64().map_or("-".to_owned(), |n| n.to_string());
    let word = |row: &Value| {
        let numbers =
            ["nominated", "confirmed", "attended", "completed"].map(|name| number(row, name)).join(" ");
        let sex = row["sex"].as_str().map(|sex| format!(" {sex}")).unwrap_or_default();
        format!("{}{sex} {numbers}", row["country"].as_str().unwrap_or("all"))
    };
    rows.iter().map(word).filter(|text| !text.ends_with(" 0 0 0 0")).collect()
}

async fn runs(app: &TestApp, coordinator: &Person, session: &Value) -> Client {
    app.at("2027-03-02T16:30:00Z");
    let coordinator = app.client_of(coordinator).await;
    for to in ["registration_closed", "running"] {
        coordinator.post(&format!("{}/transitions", at(session)), json!({ "to": to })).await.expect(200);
    }
    coordinator
}

on_both_databases! {
    async fn a_program_counts_each_person_once_and_shows_nobody_a_number_that_points_at_a_person(app: TestApp) {
        let coordinator = app.coordinator().await;
        let admin = app.administrator().await;
        for country in ["KE", "SN"] {
            admin.post("/partners", json!({ "country": country })).await.expect(201);
        }
        let program = program(&coordinator, &["KE", "SN"]).await;
        let first = open_session(&coordinator, &program, json!({})).await;
        let second = open_session(&coordinator, &program, json!({ "title": "Second" })).await;
        enter(&coordinator, &first, "KE", "ffffffmmmmm").await;
        enter(&coordinator, &first, "SN", "fff").await;
        enter(&coordinator, &second, "KE", "ffffff").await;
        let coordinator_later = runs(&app, &coordinator, &first).await;
        attend(&coordinator_later, &first, "KE", None).await;
        attend(&coordinator_later, &first, "SN", Some(300)).await;
        let whole = format!("/programs/{program}/training-numbers");

        assert_eq!(told(&coordinator_later, &format!("{}/numbers", at(&first))).await, [
            "all 0 14 14 11", "all female 0 9 9 6", "all male 0 5 5 5",
            "KE 0 11 11 11", "KE female 0 - - 6", "KE male 0 - - 5", "KE other 0 - - 0", "KE unstated 0 - - 0",
            "SN 0 3 3 0", "SN female 0 - - 0", "SN male 0 - - 0", "SN other 0 - - 0", "SN unstated 0 - - 0",
        ], "three women of Senegal would follow from the numbers of Kenya");
        let all = told(&coordinator_later, &whole).await;
        assert_eq!((all[0].as_str(), all[3].as_str()), ("all 0 14 14 11", "KE 0 11 11 11"), "six came to both sessions");

        let kenya = app.client_of(&app.with_role("ke", Role::FocalPoint, Some("KE"), None).await).await;
        assert_eq!(told(&kenya, &whole).await, [
            "all 0 11 11 11", "all female 0 6 6 6", "all male 0 5 5 5",
            "KE 0 11 11 11", "KE female 0 6 6 6", "KE male 0 5 5 5",
        ], "a country sees its own people and nothing of another's");
        assert_eq!(told(&kenya, "/partners/KE/training-numbers").await[0], "all 0 11 11 11");
        kenya.get("/partners/SN/training-numbers").await.expect(404);

        let donor = app.with_role("donor", Role::Observer, None, Some(&program)).await;
        let seen = told(&app.client_of(&donor).await, &whole).await;
        assert_eq!(seen[0], "all 0 14 14 11", "of fourteen, three are nobody's to see: nor are eleven, from which they would follow");
        assert!(seen.contains(&"SN 0 - - 0".to_owned()) && seen.contains(&"KE 0 - - 11".to_owned()), "{seen:?}");
        let stranger = app.client_of(&app.with_role("far", Role::FocalPoint, Some("GH"), None).await).await;
        stranger.get(&whole).await.expect(404);
        stranger.get(&format!("{}/numbers", at(&first))).await.expect(404);
    }

    async fn numbers_follow_what_changes_behind_them(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        let other = open_session(&coordinator, &program, json!({ "title": "Other" })).await;
        enter(&coordinator, &session, "KE", "ffffffff").await;
        let twice = json!({ "country": "KE", "person": { "name": "KE 0", "email": "private@home.example" } });
        coordinator.post(&format!("{}/registrations", at(&other)), twice).await.expect(201);
        let coordinator = runs(&app, &coordinator, &session).await;
        attend(&coordinator, &session, "KE", Some(360)).await;
        let whole = format!("/programs/{program}/training-numbers");
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 9 8 0");

        let read = coordinator.get(&at(&session)).await.expect(200);
        coordinator.patch(&at(&session), read.header("etag"), json!({ "least_share": 75 })).await.expect(200);
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 9 8 8", "six hours of eight are enough now");
        let read = coordinator.get(&at(&session)).await.expect(200);
        coordinator.patch(&at(&session), read.header("etag"), json!({ "least_share": 76 })).await.expect(200);
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 9 8 0");

        let people = coordinator.get("/participants?limit=200").await.expect(200).json["items"].as_array().expect("items").clone();
        let by_mail = |mail: &str| people.iter().find(|p| p["email"] == mail).expect("a person")["id"].clone();
        let second = by_mail("private@home.example");
        let route = format!("/participants/{}/merge", second.as_str().expect("an id"));
        coordinator.post(&route, json!({ "into": by_mail("KE0@ministry.example") })).await.expect(200);
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 8 8 0", "two rows of one person count once");

        let off = json!({ "to": "cancelled", "reason": "Given up." });
        coordinator.post(&format!("{}/transitions", at(&other)), off).await.expect(200);
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 8 8 0");
        assert_eq!(told(&coordinator, &format!("{whole}?from=2027-03-03")).await, [] as [&str; 0]);
        assert_eq!(told(&coordinator, &format!("{whole}?from=2027-03-02&to=2027-03-02")).await[0], "all 0 8 8 0");
        let registered = coordinator.get(&format!("{}/registrations?limit=1", at(&session))).await.expect(200).json;
        let id = registered["items"][0]["id"].as_str().expect("an id").to_owned();
        let away = json!({ "to": "no_show", "reason": "A slip of the list." });
        coordinator.post(&format!("/registrations/{id}/transitions"), away).await.expect(200);
        assert_eq!(told(&coordinator, &whole).await[0], "all 0 8 7 0");
    }

    async fn numbers_come_as_files_with_empty_cells_for_what_is_kept_back(app: TestApp) {
        let coordinator = app.coordinator().await;
        let admin = app.administrator().await;
        for country in ["KE", "SN"] {
            admin.post("/partners", json!({ "country": country })).await.expect(201);
        }
        let program = program(&coordinator, &["KE", "SN"]).await;
        let session = open_session(&coordinator, &program, json!({})).await;
        enter(&coordinator, &session, "SN", "ff").await;

        let csv = coordinator.get(&format!("{}/numbers.csv", at(&session))).await.expect(200);
        let lines: Vec<&str> = csv.text.lines().collect();
        assert_eq!(lines[0], r#""country","sex","nominated","confirmed","attended","completed","kept_back""#);
        assert_eq!(lines[1], r#""","","0","2","0","0","false""#);
        assert_eq!(lines[2], r#""","female","0","","0","0","true""#);
        assert_eq!(lines[6], r#""SN","","0","2","0","0","false""#);
        for route in [format!("/programs/{program}/training-numbers"), "/partners/SN/training-numbers".into()] {
            assert_eq!(coordinator.get(&format!("{route}.csv")).await.expect(200).text, csv.text);
            let book = coordinator.get(&format!("{route}.xlsx")).await.expect(200);
            assert!(book.header("content-type").ends_with("spreadsheetml.sheet"));
        }
        coordinator.get(&format!("{}/numbers.xlsx", at(&session))).await.expect(200);
        let refused = coordinator.get(&format!("/programs/{program}/training-numbers?since=2027-01-01")).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "unknown_parameter");
    }

    async fn the_people_of_a_program_are_counted_from_one_index(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE"]).await.parse().expect("an id");
        let country = "KE".parse().expect("a country");

        for (of, index) in [(Of::Program(program), "training_standings_program"), (Of::Country(country), "training_standings_country")] {
            let plan = app.parts.db.read(move |tx| plan_of_numbers(tx, of)).await.expect("a plan").join("\n");
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("SCAN training_standings") && !plan.contains("Seq Scan on training_standings"), "{plan}");
        }
    }
}
