//! The timeline of a program, as JSON and as a picture.

use awc::http::Method;
use serde_json::json;

use crate::milestones::{milestone, path, program, step};
use crate::support::{Person, TestApp};

/// A program with a chain of three, one of which slipped, one accepted and one missed.
async fn told(app: &TestApp, coordinator: &Person) -> String {
    let program = program(coordinator, &["SN", "KE"]).await;
    let senegal = app.focal_point_of("SN").await;
    let kickoff = milestone(coordinator, &program, json!({
        "title": { "en": "Kick-off & plan", "ar": "الانطلاق والخطة" }, "due": "2026-10-15", "country": "SN", "weight": 3,
    })).await;
    let review = milestone(
        coordinator,
        &program,
        json!({
            "title": { "en": "Review <maturity>" }, "due": "2026-12-20", "predecessor": kickoff["id"],
        }),
    )
    .await;
    let report = milestone(
        coordinator,
        &program,
        json!({
            "title": "Final report", "due": "2027-06-30", "predecessor": review["id"], "weight": 2,
        }),
    )
    .await;
    milestone(coordinator, &program, json!({ "title": "Late one", "due": "2026-11-10" })).await;
    let given_up = milestone(
        coordinator,
        &program,
        json!({ "title": "Study tour", "due": "2027-09-30", "weight": 900 }),
    )
    .await;
    let at = format!("{}/transitions", path(&kickoff));
    senegal.post(&at, step("in_progress", None)).await.expect(200);
    coordinator.post(&at, step("submitted", Some("Held"))).await.expect(200);
    senegal.post(&at, step("accepted", None)).await.expect(200);
    let moved = json!({ "due": "2027-01-31", "reason": "Travel" });
    coordinator.post(&format!("{}/moves", path(&review)), moved).await.expect(200);
    coordinator
        .post(&format!("{}/transitions", path(&given_up)), step("cancelled", Some("No money")))
        .await
        .expect(200);
    assert_eq!(report["status"], "planned");
    program
}

on_both_databases! {
    async fn a_timeline_tells_slips_the_chain_that_decides_and_progress(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = told(&app, &coordinator).await;

        let timeline = coordinator.get(&format!("/programs/{program}/timeline")).await.expect(200).json;

        assert_eq!(timeline["today"], "2026-11-22");
        assert_eq!(timeline["progress"], 42.85);
        let bars = timeline["bars"].as_array().expect("bars");
        let facts: Vec<_> = bars.iter().map(|bar| {
            (bar["start"].as_str().unwrap_or(""), bar["due"].as_str().unwrap_or(""), bar["slip_days"].as_i64(), bar["critical"] == true, bar["missed"] == true)
        }).collect();
        assert_eq!(facts, [
            ("2026-10-15", "2026-10-15", Some(0), true, false),
            ("2026-11-10", "2026-11-10", Some(0), false, true),
            ("2026-10-15", "2027-01-31", Some(42), true, false),
            ("2027-01-31", "2027-06-30", Some(0), true, false),
            ("2027-09-30", "2027-09-30", Some(0), false, false),
        ]);
        assert_eq!(timeline["critical_chain"].as_array().map(Vec::len), Some(3));
        app.focal_point_of("GH").await.get(&format!("/programs/{program}/timeline")).await.expect(404);
    }

    async fn the_picture_is_small_says_what_it_shows_and_turns_round_for_arabic(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = told(&app, &coordinator).await;
        let route = format!("/programs/{program}/timeline.svg");

        let picture = coordinator.get(&route).await.expect(200);
        assert_eq!(picture.header("content-type"), "image/svg+xml; charset=utf-8");
        assert!(picture.text.starts_with("<svg xmlns=") && picture.text.ends_with("</svg>"));
        for part in ["role=\"img\"", "aria-labelledby=\"a b\"", "<title id=\"a\">CSIRTs together</title>",
            "Kick-off &amp; plan: SN · accepted · ", "Review &lt;maturity&gt;", "+42", "overdue"] {
            assert!(picture.text.contains(part), "{part} is missing");
        }
        let arabic = coordinator.send(Method::GET, &route, &[("accept-language", "ar")], Vec::new()).await.expect(200);
        assert!(arabic.text.contains("direction=\"rtl\"") && arabic.text.contains("الانطلاق والخطة"));
        for month in 0..25 {
            let due = format!("20{}-{:02}-15", 27 + month / 12, 1 + month % 12);
            let title = format!("A milestone with a title of a usual length, number {month}");
            milestone(&coordinator, &program, json!({ "title": title, "due": due })).await;
        }
        let large = coordinator.get(&route).await.expect(200);
        assert!(large.text.len() < 20_000, "{} bytes", large.text.len());
        if let Some(folder) = std::env::var_os("CYBERCAP_TEST_PICTURES") {
            let folder = std::path::PathBuf::from(folder);
            for (name, answer) in [("small", &picture), ("arabic", &arabic), ("large", &large)] {
                std::fs::write(folder.join(format!("{name}.svg")), &answer.text).expect("a picture");
            }
        }
    }
}
