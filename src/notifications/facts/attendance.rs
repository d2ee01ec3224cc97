//! What is true of the attendance of a session that was held, for letters T8 and T9: counts, and no names.

use super::{Fact, Matter, programs};
use crate::kernel::Result;
use crate::kernel::id::UserId;
use crate::kernel::money::Percent;
use crate::notifications::model::Letter;
use crate::notifications::people;
use crate::notifications::rules::RuleCode;
use crate::platform::db::Tx;
use crate::training::attendance::told::{Turnout, turnout};
use crate::training::sessions::Whole;

pub(super) fn tell(tx: &mut Tx, matter: &mut Matter, letter: &Letter, whole: &Whole) -> Result<()> {
    // What is true of it is asked only where it is to be told.
    if matter.void.is_some() {
        return Ok(());
    }
    let turnout = turnout(tx, whole)?;
    match letter.rule {
        RuleCode::T8 => unrecorded(matter, &turnout),
        _ => few(tx, matter, letter, whole, turnout)?,
    }
    Ok(())
}

fn unrecorded(matter: &mut Matter, turnout: &[Turnout]) {
    let seats: i64 = turnout.iter().map(|row| row.seats).sum();
    let missing: i64 = turnout.iter().map(|row| row.missing).sum();
    matter.void = match (seats, missing) {
        (0, _) => Some("nobody had a seat"),
        (_, 0) => Some("the attendance is recorded"),
        _ => None,
    };
    matter.tell("seats", Fact::Number(seats));
    matter.tell("unrecorded", Fact::Number(missing));
}

/// The countries whose people attended less, all together, than the session asks of each; only once all is recorded.
fn few(
    tx: &mut Tx,
    matter: &mut Matter,
    letter: &Letter,
    whole: &Whole,
    turnout: Vec<Turnout>,
) -> Result<()> {
    let least = i64::from(whole.terms.least_share.0);
    let is_low =
        |row: &Turnout| row.missing == 0 && row.minutes * i64::from(Percent::WHOLE) < least * row.of_minutes;
    let mut low: Vec<Turnout> = turnout.into_iter().filter(is_low).collect();
    low.retain(|row| matter.countries.contains(&row.country));
    if letter.recipient.0.is_nil() {
        matter.countries = low.iter().map(|row| row.country).collect();
    } else {
        let own = people::countries_of(tx, UserId(letter.recipient.0))?;
        low.retain(|row| own.contains(&row.country));
        matter.countries = low.iter().map(|row| row.country).collect();
    }
    // Countries that came in strength are many: that there is nobody to write to is as it should be.
    matter.quiet = true;
    if let [row] = low.as_slice() {
        matter.tell("country", programs::country_name(tx, row.country)?);
    }
    let all = |part: fn(&Turnout) -> i64| low.iter().map(part).sum::<i64>();
    let (minutes, of) = (all(|row| row.minutes), all(|row| row.of_minutes).max(1));
    matter.tell("seats", Fact::Number(all(|row| row.seats)));
    matter.tell("came", Fact::Number(all(|row| row.came)));
    matter.tell("attended", Fact::Text(format!("{}\u{a0}%", minutes * 100 / of)));
    matter.void = low.is_empty().then_some("enough of them came, or it is not all recorded");
    Ok(())
}
