//! Loads the compiled `config/reference/countries.csv` into the reference table, once for each version of the file.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::model::{Income, LanguageTag, Membership, Region, Weekday, Weekend};
use crate::kernel::id::Iso2;
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::money::Currency;
use crate::kernel::parse::{FromText, Refusal};
use crate::kernel::search;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::words::Words;
use crate::kernel::{Error, Result};
use crate::platform::connection::IntoPortable;
use crate::platform::db::Tx;
use crate::platform::keys::{hex, sha256};
use crate::platform::reference;
use crate::platform::schema::countries;

const FILE: &str = include_str!("../../../config/reference/countries.csv");
const NAME: &str = "countries.csv";
/// Fiscal year of the income groups in the file.
const INCOME_YEAR: i32 = 2024;

#[derive(Insertable)]
#[diesel(table_name = countries)]
struct NewCountry<'a> {
    iso2: Iso2,
    iso3: &'a str,
    m49: &'a str,
    status: Membership,
    names: Titles,
    un_names: Titles,
    un_formal_name: Option<&'a str>,
    region: Option<Region>,
    subregion: Option<&'a str>,
    intermediate_region: Option<&'a str>,
    income: Option<Income>,
    income_year: Option<i32>,
    ldc: bool,
    ldc_until: Option<Day>,
    lldc: bool,
    sids: bool,
    g77: bool,
    official_languages: Words<LanguageTag, 20>,
    currency: Option<Currency>,
    calling_code: Option<&'a str>,
    zones: Words<Zone, 40>,
    primary_zone: Option<Zone>,
    first_weekday: Weekday,
    weekend: Weekend,
    search_text: String,
    version: i32,
    updated_at: Timestamp,
}

/// Brings the table to the compiled file. Costs one query when it is there already.
///
/// # Errors
/// When the database refuses; 500 when the compiled file is broken.
pub fn load_reference(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    let hash = hex(&sha256(FILE.as_bytes()));
    if reference::is_loaded(tx, NAME, &hash)? {
        return Ok(());
    }
    let mut reader = csv::Reader::from_reader(FILE.as_bytes());
    let header = reader.headers().map_err(Error::internal)?.clone();
    for record in reader.records() {
        let record = record.map_err(Error::internal)?;
        let cells: HashMap<&str, &str> = header.iter().zip(record.iter()).collect();
        upsert(tx, country(&Cells(cells), now)?)?;
    }
    reference::note(tx, NAME, &hash)
}

/// The cells of a row by the names of their columns.
struct Cells<'a>(HashMap<&'a str, &'a str>);

impl<'a> Cells<'a> {
    fn text(&self, column: &str) -> &'a str {
        self.0.get(column).copied().unwrap_or("")
    }

    fn some(&self, column: &str) -> Option<&'a str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    fn parsed<T: FromText>(&self, column: &str) -> Result<Option<T>> {
        self.some(column).map(|text| T::from_text(text).map_err(|r| self.broken(column, &r))).transpose()
    }

    fn needed<T: FromText>(&self, column: &str) -> Result<T> {
        T::from_text(self.text(column)).map_err(|refusal| self.broken(column, &refusal))
    }

    fn words<T: FromText, const MAX: usize>(&self, column: &str) -> Result<Words<T, MAX>> {
        Words::from_stored(self.text(column)).map_err(|refusal| self.broken(column, &refusal))
    }

    fn flag(&self, column: &str) -> bool {
        self.text(column) == "Y"
    }

    fn broken(&self, column: &str, refusal: &Refusal) -> Error {
        Error::internal(format!("{NAME}, {}, {column}: {}", self.text("iso2"), refusal.detail))
    }

    fn names(&self, prefix: &str) -> Titles {
        let named =
            Lang::ALL.iter().filter_map(|lang| Some((*lang, self.some(&format!("{prefix}_{lang}"))?)));
        named.fold(Titles::default(), |names, (lang, name)| names.and(lang, name))
    }
}

