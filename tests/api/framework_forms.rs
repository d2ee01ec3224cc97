//! Libraries in their three forms: real ones in full, broken ones refused with line and node, and catalogs out again.

use std::path::Path;

use awc::http::Method;
use serde_json::{Value, json};

use crate::frameworks::{all, shipped};
use crate::libraries::{self, brought, import};
use crate::support::{Answer, Person, TestApp};

const YAML: &[(&str, &str)] = &[("content-type", "application/yaml")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// A file of the reference collection, where it lies beside the checkout; it is input for tests and does not ship.
fn reference(place: &str) -> Option<Vec<u8>> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found =
        above.map(|dir| dir.join("shared/reference").join(place)).find_map(|path| std::fs::read(path).ok());
    if found.is_none() {
        eprintln!("not tested: no shared/reference/{place} beside the checkout");
    }
    found
}

async fn send(by: &Person, headers: &[(&str, &str)], file: impl Into<Vec<u8>>) -> Answer {
    by.send(Method::POST, "/frameworks/import", headers, file.into()).await
}

fn codes(nodes: &[Value]) -> Vec<&str> {
    nodes.iter().filter_map(|node| node["code"].as_str()).collect()
}

/// Code, place and words of every fault.
fn faults(answer: &Answer) -> Vec<(String, String, String)> {
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or("").to_owned();
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|fault| (text(fault, "code"), text(fault, "pointer"), text(fault, "detail"))).collect()
}

const BROKEN: &str = "\
urn: urn:example:framework:broken
edition: '1'
name: {en: Broken}
publisher: Nobody
license: CC0
language: en
method: stage_gate
scale:
  - {value: 1, code: one, name: {en: One}}
  - {value: 2, code: two, name: {en: Two}}
nodes:
  - code: A
    kind: aspect
    name: {en: An aspect}
    nodes:
      - {code: A-1, kind: indicator, stage: 2, text: {en: Good}}
      - {code: A-1, kind: indicator, stage: 9, text: {en: Bad}}
      - {code: A-3, kind: indicator, stage: 2, groups: [none]}
";

