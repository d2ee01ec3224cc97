//! Frameworks and their nodes: what is assessed, as data.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::scale::{Group, KindCount, Level, Method, Question, Rollup};
use crate::codes_enum;
use crate::kernel::flag::Flag;
use crate::kernel::id::{FrameworkId, FrameworkNodeId};
use crate::kernel::lang::{Lang, Prose, Titles};
use crate::kernel::parse::Faults;
use crate::kernel::stored::Stored;
use crate::kernel::text::{Label, Name, NodeCode, Note, Passage, Urn};
use crate::kernel::time::Timestamp;
use crate::kernel::words::Words;
use crate::platform::schema::{framework_nodes, frameworks};

codes_enum! {
    /// In which form a library came.
    pub Form {
        /// Our own YAML or JSON.
        Own "cybercap",
        /// A library of CISO Assistant.
        CisoAssistant "ciso_assistant",
        /// An OSCAL catalog (NIST).
        Oscal "oscal_catalog",
    }
}

/// One edition of a framework. It never changes: a correction is a new edition.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = frameworks)]
pub struct Framework {
    /// The framework's id here.
    pub id: FrameworkId,
    /// Its name among all frameworks.
    pub urn: Urn,
    /// Which edition of it; one `urn` stands once for each edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// Who publishes it.
    pub publisher: Name,
    /// The publication it was taken from.
    pub source: Option<Note>,
    /// When that was published, as its publisher writes it.
    pub published: Option<Label>,
    /// Under which terms its texts may be used.
    pub license: Passage,
    /// What everyone who uses it must know.
    pub notice: Option<Prose>,
    /// The language that its texts were written in.
    pub language: Lang,
    /// Every language in which there are texts.
    #[schema(value_type = Vec<Lang>)]
    pub languages: Words<Lang, 7>,
    /// How answers become a score; null for a taxonomy, which only tags.
    pub method: Option<Method>,
    /// The levels an answer can have, or the stages, in rising order.
    #[schema(value_type = Vec<Level>)]
    pub scale: Stored<Vec<Level>>,
    /// Parts of it that can be chosen together.
    #[schema(value_type = Vec<Group>)]
    pub groups: Stored<Vec<Group>>,
    /// Percent of what applies that must be answered before a score is shown; below it is "insufficient".
    pub coverage_threshold: i32,
    /// How the stage of a factor follows from its aspects; only with `stage_gate`.
    pub rollup: Option<Rollup>,
    /// Its nodes, counted by kind, in the order in which the kinds appear.
    #[schema(value_type = Vec<KindCount>)]
    pub kinds: Stored<Vec<KindCount>>,
    /// All its nodes.
    pub node_count: i32,
    /// Nodes that are answered.
    pub assessable_count: i32,
    /// The form in which it came.
    pub form: Form,
    /// SHA-256 of its content: two houses that show the same digest use the same text.
    pub digest: String,
    /// True for those that come with the service.
    pub shipped: bool,
    /// Version of the record, as in the ETag; always 1.
    pub version: i32,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// A framework as shown to a caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FrameworkView {
    /// The framework.
    #[serde(flatten)]
    pub framework: Framework,
    /// What the caller may do with it.
    pub permissions: Vec<&'static str>,
}

/// A node of a framework: a dimension, a function, a category, an outcome, an indicator ...
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable, ToSchema)]
#[diesel(table_name = framework_nodes)]
pub struct FrameworkNode {
    /// The node's id here.
    pub id: FrameworkNodeId,
    /// The framework it belongs to.
    #[serde(skip)]
    pub framework_id: FrameworkId,
    /// Its place in the framework, from 1; a parent stands before its children.
    pub position: i32,
    /// How deep it stands; 1 has no parent.
    pub depth: i32,
    /// The node above it.
    pub parent_id: Option<FrameworkNodeId>,
    /// Its code, once in the framework.
    pub code: NodeCode,
    /// Its name among all nodes of all frameworks; crosswalks name nodes by it.
    pub urn: Urn,
    /// What it is, in the framework's own word: `function`, `aspect`, `indicator` ...
    pub kind: Label,
    /// True when it is answered.
    pub assessable: bool,
    /// How much it counts among its siblings.
    pub weight: i32,
    /// The stage that it belongs to; only with `stage_gate`.
    pub stage: Option<i32>,
    /// The most points that it gives; only with `points_sum`.
    pub points: Option<i32>,
    /// What it is called.
    pub name: Option<Titles>,
    /// What it asks for.
    pub text: Option<Prose>,
    /// How to understand it, with examples.
    pub guidance: Option<Prose>,
    /// What would prove it.
    pub evidence: Option<Prose>,
    /// What to do when it is not met.
    pub recommendation: Option<Prose>,
    /// Codes of the groups that it belongs to; none for all.
    #[schema(value_type = Vec<NodeCode>)]
    pub groups: Stored<Vec<NodeCode>>,
    /// Questions that lead to its answer.
    #[schema(value_type = Vec<Question>)]
    pub questions: Stored<Vec<Question>>,
}

