//! What clients send: filters, changes of rules and of preferences.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::model::{Frequency, LetterState};
use super::rules::{Audience, Category, RuleCode};
use crate::counted;
use crate::kernel::id::{ObjectId, ProgramId};
use crate::kernel::list::AtMost;
use crate::kernel::parse::Faults;
use crate::kernel::patch::Change;
use crate::kernel::time::Day;

/// Which letters of the delivery log are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LetterFilter {
    /// In this state; `dead` and `bounced` are what needs a look.
    #[deserr(default)]
    #[param(inline)]
    pub state: Option<LetterState>,
    /// Of this rule.
    #[deserr(default)]
    #[param(inline)]
    pub rule: Option<RuleCode>,
    /// To this account or registration.
    #[deserr(default)]
    #[param(inline)]
    pub recipient: Option<ObjectId>,
    /// About this program.
    #[deserr(default)]
    #[param(inline)]
    pub program_id: Option<ProgramId>,
    /// About this object.
    #[deserr(default)]
    #[param(inline)]
    pub object_id: Option<ObjectId>,
}

/// Which of one's own letters are wanted.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnFilter {
    /// In this state.
    #[deserr(default)]
    #[param(inline)]
    pub state: Option<LetterState>,
}

/// Which letters are to be foreseen.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewFilter {
    /// A rule that counts from a date.
    #[param(inline)]
    pub rule: RuleCode,
    /// What it is about: a program, a milestone, a session, a focal point, an assessment, a section ...
    #[param(inline)]
    pub object_id: ObjectId,
}

counted! {
    /// Days before (-) or after (+) a date.
    Offset -365 365;
}

/// Days on which one audience gets a letter.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LadderDraft {
    /// Who; one of the audiences of the rule.
    pub to: Audience,
    /// Days before (-) or after (+) the date, -365 to 365; at most 20; none: not at all.
    #[schema(value_type = Vec<Offset>, max_items = 20)]
    pub offsets: AtMost<Offset, 20>,
}

/// A change of one rule.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RulePatch {
    /// Which rule.
    pub code: RuleCode,
    /// Whether its letters are planned.
    #[deserr(default)]
    pub enabled: Option<bool>,
    /// Other days for some of its audiences.
    #[deserr(default)]
    #[schema(value_type = Option<Vec<LadderDraft>>, max_items = 7)]
    pub ladders: Option<AtMost<LadderDraft, 7>>,
}

/// A change of what one wants of a category.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PreferencePatch {
    /// What the letters are about.
    pub category: Category,
    /// How often they come.
    #[deserr(default)]
    pub frequency: Option<Frequency>,
    /// None come until this day.
    #[deserr(default)]
    #[schema(value_type = Option<Day>)]
    pub paused_until: Change<Day>,
}
