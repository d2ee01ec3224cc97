//! Rows of letters, preferences, overrides, suppressions and alerts.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::model::{Frequency, InForce, Letter, LetterState, Preference};
use super::rules::{Category, Ladder, RuleCode};
use crate::kernel::id::{LetterId, ObjectId, ProgramId, UserId};
use crate::kernel::time::{Day, Timestamp};
use crate::kernel::{Error, Result};
use crate::platform::connection::{Claim, IntoPortable, MultiBackend};
use crate::platform::db::Tx;
use crate::platform::literal::{Literal, literal};
use crate::platform::schema::{
    letter_alerts, letter_preferences, letter_rules, letter_suppressions, letters,
};

/// States in which a letter may still go out.
pub(super) const OPEN: [LetterState; 3] = [LetterState::Planned, LetterState::Queued, LetterState::Failed];

/// In the words of the index `letters_waiting`.
const WAITING: Literal =
    literal("letters.state IN ('planned', 'queued', 'failed') AND letters.digest_of IS NULL");

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
    let renewed = diesel::update(letters::table)
        .filter(letters::rule.eq(letter.rule))
        .filter(letters::object_id.eq(letter.object_id))
        .filter(letters::anchor.eq(&letter.anchor))
        .filter(letters::offset_days.eq(letter.offset_days))
        .filter(letters::recipient.eq(letter.recipient))
        .filter(letters::address.eq(&letter.address))
        .filter(letters::state.eq(LetterState::Cancelled))
        .filter(letters::attempts.eq(0))
        .set((
            letters::state.eq(LetterState::Planned),
            letters::reason.eq(None::<String>),
            letters::planned_for.eq(letter.planned_for),
            letters::next_at.eq(letter.planned_for),
        ))
        .execute(tx.conn())?;
    Ok(renewed == 1)
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

/// Whether anything is due; read-only, so that an idle round writes nothing.
pub(super) fn anything_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let found: Option<LetterId> = letters::table
        .select(letters::id)
        .filter(WAITING)
        .filter(letters::next_at.le(now))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// The next letter to look at; on PostgreSQL other senders pass it by.
pub(super) fn next_due(tx: &mut Tx) -> Result<Option<Letter>> {
    let now = tx.now();
    let letter = letters::table
        .select(Letter::as_select())
        .filter(WAITING)
        .filter(letters::next_at.le(now))
        .order((letters::urgency, letters::next_at, letters::id))
        .limit(1)
        .claim_rows()
        .get_result(tx.conn())
        .optional()?;
    Ok(letter)
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

/// Other letters of a person that are due and could share one.
pub(super) fn due_of(tx: &mut Tx, letter: &Letter, limit: i64) -> Result<Vec<Letter>> {
    let now = tx.now();
    let rows = letters::table
        .select(Letter::as_select())
        .filter(letters::recipient.eq(letter.recipient))
        .filter(letters::state.eq_any([LetterState::Planned, LetterState::Failed]))
        .filter(letters::digest_of.is_null())
        .filter(letters::planned_for.le(now))
        .filter(letters::urgency.gt(0))
        .filter(letters::address.eq(""))
        .filter(letters::id.ne(letter.id))
        .order(letters::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(rows)
}

/// Letters that a digest carries.
pub(super) fn members(tx: &mut Tx, lead: LetterId) -> Result<Vec<Letter>> {
    let rows = letters::table
        .select(Letter::as_select())
        .filter(letters::digest_of.eq(lead))
        .order(letters::id)
        .load(tx.conn())?;
    Ok(rows)
}

/// Letters by themselves that a person got since an instant.
pub(super) fn sent_since(tx: &mut Tx, person: UserId, since: Timestamp) -> Result<i64> {
    let count = letters::table
        .select(count_star())
        .filter(letters::recipient.eq(person))
        .filter(letters::sent_at.gt(since))
        .filter(letters::digest_of.is_null())
        .first(tx.conn())?;
    Ok(count)
}

/// Takes a letter into hand until an instant.
pub(super) fn hold(tx: &mut Tx, letter: &mut Letter, until: Timestamp) -> Result<()> {
    letter.fence += 1;
    letter.dated_at = letter.dated_at.or(Some(tx.now()));
    letter.state = LetterState::Queued;
    diesel::update(letters::table.filter(letters::id.eq(letter.id)))
        .set((
            letters::fence.eq(letter.fence),
            letters::dated_at.eq(letter.dated_at),
            letters::state.eq(LetterState::Queued),
            letters::next_at.eq(until),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a letter in hand for longer; false when another sender took it meanwhile.
pub(super) fn keep(tx: &mut Tx, letter: LetterId, fence: i64, until: Timestamp) -> Result<bool> {
    let kept = diesel::update(letters::table)
        .filter(letters::id.eq(letter))
        .filter(letters::fence.eq(fence))
        .filter(letters::state.eq(LetterState::Queued))
        .set(letters::next_at.eq(until))
        .execute(tx.conn())?;
    Ok(kept == 1)
}

/// Binds letters to the one that carries them.
pub(super) fn bind(tx: &mut Tx, lead: LetterId, members: &[LetterId]) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq_any(members.to_vec())))
        .set((letters::digest_of.eq(Some(lead)), letters::state.eq(LetterState::Queued)))
        .execute(tx.conn())?;
    Ok(())
}

/// What became of a letter.
pub(super) struct Outcome {
    /// New state.
    pub state: LetterState,
    /// Why.
    pub reason: Option<String>,
    /// When it is looked at next.
    pub next_at: Timestamp,
    /// Attempts that count.
    pub attempts: i32,
    /// Unknown whether it arrived.
    pub uncertain: bool,
}

/// Writes the outcome of an attempt, for the letter and those it carries; false when another sender took it meanwhile.
pub(super) fn finish(tx: &mut Tx, letter: &Letter, outcome: &Outcome) -> Result<bool> {
    let sent_at = (outcome.state == LetterState::Sent).then(|| tx.now());
    let done = diesel::update(letters::table)
        .filter(letters::id.eq(letter.id))
        .filter(letters::fence.eq(letter.fence))
        .filter(letters::state.eq(LetterState::Queued))
        .set((
            letters::state.eq(outcome.state),
            letters::reason.eq(outcome.reason.clone()),
            letters::next_at.eq(outcome.next_at),
            letters::attempts.eq(outcome.attempts),
            letters::uncertain.eq(outcome.uncertain),
            letters::sent_at.eq(sent_at),
        ))
        .execute(tx.conn())?;
    if done == 1 {
        diesel::update(letters::table.filter(letters::digest_of.eq(letter.id)))
            .set((
                letters::state.eq(outcome.state),
                letters::reason.eq(outcome.reason.clone()),
                letters::sent_at.eq(sent_at),
            ))
            .execute(tx.conn())?;
    }
    Ok(done == 1)
}

/// Voids a letter.
pub(super) fn cancel(tx: &mut Tx, letter: LetterId, reason: &str) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq(letter)))
        .filter(letters::state.eq_any(OPEN))
        .set((letters::state.eq(LetterState::Cancelled), letters::reason.eq(Some(reason))))
        .execute(tx.conn())?;
    Ok(())
}

