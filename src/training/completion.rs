//! When somebody has completed a session: the rule in one place, for results, numbers and certificates.

use super::attendance::Lack;
use super::scores::Mark;
use super::sessions::{SessionDay, Whole};
use crate::kernel::money::Percent;

/// Minutes of a day of a session, 0 to 1,440.
pub(super) fn length(day: &SessionDay) -> i32 {
    i32::try_from((day.ends_at.seconds() - day.starts_at.seconds()) / 60).unwrap_or(0).clamp(0, 1440)
}

/// Minutes of all days of a session.
pub(super) fn whole_length(session: &Whole) -> i64 {
    session.days.iter().map(|day| i64::from(length(day))).sum()
}

/// The part of a session's minutes that somebody attended, in hundredths of a percent, rounded down: only a whole is a
/// hundred.
pub(super) fn share(session: &Whole, minutes: i64) -> Percent {
    let part = minutes.saturating_mul(i64::from(Percent::WHOLE)) / whole_length(session).max(1);
    Percent(i32::try_from(part).unwrap_or(Percent::WHOLE).min(Percent::WHOLE))
}

/// What is missing by the session's rule: enough of the minutes (by default 80 %; nobody completes what they were not at)
/// and, where there is a pass mark, enough of the points of the test after it.
pub(super) fn lacking(session: &Whole, minutes: i64, post: Option<Mark>) -> Vec<Lack> {
    let mut lacking = Vec::new();
    if minutes == 0 || share(session, minutes) < session.terms.least_share {
        lacking.push(Lack::Attendance);
    }
    match (session.terms.pass_mark, post) {
        (Some(_), None) => lacking.push(Lack::PostTest),
        (Some(least), Some(mark)) if mark.share() < least => lacking.push(Lack::PassMark),
        _ => {}
    }
    lacking
}

/// Whether so many minutes and this mark are enough by the session's rule.
pub(super) fn reached(session: &Whole, minutes: i64, post: Option<Mark>) -> bool {
    lacking(session, minutes, post).is_empty()
}
