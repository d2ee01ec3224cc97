//! Letters to those who were there: what they think of it, their certificate, and that it ends.

use cybercap::platform::keys;
use serde_json::json;

use crate::scores::{Class, class};
use crate::support::TestApp;
use crate::support::mailbox::Received;

/// Letters sent now whose subjects hold these words.
async fn letters(app: &TestApp, about: &str) -> Vec<Received> {
    app.tick().await;
    app.mailbox().take().into_iter().filter(|letter| letter.subject.contains(about)).collect()
}

/// `awa: subject` of each.
fn lines(letters: &[Received]) -> Vec<String> {
    let line =
        |letter: &Received| format!("{}: {}", letter.to.split('@').next().unwrap_or(""), letter.subject);
    let mut lines: Vec<String> = letters.iter().map(line).collect();
    lines.sort();
    lines
}

async fn sent(app: &TestApp, about: &str) -> Vec<String> {
    lines(&letters(app, about).await)
}

async fn say(app: &TestApp, class: &Class, whom: usize) {
    let pass = keys::pass_token(&app.parts.master, class.people[whom].parse().expect("an id"));
    let body = json!({ "token": pass, "relevance": 5, "content": 4, "trainers": 5, "organization": 4 });
    app.anyone().post("/passes/feedback", body).await.expect(200);
}

on_both_databases! {
    async fn who_was_there_is_asked_for_feedback_until_they_answer(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &[("SN", "Awa"), ("SN", "Modou"), ("SN", "Away")], json!({})).await;
        let away = json!({ "to": "no_show" });
        class.coordinator.post(&format!("/registrations/{}/transitions", class.people[2]), away).await.expect(200);
        say(&app, &class, 0).await;
        assert_eq!(sent(&app, "think").await, [""; 0], "not on the day itself");

        app.at("2026-11-23T09:00:00Z");
        let asked = letters(&app, "think").await;
        assert_eq!(lines(&asked), ["modou: What did you think of it? First response"]);
        assert!(asked[0].text.contains("/pass#"), "{}", asked[0].text);
        say(&app, &class, 1).await;
        app.at("2026-11-30T09:00:00Z");
        assert_eq!(sent(&app, "think").await, [""; 0], "everybody has answered");
    }

    async fn a_certificate_comes_by_letter_and_so_does_its_end(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &[("SN", "Awa"), ("SN", "Modou")], json!({})).await;
        class.moves("completed").await;
        let until = json!({ "valid_until": "2027-03-01" });
        let issued = class.coordinator.post(&class.below("certificates"), until).await.expect(200).json;
        let told = letters(&app, "certificate").await;
        assert_eq!(lines(&told), ["awa: Your certificate: First response", "modou: Your certificate: First response"]);
        let number = issued["certificates"][0]["number"].as_str().expect("a number");
        let awa = told.iter().find(|letter| letter.to.starts_with("awa@")).expect("a letter");
        assert!(awa.text.contains(&format!("{}/certificates/{number}", app.url)), "{}", awa.text);

        let path = format!("/training-certificates/{}/transitions", issued["certificates"][0]["id"].as_str().expect("an id"));
        class.coordinator.post(&path, json!({ "to": "revoked", "reason": "By mistake." })).await.expect(200);
        assert_eq!(sent(&app, "certificate").await, ["awa: Your certificate was revoked: First response"]);
        app.at("2026-12-31T09:00:00Z");
        assert_eq!(sent(&app, "expires").await, ["modou: Your certificate expires in 60 days: First response"]);
        app.at("2027-02-15T09:00:00Z");
        assert_eq!(sent(&app, "expires").await, ["modou: Your certificate expires in 14 days: First response"]);
    }
}