/// Which frameworks are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FrameworkFilter {
    /// Editions of this one.
    #[deserr(default)]
    #[param(inline)]
    pub urn: Option<Urn>,
    /// Those scored in this way.
    #[deserr(default)]
    #[param(inline)]
    pub method: Option<Method>,
    /// Those that come with the service, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub shipped: Option<Flag>,
}

/// Which nodes of a framework are wanted.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NodeFilter {
    /// Those directly below this node.
    #[deserr(default)]
    #[param(inline)]
    pub parent: Option<FrameworkNodeId>,
    /// The one with this code.
    #[deserr(default)]
    #[param(inline)]
    pub code: Option<NodeCode>,
    /// Those of this kind.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<Label>,
    /// Those that are answered, or the others.
    #[deserr(default)]
    #[param(inline)]
    pub assessable: Option<Flag>,
}

/// A library as JSON: an OSCAL document with its `catalog`, a CISO Assistant library with its `objects`, or our own form, where a
/// framework has `nodes`, a crosswalk `mappings` and a risk matrix a `grid`. Only its schema is used: a library is read as a file.
#[derive(Clone, Copy, Debug)]
pub struct LibraryDocument;

impl utoipa::PartialSchema for LibraryDocument {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        let example = serde_json::json!({
            "urn": "urn:example:framework:basics", "edition": "1", "name": { "en": "Basics" },
            "publisher": "A ministry", "license": "CC0", "language": "en", "method": "weighted_mean",
            "scale": [{ "value": 0, "code": "no", "name": { "en": "No" } },
                      { "value": 1, "code": "yes", "name": { "en": "Yes" } }],
            "nodes": [{ "code": "A", "kind": "outcome", "text": { "en": "There is a policy." } }]
        });
        ObjectBuilder::new().schema_type(Type::Object).examples([example]).build().into()
    }
}

impl ToSchema for LibraryDocument {
    fn name() -> std::borrow::Cow<'static, str> {
        "LibraryDocument".into()
    }
}

codes_enum! {
    /// What became of a part of a library.
    pub PartStatus {
        /// It was entered.
        Created "created",
        /// It would be, without `dry_run`.
        WouldCreate "would_create",
        /// The same content is here already.
        Unchanged "unchanged",
    }
}

codes_enum! {
    /// What a part of a library is.
    pub PartKind {
        /// A framework.
        Framework "framework",
        /// A mapping between two frameworks.
        Crosswalk "crosswalk",
        /// A risk matrix.
        RiskMatrix "risk_matrix",
    }
}

/// A part of a library and what became of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LibraryPart {
    /// What it is.
    pub kind: PartKind,
    /// What became of it.
    pub status: PartStatus,
    /// Its id here; null when it was not entered.
    pub id: Option<uuid::Uuid>,
    /// Its name among all.
    pub urn: Urn,
    /// Its edition.
    pub edition: Label,
    /// What it is called.
    pub name: Titles,
    /// Nodes of a framework, mappings of a crosswalk, cells of a matrix.
    pub size: usize,
    /// Nodes of a framework, counted by kind.
    pub kinds: Vec<KindCount>,
}

/// What an import left out or understood in its own way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    /// Line of the file, from 1.
    pub line: Option<u64>,
    /// What it concerns: RFC 6901 pointer into the file.
    pub pointer: String,
    /// What was done, in English.
    pub detail: String,
}

/// What became of a library.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LibraryReport {
    /// Nothing was written because only a rehearsal was asked for.
    pub dry_run: bool,
    /// The form that was recognised.
    pub form: Form,
    /// The frameworks, crosswalks and matrices in it.
    pub parts: Vec<LibraryPart>,
    /// What was left out or understood in its own way.
    pub notices: Vec<Notice>,
}
