//! Crosswalks and their lines.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes_enum;
use crate::kernel::id::{CrosswalkId, MappingId};
use crate::kernel::lang::Titles;
use crate::kernel::parse::Faults;
use crate::kernel::text::{Label, Name, Passage, Urn};
use crate::kernel::time::Timestamp;
use crate::platform::schema::{crosswalk_mappings, crosswalks};

codes_enum! {
    /// How a node relates to one of another framework (set relations of NIST IR 8477).
    pub Relation {
        /// Both ask for the same.
        Equal "equal",
        /// It asks for less; all it asks for is in the other.
        Subset "subset",
        /// It asks for more; it holds all that the other asks for.
        Superset "superset",
        /// They have something in common.
        Intersects "intersects",
    }
}

impl Relation {
    /// The same seen from the other node.
    pub fn turned(self) -> Relation {
        match self {
            Relation::Subset => Relation::Superset,
            Relation::Superset => Relation::Subset,
            alike => alike,
        }
    }
}

/// A mapping between two frameworks. Nodes are named by their urns: one side may not be loaded here.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = crosswalks)]
pub struct Crosswalk {
    /// The crosswalk's id here.
    pub id: CrosswalkId,
    /// Its name among all crosswalks.
    pub urn: Urn,
    /// Which edition of it.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// Who made it.
    pub publisher: Name,
    /// Under which terms it may be used.
    pub license: Passage,
    /// The framework that is mapped.
    pub source_urn: Urn,
    /// The framework it is mapped to.
    pub target_urn: Urn,
    /// Its lines.
    pub mapping_count: i32,
    /// SHA-256 of its content.
    pub digest: String,
    /// True for those that come with the service.
    pub shipped: bool,
    /// Version of the record, as in the ETag; always 1.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// A crosswalk as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CrosswalkView {
    /// The crosswalk.
    #[serde(flatten)]
    pub crosswalk: Crosswalk,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// A line of a crosswalk.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = crosswalk_mappings)]
pub struct Mapping {
    /// The line's id here.
    pub id: MappingId,
    /// The crosswalk it belongs to.
    #[serde(skip)]
    pub crosswalk_id: CrosswalkId,
    /// Its place in the crosswalk, from 1.
    pub position: i32,
    /// Node of the framework that is mapped.
    pub source_urn: Urn,
    /// Node of the other.
    pub target_urn: Urn,
    /// How the first relates to the second.
    pub relation: Relation,
    /// How strong the relation is, 0 to 10.
    pub strength: Option<i32>,
    /// Why.
    pub rationale: Option<Passage>,
}

/// Which crosswalks are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CrosswalkFilter {
    /// From this framework.
    #[deserr(default)]
    #[param(inline)]
    pub source: Option<Urn>,
    /// To this framework.
    #[deserr(default)]
    #[param(inline)]
    pub target: Option<Urn>,
}

/// Which lines of a crosswalk are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MappingFilter {
    /// Of this node of the framework that is mapped.
    #[deserr(default)]
    #[param(inline)]
    pub source: Option<Urn>,
    /// Of this node of the other.
    #[deserr(default)]
    #[param(inline)]
    pub target: Option<Urn>,
}
