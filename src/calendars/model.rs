//! Calendar feeds as they are stored and shown.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::id::{FeedId, Iso2, ProgramId, UserId};
use crate::kernel::parse::Faults;
use crate::kernel::text::Name;
use crate::kernel::time::Timestamp;
use crate::platform::schema::calendar_feeds;

codes_enum! {
    /// What a feed shows.
    pub Shows {
        /// Everything that the person may see.
        All "all",
        /// What the person answers for.
        Mine "mine",
    }
}

/// A feed's row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_feeds)]
pub struct Feed {
    /// The feed's id.
    pub id: FeedId,
    /// Whose it is.
    pub user_id: UserId,
    /// What the person calls it.
    pub name: Option<Name>,
    /// What it shows.
    pub shows: Shows,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Of this program alone.
    pub program_id: Option<ProgramId>,
    /// Of this country alone.
    pub country: Option<Iso2>,
}

/// A feed as a person asks for it.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct FeedDraft {
    /// A name to know it by, for example of the device.
    #[deserr(default)]
    pub name: Option<Name>,
    /// What it shows; `all` when not said.
    #[deserr(default)]
    pub shows: Option<Shows>,
    /// Only what belongs to this program.
    #[deserr(default)]
    pub program_id: Option<ProgramId>,
    /// Only what concerns this country.
    #[deserr(default)]
    pub country: Option<Iso2>,
}

/// A feed as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeedRecord {
    /// The feed's id.
    pub id: FeedId,
    /// What the person calls it.
    pub name: Option<Name>,
    /// What it shows.
    pub shows: Shows,
    /// Of this program alone.
    pub program_id: Option<ProgramId>,
    /// Of this country alone.
    pub country: Option<Iso2>,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// A feed that was just opened, with its address. Whoever has the address reads the calendar: keep it to yourself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenedFeed {
    /// The feed's id.
    pub id: FeedId,
    /// What the person calls it.
    pub name: Option<Name>,
    /// What it shows.
    pub shows: Shows,
    /// Of this program alone.
    pub program_id: Option<ProgramId>,
    /// Of this country alone.
    pub country: Option<Iso2>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Address to subscribe to; shown once.
    #[schema(example = "https://cybercap.example/api/v1/calendar.ics?token=AZNvHnt6fD2cVQoLjB0uPw")]
    pub url: String,
}

/// The secret of a feed.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Secret {
    /// The token of the feed's address.
    #[param(min_length = 1, max_length = 200)]
    pub token: String,
}

/// A list without filters of its own.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Nothing {}
