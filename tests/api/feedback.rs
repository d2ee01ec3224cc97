//! What those who came say of a session: by their pass, once, and told without names.

use cybercap::kernel::access::Role;
use cybercap::platform::keys;
use serde_json::{Value, json};

use crate::scores::{Class, class};
use crate::support::{Answer, TestApp};

fn pass(app: &TestApp, registration: &str) -> String {
    keys::pass_token(&app.parts.master, registration.parse().expect("an id"))
}

async fn say(app: &TestApp, class: &Class, whom: usize, ratings: [i32; 4], comment: Option<&str>) -> Answer {
    let [relevance, content, trainers, organization] = ratings;
    let body = json!({ "token": pass(app, &class.people[whom]), "relevance": relevance, "content": content,
        "trainers": trainers, "organization": organization, "comment": comment });
    app.anyone().post("/passes/feedback", body).await
}

async fn told(class: &Class) -> Value {
    class.coordinator.get(&class.below("feedback")).await.expect(200).json
}

on_both_databases! {
    async fn those_who_were_there_say_what_they_think_and_five_make_it_heard(app: TestApp) {
        let coordinator = app.coordinator().await;
        let people: Vec<(&str, &str)> = vec![("SN", "Awa"), ("SN", "Modou"), ("KE", "Kamau"), ("KE", "Otieno"), ("KE", "Wanjiru"), ("KE", "Late")];
        let class = class(&app, &coordinator, &people, json!({})).await;
        let away = json!({ "registration_id": class.people[5], "day": "2026-11-22", "status": "absent" });
        class.coordinator.post(&class.below("attendance"), away).await.expect(200);
        let missed = format!("/registrations/{}/transitions", class.people[5]);
        class.coordinator.post(&missed, json!({ "to": "no_show" })).await.expect(200);
        class.moves("completed").await;

        assert_eq!(say(&app, &class, 0, [5, 4, 5, 2], Some("Zu kurz.")).await.expect(200).json, json!({ "replaced": false }));
        for whom in 1..4 {
            say(&app, &class, whom, [4, 4, 5, 3], None).await.expect(200);
        }
        say(&app, &class, 5, [1, 1, 1, 1], Some("I was not there.")).await.expect(409);
        let few = told(&class).await;
        let nothing = json!({ "count": null, "mean": null });
        assert_eq!(few, json!({ "answers": null, "relevance": nothing, "content": nothing, "trainers": nothing, "organization": nothing, "comments": [] }));

        say(&app, &class, 4, [3, 4, 5, 4], Some("A longer exercise, please.")).await.expect(200);
        assert_eq!(say(&app, &class, 0, [5, 4, 5, 5], Some("Too short.")).await.expect(200).json, json!({ "replaced": true }));
        let all = told(&class).await;
        assert_eq!((&all["answers"], &all["relevance"]), (&json!(5), &json!({ "count": 5, "mean": 4.0 })));
        assert_eq!((&all["organization"]["mean"], &all["trainers"]["mean"]), (&json!(3.6), &json!(5.0)));
        assert_eq!(all["comments"], json!(["A longer exercise, please.", "Too short."]));
        assert!(!all.to_string().contains("Awa"));
        class.moves("reported").await;
        say(&app, &class, 1, [1, 1, 1, 1], None).await.expect(409);
        assert_eq!(told(&class).await, all);
    }

    async fn only_those_who_run_the_session_read_it_and_a_bad_pass_opens_nothing(app: TestApp) {
        let coordinator = app.coordinator().await;
        let class = class(&app, &coordinator, &[("SN", "Awa")], json!({})).await;
        let senegal = app.client_of(&app.focal_point_of("SN").await).await;
        senegal.get(&class.below("feedback")).await.expect(403);
        let trainer = app.client_of(&app.with_role("teacher", Role::Trainer, None, Some(&class.program)).await).await;
        trainer.get(&class.below("feedback")).await.expect(200);
        app.client_of(&app.focal_point_of("GH").await).await.get(&class.below("feedback")).await.expect(404);
        app.anyone().get(&class.below("feedback")).await.expect(401);
        let before = app.fingerprint();
        let wrong = say(&app, &class, 0, [0, 6, 3, 3], None).await.expect(422).json;
        let at: Vec<_> = wrong["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!(at, ["/content", "/relevance"]);
        let body = json!({ "token": "nothing", "relevance": 1, "content": 1, "trainers": 1, "organization": 1 });
        app.anyone().post("/passes/feedback", body).await.expect(404);
        assert_eq!(app.fingerprint(), before);
    }
}