fn country<'a>(cells: &Cells<'a>, now: Timestamp) -> Result<NewCountry<'a>> {
    let (names, un_names) = (cells.names("name"), cells.names("un_name"));
    let codes = [cells.text("iso2"), cells.text("iso3"), cells.text("un_formal_name_en")];
    let texts = names.iter().chain(un_names.iter()).map(|(_, name)| name).chain(codes);
    let search_text = search::fold(&texts.collect::<Vec<_>>().join(" "));
    let slug = |column: &str| cells.text(column).to_lowercase().replace(' ', "_");
    let coded = |column: &str| Some(slug(column)).filter(|text| !text.is_empty());
    let income = coded("wb_income_fy2024").map(|text| text.parse::<Income>()).transpose();
    let region = coded("m49_region").map(|text| text.parse::<Region>()).transpose();
    let income = income.map_err(|refusal| cells.broken("wb_income_fy2024", &refusal))?;
    Ok(NewCountry {
        iso2: cells.needed("iso2")?,
        iso3: cells.text("iso3"),
        m49: cells.text("m49"),
        status: cells.needed("status")?,
        names,
        un_names,
        un_formal_name: cells.some("un_formal_name_en"),
        region: region.map_err(|refusal| cells.broken("m49_region", &refusal))?,
        subregion: cells.some("m49_subregion"),
        intermediate_region: cells.some("m49_intermediate"),
        income,
        income_year: income.map(|_| INCOME_YEAR),
        ldc: cells.flag("ldc"),
        ldc_until: cells.parsed("ldc_until")?,
        lldc: cells.flag("lldc"),
        sids: cells.flag("sids"),
        g77: cells.flag("g77"),
        official_languages: cells.words("official_languages")?,
        currency: cells.parsed("currency")?,
        calling_code: cells.some("calling_code"),
        zones: cells.words("timezones")?,
        primary_zone: cells.parsed("primary_timezone")?,
        first_weekday: cells.needed("week_first_day")?,
        weekend: weekend(cells.needed("weekend_start")?, cells.needed("weekend_end")?),
        search_text,
        version: 1,
        updated_at: now,
    })
}

/// The days from `first` to `last`, around the end of the week.
fn weekend(first: Weekday, last: Weekday) -> Weekend {
    let from_first = Weekday::ALL.iter().cycle().skip_while(|day| **day != first).copied();
    let mut days = Vec::new();
    for day in from_first.take(6) {
        days.push(day);
        if day == last {
            break;
        }
    }
    Words(days)
}

/// Writes a country; one that is there takes the new values and a new version.
fn upsert(tx: &mut Tx, new: NewCountry<'_>) -> Result<()> {
    use countries as c;
    let facts = (
        (c::iso3.eq(excluded(c::iso3)), c::m49.eq(excluded(c::m49)), c::status.eq(excluded(c::status))),
        (c::names.eq(excluded(c::names)), c::un_names.eq(excluded(c::un_names))),
        (c::un_formal_name.eq(excluded(c::un_formal_name)), c::region.eq(excluded(c::region))),
        (
            c::subregion.eq(excluded(c::subregion)),
            c::intermediate_region.eq(excluded(c::intermediate_region)),
        ),
        (c::income.eq(excluded(c::income)), c::income_year.eq(excluded(c::income_year))),
        (c::ldc.eq(excluded(c::ldc)), c::ldc_until.eq(excluded(c::ldc_until))),
        (c::lldc.eq(excluded(c::lldc)), c::sids.eq(excluded(c::sids)), c::g77.eq(excluded(c::g77))),
        (c::official_languages.eq(excluded(c::official_languages)), c::currency.eq(excluded(c::currency))),
        (c::calling_code.eq(excluded(c::calling_code)), c::zones.eq(excluded(c::zones))),
        (c::primary_zone.eq(excluded(c::primary_zone)), c::first_weekday.eq(excluded(c::first_weekday))),
        (c::weekend.eq(excluded(c::weekend)), c::search_text.eq(excluded(c::search_text))),
        (c::version.eq(c::version + 1), c::updated_at.eq(excluded(c::updated_at))),
    );
    diesel::insert_into(c::table)
        .values(new)
        .on_conflict(c::iso2)
        .do_update()
        .set(facts)
        .portable()
        .execute(tx.conn())?;
    Ok(())
}
