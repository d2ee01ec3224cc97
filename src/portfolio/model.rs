//! The profile of a country and the portfolio of many, as shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::assessments::FrameworkRef;
use crate::kernel::id::{AssessmentId, FrameworkNodeId, Iso2, ProgramId, TrainingSessionId};
use crate::kernel::lang::Titles;
use crate::kernel::text::NodeCode;
use crate::kernel::theme::Theme;
use crate::kernel::time::{Day, Timestamp};
use crate::partners::countries::Region;
use crate::programs::Status;
use crate::risks::RiskCategory;
use crate::training::sessions::SessionStatus;

/// The score of a top node when it was validated.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileScore {
    /// The node.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// Index, mean or percentage, by the method; null where too little was answered, which is not a low score.
    pub figure: Option<f64>,
    /// The stage, where the node has one.
    pub stage: Option<i32>,
    /// Nodes that were answered.
    pub answered: i32,
    /// Nodes that apply.
    pub applicable: i32,
}

/// The latest validated assessment of a country over a framework.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileAssessment {
    /// The assessment.
    pub assessment_id: AssessmentId,
    /// What it is called.
    pub title: Titles,
    /// Over which framework.
    pub framework: FrameworkRef,
    /// When it was validated.
    pub validated_at: Option<Timestamp>,
    /// The figure of the whole.
    pub overall: Option<f64>,
    /// Its top nodes.
    pub nodes: Vec<ProfileScore>,
}

/// Risks of a category that are not closed, in the registers that the reader sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileRisks {
    /// Of what kind.
    pub category: RiskCategory,
    /// Not closed.
    pub open: i64,
    /// Those of them whose current level is above what is tolerated.
    pub above_tolerance: i64,
}

/// A program that runs in the country.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileProgram {
    /// The program.
    pub id: ProgramId,
    /// What it is called.
    pub title: Titles,
    /// Where it stands.
    pub status: Status,
}

/// A training session to which the country is invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProfileSession {
    /// The session.
    pub id: TrainingSessionId,
    /// What it is called.
    pub title: Titles,
    /// Its first day.
    pub first_day: Option<Day>,
    /// Where it stands.
    pub status: SessionStatus,
}

/// A country on one page: only what the reader may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountryProfile {
    /// The country.
    pub country: Iso2,
    /// What it is called.
    pub name: Titles,
    /// When this was so.
    pub as_of: Timestamp,
    /// The latest validated assessment over each framework, as far as it is disclosed to the reader.
    pub assessments: Vec<ProfileAssessment>,
    /// Open risks by category, in the registers that the reader sees in detail.
    pub risks: Vec<ProfileRisks>,
    /// Programs that run, at most 100.
    pub programs: Vec<ProfileProgram>,
    /// Sessions that are to come or run, at most 100.
    pub sessions: Vec<ProfileSession>,
}

/// The mean of a top node over some countries.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NodeOutlook {
    /// The node.
    pub node_id: FrameworkNodeId,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Option<Titles>,
    /// Countries with a score, from 5 on; null for fewer.
    pub countries: Option<usize>,
    /// The mean of their figures; null for fewer than five.
    pub mean: Option<f64>,
}

/// What holds of the countries of a region; never of fewer than five.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RegionOutlook {
    /// A region of UN M49; null for those together of which there are fewer than five, with as many more as that takes.
    pub region: Option<Region>,
    /// Countries with a validated assessment that may be counted.
    pub countries: usize,
    /// Those of them with a score of the whole, from 5 on; null for fewer.
    pub scored: Option<usize>,
    /// The mean of the whole; null while fewer than five have a score.
    pub overall: Option<f64>,
    /// The means of the top nodes.
    pub nodes: Vec<NodeOutlook>,
}

/// What holds of all countries over a framework.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FrameworkOutlook {
    /// The framework.
    pub framework: FrameworkRef,
    /// Of all countries together; null while they are fewer than five.
    pub all: Option<RegionOutlook>,
    /// By region.
    pub regions: Vec<RegionOutlook>,
}

/// How many countries of a region take part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThemeRegion {
    /// A region of UN M49; null for a country that is in none.
    pub region: Option<Region>,
    /// Countries that take part in such programs.
    pub countries: usize,
}

/// Programs of a theme, of those that run and that the reader may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThemeOutlook {
    /// The theme.
    pub theme: Theme,
    /// Programs.
    pub programs: usize,
    /// Countries that take part in them, by region.
    pub regions: Vec<ThemeRegion>,
}

/// Open risks of a category over many countries; nothing of fewer than five.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskOutlook {
    /// Of what kind.
    pub category: RiskCategory,
    /// Countries that keep a register with such risks.
    pub countries: usize,
    /// Risks that are not closed.
    pub open: i64,
    /// Those of them whose current level is above what is tolerated.
    pub above_tolerance: i64,
}

/// What holds of many countries: means over at least five of them, and programs by theme and region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Portfolio {
    /// When this was so.
    pub as_of: Timestamp,
    /// Scores, by framework and region. Only assessments labelled AMBER or wider count.
    pub frameworks: Vec<FrameworkOutlook>,
    /// Open risks by category. Only registers labelled AMBER or wider count.
    pub risks: Vec<RiskOutlook>,
    /// Programs that run, by theme and region.
    pub themes: Vec<ThemeOutlook>,
}