/// Voids the letters of rules about an object that wait; those in a sender's hands are judged by the sender.
pub(super) fn cancel_about(tx: &mut Tx, object: ObjectId, rules: &[RuleCode], reason: &str) -> Result<usize> {
    let cancelled = diesel::update(letters::table)
        .filter(letters::object_id.eq(object))
        .filter(letters::rule.eq_any(rules.to_vec()))
        .filter(letters::state.eq_any([LetterState::Planned, LetterState::Failed]))
        .set((letters::state.eq(LetterState::Cancelled), letters::reason.eq(Some(reason))))
        .execute(tx.conn())?;
    Ok(cancelled)
}

/// Puts a letter off.
pub(super) fn defer(tx: &mut Tx, letter: LetterId, until: Timestamp) -> Result<()> {
    diesel::update(letters::table.filter(letters::id.eq(letter)))
        .set((letters::state.eq(LetterState::Planned), letters::next_at.eq(until)))
        .execute(tx.conn())?;
    Ok(())
}

/// Brings a letter back that was given up.
pub(super) fn revive(tx: &mut Tx, letter: LetterId) -> Result<bool> {
    let now = tx.now();
    let again = [LetterState::Dead, LetterState::Bounced, LetterState::Failed];
    let revived = diesel::update(letters::table.filter(letters::id.eq(letter)))
        .filter(letters::state.eq_any(again))
        .set((
            letters::state.eq(LetterState::Planned),
            letters::reason.eq(None::<String>),
            letters::next_at.eq(now),
            letters::attempts.eq(0),
            letters::uncertain.eq(false),
        ))
        .execute(tx.conn())?;
    Ok(revived == 1)
}

/// Whether an address refused a letter for good.
pub(super) fn suppressed(tx: &mut Tx, folded: &str) -> Result<bool> {
    let found: Option<String> = letter_suppressions::table
        .select(letter_suppressions::address)
        .filter(letter_suppressions::address.eq(folded))
        .first(tx.conn())
        .optional()?;
    Ok(found.is_some())
}

/// Remembers that an address refused a letter for good.
pub(super) fn suppress(tx: &mut Tx, folded: &str, reason: &str) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(letter_suppressions::table)
        .values((
            letter_suppressions::address.eq(folded),
            letter_suppressions::reason.eq(reason),
            letter_suppressions::at.eq(now),
        ))
        .on_conflict_do_nothing()
        .portable()
        .execute(tx.conn())?;
    Ok(())
}

/// Gives an address another chance.
pub(super) fn allow_again(tx: &mut Tx, folded: &str) -> Result<()> {
    diesel::delete(letter_suppressions::table.filter(letter_suppressions::address.eq(folded)))
        .execute(tx.conn())?;
    Ok(())
}

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

