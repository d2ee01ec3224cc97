//! The audit chain: who reads it, and that no change of it goes unseen.

use cybercap::audit::{self, Checkpoint, Signer, Verdict};
use cybercap::kernel::access::Role;
use cybercap::kernel::id::EventId;
use cybercap::platform::connection::{AnyConnection, Flavor};
use cybercap::platform::journal::{self, Row};
use cybercap::platform::migrate;
use diesel::connection::SimpleConnection;
use proptest::prelude::*;
use serde_json::json;

use crate::partners::partner;
use crate::support::TestApp;

/// Signs the head of the chain, if it is due.
async fn checkpoint(app: &TestApp) -> Option<Checkpoint> {
    let master = app.parts.master.clone();
    let write = app.parts.db.write(move |tx| {
        let boot: EventId = tx.new_id();
        audit::checkpoint(tx, &Signer::of(&master)?, boot)
    });
    write.await.expect("the checkpoint is signed")
}

async fn live(app: &TestApp, kept: Vec<Checkpoint>) -> Verdict {
    let key = Signer::of(&app.parts.master).expect("a signer").public();
    app.parts.db.read(move |tx| audit::verify_database(tx, &key, &kept)).await.expect("the database answers")
}

fn check(app: &TestApp, export: &[u8], kept: &[Checkpoint]) -> Verdict {
    let key = Signer::of(&app.parts.master).expect("a signer").public();
    audit::verify(export, Some(&key), kept).expect("the export is read")
}

/// Does to the database what only its owner can: past the triggers.
fn tamper(app: &TestApp, sql: &str) {
    let mut conn = migrate::open(&app.parts.config.database_url()).expect("a connection");
    let (before, after) = match conn.flavor() {
        Flavor::Sqlite => ("DROP TRIGGER audit_events_no_update; DROP TRIGGER audit_events_no_delete;", ""),
        Flavor::Postgres => {
            ("ALTER TABLE audit_events DISABLE TRIGGER ALL;", "ALTER TABLE audit_events ENABLE TRIGGER ALL;")
        }
    };
    let sql = format!("{before} {sql}; {after}");
    match &mut conn {
        AnyConnection::Pg(c) => c.batch_execute(&sql),
        AnyConnection::Sqlite(c) => c.batch_execute(&sql),
    }
    .expect("the statement runs");
}

