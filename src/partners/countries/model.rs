//! A country as the reference table knows it.

use std::fmt;

use deserr::Deserr;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::kernel::flag::Flag;
use crate::kernel::id::Iso2;
use crate::kernel::lang::Titles;
use crate::kernel::money::Currency;
use crate::kernel::parse::{Faults, FromText, Refusal, TextLimits};
use crate::kernel::text::Label;
use crate::kernel::time::{Day, Timestamp, Zone};
use crate::kernel::words::Words;
use crate::platform::schema::countries;
use crate::{codes_enum, text_columns, text_types};

codes_enum! {
    /// A day of the week.
    pub Weekday { Monday "mon", Tuesday "tue", Wednesday "wed", Thursday "thu", Friday "fri", Saturday "sat", Sunday "sun" }
}

impl Weekday {
    /// The day of the week of a date.
    pub fn of(day: Day) -> Weekday {
        use chrono::Datelike;
        Weekday::ALL[day.0.weekday().num_days_from_monday() as usize]
    }
}

/// The days of the week on which offices are closed.
pub type Weekend = Words<Weekday, 6>;

/// Languages by their tags.
pub type Languages = Words<LanguageTag, 20>;
/// Zones of a country.
pub type Zones = Words<Zone, 40>;

codes_enum! {
    /// Standing in the United Nations.
    pub Membership { UnMember "un_member", UnObserver "un_observer_state", Other "other_iso_entity" }
}

codes_enum! {
    /// Regions of UN M49; Antarctica has none.
    pub Region { Africa "africa", Americas "americas", Asia "asia", Europe "europe", Oceania "oceania" }
}

codes_enum! {
    /// Income groups of the World Bank.
    pub Income { Low "low", LowerMiddle "lower_middle", UpperMiddle "upper_middle", High "high" }
}

/// A language by BCP 47: a primary tag, with a script where it needs one (`fr`, `tzm`, `uz-Arab`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for LanguageTag {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let (primary, script) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
        let plain = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
        let scripted = script.is_none_or(|script| {
            script.len() == 4
                && script.bytes().enumerate().all(|(i, b)| match i {
                    0 => b.is_ascii_uppercase(),
                    _ => b.is_ascii_lowercase(),
                })
        });
        match plain && scripted {
            true => Ok(LanguageTag(text.to_owned())),
            false => Err(Refusal::new(
                "not_a_language",
                "Use a tag of BCP 47 in its usual letters, for example fr, sw or uz-Arab.",
            )),
        }
    }
}

impl TextLimits for LanguageTag {
    const MIN: usize = 2;
    const MAX: usize = 8;
    const PATTERN: Option<&'static str> = Some("^[a-z]{2,3}(-[A-Z][a-z]{3})?$");
    const EXAMPLE: &'static str = "sw";
}

text_types! { LanguageTag ""; }
text_columns! { LanguageTag }

/// A country or territory of ISO 3166-1, with what planning a program needs to know.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = countries)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub iso2: Iso2,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// UN M49, three digits.
    pub m49: String,
    /// Standing in the United Nations.
    pub status: Membership,
    /// Customary short names in seven languages (CLDR).
    pub names: Titles,
    /// Official short names of the United Nations in its six languages.
    pub un_names: Titles,
    /// Formal name of the United Nations in English; members only.
    pub un_formal_name: Option<String>,
    /// Region of M49.
    pub region: Option<Region>,
    /// Subregion of M49, in English.
    pub subregion: Option<String>,
    /// Intermediate region of M49, in English, where there is one.
    pub intermediate_region: Option<String>,
    /// Income group of the World Bank in the fiscal year `income_year`; null where it has none.
    pub income: Option<Income>,
    /// Fiscal year of `income`.
    pub income_year: Option<i32>,
    /// Least developed country today.
    pub ldc: bool,
    /// The day on which it leaves, or left, the list of least developed countries.
    pub ldc_until: Option<Day>,
    /// Landlocked developing country.
    pub lldc: bool,
    /// Small island developing state.
    pub sids: bool,
    /// Member of the Group of 77.
    pub g77: bool,
    /// Official languages as CLDR sees them (BCP 47).
    pub official_languages: Languages,
    /// Legal tender, ISO 4217.
    pub currency: Option<Currency>,
    /// Telephone country code, digits; several are separated by commas.
    pub calling_code: Option<String>,
    /// Its zones of the IANA time zone database.
    pub zones: Zones,
    /// The zone that stands for the country; null where it has several and none stands out.
    pub primary_zone: Option<Zone>,
    /// First day of the week.
    pub first_weekday: Weekday,
    /// Customary weekend (CLDR).
    pub weekend: Weekend,
    /// Grows with each change of the reference data.
    #[serde(skip)]
    pub version: i32,
    /// When the reference data of this country last changed.
    pub updated_at: Timestamp,
}

impl Country {
    /// The country as it stands on a day: membership of the list of least developed countries ends on a date.
    #[must_use]
    pub fn on(mut self, today: Day) -> Country {
        self.ldc = self.ldc && self.ldc_until.is_none_or(|until| today < until);
        self
    }

    /// Version for the entity tag: what is shown changes with the data and with the end of being an LDC.
    pub fn tag_version(&self) -> i32 {
        self.version * 2 + i32::from(self.ldc)
    }
}

/// Which countries are wanted.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountryFilter {
    /// Of this region.
    #[deserr(default)]
    #[param(inline)]
    pub region: Option<Region>,
    /// Member of the Group of 77, or not.
    #[deserr(default)]
    #[param(inline)]
    pub g77: Option<Flag>,
    /// Least developed country today, or not.
    #[deserr(default)]
    #[param(inline)]
    pub ldc: Option<Flag>,
    /// Landlocked developing country, or not.
    #[deserr(default)]
    #[param(inline)]
    pub lldc: Option<Flag>,
    /// Small island developing state, or not.
    #[deserr(default)]
    #[param(inline)]
    pub sids: Option<Flag>,
    /// Part of a name in any language, without regard to case and accents.
    #[deserr(default)]
    #[param(inline)]
    pub q: Option<Label>,
}
