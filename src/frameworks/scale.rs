//! What nodes are measured with: methods, scales, groups and the questions that lead to an answer.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::lang::{Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::text::{Label, NodeCode, Urn};
use crate::{codes_enum, stored_texts};

codes_enum! {
    /// How answers become a score.
    pub Method {
        /// Stages, of which each needs all below it (CMM-like).
        StageGate "stage_gate",
        /// The weighted mean of levels, current against target (CSF-like).
        WeightedMean "weighted_mean",
        /// Points of what is proven (NCSI-like).
        PointsSum "points_sum",
    }
}

codes_enum! {
    /// How the stage of a node follows from the stages of those below it.
    pub Rollup {
        /// The lowest.
        Minimum "minimum",
        /// The one in the middle; the lower of the two middle ones.
        Median "median",
    }
}

codes_enum! {
    /// How a question is answered.
    pub QuestionKind {
        /// One of the choices.
        UniqueChoice "unique_choice",
        /// Some of the choices.
        MultipleChoice "multiple_choice",
        /// Words.
        Text "text",
        /// A number.
        Number "number",
        /// A day.
        Date "date",
        /// Yes or no.
        Boolean "boolean",
    }
}

codes_enum! {
    /// What a choice says of the node.
    pub Outcome {
        /// It is met.
        Compliant "compliant",
        /// It is met in part.
        PartiallyCompliant "partially_compliant",
        /// It is not met.
        NonCompliant "non_compliant",
        /// It does not apply.
        NotApplicable "not_applicable",
    }
}

stored_texts! { QuestionKind Outcome Label NodeCode Urn }

/// A level of a scale, or a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Level {
    /// Its value; the scale rises.
    pub value: i32,
    /// Its code.
    pub code: NodeCode,
    /// What it is called.
    pub name: Titles,
    /// When it is reached.
    #[deserr(default)]
    pub description: Option<Prose>,
}

/// A part of a framework that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Group {
    /// Its code; nodes name it.
    pub code: NodeCode,
    /// What it is called.
    pub name: Titles,
    /// Whom it is for.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// Whether it is chosen unless someone says otherwise.
    #[deserr(default)]
    #[schema(required = false)]
    pub chosen: bool,
}

/// How many nodes of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: Label,
    /// How many.
    pub count: usize,
}

/// A choice of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Choice {
    /// Its name, once in the question.
    pub urn: Urn,
    /// The answer in words.
    pub text: Prose,
    /// What it means.
    #[deserr(default)]
    pub description: Option<Prose>,
    /// What it adds to the level.
    #[deserr(default)]
    pub score: Option<i32>,
    /// What it says of the node.
    #[deserr(default)]
    pub outcome: Option<Outcome>,
    /// Codes of the groups that it chooses.
    #[deserr(default)]
    #[schema(required = false)]
    pub groups: Vec<NodeCode>,
}

/// When a question is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AskedWhen {
    /// The question that decides it.
    pub question: Urn,
    /// Choices of it.
    pub choices: Vec<Urn>,
    /// True when all of them must be chosen, otherwise one of them.
    #[deserr(default)]
    #[schema(required = false)]
    pub all: bool,
}

/// A question that leads to the answer of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Question {
    /// Its name, once in the framework.
    pub urn: Urn,
    /// How it is answered.
    pub kind: QuestionKind,
    /// What is asked.
    pub text: Prose,
    /// What can be chosen.
    #[deserr(default)]
    #[schema(required = false)]
    pub choices: Vec<Choice>,
    /// When it is asked; always when null.
    #[deserr(default)]
    pub asked_when: Option<AskedWhen>,
}