on_both_databases! {
    async fn an_auditor_reads_everything_an_administrator_their_own_acts_and_others_nothing(app: TestApp) {
        let admin = app.administrator().await;
        let other = app.with_role("other.admin", Role::Administrator, None, None).await;
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        let official = app.focal_point_of("KE").await;
        partner(&admin, "KE").await;
        partner(&other, "GH").await;

        let all = auditor.get("/audit-events?action=partner.created").await.expect(200);
        let own = admin.get("/audit-events?action=partner.created").await.expect(200);

        let objects = |answer: &crate::support::Answer| {
            let items = answer.json["items"].as_array().expect("items").clone();
            items.iter().map(|row| row["object_id"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(objects(&all), ["GH", "KE"]);
        assert_eq!(objects(&own), ["KE"]);
        let foreign = format!("/audit-events?actor={}", other.id);
        assert_eq!(objects(&admin.get(&foreign).await.expect(200)), Vec::<String>::new());
        assert_eq!(objects(&auditor.get(&foreign).await.expect(200)), ["GH"]);
        official.get("/audit-events").await.expect(403);
        official.get("/audit-chain").await.expect(403);
        admin.get("/audit-chain").await.expect(403);
        assert_eq!(all.json["items"][0]["outcome"], "done");
    }

    async fn events_are_found_by_object_country_action_and_time_page_by_page(app: TestApp) {
        let admin = app.administrator().await;
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        for iso2 in ["KE", "GH", "SN"] {
            partner(&admin, iso2).await;
        }
        app.at("2026-11-22T08:04:00Z");
        let etag = admin.get("/partners/KE").await.expect(200).header("etag").to_owned();
        admin.patch("/partners/KE", &etag, json!({ "notes": "Visited." })).await.expect(200);
        let total = async |query: &str| {
            let answer = auditor.get(&format!("/audit-events?count=exact&{query}")).await.expect(200);
            answer.json["total"].as_i64().expect("a total")
        };

        assert_eq!(total("object_id=KE").await, 2);
        assert_eq!(total("country=KE&action=partner.changed").await, 1);
        assert_eq!(total("since=2026-11-22T08:04:00Z").await, 1);
        assert_eq!(total("until=2026-11-22T08:04:00Z&action=partner.created").await, 3);
        assert_eq!(total("country=FR").await, 0);
        let mut seen = Vec::new();
        let mut path = "/audit-events?limit=3".to_owned();
        loop {
            let page = auditor.get(&path).await.expect(200);
            seen.extend(page.json["items"].as_array().expect("items").iter().filter_map(|row| row["seq"].as_i64()));
            match page.json["next"].as_str() {
                Some(next) => path = format!("/audit-events?limit=3&cursor={next}"),
                None => break,
            }
        }
        let expected: Vec<i64> = (1..=seen.len() as i64).rev().collect();
        assert_eq!(seen, expected);
        let refused = auditor.get("/audit-events?since=yesterday&colour=red").await.expect(422);
        assert_eq!(refused.json["errors"].as_array().map(Vec::len), Some(2));
    }

    async fn every_byte_of_the_export_counts(app: TestApp) {
        let admin = app.administrator().await;
        let auditor = app.with_role("auditor", Role::Auditor, None, None).await;
        partner(&admin, "KE").await;
        checkpoint(&app).await.expect("a first checkpoint");

        let export = auditor.get("/audit-chain").await.expect(200);
        assert_eq!(export.header("content-type"), "application/x-ndjson");
        let export = export.text.into_bytes();
        let verdict = check(&app, &export, &[]);
        assert!(verdict.is_sound(), "{verdict:?}");
        assert_eq!((verdict.rows, verdict.checkpoints), (5, 1));
        let mut changed = export.clone();
        for place in 0..export.len() {
            for bit in [0x01, 0x20, 0x80] {
                changed[place] = export[place] ^ bit;
                assert!(!check(&app, &changed, &[]).is_sound(), "byte {place} xor {bit}");
            }
            changed[place] = export[place];
        }
    }

    async fn the_living_chain_is_verified_and_each_kind_of_meddling_is_found(app: TestApp) {
        let admin = app.administrator().await;
        for iso2 in ["KE", "GH", "SN", "RW"] {
            partner(&admin, iso2).await;
        }
        let kept = checkpoint(&app).await.expect("a checkpoint");
        let sound = live(&app, vec![kept.clone()]).await;
        assert!(sound.is_sound(), "{sound:?}");
        assert_eq!((sound.rows, sound.checkpoints), (6, 2));

        // The country in small letters reads the same to the program, and is another byte all the same.
        tamper(&app, "UPDATE audit_events SET country = 'ke' WHERE seq = 3");
        let edited = live(&app, vec![]).await;
        assert_eq!(edited.findings.len(), 1, "{edited:?}");
        assert!(edited.findings[0].what.contains("row 3"), "{edited:?}");
    }

    async fn a_chain_cut_at_its_end_is_found_by_its_head_and_by_a_kept_checkpoint(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        partner(&admin, "GH").await;
        let kept = checkpoint(&app).await.expect("a checkpoint");
        let whole = app.with_role("auditor", Role::Auditor, None, None).await.get("/audit-chain").await.expect(200).text;

        tamper(&app, "DELETE FROM audit_events WHERE seq >= 4");
        let by_head = live(&app, vec![]).await;
        assert!(by_head.findings.iter().any(|f| f.what.contains("head of the chain")), "{by_head:?}");
        let cut: String = whole.lines().take(3).map(|line| format!("{line}\n")).collect();
        assert!(check(&app, cut.as_bytes(), &[]).is_sound(), "a clean cut shows only from outside");
        let by_checkpoint = check(&app, cut.as_bytes(), &[kept]);
        assert!(by_checkpoint.findings.iter().any(|f| f.what.contains("cut off")), "{by_checkpoint:?}");
    }

    async fn a_checkpoint_is_signed_every_fifteen_minutes_when_something_happened(app: TestApp) {
        let admin = app.administrator().await;
        let first = checkpoint(&app).await.expect("the first at once");
        assert_eq!(checkpoint(&app).await, None);
        app.at("2026-11-22T08:09:00Z");
        partner(&admin, "KE").await;
        assert_eq!(checkpoint(&app).await, None);

        app.at("2026-11-22T08:15:00Z");
        let second = checkpoint(&app).await.expect("it is due");

        assert_eq!(second.seq, first.seq + 1);
        let key = Signer::of(&app.parts.master).expect("a signer").public();
        assert!(key.accepts(&second));
        assert!(!key.accepts(&Checkpoint { seq: 1, ..second.clone() }));
        app.at("2026-11-22T09:00:00Z");
        assert_eq!(checkpoint(&app).await, None, "nothing happened since");
    }

    async fn an_operator_exports_the_chain_and_verifies_it_anywhere(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        checkpoint(&app).await.expect("a checkpoint");
        let (dir, url) = (app.parts.config.database.data_dir.clone(), app.parts.config.database_url());
        let run = |args: &[&str]| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cybercap"));
            command.arg("--data-dir").arg(&dir).args(["--database-url", &url, "audit"]).args(args);
            let out = command.output().expect("the command runs");
            (out.status.success(), String::from_utf8(out.stdout).expect("text"))
        };

        let (sound, said) = run(&["verify"]);
        assert!(sound && said.contains("3 rows, 1 checkpoints") && said.contains("sound"), "{said}");
        let (_, key) = run(&["key"]);
        let (_, chain) = run(&["export"]);
        let file = dir.join("chain.ndjson");
        std::fs::write(&file, &chain).expect("the export is kept");
        let verify = ["verify", file.to_str().expect("a plain path"), "--key", key.trim()];
        assert!(run(&verify).0);
        let kept = dir.join("kept.ndjson");
        let line = chain.lines().last().expect("a checkpoint");
        std::fs::write(&kept, format!("{}\n{line}\n", &line[..30])).expect("the checkpoint is kept, torn at first");
        std::fs::write(&file, chain.lines().next().expect("a row").to_owned() + "\n").expect("the export is cut");
        assert!(run(&verify).0, "a clean cut shows only from outside");
        let (sound, said) = run(&[&verify[..], &["--checkpoints", kept.to_str().expect("a plain path")]].concat());
        assert!(!sound && said.contains("cut off"), "{said}");
        std::fs::write(&file, chain.replace("partner.created", "partner.creatad")).expect("the export is changed");
        let (sound, said) = run(&verify);
        assert!(!sound && said.contains("row 3"), "{said}");
    }

    async fn the_chain_takes_no_change_and_no_checkpoint_either(app: TestApp) {
        let admin = app.administrator().await;
        partner(&admin, "KE").await;
        checkpoint(&app).await.expect("a checkpoint");
        let mut conn = migrate::open(&app.parts.config.database_url()).expect("a connection");
        for sql in [
            "UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events",
            "UPDATE audit_checkpoints SET hash = 'x'", "DELETE FROM audit_checkpoints",
        ] {
            let refused = match &mut conn {
                AnyConnection::Pg(c) => c.batch_execute(sql),
                AnyConnection::Sqlite(c) => c.batch_execute(sql),
            };
            assert!(refused.is_err(), "{sql}");
        }
    }
}

fn a_row() -> impl Strategy<Value = Row> {
    let country = prop_oneof![Just(None), Just(Some("KE")), Just(Some("SN"))];
    (any::<u128>(), 0_i64..4_000_000_000_000_000, "[a-z.]{1,20}", ".{0,30}", country, "[ -~]{0,40}").prop_map(
        |(id, at, action, object, country, changes)| Row {
            seq: 0,
            id: uuid::Uuid::from_u128(id).into(),
            at: cybercap::kernel::time::Timestamp(at),
            actor: uuid::Uuid::from_u128(id ^ 7).into(),
            via: "session".into(),
            action,
            object_kind: "thing".into(),
            object_id: object,
            country: country.map(|iso2| iso2.parse().expect("a country")),
            program_id: (id % 2 == 0).then(|| uuid::Uuid::from_u128(id ^ 9).into()),
            outcome: "done".into(),
            changes,
            hash: String::new(),
        },
    )
}

fn a_chain() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(a_row(), 3..20).prop_map(|mut rows| {
        let mut previous = String::new();
        for (place, row) in rows.iter_mut().enumerate() {
            row.seq = place as i64 + 1;
            row.hash = journal::hash(&previous, row);
            previous.clone_from(&row.hash);
        }
        rows
    })
}

fn lines(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| serde_json::to_string(row).expect("a row") + "\n").collect()
}

