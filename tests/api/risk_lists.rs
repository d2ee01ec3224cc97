//! Large registers: 200 scenarios through the API, lists by key and filter, the heat map as data and as a picture.

use awc::http::Method;
use cybercap::accounts::Permit;
use cybercap::kernel::access::{System, ViewRisks};
use cybercap::kernel::list::Many;
use cybercap::kernel::page::PageRequest;
use cybercap::platform::connection::Flavor;
use cybercap::risks::{RiskFilter, plan_of_list};
use serde_json::{Value, json};

use crate::frameworks::all;
use crate::risks::{rate, register, risk};
use crate::support::{Person, TestApp};

/// Enters so many scenarios, rated by a pattern; likelihood and impact of each.
async fn filled(by: &Person, register: &str, many: usize) -> Vec<(i32, i32)> {
    let mut cells = Vec::new();
    for n in 0..many {
        let title = format!("Scenario {n} of the power grid");
        let path = risk(
            by,
            register,
            json!({ "title": { "en": title }, "category": if n % 2 == 0 { "cyber" } else { "program" } }),
        )
        .await;
        let (likelihood, impact) = ((n % 5) as i32, (n / 5 % 5) as i32);
        let rated = rate(by, &path, "current", likelihood, json!({ "availability": impact, "economy": 0 }))
            .await
            .expect(200);
        assert_eq!(rated.json["number"], json!(n + 1));
        cells.push((likelihood, impact));
    }
    cells
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_str()).collect()
}

