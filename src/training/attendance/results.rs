//! What each person attended of a session, and who has completed it.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;

use super::super::completion;
use super::super::registrations::{self, RegistrationFilter};
use super::http::people;
use super::model::ResultRecord;
use super::store;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Scope, ViewRegistrations};
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Key, Shown};

/// A page of results, in order of the registrations.
pub(super) fn page_of(
    tx: &mut Tx,
    scope: &Scope,
    session: TrainingSessionId,
    by: &RegistrationFilter,
    page: &PageRequest,
) -> Result<Page<ResultRecord>> {
    let whole = registrations::visible(tx, scope, session)?;
    let of_minutes = completion::whole_length(&whole);
    let Page { items, next, total } = registrations::page(tx, scope, session, by, page)?;
    let ids: Vec<RegistrationId> = items.iter().map(|row| row.id).collect();
    let mut attended: HashMap<RegistrationId, i64> = HashMap::new();
    for (registration, minutes) in store::minutes(tx, &ids)? {
        *attended.entry(registration).or_default() += i64::from(minutes);
    }
    let mut people = people(tx, &ids)?;
    let result = |row: registrations::Registration| {
        let minutes = attended.get(&row.id).copied().unwrap_or(0);
        Some(ResultRecord {
            registration_id: row.id,
            person: people.remove(&row.id)?,
            minutes,
            of_minutes,
            share: completion::share(&whole, minutes),
            completed: row.status.holds_a_seat() && completion::reached(&whole, minutes),
        })
    };
    Ok(Page { items: items.into_iter().filter_map(result).collect(), next, total })
}

/// List what each person attended, and who has completed the session by its rule.
#[utoipa::path(
    tag = "attendance",
    params(("id" = TrainingSessionId, Path, description = "The session"), RegistrationFilter),
    responses((status = 200, body = Items<ResultRecord>))
)]
#[get("/training-sessions/{id}/results")]
pub async fn results(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(session): Key<TrainingSessionId>,
    filter: Filter<RegistrationFilter>,
) -> Result<Shown<ResultRecord>> {
    let Filter { by, page, bound } = filter;
    let read = db.read(move |tx| page_of(tx, &permit.scope(), session, &by, &page));
    Ok(Shown::new(read.await?, bound))
}
