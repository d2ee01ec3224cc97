//! What a session taught, as counts and means that single nobody out.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::registrations;
use super::model::{Gain, Mark};
use super::store::{self, Marks};
use crate::accounts::Permit;
use crate::kernel::Result;
use crate::kernel::access::ViewRegistrations;
use crate::kernel::id::TrainingSessionId;
use crate::kernel::money::Percent;
use crate::platform::db::Db;
use crate::platform::http::{Key, Reply};

/// Fewest people behind a number that is shown.
pub(in super::super) const FEWEST: usize = 5;

/// How many, and their mean.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Mean {
    /// How many are behind it; null where they are fewer than five.
    pub count: Option<usize>,
    /// The mean, rounded to four decimals; null where fewer than five are behind it.
    pub mean: Option<f64>,
}

impl Mean {
    /// Of some numbers.
    pub(in super::super) fn of(numbers: &[f64]) -> Mean {
        Mean::of_sum(numbers.len(), numbers.iter().sum())
    }

    /// Of so many numbers with this sum.
    pub(in super::super) fn of_sum(count: usize, sum: f64) -> Mean {
        let enough = count >= FEWEST;
        let mean = sum / count.max(1) as f64;
        Mean { count: enough.then_some(count), mean: enough.then(|| (mean * 10_000.0).round() / 10_000.0) }
    }
}

/// What a session taught those of its people whom the caller sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Learning {
    /// The part reached before, in percent.
    pub pre: Mean,
    /// The part reached after, in percent.
    pub post: Mean,
    /// (post - pre) / (max - pre) of those with both tests, below zero where somebody reached less than before. Who reached
    /// everything before is left out: for them it is undefined.
    pub gain: Mean,
    /// Who reached the pass mark; null without one, and where those who did or did not are one to four.
    pub passed: Option<usize>,
    /// The part of the points that the session asks for.
    pub pass_mark: Option<Percent>,
}

fn percent(mark: Mark) -> f64 {
    f64::from(mark.points.0) * 100.0 / f64::from(mark.max.0)
}

fn learned(marks: &Marks, pass_mark: Option<Percent>) -> Learning {
    let pre: Vec<f64> = marks.values().filter_map(|(pre, _)| pre.map(percent)).collect();
    let post: Vec<f64> = marks.values().filter_map(|(_, post)| post.map(percent)).collect();
    let gains = marks.values().filter_map(|(pre, post)| Gain::between((*pre)?, (*post)?));
    let gains: Vec<f64> = gains.map(Gain::number).collect();
    let passed = pass_mark.map(|least| {
        marks.values().filter(|(_, post)| post.is_some_and(|mark| mark.share() >= least)).count()
    });
    let tells_of_few = |count: usize| (1..FEWEST).contains(&count);
    Learning {
        passed: passed.filter(|passed| {
            post.len() >= FEWEST && !tells_of_few(*passed) && !tells_of_few(post.len() - passed)
        }),
        pre: Mean::of(&pre),
        post: Mean::of(&post),
        gain: Mean::of(&gains),
        pass_mark,
    }
}

/// Show what a session taught, as counts and means of the people whom the caller sees; nothing that fewer than five are
/// behind.
#[utoipa::path(
    tag = "scores",
    params(("id" = TrainingSessionId, Path, description = "The session")),
    responses((status = 200, body = Learning))
)]
#[get("/training-sessions/{id}/learning")]
pub async fn learning(
    db: Data<Db>,
    permit: Permit<ViewRegistrations>,
    Key(session): Key<TrainingSessionId>,
) -> Result<Reply<Learning>> {
    let read = db.read(move |tx| {
        let whole = registrations::visible(tx, &permit.scope(), session)?;
        let marks = store::of_session(tx, &permit.scope(), session)?;
        Ok(learned(&marks, whole.terms.pass_mark))
    });
    Ok(Reply::ok(read.await?))
}
