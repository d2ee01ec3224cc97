//! Which day it is where a milestone counts: in the zone of its country, else in UTC.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::kernel::Result;
use crate::kernel::id::Iso2;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::platform::among::among;
use crate::platform::db::Tx;
use crate::platform::schema::{countries, partners};

/// The day of each country at one instant.
#[derive(Clone, Debug)]
pub struct Today {
    /// The day in UTC.
    pub utc: Day,
    now: Timestamp,
    zones: HashMap<Iso2, Zone>,
}

/// A country, its usual zone, the one its partner chose.
type Row = (Iso2, Option<Zone>, Option<Zone>);

macro_rules! zones {
    () => {
        countries::table.left_join(partners::table.on(partners::country.eq(countries::iso2))).select((
            countries::iso2,
            countries::primary_zone,
            partners::timezone.nullable(),
        ))
    };
}

impl Today {
    fn at(now: Timestamp, rows: Vec<Row>) -> Today {
        let zones = rows.into_iter().filter_map(|(iso2, usual, chosen)| Some((iso2, chosen.or(usual)?)));
        Today { utc: Day(now.date_in(Zone::UTC)), now, zones: zones.collect() }
    }

    /// The day in a country's zone; in UTC where there is no country or no zone is known.
    pub fn of(&self, country: Option<Iso2>) -> Day {
        let zone = country.and_then(|country| self.zones.get(&country));
        zone.map_or(self.utc, |zone| Day(self.now.date_in(*zone)))
    }

    /// Countries in which it is already (or still) another day than in UTC.
    pub(super) fn elsewhere(&self, days: i64) -> Vec<Iso2> {
        let day = self.utc.plus(days);
        let mut found: Vec<Iso2> =
            self.zones.keys().copied().filter(|country| self.of(Some(*country)) == day).collect();
        found.sort();
        found
    }
}

/// The day now for some countries only: a page shows few.
pub(super) fn today_in(tx: &mut Tx, asked: &[Iso2]) -> Result<Today> {
    let now = tx.now();
    if asked.is_empty() {
        return Ok(Today { utc: Day(now.date_in(Zone::UTC)), now, zones: HashMap::new() });
    }
    let rows = zones!().filter(among(countries::iso2, asked)).load(tx.conn())?;
    Ok(Today::at(now, rows))
}

/// The day now. The zone that a partner chose counts before the one of the reference table.
pub(super) fn today(tx: &mut Tx) -> Result<Today> {
    let now = tx.now();
    let rows = zones!().load(tx.conn())?;
    Ok(Today::at(now, rows))
}