fn sound(lines: &[String]) -> bool {
    audit::verify(lines.concat().as_bytes(), None, &[]).expect("it can be read").is_sound()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_the_untouched_chain_is_sound(rows in a_chain()) {
        prop_assert!(sound(&lines(&rows)));
    }

    #[test]
    fn any_byte_that_becomes_another_is_found(rows in a_chain(), place in any::<prop::sample::Index>(), other in any::<u8>()) {
        let mut bytes = lines(&rows).concat().into_bytes();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != other);
        bytes[place] = other;
        prop_assert!(!audit::verify(bytes.as_slice(), None, &[]).expect("it can be read").is_sound());
    }

    #[test]
    fn a_row_that_is_taken_out_added_or_moved_is_found(rows in a_chain(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let (lines, count) = (lines(&rows), rows.len());
        let (a, b) = (a.index(count), b.index(count));
        let mut without = lines.clone();
        without.remove(a);
        prop_assert!(a == count - 1 || !sound(&without), "a row in the middle was taken out");
        let mut twice = lines.clone();
        twice.insert(b, lines[a].clone());
        prop_assert!(!sound(&twice), "a row was added");
        let mut swapped = lines.clone();
        swapped.swap(a, b);
        prop_assert!(a == b || !sound(&swapped), "two rows changed places");
    }

    #[test]
    fn a_history_rewritten_with_fitting_hashes_is_found_by_a_kept_checkpoint(rows in a_chain(), place in any::<prop::sample::Index>()) {
        let last = rows.last().expect("rows").clone();
        let kept = Checkpoint {
            seq: last.seq, hash: last.hash, at: last.at, boot: uuid::Uuid::nil().into(), signature: String::new(),
        };
        let mut forged = rows;
        let place = place.index(forged.len());
        forged[place].action.push('x');
        let mut previous = String::new();
        for row in &mut forged {
            row.hash = journal::hash(&previous, row);
            previous.clone_from(&row.hash);
        }
        let export = lines(&forged).concat();
        prop_assert!(audit::verify(export.as_bytes(), None, &[]).expect("it can be read").is_sound());
        prop_assert!(!audit::verify(export.as_bytes(), None, &[kept]).expect("it can be read").is_sound());
    }
}
