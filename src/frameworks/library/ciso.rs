//! Libraries of CISO Assistant: requirement nodes in a flat list, scores, questions, matrices and mappings.

use std::collections::{BTreeMap, HashMap};

use deserr::Deserr;
use serde_json::Value;

use super::super::model::Form;
use super::super::scale::{Group, Level, Method};
use super::content::{FrameworkContent, Library, NodeContent};
use super::loose::{Loose, Translation, Translations, language, prose, titles, too_long};
use super::{ciso_others, ciso_questions, own};
use crate::kernel::error::FieldError;
use crate::kernel::lang::{Lang, Titles};
use crate::kernel::parse::{self, Faults};
use crate::kernel::text::{Label, Name, NodeCode, Passage, Urn};
use crate::kernel::{Error, Result};

/// What of `objects` is read; everything else is left out with a notice.
const READ: [&str; 4] = ["framework", "risk_matrix", "requirement_mapping_set", "requirement_mapping_sets"];
/// Most notices of one sort: a file of junk needs no answer as long as itself.
const TOLD: usize = 20;
/// Highest span of scores that is written out as levels.
const SPAN: i32 = 100;

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Document {
    urn: Urn,
    locale: Loose,
    #[deserr(default)]
    name: Loose,
    version: Loose,
    #[deserr(default)]
    copyright: Loose,
    #[deserr(default)]
    provider: Loose,
    #[deserr(default)]
    publication_date: Loose,
    objects: Objects,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Objects {
    #[deserr(default)]
    framework: Option<Framework>,
    #[deserr(default)]
    risk_matrix: Vec<ciso_others::Matrix>,
    #[deserr(default)]
    requirement_mapping_set: Option<ciso_others::MappingSet>,
    #[deserr(default)]
    requirement_mapping_sets: Vec<ciso_others::MappingSet>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Framework {
    urn: Urn,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    ref_id: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    translations: Translations,
    requirement_nodes: Vec<Node>,
    #[deserr(default)]
    min_score: Option<i32>,
    #[deserr(default)]
    max_score: Option<i32>,
    #[deserr(default)]
    scores_definition: Option<Vec<Score>>,
    #[deserr(default)]
    implementation_groups_definition: Option<Vec<GroupDefinition>>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Score {
    score: i32,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    translations: Translations,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct GroupDefinition {
    ref_id: NodeCode,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    default_selected: bool,
    #[deserr(default)]
    translations: Translations,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Node {
    urn: Urn,
    assessable: bool,
    #[deserr(default)]
    parent_urn: Option<Urn>,
    #[deserr(default)]
    ref_id: Loose,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    annotation: Loose,
    #[deserr(default)]
    typical_evidence: Loose,
    #[deserr(default)]
    translations: Translations,
    #[deserr(default)]
    implementation_groups: Option<Vec<NodeCode>>,
    #[deserr(default)]
    questions: Option<BTreeMap<String, ciso_questions::Question>>,
    #[deserr(default)]
    weight: Option<i32>,
}

/// What stands at the head of a library and holds for all in it.
pub(super) struct Head {
    /// The base language.
    pub lang: Lang,
    /// The edition: the library's version.
    pub edition: Label,
    /// The author of the content.
    pub publisher: Name,
    /// The only word on the licence.
    pub license: Passage,
    /// What the library is called.
    pub name: Loose,
}

/// Reads a library.
///
/// # Errors
/// 422 with every fault.
pub fn read(value: &Value) -> Result<Library> {
    let mut library = Library::of(Form::CisoAssistant);
    left_out(value, &mut library);
    let document: Document = parse::document(value.clone())?;
    let head = head(&document)?;
    let published = document.publication_date.line().and_then(|day| day.parse().ok());
    let Objects { framework, risk_matrix, requirement_mapping_set, requirement_mapping_sets } =
        document.objects;
    if let Some(draft) = framework {
        let content = of_framework(&head, draft, &mut library)?;
        library.frameworks.push(FrameworkContent { published, ..content });
    }
    let one = requirement_mapping_set.map(|set| ("/objects/requirement_mapping_set".to_owned(), set));
    let many = requirement_mapping_sets.into_iter().enumerate();
    let many = many.map(|(index, set)| (format!("/objects/requirement_mapping_sets/{index}"), set));
    for (at, set) in one.into_iter().chain(many) {
        ciso_others::mapping_set(&head, &at, set, &mut library)?;
    }
    for (index, matrix) in risk_matrix.into_iter().enumerate() {
        ciso_others::matrix(&head, &format!("/objects/risk_matrix/{index}"), matrix, &mut library)?;
    }
    Ok(library)
}

fn head(document: &Document) -> Result<Head> {
    let lang = language(&document.locale.0).ok_or_else(|| {
        let known = Lang::WORDS.join(", ");
        let detail = format!("The texts are in {:?}; this service holds {known}.", document.locale.0);
        Error::invalid("/locale", "unknown_language", detail)
    })?;
    let said = |loose: &Loose, otherwise: &str| loose.line().unwrap_or_else(|| otherwise.to_owned());
    let refused = |pointer: &'static str| {
        move |refusal: parse::Refusal| Error::invalid(pointer, refusal.code, refusal.detail)
    };
    let license = document.copyright.passage().map_or_else(|| "Not stated in the file.".parse(), Ok);
    Ok(Head {
        lang,
        edition: said(&document.version, "1").parse().map_err(refused("/version"))?,
        publisher: said(&document.provider, "Not stated").parse().map_err(refused("/provider"))?,
        license: license.map_err(refused("/copyright"))?,
        name: match document.name.some() {
            Some(_) => document.name.clone(),
            None => Loose(document.urn.tail().to_owned()),
        },
    })
}

/// Kinds of objects that are not read, and what nodes say of them.
fn left_out(value: &Value, library: &mut Library) {
    let Some(objects) = value.get("objects").and_then(Value::as_object) else { return };
    for (kind, object) in objects.iter().filter(|(kind, _)| !READ.contains(&kind.as_str())).take(TOLD) {
        let count = object.as_array().map_or(1, Vec::len);
        library.note(
            format!("/objects/{kind}"),
            format!("Left out: {count} of the kind {kind}, which is not held here."),
        );
    }
    let nodes = objects.get("framework").and_then(|framework| framework.get("requirement_nodes"));
    let nodes = nodes.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for key in ["reference_controls", "threats"] {
        let links: usize = nodes.iter().filter_map(|node| node.get(key)?.as_array()).map(Vec::len).sum();
        if links > 0 {
            let detail = format!("Left out: {links} links of nodes to {key}.");
            library.note("/objects/framework/requirement_nodes", detail);
        }
    }
    let mut foreign = BTreeMap::new();
    objects.values().for_each(|object| count_foreign(object, &mut foreign));
    for (locale, count) in foreign.into_iter().take(TOLD) {
        let detail =
            format!("Left out: {count} translations into {locale}, which is not one of the seven languages.");
        library.note("/objects", detail);
    }
}

/// Counts translations into languages that are not held, wherever they stand.
fn count_foreign<'a>(value: &'a Value, counts: &mut BTreeMap<&'a str, usize>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| count_foreign(value, counts)),
        Value::Object(map) => {
            for (key, value) in map {
                let locales = value.as_object().filter(|_| key == "translations");
                for locale in locales.into_iter().flat_map(|locales| locales.keys()) {
                    if language(locale).is_none() {
                        *counts.entry(locale).or_default() += 1;
                    }
                }
                count_foreign(value, counts);
            }
        }
        _ => {}
    }
}

fn of_framework(head: &Head, draft: Framework, library: &mut Library) -> Result<FrameworkContent> {
    let at = "/objects/framework";
    let called = if draft.name.some().is_some() { &draft.name } else { &head.name };
    let method = draft.requirement_nodes.iter().any(|node| node.assessable).then_some(Method::WeightedMean);
    let scale = if method.is_some() { scale(head.lang, &draft, library)? } else { Vec::new() };
    let groups = draft.implementation_groups_definition.iter().flatten();
    let groups = groups.map(|group| Group {
        code: group.ref_id.clone(),
        name: named(head.lang, &group.name, &group.translations, group.ref_id.as_str()),
        description: prose(head.lang, &group.description, &group.translations, |t| &t.description),
        chosen: group.default_selected,
    });
    Ok(FrameworkContent {
        at: at.to_owned(),
        name: named(head.lang, called, &draft.translations, draft.ref_id.some().unwrap_or(draft.urn.tail())),
        notice: prose(head.lang, &draft.description, &draft.translations, |t| &t.description),
        groups: groups.collect(),
        nodes: nodes(head.lang, &draft.requirement_nodes, library)?,
        urn: draft.urn,
        edition: head.edition.clone(),
        publisher: head.publisher.clone(),
        source: None,
        published: None,
        license: head.license.clone(),
        language: head.lang,
        method,
        scale,
        coverage_threshold: own::COVERAGE,
        rollup: None,
    })
}

/// A name with its translations, or else a code.
pub(super) fn named(lang: Lang, name: &Loose, translations: &Translations, otherwise: &str) -> Titles {
    titles(lang, name, translations, |words| &words.name).unwrap_or_else(|| Titles::one(lang, otherwise))
}

/// The scores that the file defines, else the span that it states, else the scale of the house.
fn scale(lang: Lang, draft: &Framework, library: &mut Library) -> Result<Vec<Level>> {
    let at = "/objects/framework";
    let level = |value: i32, name: Titles| -> Result<Level> {
        let code = value.to_string().parse().map_err(|_| Error::internal("a number is a code"))?;
        Ok(Level { value, code, name, description: None })
    };
    let defined = draft.scores_definition.iter().flatten();
    let defined: Vec<Level> = defined
        .map(|score| {
            let name = named(lang, &score.name, &score.translations, &score.score.to_string());
            let description = prose(lang, &score.description, &score.translations, |t| &t.description);
            Ok(Level { description, ..level(score.score, name)? })
        })
        .collect::<Result<_>>()?;
    if !defined.is_empty() {
        return Ok(defined);
    }
    match (draft.min_score, draft.max_score) {
        (Some(low), Some(high)) if (1..=SPAN).contains(&high.saturating_sub(low)) => {
            (low..=high).map(|value| level(value, Titles::one(lang, value.to_string()))).collect()
        }
        _ => {
            library.note(at, "The file has no scale: the house's own of 0 to 4 is used.");
            Ok(own_scale())
        }
    }
}

/// The house's own scale of achievement (domain rule B), in its two written languages.
pub(super) fn own_scale() -> Vec<Level> {
    let rows = [
        (0, "none", "None", "Aucun"),
        (1, "initial", "Initial", "Initial"),
        (2, "partial", "Partial", "Partiel"),
        (3, "largely", "Largely", "Largement"),
        (4, "full", "Full and sustained", "Complet et durable"),
    ];
    let level = |(value, code, en, fr): (i32, &str, &str, &str)| {
        let name = Titles::one(Lang::En, en).and(Lang::Fr, fr);
        Some(Level { value, code: code.parse().ok()?, name, description: None })
    };
    rows.into_iter().filter_map(level).collect()
}

fn nodes(lang: Lang, drafts: &[Node], library: &mut Library) -> Result<Vec<NodeContent>> {
    let (mut found, mut faults) = (Vec::with_capacity(drafts.len()), Vec::new());
    // The form has no kinds: what is answered is a requirement, all else a heading.
    let kind = |word: &str| word.parse::<Label>().map_err(|refusal| Error::internal(refusal.detail));
    let (requirement, heading) = (kind("requirement")?, kind("heading")?);
    let places: HashMap<&Urn, usize> =
        drafts.iter().enumerate().map(|(place, node)| (&node.urn, place)).collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for node in drafts {
        let (own, tail) = (node.ref_id.line(), node.urn.tail());
        // What could be the code of two nodes is the code of none.
        if own.as_deref() != Some(tail) {
            *uses.entry(tail.to_owned()).or_default() += 1;
        }
        *uses.entry(own.unwrap_or_else(|| tail.to_owned())).or_default() += 1;
    }
    for (place, draft) in drafts.iter().enumerate() {
        let at = format!("/objects/framework/requirement_nodes/{place}");
        let parent = draft.parent_urn.as_ref().map(|urn| parent(&places, urn, place)).transpose();
        match (parent, code(draft, &uses), ciso_questions::all(lang, draft.questions.as_ref())) {
            (Ok(parent), Ok(code), Ok(questions)) => {
                if too_long(&draft.name) {
                    library.note(&at, "The name is longer than 300 characters and was cut.");
                }
                let kind = if draft.assessable { &requirement } else { &heading };
                found.push(NodeContent { at, questions, ..node(lang, draft, parent, code, kind.clone()) });
            }
            (parent, code, questions) => {
                let refusals = [parent.err(), code.err(), questions.err()];
                let refusals = refusals.into_iter().flatten();
                faults.extend(refusals.map(|refusal| FieldError::at(&at, refusal.code, refusal.detail)));
            }
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(Error::invalid_fields(faults)) }
}

/// A parent stands before its children: so no tree can close into a ring.
fn parent(places: &HashMap<&Urn, usize>, urn: &Urn, place: usize) -> Result<usize, parse::Refusal> {
    match places.get(urn) {
        Some(parent) if *parent < place => Ok(*parent),
        Some(_) => Err(parse::Refusal::new(
            "cyclic",
            format!("The parent {urn} must stand earlier in the list: a tree has no rings."),
        )),
        None => Err(parse::Refusal::new("unknown_parent", format!("There is no node {urn} in this file."))),
    }
}

/// The node's own code where no other node could have it, else the end of its urn in the same way, else its urn.
fn code(draft: &Node, uses: &HashMap<String, usize>) -> Result<NodeCode, parse::Refusal> {
    let (own, tail) = (draft.ref_id.line(), draft.urn.tail());
    let most = |code: &str| uses.get(code).copied().unwrap_or_default();
    match own {
        Some(own) if most(&own) == 1 => own.parse(),
        // Without a code of its own it is counted twice by its tail.
        None if most(tail) == 2 => tail.parse(),
        _ => draft.urn.as_str().chars().take(200).collect::<String>().parse(),
    }
}

fn node(lang: Lang, draft: &Node, parent: Option<usize>, code: NodeCode, kind: Label) -> NodeContent {
    let text = |base: &Loose, pick: fn(&Translation) -> &Loose| prose(lang, base, &draft.translations, pick);
    let name = titles(lang, &draft.name, &draft.translations, |words| &words.name);
    let said = text(&draft.description, |words| &words.description);
    // A heading that has neither still has its code.
    let nameless = name.is_none() && said.is_none();
    NodeContent {
        at: String::new(),
        parent,
        urn: draft.urn.clone(),
        kind,
        assessable: draft.assessable,
        weight: draft.weight.unwrap_or(1),
        stage: None,
        points: None,
        name: if nameless { Some(Titles::one(lang, code.as_str())) } else { name },
        code,
        text: said,
        guidance: text(&draft.annotation, |words| &words.annotation),
        evidence: text(&draft.typical_evidence, |words| &words.typical_evidence),
        recommendation: None,
        groups: draft.implementation_groups.clone().unwrap_or_default(),
        questions: Vec::new(),
    }
}
