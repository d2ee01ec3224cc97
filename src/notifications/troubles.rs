//! Letters that reached nobody: audiences without people, and what was given up.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{Letter, LetterState};
use crate::kernel::Result;
use crate::kernel::time::Timestamp;
use crate::platform::connection::IntoPortable;
use crate::platform::db::Tx;
use crate::platform::schema::{letter_alerts, letters};

/// Notes that nobody was there to receive a letter; tells whether that is news.
pub(super) fn alert(tx: &mut Tx, letter: &Letter) -> Result<bool> {
    let now = tx.now();
    let added = diesel::insert_into(letter_alerts::table)
        .values((
            letter_alerts::rule.eq(letter.rule),
            letter_alerts::object_id.eq(letter.object_id),
            letter_alerts::anchor.eq(&letter.anchor),
            letter_alerts::offset_days.eq(letter.offset_days),
            letter_alerts::audience.eq(letter.audience),
            letter_alerts::at.eq(now),
        ))
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(added == 1)
}

/// Whether it is noted that nobody was there.
pub(super) fn is_alarmed(tx: &mut Tx, letter: &Letter) -> Result<bool> {
    let found: Option<i32> = letter_alerts::table
        .select(letter_alerts::offset_days)
        .filter(letter_alerts::rule.eq(letter.rule))
        .filter(letter_alerts::object_id.eq(letter.object_id))
        .filter(letter_alerts::anchor.eq(&letter.anchor))
        .filter(letter_alerts::offset_days.eq(letter.offset_days))
        .filter(letter_alerts::audience.eq(letter.audience))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Letters without recipients, dead and bounced ones, in a span of time.
pub(super) fn troubles(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<[i64; 3]> {
    let nobody: i64 = letter_alerts::table
        .select(count_star())
        .filter(letter_alerts::at.ge(from).and(letter_alerts::at.lt(to)))
        .first(tx.conn())?;
    let mut ended = |state: LetterState| {
        letters::table
            .select(count_star())
            .filter(letters::state.eq(state))
            .filter(letters::next_at.ge(from).and(letters::next_at.lt(to)))
            .first::<i64>(tx.conn())
    };
    Ok([nobody, ended(LetterState::Dead)?, ended(LetterState::Bounced)?])
}
