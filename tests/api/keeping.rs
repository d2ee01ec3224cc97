//! What the house does by itself besides letters.

use cybercap::accounts;
use cybercap::app;
use cybercap::app::kept::Kept;
use cybercap::audit::{Checkpoint, Signer};
use cybercap::kernel::access::{Role, System};
use cybercap::notifications;
use cybercap::platform::schema::{links, refresh_tokens, sessions};
use diesel::prelude::*;
use serde_json::json;

use crate::support::TestApp;
use crate::support::doors::grant;
use crate::support::mailbox::Fault;

/// Sessions, their tokens, and links that are there.
async fn traces(app: &TestApp) -> (i64, i64, i64) {
    let read = app.parts.db.read(|tx| {
        let count = sessions::table.count().get_result(tx.conn())?;
        let tokens = refresh_tokens::table.count().get_result(tx.conn())?;
        Ok((count, tokens, links::table.count().get_result(tx.conn())?))
    });
    read.await.expect("counts")
}

on_both_databases! {
    async fn a_refusal_is_in_the_audit_chain_after_a_round(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;
        kenya.post("/partners", json!({ "country": "KE" })).await.expect(403);

        app.tick().await;

        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        let noted = auditor.get(&format!("/audit-events?actor={}", kenya.id)).await.expect(200);
        assert_eq!(noted.json["items"][0]["outcome"], "refused");
    }

    async fn the_head_of_the_chain_is_signed_every_quarter_of_an_hour_and_handed_out(app: TestApp) {
        let admin = app.administrator().await;
        app.tick().await;
        app.tick().await;
        admin.post("/partners", json!({ "country": "KE" })).await.expect(201);
        app.at("2026-11-22T08:14:59Z");
        app.tick().await;
        app.at("2026-11-22T08:15:00Z");
        app.tick().await;

        let kept = std::fs::read_to_string(&app.parts.config.audit.checkpoints).expect("the file of checkpoints");
        let kept: Vec<Checkpoint> = kept.lines().map(|line| serde_json::from_str(line).expect("a checkpoint")).collect();
        assert_eq!(kept.iter().map(|c| c.at.to_string()).collect::<Vec<_>>(), ["2026-11-22T08:00:00Z", "2026-11-22T08:15:00Z"]);
        let key = Signer::of(&app.parts.master).expect("a signer").public();
        assert!(kept.iter().all(|checkpoint| key.accepts(checkpoint)));
    }

    async fn checkpoints_that_could_not_be_written_are_appended_once_the_file_is_there(app: TestApp) {
        let file = app.parts.config.audit.checkpoints.clone();
        std::fs::create_dir(&file).expect("something in the way");
        let admin = app.administrator().await;
        let refused = app::round(&app.parts).await.expect_err("the file can't be written");
        assert!(refused.to_string().contains("audit.checkpoints"), "{refused}");
        admin.post("/partners", json!({ "country": "KE" })).await.expect(201);
        app.at("2026-11-22T08:15:00Z");
        app::round(&app.parts).await.expect_err("still not");

        std::fs::remove_dir(&file).expect("it is empty");
        app.tick().await;
        let lines = || std::fs::read_to_string(&file).expect("the file of checkpoints").lines().map(str::to_owned).collect::<Vec<_>>();
        let whole = lines();
        let at = |line: &String| serde_json::from_str::<Checkpoint>(line).expect("a checkpoint").at.to_string();
        assert_eq!(whole.iter().map(at).collect::<Vec<_>>(), ["2026-11-22T08:00:00Z", "2026-11-22T08:15:00Z"]);
        app.tick().await;
        assert_eq!(lines(), whole, "nothing is appended twice");

        // A disk that was full tore the last line; the next start completes it.
        std::fs::write(&file, format!("{}\n{}", whole[0], &whole[1][..40])).expect("a torn line");
        Kept::default().complete(&app.parts.db, &file).await.expect("it is completed");
        assert_eq!(lines(), [&whole[0], &whole[1][..40], &whole[1]]);
        Kept::default().complete(&app.parts.db, &file).await.expect("nothing is missing");
        assert_eq!(lines().len(), 3);
    }

    async fn sessions_and_links_are_forgotten_90_days_after_their_end(app: TestApp) {
        app.member("awa", &[grant(Role::FocalPoint, Some("KE"))]).await;
        let awa = app.logged_in("awa").await;
        awa.post("/users", json!({ "email": "b@example.org", "roles": [{ "role": "contributor", "country": "KE" }] })).await.expect(201);
        // The invitation is recalled twice, each time with a new link.
        for instant in ["2026-11-25T09:00:00Z", "2026-11-30T09:00:00Z"] {
            app.at(instant);
            app.tick().await;
        }
        let before = traces(&app).await;
        app.at("2027-02-20T07:00:00Z");
        app.tick().await;
        assert_eq!(traces(&app).await, before, "not before their time");

        app.at("2027-03-04T09:00:00Z");
        app.tick().await;

        assert_eq!(traces(&app).await, (0, 0, 0));
        app.logged_in("awa").await.get("/me").await.expect(200);
    }

    async fn after_a_restore_people_log_in_anew_and_letters_that_may_have_been_sent_are_held(app: TestApp) {
        app.member("awa", &[grant(Role::FocalPoint, Some("KE"))]).await;
        let awa = app.logged_in("awa").await;
        app.mailbox().fault(Fault::Later);
        awa.post("/users", json!({ "email": "b@example.org", "roles": [{ "role": "contributor", "country": "KE" }] })).await.expect(201);
        app.tick().await;
        app.mailbox().fault(Fault::None);
        app.at("2026-11-22T08:05:00Z");

        let master = app.parts.master.clone();
        let write = app.parts.db.write(move |tx| {
            Ok((accounts::after_restore(tx, &System("restore"), &master)?, notifications::hold_after_restore(tx)?))
        });
        assert_eq!(write.await.expect("aftercare"), (1, 1));

        app.parts.sessions.forget();
        awa.get("/me").await.expect(401);
        app.tick().await;
        assert_eq!(app.mailbox().taken(), []);
        let admin = app.administrator().await;
        let held = admin.get("/letters?state=dead").await.expect(200);
        let id = held.json["items"][0]["id"].as_str().expect("a letter").to_owned();
        admin.post(&format!("/letters/{id}/resend"), json!({})).await.expect(202);
        app.tick().await;
        assert_eq!(app.mailbox().taken().len(), 1);
    }
}
