//! What each person attended and reached in a session, and who has completed it.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;

use super::super::completion;
use super::super::registrations::{self, Registration, RegistrationFilter};
use super::super::scores::{self, Gain, Mark};
use super::super::sessions::Whole;
use super::http::people;
use super::model::{Lack, ResultRecord};
use super::store;
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::{Scope, ViewRegistrations};
use crate::kernel::id::{RegistrationId, TrainingSessionId};
use crate::kernel::page::{Items, Page, PageRequest};
use crate::platform::db::{Db, Tx};
use crate::platform::http::{Filter, Key, Shown};

/// What somebody did in a session.
#[derive(Clone, Debug)]
pub(in super::super) struct Outcome {
    minutes: i64,
    pre: Option<Mark>,
    post: Option<Mark>,
    /// What is missing to have completed it; nothing for who has.
    pub lacking: Vec<Lack>,
}

/// What some people did in a session, in their order: two queries, however many.
pub(in super::super) fn outcomes(tx: &mut Tx, session: &Whole, of: &[Registration]) -> Result<Vec<Outcome>> {
    let ids: Vec<RegistrationId> = of.iter().map(|row| row.id).collect();
    let mut attended: HashMap<RegistrationId, i64> = HashMap::new();
    for (registration, minutes) in store::minutes(tx, &ids)? {
        *attended.entry(registration).or_default() += i64::from(minutes);
    }
    let marks = scores::marks(tx, &ids)?;
    let outcome = |row: &Registration| {
        let minutes = attended.get(&row.id).copied().unwrap_or(0);
        let (pre, post) = marks.get(&row.id).copied().unwrap_or_default();
        let mut lacking = completion::lacking(session, minutes, post);
        if !row.status.holds_a_seat() {
            lacking.insert(0, Lack::Seat);
        }
        Outcome { minutes, pre, post, lacking }
    };
    Ok(of.iter().map(outcome).collect())
}

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
    let outcomes = outcomes(tx, &whole, &items)?;
    let mut people = people(tx, items.iter().map(|row| row.id))?;
    let result = |(row, outcome): (Registration, Outcome)| {
        let gain = outcome.pre.zip(outcome.post).and_then(|(pre, post)| Gain::between(pre, post));
        Some(ResultRecord {
            registration_id: row.id,
            person: people.remove(&row.id)?,
            minutes: outcome.minutes,
            of_minutes,
            share: completion::share(&whole, outcome.minutes),
            pre: outcome.pre.map(Mark::share),
            post: outcome.post.map(Mark::share),
            gain: gain.map(Gain::number),
            pass_mark: whole.terms.pass_mark,
            completed: outcome.lacking.is_empty(),
            lacking: outcome.lacking,
        })
    };
    Ok(Page { items: items.into_iter().zip(outcomes).filter_map(result).collect(), next, total })
}

/// List what each person attended and reached, who has completed the session by its rule, and what the others lack.
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
