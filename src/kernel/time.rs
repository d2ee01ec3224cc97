//! Instants, dates that may be known to the year only, and time zones.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeZone, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;

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
        self.utc().with_timezone(&zone.0).date_naive()
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

/// An IANA time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    /// UTC, where nothing better is known.
    pub const UTC: Zone = Zone(chrono_tz::Tz::UTC);

    /// The IANA name.
    pub fn as_str(&self) -> &'static str {
        self.0.name()
    }

    /// The instant of a local time; in a gap the first valid instant after it, in a fold the first of the two.
    pub fn instant(self, date: Day, hour: u32, minute: u32) -> Timestamp {
        let local = date.0.and_hms_opt(hour.min(23), minute.min(59), 0).unwrap_or_default();
        let mut probe = local;
        for _ in 0..=(26 * 4) {
            if let Some(at) = self.0.from_local_datetime(&probe).earliest() {
                return at.with_timezone(&Utc).into();
            }
            probe += chrono::TimeDelta::minutes(15);
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
        text.parse().map(Zone).map_err(|_| {
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
