//! What "done" means: acknowledged writes stand, refused ones left nothing, and a panic takes nobody with it.

use cybercap::accounts::seeds;
use cybercap::kernel::access::System;
use cybercap::kernel::lang::Lang;
use cybercap::kernel::time::Zone;
use cybercap::kernel::{Error, Result};
use cybercap::platform::db::Tx;

use crate::support::TestApp;

fn settle(tx: &mut Tx, local: &str) -> Result<()> {
    let person = seeds::Person {
        email: format!("{local}@example.org").parse().expect("an address"),
        name: local.parse().expect("a name"),
        language: Lang::En,
        timezone: Zone::UTC,
        password_hash: None,
        grants: Vec::new(),
    };
    seeds::settle(tx, &System("test"), &person).map(drop)
}

async fn stands(app: &TestApp, local: &'static str) -> bool {
    // The address is unique: settling it again is refused exactly when it stands, and is rolled back when it does not.
    let again = app.parts.db.write(move |tx| {
        settle(tx, local)?;
        Err::<(), Error>(Error::conflict("only asking"))
    });
    again.await.expect_err("never kept").code.name() == "already_exists"
}

on_both_databases! {
    async fn a_write_that_panics_leaves_nothing_and_harms_no_other(app: TestApp) {
        let db = app.parts.db.clone();
        let writes: Vec<_> = (0..60).map(|n| {
            let db = db.clone();
            actix_web::rt::spawn(async move {
                db.write(move |tx| {
                    settle(tx, &format!("person{n}"))?;
                    assert!(n % 3 != 0, "a bug in a use case");
                    if n % 3 == 1 { Err(Error::conflict("refused after writing")) } else { Ok(()) }
                }).await
            })
        }).collect();
        let mut kept = 0;
        for write in writes {
            kept += usize::from(write.await.expect("the task ends").is_ok());
        }

        assert_eq!(kept, 20);
        assert!(stands(&app, "person2").await);
        assert!(!stands(&app, "person1").await, "a refused write left something");
        assert!(!stands(&app, "person3").await, "a panicked write left something");
    }

    async fn a_read_can_not_write(app: TestApp) {
        let read = app.parts.db.read(|tx| settle(tx, "sneaky")).await;

        assert!(read.is_err());
        assert!(!stands(&app, "sneaky").await);
    }

    async fn the_audit_chain_has_no_gap_when_many_write_at_once(app: TestApp) {
        let db = app.parts.db.clone();
        let writes: Vec<_> = (0..40).map(|n| {
            let db = db.clone();
            actix_web::rt::spawn(async move { db.write(move |tx| settle(tx, &format!("writer{n}"))).await })
        }).collect();
        for write in writes {
            write.await.expect("the task ends").expect("the write stands");
        }

        let chain = app.parts.db.read(|tx| {
            use cybercap::platform::{journal, schema::audit_events};
            use diesel::prelude::*;
            Ok(audit_events::table.select(journal::Row::as_select()).order(audit_events::seq).load(tx.conn())?)
        }).await.expect("the chain is readable");
        assert_eq!(chain.len(), 40);
        let mut previous = String::new();
        for (place, row) in chain.iter().enumerate() {
            assert_eq!(row.seq, place as i64 + 1);
            assert_eq!(row.hash, cybercap::platform::journal::hash(&previous, row));
            previous.clone_from(&row.hash);
        }
    }
}

#[actix_web::test]
async fn a_restarted_postgres_costs_one_error_and_no_restart_of_ours() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let kenya = app.focal_point_of("KE").await;
    kenya.get("/me").await.expect(200);

    app.cut_database_connections();
    app.parts.sessions.forget();
    let mut answers = Vec::new();
    for _ in 0..8 {
        app.parts.sessions.forget();
        answers.push(kenya.get("/me").await.status);
    }

    assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
    assert!(answers.iter().filter(|status| **status == 503).count() <= 2, "{answers:?}");
}