on_both_databases! {
    async fn a_bad_file_names_line_and_node(app: TestApp) {
        let coordinator = app.coordinator().await;
        let before = app.fingerprint();

        let refused = faults(&send(&coordinator, YAML, BROKEN).await.expect(422));

        let has = |code: &str, words: &str| refused.iter().any(|(c, _, detail)| c == code && detail.starts_with(words));
        assert!(has("twice", "Line 17, A-1: "), "{refused:?}");
        assert!(has("out_of_range", "Line 17, A-1: Say to which stage"), "{refused:?}");
        assert!(has("missing", "Line 18, A-3: Give a name"), "{refused:?}");
        assert!(has("unknown_group", "Line 18, A-3: "), "{refused:?}");
        let typed = BROKEN.replace("stage: 9", "stage: nine").replace("kind: aspect", "sort: aspect");
        let refused = faults(&send(&coordinator, YAML, typed).await.expect(422));
        let at = |pointer: &str| refused.iter().find(|(_, at, _)| at == pointer).map(|(code, _, detail)| format!("{code} {detail}"));
        assert!(at("/nodes/0/nodes/1/stage").is_some_and(|fault| fault.starts_with("wrong_type Line 17, A-1: ")), "{refused:?}");
        assert!(at("/nodes/0/sort").is_some_and(|fault| fault.starts_with("unknown_field Line 13, A: ")), "{refused:?}");
        assert_eq!(app.fingerprint(), before);
    }

    async fn what_is_no_library_is_refused_with_what_would_be_one(app: TestApp) {
        let coordinator = app.coordinator().await;
        let before = app.fingerprint();
        for (headers, file, status, code) in [
            (YAML, "a: [1, 2".to_owned(), 400, "malformed_yaml"),
            (YAML, "a: 1\na: 2".to_owned(), 400, "malformed_yaml"),
            (YAML, format!("a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [{0}]\nc: &c [{1}]\nd: &d [{2}]\ne: &e [{3}]\nf: [{4}]",
                ["*a"; 10].join(","), ["*b"; 10].join(","), ["*c"; 10].join(","), ["*d"; 10].join(","), ["*e"; 10].join(",")), 400, "malformed_yaml"),
            (YAML, format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)), 400, "malformed_yaml"),
            (YAML, "just: words".to_owned(), 422, "invalid"),
            (YAML, "[]".to_owned(), 422, "invalid"),
            (YAML, "42".to_owned(), 422, "invalid"),
            (JSON, "{".to_owned(), 400, "malformed_json"),
            (JSON, "{\"nodes\": 1, \"nodes\": 2}".to_owned(), 400, "malformed_json"),
            (JSON, "null".to_owned(), 422, "invalid"),
            (&[("content-type", "text/csv")], "code,name".to_owned(), 415, "unsupported_media_type"),
            (YAML, "x".repeat(9 << 20), 413, "body_too_large"),
        ] {
            let answer = send(&coordinator, headers, file).await.expect(status);
            assert_eq!(answer.code(), code, "{}", answer.text);
        }
        let told = send(&coordinator, YAML, "just: words").await.text;
        assert!(told.contains("OSCAL") && told.contains("`nodes`") && told.contains("`grid`"), "{told}");
        assert_eq!(app.fingerprint(), before);
    }

    async fn a_matrix_that_falls_and_a_tree_that_closes_into_a_ring_are_refused(app: TestApp) {
        let coordinator = app.coordinator().await;
        let mut falling = libraries::matrix("falling");
        falling["grid"] = json!([[0, 1], [1, 0]]);
        let refused = faults(&import(&coordinator, &falling).await.expect(422));
        assert_eq!((refused[0].0.as_str(), refused[0].1.as_str()), ("not_monotone", "/grid/1/1"));
        falling["grid"] = json!([[0, 7], [1]]);
        let refused = faults(&import(&coordinator, &falling).await.expect(422));
        let codes: Vec<&str> = refused.iter().map(|(code, _, _)| code.as_str()).collect();
        assert!(codes.contains(&"out_of_range") && codes.contains(&"wrong_length"), "{refused:?}");
        let node = |name: &str, parent: &str| json!({ "urn": format!("urn:x1:node:{name}"), "assessable": false,
            "parent_urn": format!("urn:x1:node:{parent}"), "name": name });
        let ring = json!({ "urn": "urn:x1:library:ring", "locale": "en", "version": 1, "objects": { "framework": {
            "urn": "urn:x1:framework:ring", "name": "Ring", "requirement_nodes": [node("a", "b"), node("b", "a"), node("c", "d")] } } });
        let refused = faults(&import(&coordinator, &ring).await.expect(422));
        let told: Vec<(&str, bool)> = refused.iter().map(|(code, _, detail)| (code.as_str(), detail.starts_with("Line 1, urn:x1:node:"))).collect();
        assert_eq!(told, [("cyclic", true), ("unknown_parent", true)], "{refused:?}");
        let mut german = ring.clone();
        german["locale"] = json!("de");
        assert_eq!(faults(&import(&coordinator, &german).await.expect(422))[0].0, "unknown_language");
    }

    async fn the_published_libraries_come_in_whole(app: TestApp) {
        let coordinator = app.coordinator().await;
        for (name, size, kinds) in [
            ("nist-csf-2.0", 134, vec![("heading", 28), ("requirement", 106)]),
            ("nist-ai-rmf-1.0", 113, vec![("heading", 41), ("requirement", 72)]),
            ("cisa-cpg-2.0", 40, vec![("heading", 6), ("requirement", 34)]),
            ("loi05-20-maroc-06082020", 64, vec![("heading", 11), ("requirement", 53)]),
            ("dynamic-questionnaire", 14, vec![("heading", 7), ("requirement", 7)]),
            ("map-nist-csf-1.1-nist-csf-2.0", 185, vec![]),
            ("critical_risk_matrix_5x5", 25, vec![]),
        ] {
            let Some(file) = reference(&format!("third-party/ciso-assistant/{name}.yaml")) else { return };
            let report = send(&coordinator, YAML, file.clone()).await.expect(200).json;
            let part = &report["parts"][0];
            assert_eq!((&report["form"], &part["status"], &part["size"]), (&json!("ciso_assistant"), &json!("created"), &json!(size)), "{name}");
            let mut counted: Vec<(&str, i64)> = part["kinds"].as_array().expect("kinds").iter().map(|k| (k["kind"].as_str().expect("a kind"), k["count"].as_i64().expect("a count"))).collect();
            counted.sort_unstable();
            assert_eq!(counted, kinds, "{name}");
            let again = send(&coordinator, YAML, file).await.expect(200).json;
            assert_eq!(again["parts"][0]["status"], "unchanged", "{name}");
        }
        let csf = &all(&coordinator, "/frameworks?urn=urn:intuitem:risk:framework:nist-csf-2.0&lang=all").await[0];
        assert_eq!((&csf["languages"], csf["scale"].as_array().map(Vec::len)), (&json!(["en", "fr", "es"]), Some(4)));
        assert_eq!(csf["scale"][0]["name"]["es"], "Parcial");
        let nodes = all(&coordinator, &format!("/frameworks/{}/nodes?lang=all", csf["id"].as_str().expect("an id"))).await;
        let translated = |lang: &str| nodes.iter().filter(|node| node["text"][lang].is_string()).count();
        assert_eq!((translated("en"), translated("fr"), translated("es")), (134, 134, 134));
        assert_eq!(nodes.iter().filter(|node| node["depth"] == 3).count(), 106);
        let law = &all(&coordinator, "/frameworks?urn=urn:intuitem:risk:framework:loi-05-20").await[0];
        assert_eq!((&law["language"], law["scale"].as_array().map(Vec::len)), (&json!("fr"), Some(6)));
        let asked = &all(&coordinator, "/frameworks?urn=urn:intuitem:risk:framework:example-dynamic-questionnaire").await[0];
        let asked = all(&coordinator, &format!("/frameworks/{}/nodes", asked["id"].as_str().expect("an id"))).await;
        let questions: Vec<&Value> = asked.iter().flat_map(|node| node["questions"].as_array().expect("questions")).collect();
        let mut sorts: Vec<&str> = questions.iter().filter_map(|question| question["kind"].as_str()).collect();
        sorts.sort_unstable();
        sorts.dedup();
        assert!(sorts.len() >= 5, "{sorts:?}");
        assert!(questions.iter().any(|question| question["asked_when"].is_object()));
        let crosswalk = &all(&coordinator, "/crosswalks?target=urn:intuitem:risk:framework:nist-csf-2.0").await[0];
        let lines = all(&coordinator, &format!("/crosswalks/{}/mappings", crosswalk["id"].as_str().expect("an id"))).await;
        assert!(lines.len() == 185 && lines.iter().all(|line| line["relation"] == "intersects"));
        let matrix = &all(&coordinator, "/risk-matrices?urn=urn:intuitem:risk:matrix:critical_risk_matrix_5x5&lang=all").await[0];
        assert_eq!((&matrix["likelihood"][0]["code"], &matrix["likelihood"][0]["name"]["fr"]), (&json!("VL"), &json!("Très faible")));
    }

    async fn what_is_left_out_of_a_library_is_told(app: TestApp) {
        let coordinator = app.coordinator().await;
        let Some(file) = reference("third-party/ciso-assistant/cisa-cpg-2.0.yaml") else { return };
        let report = send(&coordinator, YAML, file).await.expect(200).json;
        let notices: Vec<String> = report["notices"].as_array().expect("notices").iter()
            .map(|notice| format!("{} {}", notice["line"], notice["detail"].as_str().expect("words"))).collect();
        let has = |words: &str| notices.iter().any(|notice| notice.contains(words));
        assert!(has("37 of the kind reference_controls") && has("16 of the kind threats") && has("links of nodes to threats"), "{notices:?}");
        assert!(notices.iter().all(|notice| !notice.starts_with("null")), "{notices:?}");
    }

    async fn the_catalog_of_nist_and_the_shipped_csf_are_the_same_tree(app: TestApp) {
        let coordinator = app.coordinator().await;
        let Some(file) = reference("oscal/examples/nist-csf-2.0-catalog.json") else { return };

        let report = send(&coordinator, JSON, file).await.expect(200).json;

        let kinds = json!([{ "kind": "function", "count": 6 }, { "kind": "category", "count": 22 }, { "kind": "subcategory", "count": 106 }]);
        assert_eq!((&report["form"], &report["parts"][0]["kinds"]), (&json!("oscal_catalog"), &kinds));
        let notices = report["notices"].as_array().expect("notices").iter();
        let withdrawn = notices.filter_map(|n| n["detail"].as_str()).find(|n| n.contains("withdrawn")).expect("a notice");
        assert!(withdrawn.contains("withdrawn items") && withdrawn.contains("ID.BE"), "{withdrawn}");
        let taken = all(&coordinator, &format!("/frameworks/{}/nodes", report["parts"][0]["id"].as_str().expect("an id"))).await;
        let ours = shipped(&coordinator, "nist-csf-2.0").await;
        let ours = all(&coordinator, &format!("/frameworks/{}/nodes", ours["id"].as_str().expect("an id"))).await;
        assert_eq!(codes(&taken), codes(&ours));
        let text = |nodes: &[Value]| nodes.iter().map(|node| node["text"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
        assert_eq!(text(&taken), text(&ours));
        if let Some(file) = reference("oscal/examples/basic-catalog.json") {
            let report = send(&coordinator, JSON, file).await.expect(200).json;
            assert_eq!(report["parts"][0]["kinds"], json!([{ "kind": "group", "count": 4 }, { "kind": "control", "count": 4 }]));
        }
    }

    async fn every_shipped_framework_goes_out_as_a_valid_catalog_and_comes_in_again(app: TestApp) {
        let coordinator = app.coordinator().await;
        let schema: Value = serde_json::from_str(include_str!("../reference/oscal_catalog_schema.json")).expect("the schema");
        let validator = jsonschema::validator_for(&schema).expect("a schema that can be used");
        let small = brought(&coordinator, &libraries::framework("small")).await;
        let mut ids = vec![small];
        ids.extend(all(&coordinator, "/frameworks?shipped=true").await.iter().map(|f| f["id"].as_str().expect("an id").to_owned()));
        for id in ids {
            let catalog = coordinator.get(&format!("/frameworks/{id}/catalog")).await.expect(200).json;
            let errors: Vec<String> = validator.iter_errors(&catalog).map(|error| format!("{error} at {}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:?}");
            let mut renamed = catalog.clone();
            renamed["catalog"]["metadata"]["version"] = json!("again");
            let report = import(&coordinator, &renamed).await.expect(200).json;
            let back = all(&coordinator, &format!("/frameworks/{}/nodes", report["parts"][0]["id"].as_str().expect("an id"))).await;
            let here = all(&coordinator, &format!("/frameworks/{id}/nodes")).await;
            assert_eq!(back.len(), here.len());
            let told = |nodes: &[Value]| nodes.iter().map(|node| (node["depth"].clone(), node["text"].clone())).collect::<Vec<_>>();
            assert_eq!(told(&back), told(&here));
            assert_eq!(codes(&back), codes(&here));
        }
    }

    async fn a_catalog_keeps_its_language_and_cannot_grow_out_of_its_file(app: TestApp) {
        let coordinator = app.coordinator().await;
        let small = brought(&coordinator, &libraries::framework("small")).await;
        let french = [("accept-language", "fr")];
        let mut catalog = coordinator.send(Method::GET, &format!("/frameworks/{small}/catalog"), &french, vec![]).await.expect(200).json;
        assert_eq!(catalog["catalog"]["groups"][0]["title"], "Gouverner");
        catalog["catalog"]["metadata"]["version"] = json!("fr");
        let back = brought(&coordinator, &catalog).await;
        let framework = coordinator.get(&format!("/frameworks/{back}?lang=all")).await.expect(200).json;
        assert_eq!((&framework["language"], &framework["name"]["fr"]), (&json!("fr"), &json!("Un petit")));
        let mut bomb = catalog.clone();
        bomb["catalog"]["groups"][0]["params"] = json!([{ "id": "x", "label": "long ".repeat(1_900) }]);
        bomb["catalog"]["groups"][0]["parts"] = json!([{ "name": "overview", "prose": "{{ insert: param, x }} ".repeat(400) }]);
        let refused = faults(&import(&coordinator, &bomb).await.expect(422));
        assert_eq!((refused[0].0.as_str(), refused[0].1.as_str()), ("too_long", "/catalog/groups/0"));
    }

    async fn codes_and_questions_of_a_library_keep_their_names_and_order(app: TestApp) {
        let coordinator = app.coordinator().await;
        let node = |urn: &str, ref_id: Value| json!({ "urn": urn, "assessable": true, "ref_id": ref_id, "name": urn });
        let mut asked = node("urn:x1:node:q", json!("Q"));
        let questions = (1..=12).map(|n| (format!("urn:x1:node:q:question:{n}"), json!({ "type": "text", "text": format!("Question {n}") })));
        asked["questions"] = Value::Object(questions.collect());
        asked["translations"] = json!({ "de": { "name": "Frage" }, "es": { "name": "Pregunta" } });
        let library = json!({ "urn": "urn:x1:library:codes", "locale": "en", "version": "7", "objects": { "framework": {
            "urn": "urn:x1:framework:codes", "name": "Codes", "requirement_nodes": [
                node("urn:x1:node:a:1", Value::Null), node("urn:x1:node:b:1", Value::Null), node("urn:x1:node:c", json!("C")), asked] } } });
        let report = import(&coordinator, &library).await.expect(200).json;
        let nodes = all(&coordinator, &format!("/frameworks/{}/nodes", report["parts"][0]["id"].as_str().expect("an id"))).await;
        assert_eq!(codes(&nodes), ["urn:x1:node:a:1", "urn:x1:node:b:1", "C", "Q"]);
        let order: Vec<&str> = nodes[3]["questions"].as_array().expect("questions").iter().filter_map(|q| q["text"].as_str()).collect();
        assert_eq!((order[0], order[1], order[11]), ("Question 1", "Question 2", "Question 12"));
        let notices = report["notices"].as_array().expect("notices").iter().filter_map(|notice| notice["detail"].as_str());
        assert!(notices.clone().any(|notice| notice.contains("1 translations into de")), "{:?}", notices.collect::<Vec<_>>());
    }
}
