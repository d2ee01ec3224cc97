//! Rows of letters: planned once, found again, voided, brought back.

use diesel::prelude::*;

use super::model::{Letter, LetterState};
use super::rules::RuleCode;
use crate::kernel::Result;
use crate::kernel::id::{LetterId, ObjectId};
use crate::on_each;
use crate::platform::among::among;
use crate::platform::connection::{IntoPortable, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::schema::letters;

/// States in which a letter may still go out.
pub(super) const OPEN: [LetterState; 3] = [LetterState::Planned, LetterState::Queued, LetterState::Failed];

/// States of letters that wait with the one that carries them.
pub(super) const CARRIED: [LetterState; 2] = [LetterState::Queued, LetterState::Failed];

/// States in which a letter lies until somebody sends it again.
const GIVEN_UP: [LetterState; 3] = [LetterState::Dead, LetterState::Bounced, LetterState::Failed];

/// Adds a letter unless it is there already; one that was voided before its time and is true again waits anew. Tells
/// whether anything changed.
pub(super) fn plan(tx: &mut Tx, letter: &Letter) -> Result<bool> {
    let now = tx.now();
    let added = diesel::insert_into(letters::table)
        .values(letter)
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    if added == 1 || letter.planned_for <= now {
        return Ok(added == 1);
    }
    Ok(renew(tx, std::slice::from_ref(letter))? == 1)
}

/// Adds letters in one statement, but for those that are there already; how many were added.
pub(super) fn plan_many(tx: &mut Tx, letters: &[Letter]) -> Result<usize> {
    let added = on_each!(tx.conn(), c => diesel::insert_into(letters::table)
        .values(letters)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(added)
}

/// Letters of one step and one morning that were voided before their time wait anew; how many.
pub(super) fn renew(tx: &mut Tx, letters: &[Letter]) -> Result<usize> {
    let Some(first) = letters.first() else { return Ok(0) };
    let recipients: Vec<ObjectId> = letters.iter().map(|letter| letter.recipient).collect();
    let renewed = diesel::update(letters::table)
        .filter(letters::rule.eq(first.rule))
        .filter(letters::object_id.eq(first.object_id))
        .filter(letters::anchor.eq(&first.anchor))
        .filter(letters::offset_days.eq(first.offset_days))
        .filter(among(letters::recipient, &recipients))
        .filter(letters::address.eq(&first.address))
        .filter(letters::state.eq(LetterState::Cancelled))
        .filter(letters::attempts.eq(0))
        .set((
            letters::state.eq(LetterState::Planned),
            letters::reason.eq(None::<String>),
            letters::planned_for.eq(first.planned_for),
            letters::next_at.eq(first.planned_for),
        ))
        .execute(tx.conn())?;
    Ok(renewed)
}

/// Whether a letter is in the table, and not voided before its time.
pub(super) fn is_planned(tx: &mut Tx, letter: &Letter) -> Result<bool> {
    let now = tx.now();
    let found: Option<LetterId> = letters::table
        .select(letters::id)
        .filter(letters::rule.eq(letter.rule))
        .filter(letters::object_id.eq(letter.object_id))
        .filter(letters::anchor.eq(&letter.anchor))
        .filter(letters::offset_days.eq(letter.offset_days))
        .filter(letters::recipient.eq(letter.recipient))
        .filter(letters::address.eq(&letter.address))
        .filter(letters::state.ne(LetterState::Cancelled).or(letters::planned_for.le(now)))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Letters that wait for their day, the next ones first.
pub(super) fn waiting(tx: &mut Tx, rule: Option<RuleCode>, limit: i64) -> Result<Vec<Letter>> {
    let mut query = letters::table.select(Letter::as_select()).into_boxed::<MultiBackend>();
    query = query.filter(letters::state.eq(LetterState::Planned));
    if let Some(rule) = rule {
        query = query.filter(letters::rule.eq(rule));
    }
    Ok(query.order((letters::next_at, letters::id)).limit(limit).load(tx.conn())?)
}

/// Other letters of one rule, object and recipient that are open and due.
pub(super) fn due_beside(tx: &mut Tx, letter: &Letter) -> Result<Vec<Letter>> {
    let now = tx.now();
    let rows = letters::table
        .select(Letter::as_select())
        .filter(letters::object_id.eq(letter.object_id))
        .filter(letters::rule.eq(letter.rule))
        .filter(letters::recipient.eq(letter.recipient))
        .filter(letters::anchor.eq(&letter.anchor))
        .filter(letters::state.eq_any(OPEN))
        .filter(letters::planned_for.le(now))
        .filter(letters::id.ne(letter.id))
        .load(tx.conn())?;
    Ok(rows)
}

/// Voids a letter; what it was to carry waits by itself again.
pub(super) fn cancel(tx: &mut Tx, letter: LetterId, reason: &str) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq(letter)))
        .filter(letters::state.eq_any(OPEN))
        .set((letters::state.eq(LetterState::Cancelled), letters::reason.eq(Some(reason))))
        .execute(tx.conn())?;
    set_down(tx, &[letter])
}

