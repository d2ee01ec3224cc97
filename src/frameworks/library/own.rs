//! Our own form: one framework, crosswalk or matrix to a file, nodes nested as they belong.

use deserr::Deserr;
use serde_json::Value;

use super::super::crosswalks::Relation;
use super::super::matrices::MatrixLevel;
use super::super::model::Form;
use super::super::scale::{Group, Level, Method, Question, Rollup};
use super::content::{
    CrosswalkContent, FrameworkContent, Library, MappingContent, MatrixContent, NodeContent,
};
use crate::counted;
use crate::kernel::error::FieldError;
use crate::kernel::lang::{Lang, Prose, Speech, Titles, speaking};
use crate::kernel::parse::{self, Faults};
use crate::kernel::text::{Label, Name, NodeCode, Note, Passage, Urn};
use crate::kernel::{Error, Result};

counted! {
    /// Percent of what applies that must be answered, 0 to 100.
    Threshold 0 100;
    /// How much a node counts, 1 to 1000.
    Weight 1 1000;
}

/// Percent that must be answered unless the framework says otherwise (domain rule A).
pub(super) const COVERAGE: i32 = 80;

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct FrameworkDraft {
    urn: Urn,
    edition: Label,
    name: Titles,
    publisher: Name,
    #[deserr(default)]
    source: Option<Note>,
    #[deserr(default)]
    published: Option<Label>,
    license: Passage,
    #[deserr(default)]
    notice: Option<Prose>,
    language: Lang,
    #[deserr(default)]
    method: Option<Method>,
    #[deserr(default)]
    scale: Vec<Level>,
    #[deserr(default)]
    groups: Vec<Group>,
    #[deserr(default)]
    coverage_threshold: Option<Threshold>,
    #[deserr(default)]
    rollup: Option<Rollup>,
    nodes: Vec<NodeDraft>,
}

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct NodeDraft {
    code: NodeCode,
    #[deserr(default)]
    urn: Option<Urn>,
    kind: Label,
    #[deserr(default)]
    assessable: Option<bool>,
    #[deserr(default)]
    weight: Option<Weight>,
    #[deserr(default)]
    stage: Option<i32>,
    #[deserr(default)]
    points: Option<i32>,
    #[deserr(default)]
    name: Option<Titles>,
    #[deserr(default)]
    text: Option<Prose>,
    #[deserr(default)]
    guidance: Option<Prose>,
    #[deserr(default)]
    evidence: Option<Prose>,
    #[deserr(default)]
    recommendation: Option<Prose>,
    #[deserr(default)]
    groups: Vec<NodeCode>,
    #[deserr(default)]
    questions: Vec<Question>,
    #[deserr(default)]
    nodes: Vec<NodeDraft>,
}

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct CrosswalkDraft {
    urn: Urn,
    edition: Label,
    name: Titles,
    publisher: Name,
    license: Passage,
    source: Urn,
    target: Urn,
    mappings: Vec<MappingDraft>,
}

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct MappingDraft {
    source: Urn,
    target: Urn,
    relation: Relation,
    #[deserr(default)]
    strength: Option<i32>,
    #[deserr(default)]
    rationale: Option<Passage>,
}

#[derive(Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct MatrixDraft {
    urn: Urn,
    edition: Label,
    name: Titles,
    #[deserr(default)]
    description: Option<Prose>,
    publisher: Name,
    license: Passage,
    likelihood: Vec<MatrixLevel>,
    impact: Vec<MatrixLevel>,
    levels: Vec<MatrixLevel>,
    grid: Vec<Vec<usize>>,
}

/// Reads a file of our own form; what it is follows from what it has: `nodes`, `mappings` or `grid`.
///
/// # Errors
/// 422 with every fault.
pub fn read(value: Value) -> Result<Library> {
    let mut library = Library::of(Form::Own);
    let has = |name: &str| value.get(name).is_some();
    let lang = value.get("language").and_then(Value::as_str).and_then(|text| text.parse::<Lang>().ok());
    let is = (has("nodes"), has("mappings"), has("grid"));
    speaking(Speech::One(lang.unwrap_or(Lang::En)), || {
        match is {
            (true, _, _) => library.frameworks.push(framework(parse::document(value)?)?),
            (_, true, _) => library.crosswalks.push(crosswalk(parse::document(value)?)),
            (_, _, true) => library.matrices.push(matrix(parse::document(value)?)),
            _ => return Err(unknown()),
        }
        Ok(library)
    })
}

