//! Every move of a date is kept, and there is no other way to move one.

use serde_json::json;

use crate::milestones::{events, milestone, path, program, step};
use crate::support::TestApp;

on_both_databases! {
    async fn a_date_moves_with_a_reason_and_every_move_is_kept(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let senegal = app.focal_point_of("SN").await;
        let made = milestone(&coordinator, &program, json!({ "title": "Plan", "due": "2027-03-31" })).await;
        let at = format!("{}/moves", path(&made));

        let moved = coordinator.post(&at, json!({ "due": "2027-04-30", "reason": "Elections" })).await.expect(200);
        assert_eq!((&moved.json["due"], &moved.json["slip_days"]), (&json!("2027-04-30"), &json!(30)));
        assert_eq!(moved.json["baseline_due"], "2027-03-31");
        coordinator.post(&at, json!({ "due": "2027-04-20", "reason": "Found a trainer" })).await.expect(200);

        let kept = senegal.get(&at).await.expect(200);
        let kept: Vec<_> = kept.json["items"].as_array().expect("items").iter().map(|m| {
            (m["old_due"].clone(), m["new_due"].clone(), m["days"].clone(), m["slip_days"].clone(), m["reason"].clone(), m["moved_by"]["id"].clone())
        }).collect();
        let by = json!(coordinator.id.to_string());
        assert_eq!(kept, [
            (json!("2027-03-31"), json!("2027-04-30"), json!(30), json!(30), json!("Elections"), by.clone()),
            (json!("2027-04-30"), json!("2027-04-20"), json!(-10), json!(20), json!("Found a trainer"), by),
        ]);
        senegal.post(&at, json!({ "due": "2028-01-01", "reason": "later" })).await.expect(403);
        app.focal_point_of("KE").await.get(&at).await.expect(404);
        let told: Vec<_> = events(&app).await.into_iter().filter(|(kind, _)| kind == "milestone.moved").collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].1["old_due"], "2027-03-31");
        assert_eq!(told[1].1["new_due"], "2027-04-20");
    }

    async fn a_patch_says_where_dates_move_and_changes_nothing(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let made = milestone(&coordinator, &program, json!({ "title": "Plan", "due": "2027-03-31" })).await;

        let refused = coordinator.patch(&path(&made), "\"1-en\"", json!({ "due": "2027-05-01", "weight": 5 })).await.expect(422);
        assert_eq!(refused.json["errors"][0]["pointer"], "/due");
        assert!(refused.json["errors"][0]["detail"].as_str().is_some_and(|words| words.contains("/moves")));
        let seen = coordinator.get(&path(&made)).await.expect(200);
        assert_eq!((&seen.json["weight"], &seen.json["version"]), (&json!(1), &json!(1)));

        let changed = coordinator.patch(&path(&made), "\"1-en\"", json!({ "weight": 5, "description": { "fr": "Le plan" } })).await.expect(200);
        assert_eq!((&changed.json["weight"], &changed.json["version"]), (&json!(5), &json!(2)));
        coordinator.patch(&path(&made), "\"1-en\"", json!({ "weight": 6 })).await.expect(412);
    }

    async fn a_move_needs_a_reason_another_day_and_an_open_milestone(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let made = milestone(&coordinator, &program, json!({ "title": "Plan", "due": "2027-03-31" })).await;
        let at = format!("{}/moves", path(&made));

        let bare = coordinator.post(&at, json!({ "due": "2027-05-01" })).await.expect(422);
        assert_eq!(bare.json["errors"][0]["pointer"], "/reason");
        let same = coordinator.post(&at, json!({ "due": "2027-03-31", "reason": "none" })).await.expect(422);
        assert_eq!(same.json["errors"][0]["code"], "unchanged");
        coordinator.post(&format!("{}/transitions", path(&made)), step("cancelled", Some("No money"))).await.expect(200);
        coordinator.post(&at, json!({ "due": "2027-05-01", "reason": "later" })).await.expect(409);
        coordinator.patch(&path(&made), "\"2-en\"", json!({ "weight": 2 })).await.expect(409);
        assert_eq!(coordinator.get(&at).await.expect(200).json["items"], json!([]));
    }
}
