//! The reference table of countries.

use crate::support::TestApp;

on_both_databases! {
    async fn everyone_logged_in_reads_the_249_countries(app: TestApp) {
        let observer = app.focal_point_of("KE").await;

        let first = observer.get("/countries?limit=200&count=exact").await.expect(200);
        let next = first.json["next"].as_str().expect("a second page");
        let second = observer.get(&format!("/countries?limit=200&count=exact&cursor={next}")).await.expect(200);

        assert_eq!(first.json["total"], 249);
        assert_eq!(first.json["items"].as_array().map(Vec::len), Some(200));
        assert_eq!(second.json["items"].as_array().map(Vec::len), Some(49));
        assert_eq!(second.json["next"], serde_json::Value::Null);
        assert_eq!(app.anyone().get("/countries").await.expect(401).code(), "unauthenticated");
    }

    async fn a_country_shows_its_facts_and_answers_304_to_who_knows_it(app: TestApp) {
        let person = app.focal_point_of("KE").await;

        let senegal = person.get("/countries/sn?lang=all").await.expect(200);

        assert_eq!(senegal.json["iso3"], "SEN");
        assert_eq!(senegal.json["names"]["ar"], "السنغال");
        assert_eq!(senegal.json["names"]["pt"], "Senegal");
        assert_eq!(senegal.json["primary_zone"], "Africa/Dakar");
        assert_eq!(senegal.json["official_languages"], serde_json::json!(["wo", "fr"]));
        assert_eq!(senegal.json["weekend"], serde_json::json!(["sat", "sun"]));
        assert_eq!(senegal.json["currency"], "XOF");
        assert_eq!(senegal.json["income"], "lower_middle");
        assert_eq!(senegal.json["income_year"], 2024);
        let known = [("if-none-match", senegal.header("etag"))];
        let again = person.send(awc::http::Method::GET, "/countries/SN?lang=all", &known, vec![]).await.expect(304);
        assert_eq!(again.text, "");
        person.get("/countries/XX").await.expect(404);
        person.get("/countries/Senegal").await.expect(404);
    }

    async fn the_list_answers_304_to_who_knows_it(app: TestApp) {
        let someone = app.with_role("awa", cybercap::kernel::access::Role::Observer, Some("KE"), None).await;
        let first = someone.get("/countries?limit=3").await.expect(200);
        let tag = first.header("etag").to_owned();
        let again = [("if-none-match", tag.as_str())];
        let get = |path: &'static str, headers: Vec<(&'static str, String)>| {
            let someone = &someone;
            async move {
                let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                someone.send(awc::http::Method::GET, path, &headers, Vec::new()).await
            }
        };
        let known = |tag: &str| vec![("if-none-match", tag.to_owned())];
        assert_eq!(get("/countries?limit=3", known(&tag)).await.expect(304).text, "");
        assert_eq!(someone.send(awc::http::Method::GET, "/countries?limit=3", &again, Vec::new()).await.header("etag"), tag);
        get("/countries?limit=4", known(&tag)).await.expect(200);
        let mut french = known(&tag);
        french.push(("accept-language", "fr".into()));
        assert_ne!(get("/countries?limit=3", french).await.expect(200).header("etag"), tag);
    }

    async fn filters_pick_the_groups_of_the_united_nations(app: TestApp) {
        let person = app.focal_point_of("KE").await;
        let count = async |query: &str| {
            let answer = person.get(&format!("/countries?count=exact&{query}")).await.expect(200);
            answer.json["total"].as_i64().expect("a total")
        };

        assert_eq!(count("g77=true").await, 134);
        assert_eq!(count("g77=false").await, 115);
        assert_eq!(count("lldc=true").await, 32);
        assert_eq!(count("region=africa&lldc=true").await, 16);
        let wrong = person.get("/countries?region=atlantis&g77=perhaps").await.expect(422);
        assert_eq!(wrong.json["errors"].as_array().map(Vec::len), Some(2), "{}", wrong.text);
    }

    async fn three_countries_leave_the_least_developed_on_the_day(app: TestApp) {
        let ldc = "/countries?ldc=true&count=exact";

        app.at("2026-11-23T23:00:00Z");
        let person = app.focal_point_of("KE").await;
        let before = person.get("/countries/BD").await.expect(200);
        assert_eq!(before.json["ldc"], true);
        assert_eq!(person.get(ldc).await.expect(200).json["total"], 44);

        app.at("2026-11-24T00:00:00Z");
        let person = app.focal_point_of("SN").await;
        let known = [("if-none-match", before.header("etag"))];
        let after = person.send(awc::http::Method::GET, "/countries/BD", &known, vec![]).await.expect(200);
        assert_eq!(after.json["ldc"], false);
        assert_eq!(after.json["ldc_until"], "2026-11-24");
        assert_eq!(person.get(ldc).await.expect(200).json["total"], 41);
        assert_eq!(person.get("/countries?ldc=false&count=exact").await.expect(200).json["total"], 208);
    }

    async fn a_name_is_found_in_any_language_without_accents(app: TestApp) {
        let person = app.focal_point_of("KE").await;
        let found = async |q: &str| {
            let answer = person.get(&format!("/countries?q={q}")).await.expect(200);
            let items = answer.json["items"].as_array().expect("items").clone();
            items.iter().map(|c| c["iso2"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>()
        };

        assert_eq!(found("cote%20d%27ivoire").await, ["CI"]);
        assert_eq!(found("%E5%A1%9E%E5%86%85%E5%8A%A0%E5%B0%94").await, ["SN"]);
        assert_eq!(found("VIETN").await, ["VN"]);
        assert_eq!(found("KEN").await, ["KE"]);
    }
}
