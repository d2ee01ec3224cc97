//! Obligations that come back, written out day by day.

use chrono::{Datelike, Months, NaiveDate};

use super::model::Repeat;
use crate::kernel::lang::Titles;
use crate::kernel::time::Day;
use crate::kernel::{Error, Result};

/// Most milestones of a series.
const MOST: i32 = 60;

/// The days of a series that begins on `first`.
///
/// Counted from the first day, so that the 31st does not become the 28th for good; a series that begins on the last day of
/// a month stays on last days.
///
/// # Errors
/// 422 when neither or both of `count` and `until` are given, or there would be fewer than 2 or more than 60.
pub(super) fn days(first: Day, repeat: &Repeat) -> Result<Vec<Day>> {
    let (most, until) = match (repeat.count, repeat.until) {
        (Some(count), None) => (count.0, None),
        (None, Some(until)) => (MOST + 1, Some(until)),
        _ => {
            return Err(Error::invalid(
                "/repeat",
                "count_or_until",
                "Say how many there are (`count`) or until when (`until`).",
            ));
        }
    };
    let step = repeat.every.months();
    let days: Vec<Day> = (0..most as u32)
        .map_while(|nth| later(first.0, nth * step).map(Day))
        .take_while(|day| until.is_none_or(|until| *day <= until))
        .collect();
    match days.len() as i32 {
        2..=MOST => Ok(days),
        many if many > MOST => Err(Error::invalid(
            "/repeat/until",
            "too_many",
            format!("A series has at most {MOST} milestones; choose an earlier day."),
        )),
        _ => Err(Error::invalid("/repeat", "too_few", "A series has at least 2 milestones.")),
    }
}

fn later(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    let day = first.checked_add_months(Months::new(months))?;
    match is_last(first) {
        true => last_of_month(day),
        false => Some(day),
    }
}

fn is_last(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|next| next.month() != day.month())
}

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The title of one of a series: `Quarterly report (2/8)`; as it is where the limit leaves no room.
pub(super) fn numbered(title: &Titles, nth: usize, of: usize) -> Titles {
    let suffix = format!(" ({nth}/{of})");
    let fits = title.iter().all(|(_, text)| text.chars().count() + suffix.len() <= 300);
    match fits {
        true => {
            title.iter().fold(title.clone(), |all, (lang, text)| all.and(lang, format!("{text}{suffix}")))
        }
        false => title.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Every, Times};
    use super::*;

    fn written(first: &str, every: Every, count: i32) -> Vec<String> {
        let repeat = Repeat { every, count: Some(Times(count)), until: None };
        let days = days(first.parse().expect("a day"), &repeat).expect("a series");
        days.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_end_of_a_month_stays_the_end_of_a_month() {
        assert_eq!(
            written("2027-01-31", Every::Month, 4),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
        );
        assert_eq!(written("2026-06-30", Every::Quarter, 3), ["2026-06-30", "2026-09-30", "2026-12-31"]);
        assert_eq!(written("2027-01-30", Every::Month, 3), ["2027-01-30", "2027-02-28", "2027-03-30"]);
        assert_eq!(written("2028-02-29", Every::Year, 2), ["2028-02-29", "2029-02-28"]);
    }

    #[test]
    fn a_series_ends_by_number_or_by_day_and_has_2_to_60() {
        let first: Day = "2026-01-15".parse().expect("a day");
        let until = |day: &str| Repeat { every: Every::HalfYear, count: None, until: day.parse().ok() };
        assert_eq!(days(first, &until("2027-01-15")).expect("a series").len(), 3);
        assert_eq!(days(first, &until("2026-02-01")).expect_err("too few").fields[0].code, "too_few");
        assert_eq!(days(first, &until("2100-01-01")).expect_err("too many").fields[0].code, "too_many");
        let neither = Repeat { every: Every::Month, count: None, until: None };
        assert_eq!(days(first, &neither).expect_err("open").fields[0].code, "count_or_until");
    }
}
