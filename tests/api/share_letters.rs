//! Letters about disclosures: the country and who receives hear of each step and of the end, and of nothing else.

use cybercap::accounts::NewGrant;
use cybercap::kernel::access::Role;
use cybercap::kernel::lang::Lang;
use serde_json::{Value, json};

use crate::assessment_letters::{Cast, cast, days, lines, told};
use crate::letter_rules::official;
use crate::support::{Person, TestApp};

/// The cast with an assessment that may be disclosed, and a trainer of the program.
async fn stage(app: &TestApp) -> (Cast, Person) {
    let cast = cast(app).await;
    let grant = NewGrant { role: Role::Trainer, country: None, program_id: cast.program.parse().ok() };
    let tomoko = app.person("tomoko", Lang::En, "Africa/Nairobi", &[grant]).await;
    label(app, &cast, "AMBER");
    told(app).await;
    (cast, tomoko)
}

fn label(app: &TestApp, cast: &Cast, tlp: &str) {
    app.sql(&format!("UPDATE holdings SET tlp = '{tlp}' WHERE id = $id"), &cast.id.parse().expect("an id"));
}

fn share(cast: &Cast, to: Value) -> Value {
    let mut share = json!({ "holding_id": cast.id, "level": "summary", "purpose": "Brittle, to plan.", "expires_on": "2027-01-15" });
    share.as_object_mut().expect("an object").extend(to.as_object().expect("an object").clone());
    share
}

async fn step(app: &TestApp, by: &Person, share: &str, to: &str) {
    let body = json!({ "to": to, "reason": "Brittle. As agreed." });
    app.client_of(by).await.post(&format!("/share-grants/{share}/transitions"), body).await.expect(200);
}

on_both_databases! {
    async fn a_team_hears_of_its_disclosure_of_its_end_and_of_what_is_taken_back(app: TestApp) {
        let (cast, _tomoko) = stage(&app).await;
        let id = cast.kamau.post("/share-grants", share(&cast, json!({ "program_id": cast.program }))).await.expect(201).id();
        app.tick().await;
        let letters = app.mailbox().take();
        let granted = [
            "coordinator: Kenya: something is disclosed to you", "helper: Kenya: something is disclosed to you",
            "tomoko: Kenya: something is disclosed to you", "wanjiru: Kenya\u{a0}: une communication a été accordée",
        ];
        assert_eq!(lines(&letters), granted);
        let helper = letters.iter().find(|letter| letter.to.starts_with("helper")).expect("a letter");
        for words in ["Country: Kenya", "What: assessment", "To the team of: CSIRT set-up", "Last day: Friday, 15\u{a0}January 2027", "By: kamau", &id] {
            assert!(helper.text.replace('\n', " ").contains(words), "{words} is missing in {}", helper.text);
        }
        assert!(!helper.raw.contains("Hushed") && !helper.raw.contains("Brittle"), "{}", helper.raw);
        let ends = "Kenya: a disclosure ends";
        assert_eq!(days(&app, &["2027-01-01", "2027-01-02"]).await, [
            format!("01-01 coordinator: {ends} in 14 days"), format!("01-01 helper: {ends} in 14 days"), format!("01-01 kamau: {ends} in 14 days"),
            format!("01-01 tomoko: {ends} in 14 days"), "01-01 wanjiru: Kenya\u{a0}: une communication prend fin dans 14\u{a0}jours".to_owned(),
        ]);
        app.sql("UPDATE role_grants SET revoked_at = granted_at WHERE role = 'trainer' AND program_id = $id", &cast.program.parse().expect("an id"));
        step(&app, &cast.wanjiru, &id, "revoked").await;
        let back = "Kenya: a disclosure was taken back";
        assert_eq!(told(&app).await, [format!("coordinator: {back}"), format!("helper: {back}"), format!("kamau: {back}")]);
        assert_eq!(days(&app, &["2027-01-14", "2027-01-15"]).await, [] as [&str; 0], "its end is no news");
    }

    async fn a_question_goes_to_the_country_and_its_answer_to_who_asked(app: TestApp) {
        let (cast, _) = stage(&app).await;
        let to = json!({ "user_id": cast.reviewer.id.to_string() });
        let asked = cast.coordinator.post("/share-grants", share(&cast, to.clone())).await.expect(201).id();
        assert_eq!(told(&app).await, ["kamau: Kenya: a disclosure is asked for", "wanjiru: Kenya\u{a0}: une communication est demandée"]);
        step(&app, &cast.kamau, &asked, "declined").await;
        let no = "Kenya: a disclosure was declined";
        assert_eq!(told(&app).await, [format!("coordinator: {no}"), format!("reviewer: {no}"), "wanjiru: Kenya\u{a0}: une communication a été refusée".to_owned()]);
        let asked = cast.coordinator.post("/share-grants", share(&cast, to)).await.expect(201).id();
        step(&app, &cast.coordinator, &asked, "revoked").await;
        let letters = told(&app).await;
        assert!(letters.iter().all(|line| !line.contains("asked")), "what was taken back at once is not asked any more: {letters:?}");
    }

    async fn a_narrower_label_silences_what_was_disclosed_and_a_wider_one_names_it(app: TestApp) {
        let (cast, _) = stage(&app).await;
        let guest = official(&app, "guest", "SN", Lang::En, "Africa/Dakar").await;
        let to = json!({ "user_id": guest.id.to_string() });
        let id = cast.kamau.post("/share-grants", share(&cast, to.clone())).await.expect(201).id();
        label(&app, &cast, "AMBER+STRICT");
        assert_eq!(told(&app).await, [] as [&str; 0], "its label keeps it with the country");
        label(&app, &cast, "RED");
        step(&app, &cast.kamau, &id, "revoked").await;
        assert_eq!(told(&app).await, [] as [&str; 0], "nobody named on it but the coordinator, who is no party");
        label(&app, &cast, "GREEN");
        let id = cast.kamau.post("/share-grants", share(&cast, to)).await.expect(201).id();
        app.tick().await;
        let letters = app.mailbox().take();
        assert_eq!(lines(&letters), ["guest: Kenya: something is disclosed to you", "wanjiru: Kenya\u{a0}: une communication a été accordée"]);
        assert!(letters.iter().filter(|letter| letter.subject.starts_with("Kenya")).all(|letter| letter.text.contains("Hushed")));
        step(&app, &cast.kamau, &id, "revoked").await;
        app.tick().await;
        let letters = app.mailbox().take();
        let last = letters.iter().find(|letter| letter.to.starts_with("guest")).expect("a letter");
        assert!(!last.raw.contains("Hushed"), "who no longer sees it is not told what it is called: {}", last.raw);
        assert!(letters.iter().any(|letter| letter.to.starts_with("wanjiru") && letter.text.contains("Hushed")));
    }
}