on_both_databases! {
    async fn two_hundred_scenarios_are_entered_listed_and_mapped(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let path = register(&official, "SN").await;

        let cells = filled(&official, &path, 200).await;

        let rows = all(&official, &format!("{path}/risks")).await;
        assert_eq!(rows.len(), 200);
        assert!(rows.iter().zip(1..).all(|(row, number)| row["number"] == number));
        let map = official.get(&format!("{path}/heat-map")).await.expect(200).json;
        assert_eq!((&map["scenarios"], &map["maps"][1]["rated"], &map["maps"][0]["not_rated"]), (&json!(200), &json!(200), &json!(200)));
        let counted = map["maps"][1]["cells"].as_array().expect("cells");
        assert_eq!(counted.len(), 25);
        for cell in counted {
            let here = |at: &&(i32, i32)| cell["likelihood"] == at.0 && cell["impact"] == at.1;
            assert_eq!(cell["count"], cells.iter().filter(here).count(), "{cell}");
            assert!(cell["risks"].as_array().is_some_and(|risks| risks.len() <= 20));
        }
        let above = all(&official, "/risks?above_tolerance=true").await;
        assert_eq!(map["maps"][1]["above_tolerance"], json!(above.len()));
        let lines = official.get("/risk-registers").await.expect(200).json;
        assert_eq!((&lines["items"][0]["scenarios"], &lines["items"][0]["above_tolerance"]), (&json!(200), &json!(above.len())));
        let cost = async |path: &str| {
            let before = app.parts.db.statements();
            official.get(path).await.expect(200);
            app.parts.db.statements() - before
        };
        let (one, many) = (cost(&format!("{path}/risks?limit=1")).await, cost(&format!("{path}/risks?limit=200")).await);
        assert_eq!(one, many, "a page costs the same however many rows");
        let (few, most) = (cost("/risks?limit=1").await, cost("/risks?limit=200").await);
        assert_eq!(few, most, "across registers too");
        let mapped = cost(&format!("{path}/heat-map")).await;
        assert!(mapped <= 16, "a heat map of 200 takes {mapped} statements");
        let linted = cost(&format!("{path}/findings")).await;
        assert!(linted <= 20, "the checks of 200 take {linted} statements");
        eprintln!("statements: page {many}, across {most}, heat map {mapped}, findings {linted}");
    }

    async fn scenarios_are_found_across_registers_by_what_they_are(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let (first, second) = (register(&official, "SN").await, register(&official, "SN").await);
        let one = risk(&official, &first, json!({ "title": { "en": "Élections under attack" }, "next_review_on": "2026-12-01", "owner": official.id.to_string() })).await;
        let two = risk(&official, &second, json!({ "title": { "en": "Lost laptop" }, "category": "program", "next_review_on": "2027-02-01" })).await;
        let three = risk(&official, &second, json!({ "title": { "en": "Flooded data center" } })).await;
        rate(&official, &one, "current", 4, json!({ "people_and_rights": 4 })).await.expect(200);
        rate(&official, &two, "current", 2, json!({ "economy": 1 })).await.expect(200);

        let found = async |query: &str| -> Vec<String> {
            let page = official.get(&format!("/risks?{query}")).await.expect(200).json;
            ids(&page).iter().map(|id| format!("/risks/{id}")).collect()
        };
        assert_eq!(found("").await, [one.clone(), two.clone(), three.clone()], "the highest level first, what is not rated last");
        assert_eq!(found("q=elections").await, [one.as_str()]);
        assert_eq!(found("q=laptop").await, [two.as_str()]);
        assert_eq!(found("category=program").await, [two.as_str()]);
        assert_eq!(found("level_at_least=2").await, [one.as_str()]);
        assert_eq!(found("above_tolerance=false").await, [two.as_str()]);
        assert_eq!(found("mine=true").await, [one.as_str()]);
        assert_eq!(found("review_before=2027-01-01").await, [one.as_str()]);
        assert_eq!(found("sort=next_review_on").await, [one.clone(), two.clone()]);
        assert_eq!(found("status=identified,closed&country=SN,KE&sort=-updated_at").await.len(), 3);
        assert_eq!(found(&format!("register={}&sort=number", &second["/risk-registers/".len()..])).await, [two.clone(), three.clone()]);
        assert_eq!(official.get("/risks?sort=number").await.expect(422).code(), "invalid");
        let mut walked = Vec::new();
        let mut query = "limit=1".to_owned();
        loop {
            let page = official.get(&format!("/risks?{query}")).await.expect(200).json;
            walked.extend(ids(&page).iter().map(|id| format!("/risks/{id}")));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("limit=1&cursor={next}");
        }
        assert_eq!(walked, [one, two, three]);
    }

    async fn every_list_of_scenarios_is_served_by_an_index(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let user = official.id;
        type Case = (&'static str, fn() -> RiskFilter, &'static str);
        let cases: [Case; 6] = [
            ("all", RiskFilter::default, "risks_level"),
            ("country", || RiskFilter { country: Many::one("SN".parse().expect("a country")), ..RiskFilter::default() }, "risks_country"),
            ("status", || RiskFilter { status: Many::one("monitored".parse().expect("a status")), ..RiskFilter::default() }, "risks_status"),
            ("category", || RiskFilter { category: "ai".parse().ok(), ..RiskFilter::default() }, "risks_category"),
            ("review", || RiskFilter { sort: "next_review_on".parse().ok(), ..RiskFilter::default() }, "risks_review"),
            ("updated", || RiskFilter { sort: "-updated_at".parse().ok(), ..RiskFilter::default() }, "risks_updated"),
        ];
        for (name, filter, index) in cases {
            let read = app.parts.db.read(move |tx| {
                let permit = Permit::<ViewRisks>::system("test", tx.now());
                let _ = System("test");
                plan_of_list(tx, &permit.scope(), &filter(), user, &PageRequest::first())
            });
            let plan = read.await.expect("a plan").join("\n");
            assert!(!plan.is_empty());
            if app.parts.db.flavor() == Flavor::Sqlite {
                assert!(plan.contains(index), "{name} should use {index}:\n{plan}");
                assert!(!plan.contains("TEMP B-TREE FOR ORDER"), "{name}:\n{plan}");
            }
        }
    }

    async fn the_picture_says_what_it_shows_and_turns_round_for_arabic(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let path = register(&official, "SN").await;
        let empty = official.get(&format!("{path}/heat-map.svg")).await.expect(200);
        assert!(empty.text.contains("No scenarios yet"), "{}", empty.text);
        filled(&official, &path, 43).await;
        let first = risk(&official, &path, json!({ "title": { "en": "Last <one>" } })).await;
        rate(&official, &first, "inherent", 4, json!({ "economy": 4 })).await.expect(200);
        rate(&official, &first, "current", 3, json!({ "economy": 4 })).await.expect(200);
        rate(&official, &first, "residual", 1, json!({ "economy": 2 })).await.expect(200);

        let route = format!("{path}/heat-map.svg");
        let picture = official.get(&route).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/svg+xml; charset=utf-8");
        assert!(picture.text.starts_with("<svg xmlns=") && picture.text.ends_with("</svg>"));
        for part in ["role=\"img\"", "aria-labelledby=\"a b\"", "<title id=\"a\">Cyber risks of SN</title>", "Inherent", "Residual",
            "above tolerance", "CRIT", "Likely, Severe: Critical", "Limit of tolerance"] {
            assert!(picture.text.contains(part), "{part} is missing");
        }
        assert!(picture.text.len() < 40_000, "{} bytes", picture.text.len());
        let spoken = async |lang: &str| official.send(Method::GET, &route, &[("accept-language", lang)], Vec::new()).await.expect(200);
        let (arabic, french) = (spoken("ar").await, spoken("fr").await);
        assert!(arabic.text.contains("direction=\"rtl\"") && arabic.text.contains("المتبقي"));
        assert!(french.text.contains("Résiduel") && french.text.contains("Élevé"));
        if let Some(folder) = std::env::var_os("CYBERCAP_TEST_PICTURES") {
            let folder = std::path::PathBuf::from(folder);
            for (name, answer) in [("heat-empty", &empty), ("heat", &picture), ("heat-ar", &arabic), ("heat-fr", &french)] {
                std::fs::write(folder.join(format!("{name}.svg")), &answer.text).expect("a picture");
            }
        }
    }
}
