//! Letters as operators count them.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::LetterState;
use super::queue::WAITING;
use crate::kernel::Result;
use crate::kernel::time::Timestamp;
use crate::platform::db::Tx;
use crate::platform::schema::letters;

/// States that are counted; letters that were sent or found void only grow in number.
const COUNTED: [LetterState; 5] =
    [LetterState::Planned, LetterState::Queued, LetterState::Failed, LetterState::Bounced, LetterState::Dead];

/// How letters stand.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// Letters in each state in which somebody may still have to do something.
    pub states: Vec<(LetterState, i64)>,
    /// Letters whose time has come and that have not left yet.
    pub due: i64,
    /// Seconds for which the oldest of those has waited.
    pub oldest: i64,
}

/// Counts the letters.
///
/// # Errors
/// When the database refuses.
pub fn numbers(tx: &mut Tx) -> Result<Numbers> {
    let now = tx.now();
    let mut states = Vec::new();
    for state in COUNTED {
        let of_state = letters::table.select(count_star()).filter(letters::state.eq(state));
        states.push((state, of_state.first(tx.conn())?));
    }
    // A letter that its reader wants later is planned, and not late.
    let on_time = letters::state.eq(LetterState::Planned).and(letters::next_at.gt(now));
    let late = || letters::table.filter(WAITING).filter(letters::planned_for.le(now));
    let due = late().filter(diesel::dsl::not(on_time)).select(count_star()).first(tx.conn())?;
    let tried: Option<Timestamp> = late()
        .filter(letters::state.ne(LetterState::Planned))
        .select(letters::planned_for)
        .order(letters::planned_for)
        .first(tx.conn())
        .optional()?;
    let untried: Option<Timestamp> = late()
        .filter(letters::state.eq(LetterState::Planned))
        .filter(letters::next_at.le(now))
        .select(letters::next_at)
        .order(letters::next_at)
        .first(tx.conn())
        .optional()?;
    let since = tried.into_iter().chain(untried).min().unwrap_or(now);
    Ok(Numbers { states, due, oldest: now.seconds() - since.seconds() })
}
