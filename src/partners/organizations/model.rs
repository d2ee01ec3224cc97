//! An organization of the register.

use std::fmt;

use deserr::Deserr;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::kernel::id::{Iso2, OrganizationId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::{Faults, FromText, Refusal, TextLimits, plain_text};
use crate::kernel::patch::{Change, Edit};
use crate::kernel::text::{Label, Link};
use crate::kernel::time::Timestamp;
use crate::platform::schema::organizations;
use crate::{codes_enum, text_columns, text_types};

codes_enum! {
    /// What an organization is in our trade.
    pub OrganizationKind {
        /// Ministry, agency.
        GovernmentBody "government_body",
        /// Computer security incident response team.
        Csirt "csirt",
        /// Supervises a sector.
        Regulator "regulator",
        /// Pays.
        Donor "donor",
        /// Delivers.
        Implementer "implementer",
        /// University, institute.
        Academia "academia",
        /// Company.
        Private "private",
        /// Works for a region.
        RegionalBody "regional_body",
    }
}

codes_enum! {
    /// Code list OrganisationType of the IATI Standard; names in `config/reference/iati-organisation-types.csv`.
    pub OrganizationType {
        /// Government.
        Government "10",
        /// Local Government.
        LocalGovernment "11",
        /// Other Public Sector.
        OtherPublic "15",
        /// International NGO.
        InternationalNgo "21",
        /// National NGO.
        NationalNgo "22",
        /// Regional NGO.
        RegionalNgo "23",
        /// Partner Country based NGO.
        PartnerCountryNgo "24",
        /// Public Private Partnership.
        PublicPrivate "30",
        /// Multilateral.
        Multilateral "40",
        /// Foundation.
        Foundation "60",
        /// Private Sector.
        Private "70",
        /// Private Sector in Provider Country.
        PrivateInProvider "71",
        /// Private Sector in Aid Recipient Country.
        PrivateInRecipient "72",
        /// Private Sector in Third Country.
        PrivateInThird "73",
        /// Academic, Training and Research.
        Academic "80",
        /// Other.
        Other "90",
    }
}

/// `<register>-<id>`: the register is a code of org-id.guide, a country (or `XI`, `XM`, `XR`) and a list: `KE-NGC`, `XM-DAC`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct IatiOrganizationId(String);

impl IatiOrganizationId {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IatiOrganizationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for IatiOrganizationId {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let text = plain_text(text, 8, 100, &[])?;
        let mut parts = text.splitn(3, '-');
        let (place, list, id) = (parts.next(), parts.next(), parts.next());
        let placed = place.is_some_and(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_uppercase()));
        let listed = list.is_some_and(|l| {
            (2..=12).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        // The IATI ruleset refuses these; white space would break links.
        let named = id.is_some_and(|id| !id.is_empty() && !id.contains(['/', '&', '|', '?', ' ']));
        match placed && listed && named {
            true => Ok(IatiOrganizationId(text)),
            false => Err(Refusal::new(
                "not_an_organization_id",
                "Use <register>-<id> with a register of org-id.guide, for example XM-DAC-41114 or GB-GOV-1.",
            )),
        }
    }
}

impl TextLimits for IatiOrganizationId {
    const MIN: usize = 8;
    const MAX: usize = 100;
    const PATTERN: Option<&'static str> = Some("^[A-Z]{2}-[A-Z0-9]{2,12}-[A-Za-z0-9_.:-]{1,80}$");
    const EXAMPLE: &'static str = "XM-DAC-41114";
}

text_types! { IatiOrganizationId ""; }
text_columns! { IatiOrganizationId }

/// An organization of the register.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = organizations)]
pub struct Organization {
    /// The organization's id.
    pub id: OrganizationId,
    /// Its names.
    pub names: Titles,
    /// The letters that people know it by.
    pub acronym: Option<Label>,
    /// What it is in our trade.
    pub kind: OrganizationKind,
    /// IATI organisation type.
    pub type_code: OrganizationType,
    /// IATI organisation identifier; unique.
    pub iati_id: Option<IatiOrganizationId>,
    /// Where it belongs; null for international ones.
    pub country: Option<Iso2>,
    /// Its web site.
    pub website: Option<Link>,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was taken from the register.
    #[serde(skip)]
    pub deleted_at: Option<Timestamp>,
}

/// An organization as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationView {
    /// The organization.
    #[serde(flatten)]
    pub organization: Organization,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// What is left of a deleted organization, for clients that keep a copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationGone {
    /// The organization's id.
    pub id: OrganizationId,
    /// When it was taken from the register.
    pub deleted_at: Timestamp,
}

/// A row of a list: an organization or, with `updated_since`, what is left of one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum OrganizationEntry {
    /// An organization of the register.
    Listed(OrganizationView),
    /// A deleted one.
    Gone(OrganizationGone),
}