/// The earliest offset of a rule in the catalogue or in any setting.
pub(super) fn earliest_offset(tx: &mut Tx, rule: RuleCode) -> Result<i32> {
    let usual = rule.ladders().iter().flat_map(|ladder| ladder.offsets.clone()).min().unwrap_or(0);
    let set: Vec<String> = letter_rules::table
        .select(letter_rules::ladders)
        .filter(letter_rules::rule.eq(rule))
        .limit(1000)
        .load(tx.conn())?;
    let offsets = set.iter().filter_map(|text| serde_json::from_str::<Vec<(String, Vec<i32>)>>(text).ok());
    let earliest = offsets.flatten().flat_map(|(_, offsets)| offsets).min();
    Ok(earliest.map_or(usual, |earliest| earliest.min(usual)))
}

/// Gives up every letter that is due already, with this reason; how many there were.
pub(super) fn give_up_due(tx: &mut Tx, reason: &str) -> Result<usize> {
    let now = tx.now();
    let open = [LetterState::Planned, LetterState::Queued, LetterState::Failed];
    let due = letters::table.filter(letters::state.eq_any(open)).filter(letters::next_at.le(now));
    let given_up = (letters::state.eq(LetterState::Dead), letters::reason.eq(reason));
    Ok(diesel::update(due).set(given_up).execute(tx.conn())?)
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

/// A person's preference for a category.
pub(super) fn preference(tx: &mut Tx, person: UserId, category: Category) -> Result<Preference> {
    let found: Option<(Frequency, Option<Day>)> = letter_preferences::table
        .select((letter_preferences::frequency, letter_preferences::paused_until))
        .filter(letter_preferences::user_id.eq(person))
        .filter(letter_preferences::category.eq(category))
        .first(tx.conn())
        .optional()?;
    let usual = Preference::usual(category);
    Ok(found.map_or(usual, |(frequency, paused_until)| Preference { frequency, paused_until, ..usual }))
}

/// Keeps a person's preference.
pub(super) fn prefer(tx: &mut Tx, person: UserId, wanted: &Preference) -> Result<()> {
    let now = tx.now();
    diesel::delete(letter_preferences::table)
        .filter(letter_preferences::user_id.eq(person))
        .filter(letter_preferences::category.eq(wanted.category))
        .execute(tx.conn())?;
    diesel::insert_into(letter_preferences::table)
        .values((
            letter_preferences::user_id.eq(person),
            letter_preferences::category.eq(wanted.category),
            letter_preferences::frequency.eq(wanted.frequency),
            letter_preferences::paused_until.eq(wanted.paused_until),
            letter_preferences::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was set for a rule; the nil program is the whole house.
pub(super) fn set_for(tx: &mut Tx, rule: RuleCode, program: ProgramId) -> Result<Option<InForce>> {
    let found: Option<(bool, String, i32)> = letter_rules::table
        .select((letter_rules::enabled, letter_rules::ladders, letter_rules::version))
        .filter(letter_rules::rule.eq(rule))
        .filter(letter_rules::program_id.eq(program))
        .first(tx.conn())
        .optional()?;
    let Some((enabled, ladders, version)) = found else { return Ok(None) };
    let rows: Vec<(String, Vec<i32>)> = serde_json::from_str(&ladders).map_err(Error::internal)?;
    let ladders = rule.ladders().into_iter().map(|usual| {
        let set = rows.iter().find(|(to, _)| to == usual.to.as_str());
        match set {
            Some((_, offsets)) => Ladder { offsets: offsets.clone(), ..usual },
            None => usual,
        }
    });
    Ok(Some(InForce { enabled, ladders: ladders.collect(), version }))
}

/// The rule as it is in force: the program's setting, else the house's, else the catalogue's.
pub(super) fn in_force(tx: &mut Tx, rule: RuleCode, program: Option<ProgramId>) -> Result<InForce> {
    let house = ProgramId(uuid::Uuid::nil());
    if let Some(program) = program
        && let Some(set) = set_for(tx, rule, program)?
    {
        return Ok(set);
    }
    let usual = || InForce { enabled: true, ladders: rule.ladders(), version: 0 };
    Ok(set_for(tx, rule, house)?.unwrap_or_else(usual))
}

/// Keeps what was set for a rule.
pub(super) fn set(
    tx: &mut Tx,
    by: UserId,
    rule: RuleCode,
    program: ProgramId,
    wanted: &InForce,
) -> Result<()> {
    let now = tx.now();
    let rows: Vec<(&str, &Vec<i32>)> = wanted.ladders.iter().map(|l| (l.to.as_str(), &l.offsets)).collect();
    diesel::delete(letter_rules::table)
        .filter(letter_rules::rule.eq(rule))
        .filter(letter_rules::program_id.eq(program))
        .execute(tx.conn())?;
    diesel::insert_into(letter_rules::table)
        .values((
            letter_rules::rule.eq(rule),
            letter_rules::program_id.eq(program),
            letter_rules::enabled.eq(wanted.enabled),
            letter_rules::ladders.eq(serde_json::to_string(&rows).map_err(Error::internal)?),
            letter_rules::version.eq(wanted.version),
            letter_rules::updated_at.eq(now),
            letter_rules::updated_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A boxed query over letters, for the logs.
pub(super) fn boxed() -> letters::BoxedQuery<'static, MultiBackend> {
    letters::table.into_boxed::<MultiBackend>()
}
