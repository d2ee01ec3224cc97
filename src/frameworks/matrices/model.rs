//! Risk matrices (ISO 31000, ISO/IEC 27005; domain rule D).

use std::fmt;

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::id::RiskMatrixId;
use crate::kernel::lang::{Prose, Titles};
use crate::kernel::parse::{Faults, FromText, Refusal, TextLimits};
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, Name, NodeCode, Passage, Urn};
use crate::kernel::time::Timestamp;
use crate::platform::schema::risk_matrices;
use crate::{stored_texts, text_types};

/// A color of the screen, `#` and six hexadecimal digits. It never stands alone: the level's code says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Color(String);

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromText for Color {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        match digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            true => Ok(Color(text.to_ascii_lowercase())),
            false => {
                Err(Refusal::new("not_a_color", "Use # and six hexadecimal digits, for example #fef08a."))
            }
        }
    }
}

impl TextLimits for Color {
    const MIN: usize = 7;
    const MAX: usize = 7;
    const PATTERN: Option<&'static str> = Some("^#[0-9A-Fa-f]{6}$");
    const EXAMPLE: &'static str = "#fef08a";
}

text_types! { Color ""; }
stored_texts! { Color }

/// A level of likelihood, of impact or of risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MatrixLevel {
    /// A short word for cells and for those who don't see colors.
    pub code: NodeCode,
    /// What it is called.
    pub name: Titles,
    /// When it is this one.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// Its color.
    #[deserr(default)]
    pub color: Option<Color>,
}

/// A risk matrix. It never changes: a correction is a new edition.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = risk_matrices)]
pub struct RiskMatrix {
    /// The matrix's id here.
    pub id: RiskMatrixId,
    /// Its name among all matrices.
    pub urn: Urn,
    /// Which edition of it.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// What it is for.
    pub description: Option<Prose>,
    /// Who made it.
    pub publisher: Name,
    /// Under which terms it may be used.
    pub license: Passage,
    /// Levels of likelihood, rising.
    #[schema(value_type = Vec<MatrixLevel>)]
    pub likelihood: Stored<Vec<MatrixLevel>>,
    /// Levels of impact, rising.
    #[schema(value_type = Vec<MatrixLevel>)]
    pub impact: Stored<Vec<MatrixLevel>>,
    /// Levels of risk, rising.
    #[schema(value_type = Vec<MatrixLevel>)]
    pub levels: Stored<Vec<MatrixLevel>>,
    /// A row for each likelihood, a cell for each impact: the level of risk as its place in `levels`, from 0. No cell is
    /// below its neighbour of less likelihood or impact.
    #[schema(value_type = Vec<Vec<usize>>)]
    pub grid: Stored<Vec<Vec<usize>>>,
    /// SHA-256 of its content.
    pub digest: String,
    /// True for those that come with the service.
    pub shipped: bool,
    /// Version of the record, as in the ETag; always 1.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// A risk matrix as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskMatrixView {
    /// The matrix.
    #[serde(flatten)]
    pub matrix: RiskMatrix,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// Which matrices are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatrixFilter {
    /// Editions of this one.
    #[deserr(default)]
    #[param(inline)]
    pub urn: Option<Urn>,
}
