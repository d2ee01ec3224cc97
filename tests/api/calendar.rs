//! Calendar feeds: what a person may see now, in their own calendar, until they revoke it.

use awc::http::Method;
use serde_json::json;

use crate::milestones::{milestone, path, program, step};
use crate::support::{Person, TestApp};
use crate::training;

/// Opens a feed and gives its address without the server.
async fn feed(person: &Person, draft: serde_json::Value) -> String {
    let opened = person.post("/me/feeds", draft).await.expect(201);
    let url = opened.json["url"].as_str().expect("an address");
    url.split_once("/api/v1").expect("our address").1.to_owned()
}

/// The titles of the events, read as a calendar program reads them: lines unfolded, then the text unescaped.
fn titles(text: &str) -> Vec<String> {
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    let whole = text.replace("\r\n ", "");
    assert_eq!(whole.matches("BEGIN:VEVENT").count(), whole.matches("END:VEVENT").count());
    let values = whole.lines().filter_map(|line| line.strip_prefix("SUMMARY:"));
    let plain = |value: &str| {
        value.replace("\\,", ",").replace("\\;", ";").replace("\\n", "\n").replace("\\\\", "\\")
    };
    let mut titles: Vec<String> = values.map(plain).collect();
    titles.sort();
    titles
}

on_both_databases! {
    async fn a_feed_shows_what_its_owner_may_see_now_and_ends_when_revoked(app: TestApp) {
        let coordinator = app.coordinator().await;
        let senegal = app.focal_point_of("SN").await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        milestone(&coordinator, &program, json!({ "title": "For Kenya", "due": "2027-01-15", "country": "KE" })).await;
        let own = milestone(&coordinator, &program, json!({
            "title": "Plan, first; then \"act\"", "description": { "fr": "Ligne une\nLigne deux, très longue : ".to_owned() + &"é老".repeat(80) },
            "due": "2027-03-31", "country": "SN", "owner": senegal.id.to_string(),
        })).await;
        let address = feed(&senegal, json!({ "name": "My phone" })).await;

        let read = app.anyone().get(&address).await.expect(200);
        assert!(read.header("content-type").starts_with("text/calendar; charset=utf-8"));
        assert_eq!(titles(&read.text), ["Plan, first; then \"act\""]);
        for part in ["METHOD:PUBLISH\r\n", "X-WR-CALNAME:My phone\r\n", "SEQUENCE:0\r\n", "STATUS:CONFIRMED\r\n", "DTSTART;VALUE=DATE:20270331\r\n", "DTEND;VALUE=DATE:20270401\r\n", "LAST-MODIFIED:20261122T080000Z\r\n"] {
            assert!(read.text.contains(part), "{part} is missing in {}", read.text);
        }
        assert!(!read.text.contains("@example.org") && !read.text.contains("ATTENDEE"));
        assert!(read.text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
        if let Some(folder) = std::env::var_os("CYBERCAP_TEST_PICTURES") {
            std::fs::write(std::path::PathBuf::from(folder).join("feed.ics"), &read.text).expect("a calendar");
        }

        let moved = json!({ "due": "2027-04-30", "reason": "Elections" });
        coordinator.post(&format!("{}/moves", path(&own)), moved).await.expect(200);
        coordinator.post(&format!("{}/transitions", path(&own)), step("cancelled", Some("No money"))).await.expect(200);
        let later = app.anyone().get(&address).await.expect(200);
        for part in ["SEQUENCE:1\r\n", "STATUS:CANCELLED\r\n", "DTSTART;VALUE=DATE:20270430\r\n"] {
            assert!(later.text.contains(part), "{part} is missing");
        }
        let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
        assert_eq!(uid(&read.text), uid(&later.text));

        let feeds = senegal.get("/me/feeds").await.expect(200);
        let id = feeds.json["items"][0]["id"].as_str().expect("an id");
        assert!(!feeds.text.contains("token"));
        coordinator.send(Method::DELETE, &format!("/me/feeds/{id}"), &[], Vec::new()).await.expect(404);
        senegal.send(Method::DELETE, &format!("/me/feeds/{id}"), &[], Vec::new()).await.expect(204);
        app.anyone().get(&address).await.expect(404);
        assert_eq!(senegal.get("/me/feeds").await.expect(200).json["items"], json!([]));
    }

    async fn a_feed_can_be_of_ones_own_and_no_token_is_guessed(app: TestApp) {
        let coordinator = app.coordinator().await;
        let senegal = app.focal_point_of("SN").await;
        let program = program(&coordinator, &["SN"]).await;
        milestone(&coordinator, &program, json!({ "title": "Mine", "due": "2027-01-15", "owner": senegal.id.to_string() })).await;
        milestone(&coordinator, &program, json!({ "title": "Another's", "due": "2027-01-16" })).await;

        let mine = feed(&senegal, json!({ "shows": "mine" })).await;
        let all = feed(&senegal, json!({})).await;
        assert_eq!(titles(&app.anyone().get(&mine).await.expect(200).text), ["Mine"]);
        assert_eq!(titles(&app.anyone().get(&all).await.expect(200).text), ["Another's", "Mine"]);
        let forged = format!("{}A", &mine[..mine.len() - 1]);
        let other = format!("{}B", &mine[..mine.len() - 2]);
        for wrong in [forged, other, "/calendar.ics?token=x".into()] {
            if wrong != mine {
                app.anyone().get(&wrong).await.expect(404);
            }
        }
        app.anyone().get("/calendar.ics").await.expect(422);
    }

    async fn a_feed_shows_the_sessions_that_its_owner_may_see_and_keeps_those_that_are_cancelled(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (senegal, kenya) = (app.focal_point_of("SN").await, app.focal_point_of("KE").await);
        let program = program(&coordinator, &["SN", "KE"]).await;
        let session = training::planned(&coordinator, &program, json!({
            "title": "Drill", "mode": "hybrid", "city": "Dakar", "link": "https://meet.example.org/secret-room",
            "zone": "Africa/Cairo", "countries": [{ "country": "SN" }],
            "days": [{ "day": "2027-04-29", "starts": "09:00", "ends": "17:00" },
                     { "day": "2027-04-30", "starts": "09:00", "ends": "17:00" }],
        })).await;
        let (own, foreign) = (feed(&senegal, json!({})).await, feed(&kenya, json!({})).await);
        let mine = feed(&senegal, json!({ "shows": "mine" })).await;
        let planner = feed(&coordinator, json!({})).await;
        assert_eq!(titles(&app.anyone().get(&own).await.expect(200).text), [] as [&str; 0], "a draft is the planners' own");
        assert!(app.anyone().get(&planner).await.expect(200).text.contains("STATUS:TENTATIVE\r\n"));

        training::step(&coordinator, &session, "published").await.expect(200);
        let read = app.anyone().get(&own).await.expect(200).text;
        assert_eq!(titles(&read), ["Drill", "Drill"]);
        // Clocks in Cairo are turned forward on the night between the two days.
        for part in ["METHOD:PUBLISH\r\n", "DTSTART;TZID=Africa/Cairo:20270429T090000\r\n",
            "DTSTART;TZID=Africa/Cairo:20270430T090000\r\n", "RRULE:FREQ=DAILY;COUNT=2\r\n",
            "RECURRENCE-ID;TZID=Africa/Cairo:20270430T090000\r\n", "LOCATION:Dakar\r\n",
            "DTSTART:20270430T000000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300\r\n",
            "STATUS:CONFIRMED\r\n", "SEQUENCE:0\r\n"] {
            assert!(read.contains(part), "{part} is missing in {read}");
        }
        for secret in ["ATTENDEE", "ORGANIZER", "secret-room", "@example.org"] {
            assert!(!read.replace("\r\n ", "").contains(secret), "{secret} is in {read}");
        }
        assert_eq!(titles(&app.anyone().get(&foreign).await.expect(200).text), [] as [&str; 0], "Kenya is not invited");
        assert_eq!(titles(&app.anyone().get(&mine).await.expect(200).text), [] as [&str; 0], "Senegal does not train");

        training::step(&coordinator, &session, "cancelled").await.expect(200);
        let later = app.anyone().get(&own).await.expect(200).text;
        assert!(later.contains("STATUS:CANCELLED\r\n") && later.contains("SEQUENCE:1\r\n"), "{later}");
        assert!(!later.contains("STATUS:CONFIRMED"), "{later}");
    }

    async fn a_feed_can_be_of_one_program_or_of_one_country(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (first, second) = (program(&coordinator, &["SN", "KE"]).await, program(&coordinator, &["SN"]).await);
        milestone(&coordinator, &first, json!({ "title": "For all", "due": "2027-01-15" })).await;
        milestone(&coordinator, &first, json!({ "title": "For Kenya", "due": "2027-01-15", "country": "KE" })).await;
        milestone(&coordinator, &second, json!({ "title": "Elsewhere", "due": "2027-01-15" })).await;
        for (country, title) in [("SN", "Drill in Dakar"), ("KE", "Drill in Nairobi")] {
            training::planned(&coordinator, &first, json!({
                "title": title, "zone": "UTC", "countries": [{ "country": country }],
                "days": [{ "day": "2027-04-29", "starts": "09:00", "ends": "17:00" }],
            })).await;
        }

        let of_first = feed(&coordinator, json!({ "program_id": first })).await;
        let of_kenya = feed(&coordinator, json!({ "country": "KE", "name": "Kenya" })).await;

        let read = app.anyone().get(&of_first).await.expect(200).text;
        assert_eq!(titles(&read), ["Drill in Dakar", "Drill in Nairobi", "For Kenya", "For all"]);
        let read = app.anyone().get(&of_kenya).await.expect(200).text;
        assert_eq!(titles(&read), ["Drill in Nairobi", "For Kenya", "For all"]);
        let listed = coordinator.get("/me/feeds").await.expect(200).json;
        assert_eq!((&listed["items"][0]["program_id"], &listed["items"][1]["country"]), (&json!(first), &json!("KE")));
        let ghana = app.focal_point_of("GH").await;
        let refused = ghana.post("/me/feeds", json!({ "program_id": first })).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "unknown_program");
        let refused = ghana.post("/me/feeds", json!({ "country": "QQ" })).await.expect(422);
        assert_eq!(refused.json["errors"][0]["code"], "unknown_country");
        let of_kenya = feed(&ghana, json!({ "country": "KE" })).await;
        assert_eq!(titles(&app.anyone().get(&of_kenya).await.expect(200).text), [] as [&str; 0]);
    }

    async fn a_feed_of_somebody_who_left_is_gone(app: TestApp) {
        let senegal = app.focal_point_of("SN").await;
        let address = feed(&senegal, json!({})).await;
        app.anyone().get(&address).await.expect(200);
        let id = senegal.id;
        let write = app.parts.db.write(move |tx| {
            use cybercap::platform::schema::users;
            use diesel::prelude::*;
            let gone = diesel::update(users::table.filter(users::id.eq(id))).set(users::status.eq("deactivated"));
            gone.execute(tx.conn())?;
            Ok(())
        });
        write.await.expect("they left");
        app.anyone().get(&address).await.expect(404);
    }
}
