//! Refusals leave a trace in the audit chain.

use crate::support::TestApp;
use cybercap::platform::{journal, schema::audit_events};
use diesel::prelude::*;

async fn refused(app: &TestApp) -> Vec<(String, String)> {
    app.parts.denials.flush(&app.parts.db).await.expect("the chain takes them");
    let read = app.parts.db.read(|tx| {
        let rows =
            audit_events::table.select(journal::Row::as_select()).filter(audit_events::outcome.eq("refused"));
        Ok(rows.order(audit_events::seq).load(tx.conn())?)
    });
    let rows = read.await.expect("the chain is readable");
    rows.into_iter().map(|row| (row.action, row.object_kind)).collect()
}

on_both_databases! {
    async fn what_a_person_was_refused_stands_in_the_chain_and_a_success_does_not(app: TestApp) {
        let kenya = app.focal_point_of("KE").await;

        kenya.get("/me").await.expect(200);
        assert!(refused(&app).await.is_empty());
    }
}