/// Letters that others were to carry wait by themselves again.
fn set_down(tx: &mut Tx, leads: &[LetterId]) -> Result<()> {
    diesel::update(letters::table.filter(letters::digest_of.eq_any(leads.to_vec())))
        .filter(letters::state.eq_any(CARRIED))
        .set((letters::digest_of.eq(None::<LetterId>), letters::state.eq(LetterState::Planned)))
        .execute(tx.conn())?;
    Ok(())
}

/// Voids the letters of rules about an object that wait; those in a sender's hands are judged by the sender.
pub(super) fn cancel_about(tx: &mut Tx, object: ObjectId, rules: &[RuleCode], reason: &str) -> Result<usize> {
    let waiting = [LetterState::Planned, LetterState::Failed];
    // Letters about a session are to thousands: those that carry others are found by those that they carry.
    let carriers = diesel::alias!(letters as carriers);
    let leads: Vec<Option<LetterId>> = letters::table
        .inner_join(carriers.on(carriers.field(letters::id).nullable().eq(letters::digest_of)))
        .select(letters::digest_of)
        .distinct()
        .filter(carriers.field(letters::object_id).eq(object))
        .filter(carriers.field(letters::rule).eq_any(rules.to_vec()))
        .filter(carriers.field(letters::state).eq_any(waiting))
        .load(tx.conn())?;
    let cancelled = diesel::update(letters::table)
        .filter(letters::object_id.eq(object))
        .filter(letters::rule.eq_any(rules.to_vec()))
        .filter(letters::state.eq_any(waiting))
        .set((letters::state.eq(LetterState::Cancelled), letters::reason.eq(Some(reason))))
        .execute(tx.conn())?;
    let leads: Vec<LetterId> = leads.into_iter().flatten().collect();
    if !leads.is_empty() {
        set_down(tx, &leads)?;
    }
    Ok(cancelled)
}

/// Letters that were put off by what a person wanted are looked at again, for they want something else now.
pub(super) fn look_again(tx: &mut Tx, recipients: &[ObjectId], rules: &[RuleCode]) -> Result<()> {
    let now = tx.now();
    diesel::update(letters::table.filter(among(letters::recipient, recipients)))
        .filter(letters::rule.eq_any(rules.to_vec()))
        .filter(letters::state.eq(LetterState::Planned))
        .filter(letters::planned_for.le(now))
        .filter(letters::next_at.gt(now))
        .set(letters::next_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Brings a letter back that was given up, with what it carried; one that was carried itself goes alone.
pub(super) fn revive(tx: &mut Tx, letter: LetterId) -> Result<bool> {
    let now = tx.now();
    diesel::update(letters::table.filter(letters::digest_of.eq(letter)))
        .filter(letters::state.eq_any(GIVEN_UP))
        .set(letters::state.eq(LetterState::Queued))
        .execute(tx.conn())?;
    let revived = diesel::update(letters::table.filter(letters::id.eq(letter)))
        .filter(letters::state.eq_any(GIVEN_UP))
        .set((
            letters::digest_of.eq(None::<LetterId>),
            letters::state.eq(LetterState::Planned),
            letters::reason.eq(None::<String>),
            letters::next_at.eq(now),
            letters::attempts.eq(0),
            letters::uncertain.eq(false),
        ))
        .execute(tx.conn())?;
    Ok(revived == 1)
}

/// Gives up every letter that is due already, with this reason; how many there were.
pub(super) fn give_up_due(tx: &mut Tx, reason: &str) -> Result<usize> {
    let now = tx.now();
    let open = [LetterState::Planned, LetterState::Queued, LetterState::Failed];
    let due = letters::table.filter(letters::state.eq_any(open)).filter(letters::next_at.le(now));
    let given_up = (letters::state.eq(LetterState::Dead), letters::reason.eq(reason));
    Ok(diesel::update(due).set(given_up).execute(tx.conn())?)
}

/// A boxed query over letters, for the logs.
pub(super) fn boxed() -> letters::BoxedQuery<'static, MultiBackend> {
    letters::table.into_boxed::<MultiBackend>()
}
