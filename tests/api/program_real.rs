//! The fifteen real programs of the reference collection, entered without one made-up value.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::support::TestApp;

/// The collection, where it lies beside the checkout; it is input for tests and does not ship.
fn collection() -> Option<Vec<Value>> {
    const PLACE: &str = "shared/reference/projects/ccb-projects.json";
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let Some(text) = above.map(|dir| dir.join(PLACE)).find_map(|path| std::fs::read_to_string(path).ok())
    else {
        eprintln!("not tested: no {PLACE} beside the checkout");
        return None;
    };
    let whole: Value = serde_json::from_str(&text).expect("the collection is JSON");
    Some(whole["projects"].as_array().expect("projects").clone())
}

fn words(value: &Value) -> Vec<String> {
    let list = value.as_array().cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A draft that says what the source says; what has no field of its own is kept in words.
fn draft(source: &Value) -> Value {
    let text = |name: &str| source[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let mut draft = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            draft.insert(name.into(), value.into());
        }
    };
    let over = matches!(text("status").as_deref(), Some("implemented" | "completed"));
    let began = over || text("status").as_deref() == Some("active");
    put(if began { "actual_start" } else { "planned_start" }, text("start"));
    put(if over { "actual_end" } else { "planned_end" }, text("end"));
    let amount = source["budget_amount"].as_i64();
    let amount =
        amount.map(|amount| format!("{} {amount}", source["budget_currency"].as_str().unwrap_or("")));
    put("budget_note", text("budget_text").or(amount));

    let (there, elsewhere): (Vec<String>, Vec<String>) =
        words(&source["beneficiaries"]).into_iter().partition(|iso2| iso2 != "XK");
    let mut scope = text("scope").into_iter().collect::<Vec<_>>();
    scope.extend((!elsewhere.is_empty()).then(|| format!("Also {}.", elsewhere.join(", "))));
    let associates = words(&source["associate_countries"]);
    scope
        .extend((!associates.is_empty()).then(|| format!("Associate countries: {}.", associates.join(", "))));
    put("scope_note", Some(scope.join(" ")).filter(|note| !note.is_empty()));

    let notes = ["status", "source", "announced", "agreement_signed", "assessment", "note"];
    let mut notes: Vec<String> = notes.iter().filter_map(|n| text(n).map(|t| format!("{n}: {t}"))).collect();
    notes.extend(source["duration_months"].as_i64().map(|months| format!("duration_months: {months}")));
    for list in ["achievements", "outputs"] {
        notes.extend(words(&source[list]).iter().map(|line| format!("{list}: {line}")));
    }
    put("notes", Some(notes.join("\n")));

    let english = |list: &str| Some(words(&source[list]).join("; ")).filter(|text| !text.is_empty());
    for (field, list) in [("objectives", "expected_results"), ("target_groups", "target_groups")] {
        if let Some(text) = english(list) {
            draft.insert(field.into(), json!({ "en": text }));
        }
    }
    draft.insert("title".into(), json!({ "en": source["title"] }));
    draft.insert("themes".into(), source["gfce_theme"].clone());
    draft.insert("countries".into(), there.iter().map(|iso2| json!({ "country": iso2 })).collect());
    let with = |list: &str, role: &str| {
        let named = |name: String| json!({ "role": role, "name": name });
        words(&source[list]).into_iter().map(named).collect::<Vec<_>>()
    };
    let mut organizations = with("funders", "funding");
    organizations.extend(with("implementers", "implementing"));
    draft.insert("organizations".into(), organizations.into());
    Value::Object(draft)
}

on_both_databases! {
    async fn all_fifteen_real_programs_are_entered_without_a_made_up_value(app: TestApp) {
        let Some(sources) = collection() else { return };
        assert_eq!(sources.len(), 15);
        let coordinator = app.coordinator().await;

        for source in &sources {
            let stated = draft(source);
            let id = coordinator.post("/programs", stated.clone()).await.expect(201).id();

            let kept = coordinator.get(&format!("/programs/{id}?lang=all")).await.expect(200).json;
            for (field, value) in stated.as_object().expect("an object") {
                match field.as_str() {
                    "countries" => {
                        let mut named = words(&Value::from_iter(
                            value.as_array().expect("a list").iter().map(|c| c["country"].clone()),
                        ));
                        named.sort();
                        let listed = kept["countries"].as_array().expect("a list").iter();
                        assert_eq!(listed.map(|c| c["country"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>(), named);
                    }
                    "organizations" => {
                        for (given, listed) in value.as_array().expect("a list").iter().zip(kept[field].as_array().expect("a list")) {
                            assert_eq!((&given["role"], &given["name"]), (&listed["role"], &listed["name"]));
                        }
                    }
                    _ => assert_eq!(&kept[field], value, "{field} of {}", source["id"]),
                }
            }
            for date in ["planned_start", "actual_start", "planned_end", "actual_end"] {
                assert!(stated.get(date).is_some() || kept[date].is_null(), "{date} of {}", source["id"]);
            }
            assert_eq!(kept["status"], "pipeline");
        }
        let list = coordinator.get("/programs?limit=200&count=exact").await.expect(200);
        assert_eq!(list.json["total"], 15);
        let pacific = coordinator.get("/programs?q=pacific&country=VU").await.expect(200);
        assert_eq!(pacific.json["items"].as_array().map(Vec::len), Some(3), "{}", pacific.text);
    }

    async fn kosovo_has_no_row_among_the_249_and_the_refusal_says_where_it_goes(app: TestApp) {
        let coordinator = app.coordinator().await;
        let body = json!({ "title": { "en": "Phase II" }, "countries": [{ "country": "XK" }, { "country": "RS" }] });

        let refused = coordinator.post("/programs", body).await.expect(422);

        assert_eq!(refused.json["errors"][0]["pointer"], "/countries/0/country");
        assert!(refused.text.contains("scope_note"), "{}", refused.text);
    }
}
