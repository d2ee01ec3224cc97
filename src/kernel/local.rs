//! Times on the clock of a place: a time of day, and a date with one. They are instants only together with a zone.

use std::fmt;

use chrono::{NaiveDateTime, NaiveTime};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;

use super::parse::{FromText, Refusal, TextLimits};
use super::time::{Day, Timestamp, Zone};
use crate::{text_columns, text_types};

/// A time of day, `HH:MM`, 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct TimeOfDay([u8; 5]);

impl TimeOfDay {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("00:00")
    }

    /// The time.
    pub fn time(self) -> NaiveTime {
        NaiveTime::parse_from_str(self.as_str(), "%H:%M").unwrap_or_default()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromText for TimeOfDay {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::new("not_a_time", "Use a time of day, HH:MM, from 00:00 to 23:59.");
        let written: [u8; 5] = text.as_bytes().try_into().map_err(|_| refused())?;
        let shaped = written.iter().enumerate().all(|(place, sign)| match place {
            2 => *sign == b':',
            _ => sign.is_ascii_digit(),
        });
        match shaped && NaiveTime::parse_from_str(text, "%H:%M").is_ok() {
            true => Ok(TimeOfDay(written)),
            false => Err(refused()),
        }
    }
}

impl TextLimits for TimeOfDay {
    const MIN: usize = 5;
    const MAX: usize = 5;
    const PATTERN: Option<&'static str> = Some("^([01][0-9]|2[0-3]):[0-5][0-9]$");
    const EXAMPLE: &'static str = "09:30";
}

/// A date and a time of day, `YYYY-MM-DDTHH:MM`, on the clock of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct LocalTime([u8; 16]);

impl LocalTime {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("1970-01-01T00:00")
    }

    /// What clocks show.
    pub fn clock(self) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(self.as_str(), "%Y-%m-%dT%H:%M").unwrap_or_default()
    }

    /// The instant in a zone: the first of the two where clocks are turned back; none in the hour that is left out
    /// where they are turned forward.
    pub fn instant(self, zone: Zone) -> Option<Timestamp> {
        zone.shows(self.clock())
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromText for LocalTime {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let words = "Use a date and a time of day on the local clock, YYYY-MM-DDTHH:MM, without a zone.";
        let refused = || Refusal::new("not_a_local_time", words);
        let (day, time) = text.split_once('T').ok_or_else(refused)?;
        if Day::from_text(day).is_err() || TimeOfDay::from_text(time).is_err() {
            return Err(refused());
        }
        text.as_bytes().try_into().map(LocalTime).map_err(|_| refused())
    }
}

impl TextLimits for LocalTime {
    const MIN: usize = 16;
    const MAX: usize = 16;
    const PATTERN: Option<&'static str> = Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$");
    const EXAMPLE: &'static str = "2026-12-01T09:00";
}

text_types! {
    TimeOfDay "";
    LocalTime "";
}
text_columns! { TimeOfDay LocalTime }

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, zone: &str) -> Option<String> {
        let local: LocalTime = text.parse().expect("a local time");
        local.instant(zone.parse().expect("a zone")).map(|at| at.to_string())
    }

    #[test]
    fn an_hour_that_clocks_leave_out_is_no_instant_and_of_a_repeated_hour_the_first_counts() {
        assert_eq!(at("2027-04-30T00:30", "Africa/Cairo"), None);
        assert_eq!(at("2027-04-29T23:30", "Africa/Cairo").as_deref(), Some("2027-04-29T21:30:00Z"));
        assert_eq!(at("2027-10-28T23:30", "Africa/Cairo").as_deref(), Some("2027-10-28T20:30:00Z"));
        assert_eq!(at("2026-12-01T09:00", "Asia/Kathmandu").as_deref(), Some("2026-12-01T03:15:00Z"));
        assert_eq!(at("2026-12-01T09:00", "Pacific/Apia").as_deref(), Some("2026-11-30T20:00:00Z"));
    }

    #[test]
    fn what_is_no_time_on_a_clock_is_refused() {
        for bad in
            ["2026-12-01", "2026-12-01T9:00", "2026-12-01T24:00", "2026-13-01T09:00", "2026-12-01T09:00Z"]
        {
            assert!(bad.parse::<LocalTime>().is_err(), "{bad}");
        }
        assert!("9:30".parse::<TimeOfDay>().is_err() && "25:00".parse::<TimeOfDay>().is_err());
    }
}
