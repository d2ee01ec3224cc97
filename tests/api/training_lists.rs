//! Lists of training sessions: read from indexes, page by page, at the same cost however long the page.

use cybercap::kernel::access::{Reach, Role, Scope};
use cybercap::kernel::id::UserId;
use cybercap::kernel::page::{PageRequest, Position};
use cybercap::platform::connection::Flavor;
use cybercap::training::sessions::{SessionFilter, plan_of_list};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::training::{planned, program};

on_both_databases! {
    async fn lists_of_sessions_are_read_from_an_index_and_the_table_is_never_sorted(app: TestApp) {
        let (user, at) = (UserId(uuid::Uuid::nil()), app.parts.clock.now());
        let reach = |roles: Vec<Role>, countries: &[&str]| {
            let countries = countries.iter().map(|iso2| iso2.parse().expect("a country")).collect();
            Scope::Only(Reach { user, at, roles, countries, within: None, all: false, machine: false })
        };
        let kenya = reach(Vec::new(), &["KE"]);
        let grants = reach(vec![Role::Coordinator, Role::Trainer], &[]);
        let of = json!({ "program": uuid::Uuid::nil() });
        let since = json!({ "updated_since": "2026-11-22T08:00:00Z" });
        let down = json!({ "sort": "-first_day" });
        let cases: [(&str, &Scope, Value, &str); 13] = [
            ("everything", &Scope::All, json!({}), "training_sessions_first_day"),
            ("everything, latest first", &Scope::All, down, "training_sessions_first_day"),
            ("a program", &Scope::All, of.clone(), "training_sessions_program"),
            ("a program for a country", &kenya, of.clone(), "training_sessions_program"),
            ("a program for its people", &grants, of, "training_sessions_program"),
            ("a country", &kenya, json!({}), "session_countries_"),
            ("a country that was asked for", &Scope::All, json!({ "country": "KE" }), "session_countries_"),
            ("grants", &grants, json!({}), "role_grants_"),
            ("a status", &Scope::All, json!({ "status": "published" }), "training_sessions_status"),
            ("a status for a country", &kenya, json!({ "status": "published" }), "training_sessions_"),
            ("what changed", &Scope::All, since.clone(), "training_sessions_updated"),
            ("what changed for a country", &kenya, since, "training_sessions_updated"),
            ("of a course", &Scope::All, json!({ "course": uuid::Uuid::nil() }), "training_sessions_course"),
        ];
        let (flavor, mut wrong) = (app.parts.db.flavor(), Vec::new());
        for (name, scope, filter, index) in cases {
            let filter: SessionFilter = cybercap::kernel::parse::document(filter).expect("a filter");
            let key = if name.starts_with("what changed") { at.0.to_string() } else { "2027-01-01".to_owned() };
            let after = Some(Position { key, id: uuid::Uuid::nil() });
            let page = PageRequest { limit: 20, after, count: false };
            let scope = scope.clone();
            let read = app.parts.db.read(move |tx| plan_of_list(tx, &scope, &filter, user, &page));
            let plan = read.await.expect("a plan").join("\n");
            if flavor == Flavor::Postgres {
                // On empty tables PostgreSQL holds every index to be equally good; benches/ shows its plans over full ones.
                assert!(!plan.is_empty(), "{name}");
                continue;
            }
            if !plan.contains(index) {
                wrong.push(format!("{name} should use {index}:\n{plan}"));
            }
            // Sorted are at most the sessions of one country that was asked for, or of the caller's own programs.
            let sorts = ["a country that was asked for", "grants"].contains(&name);
            for whole in ["SCAN training_sessions\n", "SCAN programs\n", "SCAN session_terms\n", "B-TREE FOR ORDER"] {
                let there = format!("{plan}\n").contains(whole);
                if there && !(sorts && whole.starts_with("B-TREE")) {
                    wrong.push(format!("{name}: {whole}\n{plan}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_longer_page_of_sessions_takes_no_more_queries(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE", "RW"]).await;
        for day in 1..=12 {
            let draft = json!({ "title": "Drill", "first_day": format!("2027-03-{day:02}"), "trainers": [coordinator.id.to_string()] });
            planned(&coordinator, &program, draft).await;
        }
        for path in ["/training-sessions".to_owned(), format!("/programs/{program}/training-sessions")] {
            let mut cost = Vec::new();
            for limit in [1, 12] {
                coordinator.get(&format!("{path}?limit=1")).await.expect(200);
                let before = app.parts.db.statements();
                let page = coordinator.get(&format!("{path}?limit={limit}")).await.expect(200);
                assert_eq!(page.json["items"].as_array().map(Vec::len), Some(limit));
                cost.push(app.parts.db.statements() - before);
            }
            assert_eq!(cost[0], cost[1], "{path}");
        }
    }

    async fn a_client_that_follows_changes_gets_them_in_their_order(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["KE"]).await;
        let late = planned(&coordinator, &program, json!({ "title": "Late", "first_day": "2027-09-01" })).await;
        let early = planned(&coordinator, &program, json!({ "title": "Early", "first_day": "2027-03-01" })).await;
        let listed = async |query: &str| {
            let page = coordinator.get(&format!("/training-sessions?{query}")).await.expect(200).json;
            page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
        };

        assert_eq!(listed("").await, [early["id"].clone(), late["id"].clone()]);
        assert_eq!(listed("updated_since=2020-01-01T00:00:00Z").await, [late["id"].clone(), early["id"].clone()]);
        assert_eq!(listed("updated_since=2020-01-01T00:00:00Z&sort=first_day").await, [early["id"].clone(), late["id"].clone()]);
    }
}
