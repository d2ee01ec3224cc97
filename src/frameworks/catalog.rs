//! A framework as an OSCAL catalog (NIST OSCAL 1.2.3): top nodes are groups, all others controls; texts are parts.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::library::NAMESPACE;
use super::model::{Framework, FrameworkNode};
use crate::kernel::id::FrameworkNodeId;
use crate::kernel::lang::{Lang, Prose};

/// Edition of the model that the catalog follows.
const OSCAL: &str = "1.2.3";

/// An OSCAL document with a catalog.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogDocument {
    /// The catalog.
    pub catalog: Catalog,
}

/// A catalog.
#[derive(Debug, Serialize, ToSchema)]
pub struct Catalog {
    /// The same for the same edition of a framework: a UUID of version 5 of its urn and edition.
    pub uuid: Uuid,
    /// About the document.
    pub metadata: CatalogMetadata,
    /// Top nodes that are not answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub groups: Vec<CatalogGroup>,
    /// Top nodes that are answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub controls: Vec<CatalogControl>,
}

/// About the document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CatalogMetadata {
    /// The framework's name.
    pub title: String,
    /// When it was entered here.
    pub last_modified: String,
    /// The framework's edition.
    pub version: String,
    /// Edition of the model.
    pub oscal_version: &'static str,
    /// The framework's urn and publisher.
    pub props: Vec<CatalogProp>,
    /// Licence and notice.
    pub remarks: String,
}

/// A property.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogProp {
    /// Its name.
    pub name: &'static str,
    /// Whose word it is; OSCAL's own when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub ns: Option<&'static str>,
    /// Its value.
    pub value: String,
}

/// A text of a group or a control.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogPart {
    /// What it is: `overview`, `statement`, `guidance` ...
    pub name: &'static str,
    /// The text.
    pub prose: String,
}

/// A top node.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogGroup {
    /// A token made of its code.
    pub id: String,
    /// Its kind.
    pub class: String,
    /// Its name.
    pub title: String,
    /// Its code.
    pub props: Vec<CatalogProp>,
    /// Its texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub parts: Vec<CatalogPart>,
    /// Nodes below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub controls: Vec<CatalogControl>,
}

/// A node.
#[derive(Debug, Serialize, ToSchema)]
pub struct CatalogControl {
    /// A token made of its code.
    pub id: String,
    /// Its kind.
    pub class: String,
    /// Its name, or its code.
    pub title: String,
    /// Its code, weight, stage and points.
    pub props: Vec<CatalogProp>,
    /// Its texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub parts: Vec<CatalogPart>,
    /// Nodes below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, no_recursion)]
    pub controls: Vec<CatalogControl>,
}

/// The catalog of a framework; its texts in `lang` where they are, else as a text is shown elsewhere.
pub(super) fn written(framework: &Framework, nodes: &[FrameworkNode], lang: Lang) -> CatalogDocument {
    let mut below: HashMap<Option<FrameworkNodeId>, Vec<&FrameworkNode>> = HashMap::new();
    for node in nodes {
        below.entry(node.parent_id).or_default().push(node);
    }
    let mut writer = Writer { lang, below, used: HashSet::new() };
    let (mut groups, mut controls) = (Vec::new(), Vec::new());
    for node in writer.below.get(&None).cloned().unwrap_or_default() {
        match node.assessable {
            true => controls.push(writer.control(node)),
            false => groups.push(writer.group(node)),
        }
    }
    let name = format!("{} {}", framework.urn, framework.edition);
    let catalog = Catalog {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
        metadata: metadata(framework, lang),
        groups,
        controls,
    };
    CatalogDocument { catalog }
}

fn metadata(framework: &Framework, lang: Lang) -> CatalogMetadata {
    let notice = framework.notice.as_ref().map(|notice| notice.in_lang(lang));
    let remarks: Vec<&str> = std::iter::once(framework.license.as_str()).chain(notice).collect();
    let ours = |name, value: String| CatalogProp { name, ns: Some(NAMESPACE), value };
    CatalogMetadata {
        title: framework.name.in_lang(lang).to_owned(),
        last_modified: framework.created_at.to_string(),
        version: framework.edition.to_string(),
        oscal_version: OSCAL,
        props: vec![
            ours("urn", framework.urn.to_string()),
            ours("publisher", framework.publisher.to_string()),
            ours("digest", framework.digest.clone()),
            ours("language", lang.to_string()),
        ],
        remarks: remarks.join("\n\n"),
    }
}

struct Writer<'a> {
    lang: Lang,
    below: HashMap<Option<FrameworkNodeId>, Vec<&'a FrameworkNode>>,
    used: HashSet<String>,
}

impl Writer<'_> {
    fn group(&mut self, node: &FrameworkNode) -> CatalogGroup {
        CatalogGroup {
            id: self.token(node.code.as_str()),
            class: token(node.kind.as_str()),
            title: self.title(node),
            props: props(node),
            parts: self.parts(node, "overview"),
            controls: self.controls(node),
        }
    }

    fn control(&mut self, node: &FrameworkNode) -> CatalogControl {
        CatalogControl {
            id: self.token(node.code.as_str()),
            class: token(node.kind.as_str()),
            title: self.title(node),
            props: props(node),
            parts: self.parts(node, "statement"),
            controls: self.controls(node),
        }
    }

    fn controls(&mut self, node: &FrameworkNode) -> Vec<CatalogControl> {
        let children = self.below.get(&Some(node.id)).cloned().unwrap_or_default();
        children.into_iter().map(|child| self.control(child)).collect()
    }

    fn title(&self, node: &FrameworkNode) -> String {
        node.name.as_ref().map_or(node.code.as_str(), |name| name.in_lang(self.lang)).to_owned()
    }

    fn parts(&self, node: &FrameworkNode, text: &'static str) -> Vec<CatalogPart> {
        let texts: [(&'static str, &Option<Prose>); 4] = [
            (text, &node.text),
            ("guidance", &node.guidance),
            ("evidence", &node.evidence),
            ("recommendation", &node.recommendation),
        ];
        let part = |(name, text): (&'static str, &Option<Prose>)| {
            text.as_ref().map(|text| CatalogPart { name, prose: text.in_lang(self.lang).to_owned() })
        };
        texts.into_iter().filter_map(part).collect()
    }

    /// A token that no other node of the catalog has.
    fn token(&mut self, code: &str) -> String {
        let plain = token(code);
        let mut free = plain.clone();
        let mut next = 2;
        while !self.used.insert(free.clone()) {
            free = format!("{plain}_{next}");
            next += 1;
        }
        free
    }
}

/// A token of OSCAL (an XML NCName): a letter or `_`, then letters, digits, `.`, `-` and `_`; here of ASCII, which all readers take.
fn token(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let token: String = text.chars().map(kept).collect();
    match token.chars().next() {
        Some(first) if first.is_ascii_alphabetic() || first == '_' => token,
        _ => format!("_{token}"),
    }
}

fn props(node: &FrameworkNode) -> Vec<CatalogProp> {
    let ours = |name, value: String| CatalogProp { name, ns: Some(NAMESPACE), value };
    let mut props = vec![CatalogProp { name: "label", ns: None, value: node.code.to_string() }];
    if node.weight != 1 {
        props.push(ours("weight", node.weight.to_string()));
    }
    props.extend(node.stage.map(|stage| ours("stage", stage.to_string())));
    props.extend(node.points.map(|points| ours("points", points.to_string())));
    props
}
