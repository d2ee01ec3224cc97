//! What a library says, whatever its form: frameworks with their nodes in one flat list, crosswalks and matrices.

use serde::Serialize;

use super::super::crosswalks::Relation;
use super::super::matrices::MatrixLevel;
use super::super::model::{Form, Notice};
use super::super::scale::{Group, Level, Method, Question, Rollup};
use crate::kernel::lang::{Lang, Prose, Speech, Titles, speaking};
use crate::kernel::text::{Label, Name, NodeCode, Note, Passage, Urn};
use crate::platform::keys::{hex, sha256};

/// Everything that a file holds.
#[derive(Debug)]
pub struct Library {
    /// The form that was recognised.
    pub form: Form,
    /// Its frameworks.
    pub frameworks: Vec<FrameworkContent>,
    /// Its crosswalks.
    pub crosswalks: Vec<CrosswalkContent>,
    /// Its risk matrices.
    pub matrices: Vec<MatrixContent>,
    /// What was left out or understood in its own way.
    pub notices: Vec<Notice>,
}

impl Library {
    /// A library of this form with nothing in it.
    pub fn of(form: Form) -> Self {
        Library {
            form,
            frameworks: Vec::new(),
            crosswalks: Vec::new(),
            matrices: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Adds a notice about a place of the file.
    pub fn note(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.notices.push(Notice { line: None, pointer: pointer.into(), detail: detail.into() });
    }
}

/// A framework and its nodes.
#[derive(Debug, Serialize)]
pub struct FrameworkContent {
    /// Place in the file.
    #[serde(skip)]
    pub at: String,
    /// As in [`Framework`](super::super::model::Framework).
    pub urn: Urn,
    /// Its edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// Who publishes it.
    pub publisher: Name,
    /// Where it was taken from.
    pub source: Option<Note>,
    /// When that was published.
    pub published: Option<Label>,
    /// Terms of its texts.
    pub license: Passage,
    /// What everyone must know.
    pub notice: Option<Prose>,
    /// The language of its texts.
    pub language: Lang,
    /// How answers become a score.
    pub method: Option<Method>,
    /// Levels or stages.
    pub scale: Vec<Level>,
    /// Parts that can be chosen.
    pub groups: Vec<Group>,
    /// Percent that must be answered.
    pub coverage_threshold: i32,
    /// How stages roll up.
    pub rollup: Option<Rollup>,
    /// Its nodes, parents before children.
    pub nodes: Vec<NodeContent>,
}

/// A node of a framework.
#[derive(Debug, Serialize)]
pub struct NodeContent {
    /// Place in the file.
    #[serde(skip)]
    pub at: String,
    /// Place of the parent in the list.
    pub parent: Option<usize>,
    /// Its code.
    pub code: NodeCode,
    /// Its name among all nodes.
    pub urn: Urn,
    /// What it is.
    pub kind: Label,
    /// Whether it is answered.
    pub assessable: bool,
    /// How much it counts.
    pub weight: i32,
    /// Its stage.
    pub stage: Option<i32>,
    /// Its points.
    pub points: Option<i32>,
    /// What it is called.
    pub name: Option<Titles>,
    /// What it asks for.
    pub text: Option<Prose>,
    /// How to understand it.
    pub guidance: Option<Prose>,
    /// What would prove it.
    pub evidence: Option<Prose>,
    /// What to do when it is not met.
    pub recommendation: Option<Prose>,
    /// Groups it belongs to.
    pub groups: Vec<NodeCode>,
    /// Questions that lead to its answer.
    pub questions: Vec<Question>,
}

/// A mapping between two frameworks.
#[derive(Debug, Serialize)]
pub struct CrosswalkContent {
    /// Place in the file.
    #[serde(skip)]
    pub at: String,
    /// Its name among all.
    pub urn: Urn,
    /// Its edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// Who made it.
    pub publisher: Name,
    /// Terms of use.
    pub license: Passage,
    /// The framework that is mapped.
    pub source_urn: Urn,
    /// The framework it is mapped to.
    pub target_urn: Urn,
    /// Its lines.
    pub mappings: Vec<MappingContent>,
}

/// A line of a crosswalk.
#[derive(Debug, Serialize)]
pub struct MappingContent {
    /// Place in the file.
    #[serde(skip)]
    pub at: String,
    /// Node of the framework that is mapped.
    pub source_urn: Urn,
    /// Node of the other.
    pub target_urn: Urn,
    /// How the first relates to the second.
    pub relation: Relation,
    /// How strong the relation is, 0 to 10 (NIST IR 8477).
    pub strength: Option<i32>,
    /// Why.
    pub rationale: Option<Passage>,
}

/// A risk matrix.
#[derive(Debug, Serialize)]
pub struct MatrixContent {
    /// Place in the file.
    #[serde(skip)]
    pub at: String,
    /// Its name among all.
    pub urn: Urn,
    /// Its edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// What it is for.
    pub description: Option<Prose>,
    /// Who made it.
    pub publisher: Name,
    /// Terms of use.
    pub license: Passage,
    /// Levels of likelihood, rising.
    pub likelihood: Vec<MatrixLevel>,
    /// Levels of impact, rising.
    pub impact: Vec<MatrixLevel>,
    /// Levels of risk, rising.
    pub levels: Vec<MatrixLevel>,
    /// For each likelihood and impact the level of risk, as its place from 0.
    pub grid: Vec<Vec<usize>>,
}

/// SHA-256 of a part's content, the same for the same words in whatever form they came.
pub fn digest(content: &impl Serialize) -> String {
    let text = speaking(Speech::All, || serde_json::to_string(content)).unwrap_or_default();
    hex(&sha256(text.as_bytes()))
}
