//! Scores, gaps, comparisons and pictures of assessments.

use serde_json::{Value, json};

use crate::assessed::{EXAMPLE, answered, example, offered, opened, staged, validated};
use crate::frameworks::{all, shipped};
use crate::libraries::{brought, crosswalk, framework};
use crate::support::{Person, TestApp};

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("an id")
}

async fn score(by: &Person, assessment: &str, query: &str) -> Value {
    by.get(&format!("/assessments/{assessment}/score{query}")).await.expect(200).json
}

fn node<'a>(score: &'a Value, code: &str) -> &'a Value {
    let nodes = score["nodes"].as_array().expect("nodes");
    nodes.iter().find(|node| node["code"] == code).unwrap_or_else(|| panic!("no {code}"))
}

/// Answers to all outcomes of the CSF: Govern 1 of 3, Identify 2 of 2, Protect 3 of 4 and dear, Detect 0 of 4, of Respond
/// nothing, Recover does not apply.
fn profile(nodes: &[Value]) -> Vec<Value> {
    let outcomes = nodes.iter().filter(|node| node["assessable"] == true);
    let answer = |node: &Value| {
        let code = node["code"].as_str().expect("a code");
        match &code[..2] {
            "GV" => Some(json!({ "code": code, "value": 1, "target": 3, "priority": 1 })),
            "ID" => Some(json!({ "code": code, "value": 2, "target": 2, "priority": 3 })),
            "PR" => Some(json!({ "code": code, "value": 3, "target": 4, "priority": 2 })),
            "DE" => Some(json!({ "code": code, "value": 0, "target": 4, "priority": 1 })),
            "RC" => Some(json!({ "code": code, "not_applicable": true, "reason": "Another agency does it" })),
            _ => None,
        }
    };
    outcomes.filter_map(answer).collect()
}

/// The aspect of the worked example: stage, progress, index.
fn aspect(score: &Value) -> (i64, f64, f64) {
    let aspect = node(score, "A");
    let number = |key: &str| aspect[key].as_f64().unwrap_or(-1.0);
    (aspect["stage"].as_i64().unwrap_or(-1), number("progress"), number("index"))
}

