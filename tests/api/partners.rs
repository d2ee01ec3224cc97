//! Countries as partners and their holidays.

use awc::http::Method;
use cybercap::kernel::access::Role;
use serde_json::json;

use crate::support::{Person, TestApp};

/// Enters a country as a partner and gives its ETag.
pub async fn partner(admin: &Person, iso2: &str) -> String {
    admin.post("/partners", json!({ "country": iso2 })).await.expect(201).header("etag").to_owned()
}

on_both_databases! {
    async fn all_249_countries_can_be_partners(app: TestApp) {
        let admin = app.administrator().await;
        let mut entered = 0;
        let mut path = "/countries?limit=200&lang=all".to_owned();
        loop {
            let page = admin.get(&path).await.expect(200);
            for country in page.json["items"].as_array().expect("items") {
                let answer = admin.post("/partners?lang=all", json!({ "country": country["iso2"] })).await.expect(201);
                assert_eq!(answer.json["working_languages"], country["official_languages"]);
                assert_eq!(answer.json["timezone"], country["primary_zone"]);
                assert_eq!(answer.json["weekend"], country["weekend"]);
                assert_eq!(answer.json["names"], country["names"]);
                assert_eq!(answer.json["status"], "prospective");
                entered += 1;
            }
            match page.json["next"].as_str() {
                Some(next) => path = format!("/countries?limit=200&lang=all&cursor={next}"),
                None => break,
            }
        }

        assert_eq!(entered, 249);
        let all = admin.get("/partners?limit=1&count=exact").await.expect(200);
        assert_eq!(all.json["total"], 249);
        let africa = admin.get("/partners?limit=1&count=exact&region=africa").await.expect(200);
        assert_eq!(africa.json["total"], 60);
    }

    async fn an_official_sees_their_country_and_no_other(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let etag = partner(&admin, "GH").await;
        let kenya = app.focal_point_of("KE").await;

        let list = kenya.get("/partners?count=exact").await.expect(200);
        assert_eq!(list.json["total"], 1);
        assert_eq!(list.json["items"][0]["country"], "KE");
        assert_eq!(list.json["items"][0]["allowed_transitions"], json!([]));
        assert_eq!(list.json["items"][0]["permissions"], json!(["partners.edit", "focal_points.nominate"]));
        kenya.get("/partners/KE").await.expect(200);
        kenya.get("/partners/GH").await.expect(404);
        kenya.get("/partners/GH/holidays").await.expect(404);
        kenya.patch("/partners/GH", &etag, json!({ "notes": "Mine now." })).await.expect(404);
        kenya.post("/partners/GH/holidays", json!({ "day": "2026-12-25", "name": "Christmas" })).await.expect(404);
        kenya.post("/partners/KE/transitions", json!({ "to": "archived", "reason": "No." })).await.expect(403);
        kenya.post("/partners", json!({ "country": "UG" })).await.expect(403);
        let untouched = admin.get("/partners/GH").await.expect(200);
        assert_eq!((untouched.header("etag"), &untouched.json["notes"]), (etag.as_str(), &json!(null)));
    }

    async fn a_partner_is_changed_by_who_read_it(app: TestApp) {
        let admin = app.administrator().await;
        let etag = partner(&admin, "SN").await;
        let senegal = app.focal_point_of("SN").await;
        let change = json!({ "working_languages": ["fr", "wo"], "disclosure": "amber", "weekend": ["sun"], "notes": "Prefers mornings." });

        let changed = senegal.patch("/partners/SN", &etag, change.clone()).await.expect(200);

        assert_eq!(changed.json["working_languages"], json!(["fr", "wo"]));
        assert_eq!(changed.json["notes"], "Prefers mornings.");
        assert_ne!(changed.header("etag"), etag);
        assert_eq!(admin.patch("/partners/SN", &etag, change).await.expect(412).code(), "stale_version");
        let cleared = senegal.patch("/partners/SN", changed.header("etag"), json!({ "notes": null })).await.expect(200);
        assert_eq!(cleared.json["notes"], json!(null));
        let wrong = json!({ "weekend": ["sun", "sun", "someday"], "timezone": "Mars/Olympus", "mood": "good" });
        let refused = senegal.patch("/partners/SN", cleared.header("etag"), wrong).await.expect(422);
        let pointers: Vec<&str> = refused.json["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
        for pointer in ["/weekend/1", "/weekend/2", "/timezone", "/mood"] {
            assert!(pointers.contains(&pointer), "{pointer} in {pointers:?}");
        }
    }

    async fn only_a_country_of_the_table_becomes_a_partner_and_once(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;

        let twice = admin.post("/partners", json!({ "country": "KE" })).await.expect(409);
        assert_eq!(twice.code(), "already_exists");
        let nowhere = admin.post("/partners", json!({ "country": "XK" })).await.expect(422);
        assert_eq!(nowhere.json["errors"][0]["pointer"], "/country");
        assert_eq!(nowhere.json["errors"][0]["code"], "unknown_country");
    }

    async fn a_partnership_needs_somebody_who_speaks_for_the_country(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let kenya = app.focal_point_of("KE").await;

        let early = admin.post("/partners/KE/transitions", json!({ "to": "active" })).await.expect(409);
        assert_eq!(early.code(), "guard_failed");
        let nominated = kenya.post("/partners/KE/focal-points", json!({ "user_id": kenya.id.to_string() })).await.expect(201);
        let path = format!("/partners/KE/focal-points/{}/transitions", nominated.id());
        admin.post(&path, json!({ "to": "active" })).await.expect(200);
        let active = admin.post("/partners/KE/transitions", json!({ "to": "active" })).await.expect(200);

        assert_eq!(active.json["status"], "active");
        assert_eq!(active.json["allowed_transitions"], json!(["suspended"]));
        assert_eq!(admin.post("/partners/KE/transitions", json!({ "to": "archived" })).await.expect(409).code(), "conflict");
        let silent = admin.post("/partners/KE/transitions", json!({ "to": "suspended" })).await.expect(422);
        assert_eq!(silent.json["errors"][0]["pointer"], "/reason");
        let suspended = json!({ "to": "suspended", "reason": "Elections." });
        assert_eq!(admin.post("/partners/KE/transitions", suspended).await.expect(200).json["status_reason"], "Elections.");
        assert_eq!(admin.get("/partners?status=suspended&count=exact").await.expect(200).json["total"], 1);
        assert_eq!(admin.get("/partners?status=active&count=exact").await.expect(200).json["total"], 0);
    }

    async fn holidays_are_entered_alone_or_together_and_taken_away(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        partner(&admin, "GH").await;
        let kenya = app.focal_point_of("KE").await;
        let observer = app.with_role("observer", Role::Observer, Some("KE"), None).await;

        let jamhuri = json!({ "day": "2026-12-12", "name": { "en": "Jamhuri Day" } });
        let one = kenya.post("/partners/KE/holidays", jamhuri.clone()).await.expect(201);
        let list = json!([{ "day": "2026-12-25", "name": "Christmas" }, { "day": "2026-12-26", "name": "Boxing Day" }]);
        kenya.post("/partners/KE/holidays/import", list).await.expect(200);
        observer.post("/partners/KE/holidays", jamhuri).await.expect(403);

        let days = observer.get("/partners/KE/holidays").await.expect(200);
        let days: Vec<&str> = days.json["items"].as_array().expect("items").iter().filter_map(|h| h["day"].as_str()).collect();
        assert_eq!(days, ["2026-12-12", "2026-12-25", "2026-12-26"]);
        let christmas = observer.get("/partners/KE/holidays?from=2026-12-13&to=2026-12-25").await.expect(200);
        assert_eq!(christmas.json["items"].as_array().map(Vec::len), Some(1));
        let path = format!("/partners/KE/holidays/{}", one.id());
        kenya.get(&format!("/partners/GH/holidays/{}", one.id())).await.expect(404);
        kenya.send(awc::http::Method::DELETE, &path, &[], vec![]).await.expect(428);
        kenya.delete(&path, one.header("etag")).await.expect(204);
        kenya.get(&path).await.expect(404);
    }

    async fn holidays_come_from_a_file_of_any_form_row_by_row(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        let kenya = app.focal_point_of("KE").await;
        kenya.post("/partners/KE/holidays", json!({ "day": "2026-12-12", "name": "Jamhuri Day" })).await.expect(201);
        let send = async |query: &str, kind: &str, bytes: Vec<u8>| {
            let path = format!("/partners/KE/holidays/import{query}");
            kenya.send(Method::POST, &path, &[("content-type", kind)], bytes).await
        };
        let days = async || {
            let listed = kenya.get("/partners/KE/holidays").await.expect(200).json;
            listed["items"].as_array().expect("days").iter().map(|day| day["day"].clone()).collect::<Vec<_>>()
        };
        let csv = "day,name.en,name.fr\n2027-05-01,Labour Day,Fête du Travail\n2026-12-12,Again,\n2027-13-01,No day,\n";
        let spoilt = send("", "text/csv", csv.into()).await.expect(200).json;
        let outcome = |told: &serde_json::Value| -> Vec<(u64, String)> {
            let rows = told["rows"].as_array().expect("rows").iter();
            rows.map(|row| (row["line"].as_u64().expect("a line"), row["status"].as_str().expect("a status").to_owned())).collect()
        };
        let told = |words: [&str; 3]| -> Vec<(u64, String)> { (2..).zip(words.map(str::to_owned)).collect() };
        assert_eq!(outcome(&spoilt), told(["skipped", "invalid", "invalid"]));
        assert_eq!(spoilt["rows"][1]["errors"][0]["code"], "already_exists");
        assert_eq!(spoilt["rows"][2]["errors"][0]["pointer"], "/day");
        assert_eq!(days().await, ["2026-12-12"], "nothing half done");

        let rehearsed = send("?dry_run=true&atomic=false", "text/csv", csv.into()).await.expect(200).json;
        assert_eq!(outcome(&rehearsed), told(["would_create", "invalid", "invalid"]));
        assert_eq!(days().await, ["2026-12-12"]);
        let valid = send("?atomic=false", "text/csv", csv.into()).await.expect(200).json;
        assert_eq!(outcome(&valid), told(["created", "invalid", "invalid"]));
        let id = valid["rows"][0]["id"].as_str().expect("a holiday");
        let labor = kenya.get(&format!("/partners/KE/holidays/{id}?lang=all")).await.expect(200).json;
        assert_eq!(labor["name"]["fr"], "Fête du Travail");

        let lines = "{\"day\":\"2027-06-01\",\"name\":\"Madaraka Day\"}\n\n{\"day\":\"2027-10-20\",\"name\":\"Mashujaa Day\"}\n";
        assert_eq!(send("", "application/x-ndjson", lines.into()).await.expect(200).json["created"], 2);
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in [["day", "name.en"], ["2027-12-25", "Christmas"]].iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *text).expect("a cell");
            }
        }
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let book = book.save_to_buffer().expect("a workbook");
        assert_eq!(send("", xlsx, book).await.expect(200).json["created"], 1);
        assert_eq!(days().await, ["2026-12-12", "2027-05-01", "2027-06-01", "2027-10-20", "2027-12-25"]);
        let wrong = send("", "text/csv", "day,nom\n2027-05-02,x\n".into()).await.expect(422).json;
        assert_eq!(wrong["errors"][0]["code"], "unknown_column");
    }

    async fn partners_changed_since_come_in_order_of_the_change(app: TestApp) {
        let admin = app.administrator().await;
        for iso2 in ["AL", "BR", "CI"] {
            partner(&admin, iso2).await;
        }
        app.at("2026-11-22T08:05:00Z");
        let etag = admin.get("/partners/AL").await.expect(200).header("etag").to_owned();
        admin.patch("/partners/AL", &etag, json!({ "notes": "Visited." })).await.expect(200);

        let page = admin.get("/partners?updated_since=2026-11-22T08:00:00Z&limit=2").await.expect(200);
        let next = page.json["next"].as_str().expect("a second page");
        let rest = admin.get(&format!("/partners?updated_since=2026-11-22T08:00:00Z&limit=2&cursor={next}")).await.expect(200);
        let recent = admin.get("/partners?updated_since=2026-11-22T08:05:00Z").await.expect(200);

        assert_eq!((&page.json["items"][0]["country"], &page.json["items"][1]["country"]), (&json!("BR"), &json!("CI")));
        assert_eq!(rest.json["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(rest.json["items"][0]["country"], "AL");
        assert_eq!(recent.json["items"].as_array().map(Vec::len), Some(1));
    }

    async fn a_coordinator_sees_the_countries_of_their_programs(app: TestApp) {
        let admin = app.administrator().await;
        for iso2 in ["KE", "GH"] {
            partner(&admin, iso2).await;
        }
        let draft = json!({ "title": { "en": "CSIRT of Kenya" }, "countries": [{ "country": "KE" }] });
        let program = admin.post("/programs", draft).await.expect(201).id();
        let coordinator = app.with_role("runs.it", Role::Coordinator, None, Some(&program)).await;
        let idle = app.coordinator().await;

        let list = coordinator.get("/partners?count=exact").await.expect(200);
        assert_eq!((&list.json["total"], &list.json["items"][0]["country"]), (&json!(1), &json!("KE")));
        coordinator.get("/partners/KE/focal-points").await.expect(200);
        coordinator.get("/partners/GH").await.expect(404);
        let etag = list.json["items"][0]["version"].to_string();
        coordinator.patch("/partners/KE", &format!("\"{etag}\""), json!({ "notes": "x" })).await.expect(403);
        assert_eq!(idle.get("/partners").await.expect(200).json["items"], json!([]));
    }

    async fn a_page_of_partners_is_found_by_an_index(app: TestApp) {
        use cybercap::kernel::access::{Reach, Scope};
        use cybercap::kernel::id::UserId;
        use cybercap::kernel::page::{PageRequest, Position};

        let (user, at) = (UserId(uuid::Uuid::nil()), app.parts.clock.now());
        let kenya = Scope::Only(Reach {
            user, at, roles: Vec::new(), countries: vec!["KE".parse().expect("a country")], within: None,
            all: false,
            machine: false,
        });
        let grants = Scope::Only(Reach { user, at, roles: vec![Role::Coordinator], countries: Vec::new(), within: None, all: false, machine: false });
        for (name, scope, filter, index) in [
            ("by code", Scope::All, json!({}), "USING INDEX sqlite_autoindex_partners_1 (country>?)"),
            ("of a country", kenya, json!({}), "sqlite_autoindex_partners_1 (country=?"),
            ("of programs", grants, json!({}), "role_grants_"),
            ("in a status", Scope::All, json!({ "status": "active" }), "partners_status (status=? AND country>?)"),
            ("changed since", Scope::All, json!({ "updated_since": "2026-11-01T00:00:00Z" }), "partners_updated"),
        ] {
            let filter: cybercap::partners::PartnerFilter = cybercap::kernel::parse::document(filter).expect("a filter");
            let after = Some(Position { key: "AA 0".into(), id: uuid::Uuid::nil() });
            let page = PageRequest { limit: 20, after, count: false };
            let read = app.parts.db.read(move |tx| cybercap::partners::plan_of_list(tx, &scope, &filter, &page));
            let plan = read.await.expect("a plan").join("\n");
            if app.parts.db.flavor() == cybercap::platform::connection::Flavor::Postgres {
                // On empty tables PostgreSQL holds every index to be equally good.
                assert!(!plan.is_empty(), "{name}");
                continue;
            }
            assert!(plan.contains(index), "{name} should use {index}:\n{plan}");
            assert!(!plan.contains("SCAN"), "{name}:\n{plan}");
            // By programs the few countries within reach are found first, and sorted.
            let sorted = plan.contains("TEMP B-TREE FOR ORDER");
            assert_eq!(sorted, name == "of programs", "{name}:\n{plan}");
        }
    }
}