fn unknown() -> Error {
    Error::invalid(
        "",
        "unknown_form",
        "Send an OSCAL `catalog`, a CISO Assistant library with `objects`, or our own form: a framework has `nodes`, \
         a crosswalk `mappings`, a risk matrix `grid`.",
    )
}

fn framework(draft: FrameworkDraft) -> Result<FrameworkContent> {
    let mut flat = Flat { urn: &draft.urn, method: draft.method, nodes: Vec::new(), faults: Vec::new() };
    flat.add_all(draft.nodes, None, "");
    let Flat { nodes, faults, .. } = flat;
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    Ok(FrameworkContent {
        at: String::new(),
        urn: draft.urn,
        edition: draft.edition,
        name: draft.name,
        publisher: draft.publisher,
        source: draft.source,
        published: draft.published,
        license: draft.license,
        notice: draft.notice,
        language: draft.language,
        method: draft.method,
        scale: draft.scale,
        groups: draft.groups,
        coverage_threshold: draft.coverage_threshold.map_or(COVERAGE, |percent| percent.0),
        rollup: draft.rollup,
        nodes,
    })
}

/// Nested nodes as they are laid out in a list.
struct Flat<'a> {
    urn: &'a Urn,
    method: Option<Method>,
    nodes: Vec<NodeContent>,
    faults: Vec<FieldError>,
}

impl Flat<'_> {
    fn add_all(&mut self, drafts: Vec<NodeDraft>, parent: Option<usize>, above: &str) {
        for (index, draft) in drafts.into_iter().enumerate() {
            self.add(draft, parent, format!("{above}/nodes/{index}"));
        }
    }

    fn add(&mut self, draft: NodeDraft, parent: Option<usize>, at: String) {
        let urn = draft.urn.map_or_else(|| node_urn(self.urn, &draft.code), Ok);
        let urn = match urn {
            Ok(urn) => urn,
            Err(refusal) => return self.faults.push(FieldError::at(&at, refusal.code, refusal.detail)),
        };
        let leaf = draft.nodes.is_empty() && self.method.is_some();
        let place = self.nodes.len();
        self.nodes.push(NodeContent {
            at: at.clone(),
            parent,
            code: draft.code,
            urn,
            kind: draft.kind,
            assessable: draft.assessable.unwrap_or(leaf),
            weight: draft.weight.map_or(1, |weight| weight.0),
            stage: draft.stage,
            points: draft.points,
            name: draft.name,
            text: draft.text,
            guidance: draft.guidance,
            evidence: draft.evidence,
            recommendation: draft.recommendation,
            groups: draft.groups,
            questions: draft.questions,
        });
        self.add_all(draft.nodes, Some(place), &at);
    }
}

/// The name of a node that has none: the framework's and its code.
pub(super) fn node_urn(framework: &Urn, code: &NodeCode) -> Result<Urn, parse::Refusal> {
    format!("{framework}:{}", code.as_str().replace(char::is_whitespace, "-")).parse()
}

fn crosswalk(draft: CrosswalkDraft) -> CrosswalkContent {
    let mapping = |(index, mapping): (usize, MappingDraft)| MappingContent {
        at: format!("/mappings/{index}"),
        source_urn: mapping.source,
        target_urn: mapping.target,
        relation: mapping.relation,
        strength: mapping.strength,
        rationale: mapping.rationale,
    };
    CrosswalkContent {
        at: String::new(),
        urn: draft.urn,
        edition: draft.edition,
        name: draft.name,
        publisher: draft.publisher,
        license: draft.license,
        source_urn: draft.source,
        target_urn: draft.target,
        mappings: draft.mappings.into_iter().enumerate().map(mapping).collect(),
    }
}

fn matrix(draft: MatrixDraft) -> MatrixContent {
    MatrixContent {
        at: String::new(),
        urn: draft.urn,
        edition: draft.edition,
        name: draft.name,
        description: draft.description,
        publisher: draft.publisher,
        license: draft.license,
        likelihood: draft.likelihood,
        impact: draft.impact,
        levels: draft.levels,
        grid: draft.grid,
    }
}
