//! OSCAL catalogs (NIST, model 1.1 to 1.2): groups and controls, nested, with parts and properties.

use std::collections::{BTreeMap, HashMap};

use deserr::Deserr;
use serde_json::Value;

use super::super::model::Form;
use super::super::scale::Method;
use super::content::{FrameworkContent, Library, NodeContent};
use super::loose::Loose;
use super::{ciso, own};
use crate::kernel::error::FieldError;
use crate::kernel::lang::{Lang, Prose, Titles};
use crate::kernel::parse::{self, Faults};
use crate::kernel::text::{NodeCode, Passage, Urn};
use crate::kernel::{Error, Result};

/// Properties of ours carry what OSCAL has no word for; their namespace.
pub const NAMESPACE: &str = "https://cybercap.example/ns/oscal";

/// Parts that are read.
const PARTS: [&str; 6] = ["statement", "overview", "guidance", "example", "evidence", "recommendation"];
/// Most bytes of a text with its parameters: 10,000 characters of four.
const LONGEST: usize = 40_000;

/// A title of one line, 1 to 300 code points.
struct Line(String);

impl std::str::FromStr for Line {
    type Err = parse::Refusal;

    fn from_str(text: &str) -> Result<Self, parse::Refusal> {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        parse::plain_text(&line, 1, 300, &[]).map(Line)
    }
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Document {
    catalog: Catalog,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Catalog {
    uuid: Loose,
    metadata: Metadata,
    #[deserr(default)]
    groups: Vec<Group>,
    #[deserr(default)]
    controls: Vec<Control>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Metadata {
    title: Loose,
    version: Loose,
    #[deserr(default)]
    published: Loose,
    #[deserr(default)]
    remarks: Loose,
    #[deserr(default)]
    parties: Vec<Party>,
    #[deserr(default)]
    props: Vec<Prop>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Party {
    #[deserr(default)]
    name: Loose,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Prop {
    name: Loose,
    value: Loose,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Group {
    #[deserr(default)]
    id: Loose,
    #[deserr(default)]
    class: Loose,
    title: Loose,
    #[deserr(default)]
    props: Vec<Prop>,
    #[deserr(default)]
    parts: Vec<Part>,
    #[deserr(default)]
    params: Vec<Param>,
    #[deserr(default)]
    groups: Vec<Group>,
    #[deserr(default)]
    controls: Vec<Control>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Control {
    id: Loose,
    #[deserr(default)]
    class: Loose,
    title: Loose,
    #[deserr(default)]
    props: Vec<Prop>,
    #[deserr(default)]
    parts: Vec<Part>,
    #[deserr(default)]
    params: Vec<Param>,
    #[deserr(default)]
    controls: Vec<Control>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Part {
    name: Loose,
    #[deserr(default)]
    prose: Loose,
    #[deserr(default)]
    props: Vec<Prop>,
    #[deserr(default)]
    parts: Vec<Part>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Param {
    id: Loose,
    #[deserr(default)]
    label: Loose,
    #[deserr(default)]
    select: Option<Select>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Select {
    #[deserr(default)]
    choice: Vec<Loose>,
}

fn prop<'a>(props: &'a [Prop], name: &str) -> Option<&'a str> {
    props.iter().find(|prop| prop.name.0 == name).and_then(|prop| prop.value.some())
}

/// Reads a catalog.
///
/// # Errors
/// 422 with every fault.
pub fn read(value: &Value) -> Result<Library> {
    let mut library = Library::of(Form::Oscal);
    let Document { catalog } = parse::document(value.clone())?;
    let Catalog { uuid, metadata, groups, controls } = catalog;
    let ours = prop(&metadata.props, "urn").map(str::to_owned);
    let urn: Urn = taken(ours.as_deref().unwrap_or(&format!("urn:uuid:{}", uuid.0)), "/catalog/uuid")?;
    let lang = language(&metadata, &mut library)?;
    let mut walk = Walk {
        lang,
        labelled: ours.is_some(),
        unread: BTreeMap::new(),
        urn: &urn,
        csf: prop(&metadata.props, "framework-version-identifier") == Some("CSF_2_0_0"),
        params: HashMap::new(),
        nodes: Vec::new(),
        faults: Vec::new(),
        withdrawn: Vec::new(),
    };
    walk.groups(groups, None, "/catalog");
    walk.controls(controls, None, "/catalog");
    let Walk { nodes, faults, withdrawn, unread, .. } = walk;
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    if !withdrawn.is_empty() {
        let detail = format!("Left out: {} withdrawn items: {}.", withdrawn.len(), withdrawn.join(", "));
        library.note("/catalog", detail);
    }
    for (name, count) in unread.into_iter().take(20) {
        library.note("/catalog", format!("Left out: {count} parts named {name:?}."));
    }
    library.note("/catalog", "OSCAL has no scale: the house's own of 0 to 4 is used.");
    library.frameworks.push(framework(urn, lang, &metadata, nodes)?);
    Ok(library)
}

/// The language that a catalog of ours states; others don't.
fn language(metadata: &Metadata, library: &mut Library) -> Result<Lang> {
    match prop(&metadata.props, "language") {
        Some(stated) => taken(stated, "/catalog/metadata/props"),
        None => {
            library.note("/catalog/metadata", "The file does not say its language: English is assumed.");
            Ok(Lang::En)
        }
    }
}

fn framework(urn: Urn, lang: Lang, metadata: &Metadata, nodes: Vec<NodeContent>) -> Result<FrameworkContent> {
    let publisher = metadata.parties.iter().find_map(|party| party.name.line());
    let license = metadata.remarks.passage().map_or_else(|| taken("Not stated in the file.", "/catalog"), Ok);
    Ok(FrameworkContent {
        at: "/catalog".to_owned(),
        urn,
        edition: taken(&metadata.version.0, "/catalog/metadata/version")?,
        name: Titles::one(lang, taken::<Line>(&metadata.title.0, "/catalog/metadata/title")?.0),
        publisher: taken(publisher.as_deref().unwrap_or("Not stated"), "/catalog/metadata/parties")?,
        source: None,
        published: metadata.published.0.get(..10).and_then(|day| day.parse().ok()),
        license: license?,
        notice: None,
        language: lang,
        method: Some(Method::WeightedMean),
        scale: ciso::own_scale(),
        groups: Vec::new(),
        coverage_threshold: own::COVERAGE,
        rollup: None,
        nodes,
    })
}

fn taken<T: std::str::FromStr<Err = parse::Refusal>>(text: &str, pointer: &str) -> Result<T> {
    text.parse().map_err(|refusal: parse::Refusal| Error::invalid(pointer, refusal.code, refusal.detail))
}

/// A catalog while its tree is laid out in a list.
struct Walk<'a> {
    lang: Lang,
    urn: &'a Urn,
    /// Our own catalogs: an `id` is only a token there, the `label` is the code.
    labelled: bool,
    /// Names of parts that are not read, with how many there are.
    unread: BTreeMap<String, usize>,
    /// NIST's own catalog of the CSF 2.0 still holds what version 1.1 had and marks it only by its lack of examples.
    csf: bool,
    params: HashMap<String, String>,
    nodes: Vec<NodeContent>,
    faults: Vec<FieldError>,
    withdrawn: Vec<String>,
}

/// What groups and controls have in common.
struct Item {
    at: String,
    parent: Option<usize>,
    id: Loose,
    label: Option<String>,
    kind: String,
    title: Loose,
    assessable: bool,
    parts: Vec<Part>,
}

impl Walk<'_> {
    fn groups(&mut self, groups: Vec<Group>, parent: Option<usize>, above: &str) {
        for (index, group) in groups.into_iter().enumerate() {
            let at = format!("{above}/groups/{index}");
            self.learn(&group.params);
            let id = if group.id.some().is_some() { group.id } else { group.title.clone() };
            let kind = group.class.some().unwrap_or("group").to_owned();
            let place = self.nodes.len();
            self.add(Item {
                at: at.clone(),
                parent,
                id,
                label: prop(&group.props, "label").map(str::to_owned),
                kind,
                title: group.title,
                assessable: false,
                parts: group.parts,
            });
            self.groups(group.groups, Some(place), &at);
            self.controls(group.controls, Some(place), &at);
        }
    }

    fn controls(&mut self, controls: Vec<Control>, parent: Option<usize>, above: &str) {
        for (index, control) in controls.into_iter().enumerate() {
            let at = format!("{above}/controls/{index}");
            if self.is_withdrawn(&control) {
                self.withdrawn.push(control.id.0);
                continue;
            }
            self.learn(&control.params);
            let kind = control.class.some().unwrap_or("control").to_owned();
            let place = self.nodes.len();
            self.add(Item {
                at: at.clone(),
                parent,
                id: control.id,
                label: prop(&control.props, "label").map(str::to_owned),
                kind,
                title: control.title,
                assessable: control.controls.is_empty(),
                parts: control.parts,
            });
            self.controls(control.controls, Some(place), &at);
        }
    }

    fn is_withdrawn(&self, control: &Control) -> bool {
        let stated =
            prop(&control.props, "status").is_some_and(|status| status.eq_ignore_ascii_case("withdrawn"));
        let exampled = |control: &Control| control.parts.iter().any(|part| part.name.0 == "example");
        stated || self.csf && !exampled(control) && control.controls.iter().all(|below| !exampled(below))
    }

    /// Parameters stand in texts by their ids; a reader wants their labels.
    fn learn(&mut self, params: &[Param]) {
        for param in params {
            let choices = param.select.iter().flat_map(|select| &select.choice).filter_map(Loose::line);
            let choices: Vec<String> = choices.collect();
            let words = param.label.line().unwrap_or_else(|| choices.join(" | "));
            self.params.insert(param.id.0.clone(), words);
        }
    }

    fn add(&mut self, item: Item) {
        for part in item.parts.iter().filter(|part| !PARTS.contains(&part.name.0.as_str())) {
            *self.unread.entry(part.name.0.clone()).or_default() += 1;
        }
        match self.node(&item) {
            Ok(node) => self.nodes.push(node),
            Err(refusal) => self.faults.push(FieldError::at(&item.at, refusal.code, refusal.detail)),
        }
    }

    fn node(&self, item: &Item) -> Result<NodeContent, parse::Refusal> {
        let label = item.label.as_deref().filter(|_| self.labelled);
        let code: NodeCode = label.unwrap_or(&item.id.line().unwrap_or_default()).parse()?;
        let title = item.title.line().filter(|title| *title != item.id.0 && title != code.as_str());
        let name = title.map(|title| title.chars().take(300).collect::<String>());
        let text = self.words(item, &["statement", "overview"])?;
        // A node has a name or a text; without both its code stands for it.
        let name = name.or_else(|| text.is_none().then(|| code.to_string()));
        Ok(NodeContent {
            at: item.at.clone(),
            parent: item.parent,
            urn: own::node_urn(self.urn, &code)?,
            code,
            kind: item.kind.parse()?,
            assessable: item.assessable,
            weight: 1,
            stage: None,
            points: None,
            name: name.map(|name| Titles::one(self.lang, name)),
            text,
            guidance: self.words(item, &["guidance", "example"])?,
            evidence: self.words(item, &["evidence"])?,
            recommendation: self.words(item, &["recommendation"])?,
            groups: Vec::new(),
            questions: Vec::new(),
        })
    }

    /// The texts of some parts, a line each.
    fn words(&self, item: &Item, names: &[&str]) -> Result<Option<Prose>, parse::Refusal> {
        let mut lines = Vec::new();
        let parts = item.parts.iter().filter(|part| names.contains(&part.name.0.as_str()));
        parts.for_each(|part| told(part, &mut lines));
        let text = self.with_params(&lines.join("\n"))?;
        match text.is_empty() {
            true => Ok(None),
            false => text.parse::<Passage>().map(|text| Some(Prose::one(self.lang, text.as_str()))),
        }
    }

    /// The text with the words of parameters in place of their ids.
    fn with_params(&self, text: &str) -> Result<String, parse::Refusal> {
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((inside, behind)) = after.split_once("}}") else { break };
            let id = inside.rsplit(',').next().unwrap_or_default().trim();
            said.push_str(before);
            match self.params.get(id).filter(|words| !words.is_empty()) {
                Some(words) => said.push_str(&format!("[{words}]")),
                None => said.push_str(&format!("{{{{{inside}}}}}")),
            }
            // A short text can ask for a long one a thousand times.
            if said.len() > LONGEST {
                let words = "With its parameters the text is longer than 10,000 characters.";
                return Err(parse::Refusal::new("too_long", words));
            }
            rest = behind;
        }
        said.push_str(rest);
        Ok(said)
    }
}

/// A part and those within it, a line each, with their labels.
fn told(part: &Part, lines: &mut Vec<String>) {
    if let Some(prose) = part.prose.some() {
        let label = prop(&part.props, "label").map(|label| format!("{label} ")).unwrap_or_default();
        lines.push(format!("{label}{prose}"));
    }
    part.parts.iter().for_each(|part| told(part, lines));
}