on_both_databases! {
    async fn the_worked_example_of_stages_comes_out_through_the_api(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let framework = brought(&app.administrator().await, &staged("stages")).await;
        let made = opened(&official, &framework, "KE", json!({})).await;
        assert_eq!(node(&score(&official, &made, "").await, "A")["standing"], "insufficient");
        let value = |code: &str| if code == "A3d" { 1 } else { 2 };
        let items: Vec<Value> = EXAMPLE.iter().map(|(code, _)| json!({ "code": code, "value": value(code) })).collect();
        answered(&official, &made, &items).await;

        let own = score(&official, &made, "").await;

        assert_eq!(aspect(&own), (2, 0.75, 2.75), "later stages give no credit");
        assert_eq!((&own["mode"], &own["method"], &own["disclosed"]), (&json!("self"), &json!("stage_gate"), &json!("detail")));
        assert_eq!(own["overall"]["coverage"], json!({ "answered": 9, "applicable": 9 }));
        assert_eq!(own["nodes"].as_array().map(Vec::len), Some(1), "an indicator is an answer, not a score");
        assert_eq!(aspect(&score(&official, &made, "?mode=validated").await), (1, 0.0, 1.0), "nothing is proven");
        let gaps = official.get(&format!("/assessments/{made}/gaps")).await.expect(200).json;
        assert_eq!(gaps["gaps"].as_array().map(Vec::len), Some(1));
        let gap = &gaps["gaps"][0];
        assert_eq!((&gap["code"], &gap["stage"], &gap["shortfall"]), (&json!("A3d"), &json!(3), &json!("not_met")));
        assert_eq!((&gap["recommendation"], &gap["above"]), (&json!("Put A3d in place."), &json!(["A"])));

        let met: Vec<&str> = EXAMPLE.iter().map(|(code, _)| *code).filter(|code| *code != "A3d").collect();
        let evidence = offered(&official, &made, &met).await;
        validated(&app, &official, &made, &evidence[..7]).await;
        let proven = score(&official, &made, "").await;
        assert_eq!(proven["mode"], "validated");
        assert_eq!(aspect(&proven), (2, 0.75, 2.75), "the proof of stage 4 was not accepted, and not needed");
    }

    async fn points_count_with_evidence_alone_and_tiers_come_from_the_scale(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let mut library = framework("points");
        library["method"] = json!("points_sum");
        library["scale"] = json!([{ "value": 25, "code": "basic", "name": { "en": "Basic" } }, { "value": 75, "code": "leading", "name": { "en": "Leading" } }]);
        for (place, points) in [(0, 6), (1, 2)] {
            library["nodes"][0]["nodes"][place]["points"] = json!(points);
            library["nodes"][0]["nodes"][place].as_object_mut().expect("a node").remove("weight");
        }
        let framework = brought(&app.administrator().await, &library).await;
        let made = opened(&official, &framework, "KE", json!({})).await;
        answered(&official, &made, &[json!({ "code": "A-1", "value": 6 }), json!({ "code": "A-2", "value": 2 })]).await;
        let told = |score: &Value| (score["overall"]["points"].clone(), score["overall"]["percent"].clone(), score["overall"]["tier"].clone());

        let bare = score(&official, &made, "").await;

        assert_eq!(told(&bare), (json!(0), json!(0.0), Value::Null), "answered, and nothing shows it");
        offered(&official, &made, &["A-2"]).await;
        assert_eq!(told(&score(&official, &made, "").await), (json!(2), json!(25.0), json!("basic")));
        let evidence = offered(&official, &made, &["A-1"]).await;
        assert_eq!(told(&score(&official, &made, "").await).2, "leading");
        validated(&app, &official, &made, &evidence).await;
        assert_eq!(told(&score(&official, &made, "").await), (json!(6), json!(75.0), json!("leading")), "what was accepted");
        let gaps = official.get(&format!("/assessments/{made}/gaps")).await.expect(200).json;
        assert_eq!((&gaps["gaps"][0]["code"], &gaps["gaps"][0]["shortfall"], &gaps["gaps"][0]["points"]), (&json!("A-2"), &json!("unproven"), &json!(2)));
    }

    async fn a_whole_profile_has_means_targets_and_gaps_by_urgency(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes", id(&csf))).await;
        let tier = json!({ "current": "partial", "target": "repeatable", "rationale": "As decided in March" });
        let made = opened(&official, id(&csf), "KE", json!({ "tiers": { "governance": tier } })).await;
        let saved = answered(&official, &made, &profile(&nodes)).await;
        assert_eq!(saved["in_scope"], 106);

        let whole = score(&official, &made, "").await;

        assert_eq!(whole["nodes"].as_array().map(Vec::len), Some(6 + 22 + 106));
        assert_eq!(whole["overall"]["coverage"], json!({ "answered": 85, "applicable": 98 }));
        assert_eq!((&whole["overall"]["mean"], &whole["overall"]["target"]), (&json!(1.5), &json!(3.25)));
        assert_eq!(whole["tiers"]["governance"]["current"], "partial", "stated, whatever the scores");
        assert_eq!(whole["tiers"]["management"], Value::Null);
        let protect = node(&whole, "PR");
        assert_eq!((&protect["mean"], &protect["target"], &protect["weighted_gap"]), (&json!(3.0), &json!(4.0), &json!(0.25)));
        let respond = node(&whole, "RS");
        assert_eq!((&respond["standing"], &respond["mean"]), (&json!("insufficient"), &Value::Null), "not low");
        assert_eq!(node(&whole, "RC")["standing"], "not_applicable");
        assert_eq!(node(&whole, "DE")["mean"], 0.0, "no value is not zero, but zero is");
        assert_eq!(score(&official, &made, "?depth=1").await["nodes"].as_array().map(Vec::len), Some(6));

        let gaps = official.get(&format!("/assessments/{made}/gaps")).await.expect(200).json;
        let gaps = gaps["gaps"].as_array().expect("gaps");
        assert_eq!(gaps.len(), 31 + 22 + 11);
        assert!(gaps[..11].iter().all(|gap| gap["above"][0] == "DE" && gap["urgency"] == 4));
        assert_eq!((&gaps[11]["code"], &gaps[11]["urgency"]), (&json!("GV.OC-01"), &json!(2)), "in framework order");
        assert!(gaps[0]["text"].as_str().is_some_and(|text| text.len() > 20));

        let refused = official.get(&format!("/assessments/{made}/score?depth=0&mode=best")).await.expect(422).json;
        assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2), "{refused}");
    }

    async fn a_run_of_all_aspects_rolls_up_by_its_lowest(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let cmm = shipped(&official, "cmm-2021").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes?assessable=true", id(&cmm))).await;
        let made = opened(&official, id(&cmm), "SN", json!({})).await;
        let answer = |node: &Value| {
            let (code, stage) = (&node["code"], node["stage"].as_i64().expect("a stage"));
            let met = stage <= 3 && *code != "D1.1.1-2a";
            json!({ "code": code, "value": if met { 2 } else { 0 } })
        };
        let items: Vec<Value> = nodes.iter().map(answer).collect();
        let saved = answered(&official, &made, &items).await;
        assert_eq!((&saved["answered"], &saved["in_scope"]), (&json!(450), &json!(450)));

        let whole = score(&official, &made, "").await;

        let scored = whole["nodes"].as_array().expect("nodes");
        assert_eq!(scored.len(), 5 + 23 + 62);
        assert_eq!(node(&whole, "D1.1.1")["stage"], 1);
        assert_eq!((&node(&whole, "D1.1")["stage"], &node(&whole, "D1.1")["range"]), (&json!(1), &json!({ "min": 1, "max": 3 })));
        assert_eq!((&node(&whole, "D2")["stage"], &node(&whole, "D2")["index"]), (&Value::Null, &json!(3.0)), "never a stage");
        assert!(scored.iter().filter(|node| node["kind"] == "aspect" && node["code"] != "D1.1.1").all(|node| node["stage"] == 3));
        let gaps = official.get(&format!("/assessments/{made}/gaps")).await.expect(200).json;
        assert_eq!(gaps["gaps"][0]["code"], "D1.1.1-2a", "the lowest stage first");
        assert_eq!(gaps["gaps"][0]["above"], json!(["D1", "D1.1", "D1.1.1"]));
        assert!(gaps["gaps"].as_array().is_some_and(|gaps| gaps[1..].iter().all(|gap| gap["stage"] == 4)));
    }

    async fn scores_are_drawn_as_a_radar_where_it_can_be_one_and_as_bars(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes", id(&csf))).await;
        let made = opened(&official, id(&csf), "KE", json!({ "title": { "en": "Kenya & <partners>" } })).await;
        answered(&official, &made, &profile(&nodes)).await;
        let route = format!("/assessments/{made}/chart");

        let radar = official.get(&route).await.expect(200).json;

        assert_eq!((&radar["kind"], &radar["second"], &radar["overall"]), (&json!("radar"), &json!("target"), &json!(1.5)));
        let spokes = radar["spokes"].as_array().expect("spokes");
        let told: Vec<_> = spokes.iter().map(|spoke| (spoke["code"].as_str().unwrap_or(""), spoke["value"].as_f64(), spoke["second"].as_f64())).collect();
        assert_eq!(told[..3], [("GV", Some(1.0), Some(3.0)), ("ID", Some(2.0), Some(2.0)), ("PR", Some(3.0), Some(4.0))]);
        assert_eq!((spokes[4]["standing"].as_str(), told[4].1), (Some("insufficient"), None));
        assert_eq!(radar["rings"].as_array().map(Vec::len), Some(5));
        let bars = official.get(&format!("{route}?depth=2")).await.expect(200).json;
        assert_eq!((&bars["kind"], bars["spokes"].as_array().map(Vec::len)), (&json!("bars"), Some(22)));
        let below = official.get(&format!("{route}?under=GV")).await.expect(200).json;
        assert_eq!(below["spokes"].as_array().map(Vec::len), Some(6));
        let refused = official.get(&format!("{route}?kind=radar&depth=2")).await.expect(422).json;
        assert!(refused["errors"][0]["detail"].as_str().is_some_and(|words| words.contains("3 to 12 nodes; these are 22")), "{refused}");
        official.get(&format!("{route}?under=XX")).await.expect(422);
        official.get(&format!("{route}?depth=3")).await.expect(200);

        let arabic = [("accept-language", "ar")];
        let drawn = official.send(awc::http::Method::GET, &format!("{route}.svg?width=narrow"), &arabic, vec![]).await.expect(200);
        assert_eq!(drawn.header("content-type"), "image/svg+xml; charset=utf-8");
        assert!(drawn.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(drawn.text.contains("direction=\"rtl\"") && drawn.text.contains("<title id=\"a\">Kenya &amp; &lt;partners&gt;</title>"));
        assert!(drawn.text.len() < 16_000, "{} bytes", drawn.text.len());
    }

    async fn how_many_statements_a_score_takes_does_not_depend_on_its_size(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let small = brought(&app.administrator().await, &framework("small")).await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes", id(&csf))).await;
        let little = opened(&official, &small, "KE", json!({})).await;
        answered(&official, &little, &[json!({ "code": "A-1", "value": 0, "target": 1 })]).await;
        let much = opened(&official, id(&csf), "KE", json!({})).await;
        answered(&official, &much, &profile(&nodes)).await;
        for what in ["score", "gaps", "chart", "chart.svg"] {
            let mut cost = Vec::new();
            for assessment in [&little, &much] {
                official.get(&format!("/assessments/{assessment}/{what}")).await.expect(200);
                let before = app.parts.db.statements();
                official.get(&format!("/assessments/{assessment}/{what}")).await.expect(200);
                cost.push(app.parts.db.statements() - before);
            }
            assert_eq!(cost[0], cost[1], "{what}: {cost:?}");
            assert!(cost[1] <= 16, "{what}: {cost:?}");
        }
    }

    async fn two_validated_editions_are_compared_and_nothing_else(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let administrator = app.administrator().await;
        let stages = brought(&administrator, &staged("stages")).await;
        let then = example(&app, (&official, "KE"), &stages, &["A2c", "A3d"], json!({})).await;
        let now = example(&app, (&official, "KE"), &stages, &["A3d"], json!({})).await;
        let compare = |later: &str, earlier: &str| format!("/assessments/{later}/compare?with={earlier}");

        let told = official.get(&compare(&now, &then)).await.expect(200).json;

        assert_eq!((&told["unit"], &told["mapped"], &told["earlier"]["assessment_id"]), (&json!("index"), &json!(false), &json!(then)));
        let shift = &told["nodes"][0];
        assert_eq!((&shift["code"], &shift["change"], &shift["stage_delta"]), (&json!("A"), &json!("changed"), &json!(1)));
        assert_eq!((&shift["stage_before"], &shift["stage_after"], &shift["after"]), (&json!(1), &json!(2), &json!(2.75)));
        assert_eq!(official.get(&compare(&now, &now)).await.expect(200).json["nodes"][0]["change"], "unchanged");
        let beside = official.get(&format!("/assessments/{now}/chart?with={then}")).await.expect(200).json;
        assert_eq!((&beside["second"], &beside["kind"]), (&json!("earlier"), &json!("bars")), "one aspect is no radar");

        let open = opened(&official, &stages, "KE", json!({})).await;
        let refused = official.get(&compare(&open, &now)).await.expect(409).json;
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("Only validated") && words.contains("in_progress")), "{refused}");
        let unknown = official.get(&compare(&now, "01936f1e-7b7a-7c3d-9c55-0a6b8c1d2e3f")).await.expect(422).json;
        assert_eq!(unknown["errors"][0]["pointer"], "/with");
        official.get(&format!("/assessments/{now}/compare")).await.expect(422);

        let other = brought(&administrator, &staged("others")).await;
        let apart = example(&app, (&official, "KE"), &other, &[], json!({})).await;
        let refused = official.get(&compare(&apart, &now)).await.expect(409).json;
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("no crosswalk")), "{refused}");
        let mut walk = crosswalk("stages");
        walk["target"] = json!("urn:example:framework:others");
        walk["mappings"] = json!([{ "source": "urn:example:framework:stages:A", "target": "urn:example:framework:others:A", "relation": "equal" }]);
        brought(&administrator, &walk).await;
        let mapped = official.get(&compare(&apart, &now)).await.expect(200).json;
        assert_eq!((&mapped["mapped"], &mapped["before"]), (&json!(true), &Value::Null));
        assert_eq!((&mapped["nodes"][0]["relation"], &mapped["nodes"][0]["stage_delta"]), (&json!("equal"), &json!(2)));

        let small = brought(&administrator, &framework("small")).await;
        let profile = opened(&official, &small, "KE", json!({})).await;
        answered(&official, &profile, &[json!({ "code": "A-1", "value": 1 }), json!({ "code": "A-2", "value": 1 })]).await;
        validated(&app, &official, &profile, &[]).await;
        let refused = official.get(&compare(&profile, &now)).await.expect(409).json;
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("stage_gate") && words.contains("weighted_mean")), "{refused}");
    }

    async fn a_summary_shows_the_topmost_scores_and_each_reading_is_told_to_the_country(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let csf = shipped(&official, "nist-csf-2.0").await;
        let nodes = all(&official, &format!("/frameworks/{}/nodes", id(&csf))).await;
        let made = opened(&official, id(&csf), "KE", json!({ "tlp": "AMBER" })).await;
        answered(&official, &made, &profile(&nodes)).await;
        let coordinator = app.coordinator().await;
        let route = format!("/assessments/{made}");
        let senegal = app.focal_point_of("SN").await;
        for what in ["score", "gaps", "chart", "chart.svg"] {
            coordinator.get(&format!("{route}/{what}")).await.expect(404);
            senegal.get(&format!("{route}/{what}")).await.expect(404);
        }
        let grant = json!({ "holding_id": made, "user_id": coordinator.id.to_string(), "level": "summary",
                            "purpose": "To plan next year", "expires_on": "2026-12-31" });
        official.post("/share-grants", grant).await.expect(201);

        let seen = score(&coordinator, &made, "").await;

        assert_eq!((&seen["disclosed"], &seen["tiers"]), (&json!("summary"), &Value::Null));
        assert_eq!(seen["nodes"].as_array().map(Vec::len), Some(6));
        let deeper = coordinator.get(&format!("{route}/score?depth=2")).await.expect(403).json;
        assert!(deeper["detail"].as_str().is_some_and(|words| words.contains("summary")), "{deeper}");
        coordinator.get(&format!("{route}/gaps")).await.expect(403);
        coordinator.get(&format!("{route}/chart?under=GV")).await.expect(403);
        assert_eq!(coordinator.get(&format!("{route}/chart")).await.expect(200).json["spokes"].as_array().map(Vec::len), Some(6));
        app.administrator().await.get(&format!("{route}/score")).await.expect(404);
        let log = official.get(&format!("/partners/KE/access-log?reader={}", coordinator.id)).await.expect(200).json;
        let told: Vec<_> = log["items"].as_array().expect("items").iter().map(|row| (row["what"].as_str().unwrap_or(""), row["right"].as_str().unwrap_or(""))).collect();
        assert_eq!(told, [("chart", "share_grant"), ("score", "share_grant")]);
    }
}