/// An organization to be registered.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OrganizationDraft {
    /// Its names.
    pub names: Titles,
    /// The letters that people know it by.
    #[deserr(default)]
    pub acronym: Option<Label>,
    /// What it is in our trade.
    pub kind: OrganizationKind,
    /// IATI organisation type.
    pub type_code: OrganizationType,
    /// IATI organisation identifier; unique.
    #[deserr(default)]
    pub iati_id: Option<IatiOrganizationId>,
    /// Where it belongs.
    #[deserr(default)]
    pub country: Option<Iso2>,
    /// Its web site.
    #[deserr(default)]
    pub website: Option<Link>,
}

/// A change of an organization.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OrganizationPatch {
    /// Its names.
    #[deserr(default)]
    #[schema(value_type = Titles, required = false)]
    pub names: Edit<Titles>,
    /// The letters that people know it by.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub acronym: Change<Label>,
    /// What it is in our trade.
    #[deserr(default)]
    #[schema(value_type = OrganizationKind, required = false)]
    pub kind: Edit<OrganizationKind>,
    /// IATI organisation type.
    #[deserr(default)]
    #[schema(value_type = OrganizationType, required = false)]
    pub type_code: Edit<OrganizationType>,
    /// IATI organisation identifier; unique.
    #[deserr(default)]
    #[schema(value_type = Option<IatiOrganizationId>)]
    pub iati_id: Change<IatiOrganizationId>,
    /// Where it belongs.
    #[deserr(default)]
    #[schema(value_type = Option<Iso2>)]
    pub country: Change<Iso2>,
    /// Its web site.
    #[deserr(default)]
    #[schema(value_type = Option<Link>)]
    pub website: Change<Link>,
}

/// Which organizations are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganizationFilter {
    /// Of this kind.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<OrganizationKind>,
    /// Of this IATI type.
    #[deserr(default)]
    #[param(inline)]
    pub type_code: Option<OrganizationType>,
    /// Of this country.
    #[deserr(default)]
    #[param(inline)]
    pub country: Option<Iso2>,
    /// With this IATI identifier.
    #[deserr(default)]
    #[param(inline)]
    pub iati_id: Option<IatiOrganizationId>,
    /// Part of a name, acronym or identifier, without regard to case and accents.
    #[deserr(default)]
    #[param(inline)]
    pub q: Option<Label>,
    /// Changed or deleted at this instant or later; in order of the change, with what is left of deleted ones.
    #[deserr(default)]
    #[param(inline)]
    pub updated_since: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_those_of_the_code_list() {
        let file = include_str!("../../../config/reference/iati-organisation-types.csv");
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let codes: Vec<String> = reader.records().flatten().map(|record| record[0].to_owned()).collect();
        assert_eq!(codes, OrganizationType::WORDS);
    }

    #[test]
    fn identifiers_name_their_register() {
        for good in ["XM-DAC-41114", "GB-GOV-1", "GB-CHC-202918", "XI-IATI-EC_INTPA", "US-EIN-52-1234567"] {
            assert!(good.parse::<IatiOrganizationId>().is_ok(), "{good}");
        }
        for bad in ["41114", "xm-dac-41114", "XM-DAC-", "XM--41114", "GBR-GOV-1", "GB-GOV-1/2", "GB GOV 1234"]
        {
            assert!(bad.parse::<IatiOrganizationId>().is_err(), "{bad}");
        }
    }
}
