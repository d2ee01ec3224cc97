//! On which morning a letter goes out: pure arithmetic over days, zones and days of rest.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::kernel::time::{Day, Timestamp, Zone};

/// Most days by which a letter moves because people rest.
const LONGEST_REST: i64 = 14;

/// Days on which a recipient's country does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Weekend days, Monday 0 to Sunday 6.
    pub weekend: Vec<u32>,
    /// Holidays.
    pub holidays: BTreeSet<Day>,
}

impl Default for Rest {
    fn default() -> Self {
        Rest { weekend: vec![5, 6], holidays: BTreeSet::new() }
    }
}

impl Rest {
    fn works(&self, day: Day) -> bool {
        !self.weekend.contains(&day.0.weekday().num_days_from_monday()) && !self.holidays.contains(&day)
    }
}

/// The local day of a letter `offset` days from the anchor: on a day of rest earlier for what is ahead (the day itself
/// included), later for what has passed.
pub fn day_of(anchor: Day, offset: i32, rest: &Rest) -> Day {
    let wanted = anchor.plus(i64::from(offset));
    let step = if offset <= 0 { -1 } else { 1 };
    (0..=LONGEST_REST).map(|n| wanted.plus(n * step)).find(|day| rest.works(*day)).unwrap_or(wanted)
}

/// The instant of that letter: the recipient's morning.
pub fn instant_of(anchor: Day, offset: i32, rest: &Rest, zone: Zone, hour: u32) -> Timestamp {
    zone.instant(day_of(anchor, offset, rest), hour, 0)
}

/// The first morning after an instant; `weekly`: the first Monday morning.
pub fn next_morning(after: Timestamp, zone: Zone, hour: u32, weekly: bool) -> Timestamp {
    let mut day = Day(after.date_in(zone));
    loop {
        let at = zone.instant(day, hour, 0);
        if at >= after && (!weekly || day.0.weekday() == chrono::Weekday::Mon) {
            return at;
        }
        day = day.plus(1);
    }
}

/// Offsets of a ladder that repeats, up to `latest` days.
pub fn rungs(offsets: &[i32], every: i32, latest: i32) -> Vec<i32> {
    let mut all = offsets.to_vec();
    if every > 0 {
        let mut next = offsets.iter().max().copied().unwrap_or(0) + every;
        while next <= latest {
            all.push(next);
            next += every;
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    const ZONES: [&str; 10] = [
        "Africa/Cairo",
        "Africa/Casablanca",
        "Asia/Gaza",
        "Asia/Beirut",
        "America/Asuncion",
        "Asia/Almaty",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Europe/Berlin",
    ];

    fn zone(name: &str) -> Zone {
        name.parse().unwrap_or(Zone::UTC)
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap_or(Day(NaiveDate::default()))
    }

    fn worked(_: Day) -> Rest {
        Rest { weekend: vec![], holidays: BTreeSet::new() }
    }

    #[test]
    fn the_letter_before_a_sunday_comes_on_friday_and_the_one_after_on_monday() {
        let sunday = day("2026-11-29");
        assert_eq!(day_of(sunday, 0, &Rest::default()), day("2026-11-27"));
        assert_eq!(day_of(sunday, -7, &Rest::default()), day("2026-11-20"));
        assert_eq!(day_of(sunday.plus(-1), 1, &Rest::default()), day("2026-11-30"));
        let friday_and_saturday = Rest { weekend: vec![4, 5], holidays: BTreeSet::new() };
        assert_eq!(day_of(day("2026-11-28"), 0, &friday_and_saturday), day("2026-11-26"));
        let feast = Rest { weekend: vec![5, 6], holidays: BTreeSet::from([day("2026-11-27")]) };
        assert_eq!(day_of(sunday, 0, &feast), day("2026-11-26"));
    }

    /// Every day on which the clocks of a zone change, 2020 to 2035, and the days around it, at every hour of the day.
    #[test]
    fn no_letter_leaves_on_a_wrong_local_day_around_any_transition() {
        let mut transitions = 0;
        for name in ZONES {
            let zone = zone(name);
            let mut at = day("2020-01-01");
            while at < day("2035-12-31") {
                let offset = |d: Day| {
                    let noon = d.0.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
                    zone.clock(noon.into()) - noon.naive_utc()
                };
                if offset(at) != offset(at.plus(1)) {
                    transitions += 1;
                    for near in -2..=2 {
                        let due = at.plus(near);
                        for hour in 0..24 {
                            let instant = instant_of(due, 0, &worked(due), zone, hour);
                            assert_eq!(instant.date_in(zone), due.0, "{name} {due} {hour}");
                            let minutes =
                                |step: i64| next_morning(instant.plus_seconds(step * 60), zone, hour, false);
                            for step in [-180, -61, -1, 0] {
                                assert!(minutes(step) <= instant, "{name} {due} {hour} {step}");
                            }
                            assert!(minutes(1) > instant);
                        }
                    }
                }
                at = at.plus(1);
            }
        }
        assert!(transitions > 150, "{transitions} transitions seen");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn a_reminder_is_on_a_working_day_on_the_right_side_of_its_date(
            days in 0i64..5844, offset in -90i32..90, which in 0usize..10, hour in 0u32..24,
            feasts in proptest::collection::btree_set(0i64..5844, 0..30)
        ) {
            let start = day("2020-01-01");
            let rest = Rest { weekend: vec![4, 5], holidays: feasts.into_iter().map(|n| start.plus(n)).collect() };
            let (anchor, zone) = (start.plus(days), zone(ZONES[which]));
            let at = instant_of(anchor, offset, &rest, zone, hour);
            let local = Day(at.date_in(zone));
            let wanted = anchor.plus(i64::from(offset));
            prop_assert!(rest.works(local));
            let right_side = if offset <= 0 { local <= wanted } else { local >= wanted };
            prop_assert!(right_side);
            prop_assert!(wanted.days_since(local).abs() <= LONGEST_REST);
        }
    }

    #[test]
    fn an_overdue_ladder_goes_on_every_third_day() {
        assert_eq!(rungs(&[1], 3, 12), [1, 4, 7, 10]);
        assert_eq!(rungs(&[-7, 0], 0, 12), [-7, 0]);
    }
}
