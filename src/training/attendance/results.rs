//! What each person attended of a session, and who has completed it.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;

use super::super::registrations::{self, RegistrationFilter};
use super::actions::length;
use super::http::people;
use super::model::ResultRecord;
use super::store;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Scope, ViewRegistrations};
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::money::Percent;
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
    let of_minutes: i64 = whole.days.iter().map(|day| i64::from(length(day))).sum();
    let Page { items, next, total } = registrations::page(tx, scope, session, by, page)?;
    let ids: Vec<RegistrationId> = items.iter().map(|row| row.id).collect();
    let mut attended: HashMap<RegistrationId, i64> = HashMap::new();
    for (registration, minutes) in store::minutes(tx, &ids)? {
        *attended.entry(registration).or_default() += i64::from(minutes);
    }
    let mut people = people(tx, &ids)?;
    let result = |row: registrations::Registration| {
        let minutes = attended.get(&row.id).copied().unwrap_or(0);
        let share = share(minutes, of_minutes);
        Some(ResultRecord {
            registration_id: row.id,
            person: people.remove(&row.id)?,
            minutes,
            of_minutes,
            share,
            completed: row.status.holds_a_seat() && minutes > 0 && share >= whole.terms.least_share,
        })
    };
    Ok(Page { items: items.into_iter().filter_map(result).collect(), next, total })
}

/// Hundredths of a percent, rounded down: only a whole is a hundred.
fn share(minutes: i64, of: i64) -> Percent {
    let part = minutes.saturating_mul(i64::from(Percent::WHOLE)) / of.max(1);
    Percent(i32::try_from(part).unwrap_or(Percent::WHOLE).min(Percent::WHOLE))
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
