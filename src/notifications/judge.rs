//! Is a letter that is due still true, wanted and allowed? Asked anew just before each attempt.

use super::compose::Sheet;
use super::facts::Matter;
use super::model::{Frequency, Letter, RecipientKind};
use super::people::{self, Recipient};
use super::rules::{Audience, RuleCode, Trigger};
use super::{choices, days, facts, queue, sight, store};
use crate::accounts::{self, Bouncing, UserStatus};
use crate::kernel::Result;
use crate::kernel::id::LetterId;
use crate::kernel::time::{Day, Timestamp};
use crate::platform::db::Tx;

/// Letters by themselves that a person gets in [`SPAN`]; more come together.
const MANY: i64 = 20;
/// Seconds over which they are counted.
const SPAN: i64 = 600;
/// Most matters in one digest.
const DIGEST: i64 = 60;

/// What happens with a letter that is due.
pub(super) enum Verdict {
    /// It goes out, together with these.
    Send(Box<Sheet>, Recipient, Vec<Sheet>),
    /// It is void.
    Cancel(&'static str),
    /// It waits.
    Defer(Timestamp),
}

/// Judges a letter that is due; those that a later one of the same ladder makes needless are cancelled on the way.
pub(super) fn judge(tx: &mut Tx, letter: &Letter, hour: u32) -> Result<Verdict> {
    let (to, sheet) = match still_true(tx, letter)? {
        Ok(found) => found,
        Err(reason) => return Ok(Verdict::Cancel(reason)),
    };
    let bound = queue::members(tx, letter.id)?;
    if !bound.is_empty() {
        let others = still_true_of(tx, bound)?;
        return Ok(Verdict::Send(Box::new(sheet), to, others));
    }
    // Only the first attempt is put off or joined with others: a second one is the same letter again.
    if letter.attempts > 0 || letter.uncertain || letter.rule.always_for(to.kind) {
        return Ok(Verdict::Send(Box::new(sheet), to, Vec::new()));
    }
    let (now, zone) = (tx.now(), to.timezone);
    let wanted = choices::preference(tx, to.person, letter.rule.category())?;
    if let Some(until) = wanted.paused_until
        && Day(now.date_in(zone)) < until
    {
        return Ok(Verdict::Defer(zone.instant(until, hour, 0)));
    }
    let joined = match wanted.frequency {
        Frequency::Off => return Ok(Verdict::Cancel("the recipient does not want letters of this kind")),
        Frequency::Immediate => queue::sent_since(tx, to.id, now.plus_seconds(-SPAN))? > MANY,
        Frequency::Daily | Frequency::Weekly => {
            let weekly = wanted.frequency == Frequency::Weekly;
            let slot = days::next_morning(letter.planned_for, zone, hour, weekly);
            if slot > now {
                return Ok(Verdict::Defer(slot));
            }
            true
        }
    };
    let others = if joined { gather(tx, letter, &to, wanted.frequency, hour)? } else { Vec::new() };
    Ok(Verdict::Send(Box::new(sheet), to, others))
}

/// Other letters of the person that may come in the same digest.
fn gather(
    tx: &mut Tx,
    letter: &Letter,
    to: &Recipient,
    frequency: Frequency,
    hour: u32,
) -> Result<Vec<Sheet>> {
    let now = tx.now();
    let mut joined = Vec::new();
    for other in queue::due_of(tx, letter, DIGEST)? {
        let wanted = choices::preference(tx, to.person, other.rule.category())?;
        let paused = wanted.paused_until.is_some_and(|until| Day(now.date_in(to.timezone)) < until);
        let weekly = frequency == Frequency::Weekly;
        let early = frequency != Frequency::Immediate
            && days::next_morning(other.planned_for, to.timezone, hour, weekly) > now;
        if wanted.frequency != frequency || paused || early {
            continue;
        }
        match still_true(tx, &other)? {
            Ok((_, sheet)) => joined.push(sheet),
            Err(reason) => store::cancel(tx, other.id, reason)?,
        }
    }
    let ids: Vec<LetterId> = joined.iter().map(|sheet| sheet.letter.id).collect();
    queue::bind(tx, letter.id, &ids)?;
    Ok(joined)
}

fn still_true_of(tx: &mut Tx, letters: Vec<Letter>) -> Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    for letter in letters {
        match still_true(tx, &letter)? {
            Ok((_, sheet)) => sheets.push(sheet),
            Err(reason) => store::cancel(tx, letter.id, reason)?,
        }
    }
    Ok(sheets)
}

type Truth = std::result::Result<(Recipient, Sheet), &'static str>;

/// The letter's object, its recipient's account and right, and its address, as they are now.
fn still_true(tx: &mut Tx, letter: &Letter) -> Result<Truth> {
    let Some(to) = people::recipient(tx, letter)? else {
        return Ok(Err(match letter.recipient_kind {
            RecipientKind::User => "the account is gone",
            RecipientKind::Registration => "the registration is gone",
        }));
    };
    let invitation = matches!(letter.rule, RuleCode::U1 | RuleCode::U2);
    match to.status {
        UserStatus::Active => {}
        UserStatus::Invited if invitation => {}
        _ => return Ok(Err("the account is not active")),
    }
    let matter = facts::matter(tx, letter)?;
    if let Some(reason) = matter.void {
        return Ok(Err(reason));
    }
    if !people::belongs(tx, &to, letter.audience, &matter)? {
        return Ok(Err(match &matter.holding {
            Some(held) if !sight::may_hear(tx, held, &to, letter.audience == Audience::Recipients)? => {
                "the recipient no longer sees it"
            }
            _ => "the recipient no longer has the role",
        }));
    }
    if let Some(reason) = out_of_time(tx, letter, &to, matter.day)? {
        return Ok(Err(reason));
    }
    if refuses(tx, letter, &to, &matter)? {
        return Ok(Err("the address refused letters before"));
    }
    if !choices::in_force(tx, letter.rule, matter.program)?.enabled {
        return Ok(Err("the rule is switched off"));
    }
    Ok(Ok((to, Sheet { letter: letter.clone(), matter })))
}

/// Whether the address is known to refuse letters. What somebody asked for just now, with a link, is tried all the
/// same, and so is what concerns security, unless the address does not exist.
fn refuses(tx: &mut Tx, letter: &Letter, to: &Recipient, matter: &Matter) -> Result<bool> {
    let mark = accounts::bouncing(tx, &to.address_of(letter))?;
    let must_try =
        |mark: Bouncing| matter.link.is_some() || (letter.rule.always_for(to.kind) && !mark.for_good);
    Ok(mark.is_some_and(|mark| !must_try(mark)))
}

/// After an outage the latest letter of a ladder speaks for all, and what was to come before a day does not come after.
fn out_of_time(
    tx: &mut Tx,
    letter: &Letter,
    to: &Recipient,
    day: Option<Day>,
) -> Result<Option<&'static str>> {
    let ahead = matches!(letter.rule.trigger(), Trigger::By(_)) && letter.offset_days <= 0;
    let today = Day(tx.now().date_in(to.timezone));
    if ahead && day.is_some_and(|day| today > day) {
        return Ok(Some("the day has passed"));
    }
    let later = store::due_beside(tx, letter)?;
    let newer =
        later.iter().any(|other| other.offset_days > letter.offset_days && other.address == letter.address);
    Ok(newer.then_some("a later letter speaks for it"))
}
