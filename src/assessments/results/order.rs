//! What callers ask of results: which answers count, how deep, drawn how.

use deserr::Deserr;
use utoipa::IntoParams;

use crate::assessments::charts::{ChartKind, ChartWidth};
use crate::assessments::scoring::stages::ScoreMode;
use crate::kernel::id::AssessmentId;
use crate::kernel::parse::{Faults, FromText, Refusal};
use crate::kernel::text::NodeCode;

/// Deepest tree of a framework that is asked for.
const DEEPEST: i32 = 10;

/// How deep a node stands, 1 to 10; 1 has no parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreDepth(pub i32);

impl FromText for ScoreDepth {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        let depth = text.parse().ok().filter(|depth| (1..=DEEPEST).contains(depth));
        let refused = || Refusal::new("out_of_range", format!("Use a whole number from 1 to {DEEPEST}."));
        depth.map(ScoreDepth).ok_or_else(refused)
    }
}

impl Deserr<Faults> for ScoreDepth {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        crate::kernel::parse::from_text_value(value, location)
    }
}

impl utoipa::PartialSchema for ScoreDepth {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(DEEPEST)).build().into()
    }
}

impl utoipa::ToSchema for ScoreDepth {}

/// Which scores are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScoreOrder {
    /// Which answers count; when not said, `validated` of what is validated, otherwise `self`.
    #[deserr(default)]
    #[param(inline)]
    pub mode: Option<ScoreMode>,
    /// Nodes that stand at most so deep; all when not said. Who sees the summary sees depth 1.
    #[deserr(default)]
    #[param(inline)]
    pub depth: Option<ScoreDepth>,
}

/// Which gaps are wanted.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GapOrder {
    /// Which answers count; when not said, `validated` of what is validated, otherwise `self`.
    #[deserr(default)]
    #[param(inline)]
    pub mode: Option<ScoreMode>,
}

/// With what to compare.
#[derive(Clone, Copy, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonOrder {
    /// The earlier assessment: validated, of the same country or organization. When not said, the one from which answers were
    /// carried over.
    #[deserr(default)]
    #[param(inline)]
    pub with: Option<AssessmentId>,
}

/// Which picture is wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChartOrder {
    /// `radar` for 3 to 12 nodes or `bars`; when not said, a radar where it can be one.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<ChartKind>,
    /// Which answers count; when not said, `validated` of what is validated, otherwise `self`.
    #[deserr(default)]
    #[param(inline)]
    pub mode: Option<ScoreMode>,
    /// The nodes that stand so deep; 1 when not said. Who sees the summary sees depth 1.
    #[deserr(default)]
    #[param(inline)]
    pub depth: Option<ScoreDepth>,
    /// Only nodes directly below the one with this code, instead of `depth`.
    #[deserr(default)]
    #[param(inline)]
    pub under: Option<NodeCode>,
    /// An earlier validated assessment of the same edition, to be shown beside it.
    #[deserr(default)]
    #[param(inline)]
    pub with: Option<AssessmentId>,
    /// For how wide a screen the SVG is drawn; `wide` when not said.
    #[deserr(default)]
    #[param(inline)]
    pub width: Option<ChartWidth>,
}
