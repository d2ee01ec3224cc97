//! What CISO Assistant libraries hold beside frameworks: risk matrices and mappings between frameworks.

use deserr::Deserr;

use super::super::crosswalks::Relation;
use super::super::matrices::{Color, MatrixLevel};
use super::ciso::{Head, named};
use super::content::{CrosswalkContent, Library, MappingContent, MatrixContent};
use super::loose::{Loose, Translations, prose};
use crate::kernel::error::FieldError;
use crate::kernel::parse::{Faults, Refusal};
use crate::kernel::text::Urn;
use crate::kernel::{Error, Result};

#[derive(Deserr)]
#[deserr(error = Faults)]
pub(super) struct Matrix {
    urn: Urn,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    translations: Translations,
    probability: Vec<Level>,
    impact: Vec<Level>,
    risk: Vec<Level>,
    grid: Vec<Vec<usize>>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Level {
    #[deserr(default)]
    abbreviation: Loose,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    description: Loose,
    #[deserr(default)]
    hexcolor: Option<Color>,
    #[deserr(default)]
    translations: Translations,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
pub(super) struct MappingSet {
    urn: Urn,
    #[deserr(default)]
    name: Loose,
    #[deserr(default)]
    translations: Translations,
    source_framework_urn: Urn,
    target_framework_urn: Urn,
    requirement_mappings: Vec<Mapping>,
}

#[derive(Deserr)]
#[deserr(error = Faults)]
struct Mapping {
    source_requirement_urn: Urn,
    target_requirement_urn: Urn,
    relationship: Loose,
    #[deserr(default)]
    strength_of_relationship: Option<i32>,
    #[deserr(default)]
    rationale: Loose,
    #[deserr(default)]
    annotation: Loose,
}

/// Adds a matrix; rows of its grid are likelihoods.
pub(super) fn matrix(head: &Head, at: &str, draft: Matrix, library: &mut Library) -> Result<()> {
    let levels = |side: &str, levels: Vec<Level>| -> Result<Vec<MatrixLevel>> {
        levels
            .into_iter()
            .enumerate()
            .map(|(place, draft)| level(head, &format!("{at}/{side}/{place}"), draft))
            .collect()
    };
    library.matrices.push(MatrixContent {
        at: at.to_owned(),
        edition: head.edition.clone(),
        name: named(head.lang, &draft.name, &draft.translations, draft.urn.tail()),
        description: prose(head.lang, &draft.description, &draft.translations, |words| &words.description),
        urn: draft.urn,
        publisher: head.publisher.clone(),
        license: head.license.clone(),
        likelihood: levels("probability", draft.probability)?,
        impact: levels("impact", draft.impact)?,
        levels: levels("risk", draft.risk)?,
        grid: draft.grid,
    });
    Ok(())
}

fn level(head: &Head, at: &str, draft: Level) -> Result<MatrixLevel> {
    let code = draft.abbreviation.code().or_else(|| draft.name.code());
    let code =
        code.ok_or_else(|| Error::invalid(at, "missing", "Give a level an abbreviation or a name."))?;
    Ok(MatrixLevel {
        name: named(head.lang, &draft.name, &draft.translations, code.as_str()),
        description: prose(head.lang, &draft.description, &draft.translations, |words| &words.description),
        color: draft.hexcolor,
        code,
    })
}

/// Adds a crosswalk.
pub(super) fn mapping_set(head: &Head, at: &str, draft: MappingSet, library: &mut Library) -> Result<()> {
    let stated = draft.requirement_mappings.len();
    let mappings = mappings(at, draft.requirement_mappings)?;
    if mappings.len() < stated {
        let detail =
            format!("Left out: {} lines that say that two nodes are not related.", stated - mappings.len());
        library.note(at, detail);
    }
    let otherwise = head.name.some().unwrap_or(draft.urn.tail());
    library.crosswalks.push(CrosswalkContent {
        at: at.to_owned(),
        edition: head.edition.clone(),
        name: named(head.lang, &draft.name, &draft.translations, otherwise),
        urn: draft.urn,
        publisher: head.publisher.clone(),
        license: head.license.clone(),
        source_urn: draft.source_framework_urn,
        target_urn: draft.target_framework_urn,
        mappings,
    });
    Ok(())
}

/// The lines that relate something.
fn mappings(at: &str, drafts: Vec<Mapping>) -> Result<Vec<MappingContent>> {
    let (mut mappings, mut faults) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (place, mapping) in drafts.into_iter().enumerate() {
        let at = format!("{at}/requirement_mappings/{place}");
        let words = [mapping.rationale, mapping.annotation];
        let words: Vec<&str> = words.iter().filter_map(Loose::some).collect();
        match relation(&mapping.relationship.0) {
            Ok(Some(relation)) => mappings.push(MappingContent {
                at,
                source_urn: mapping.source_requirement_urn,
                target_urn: mapping.target_requirement_urn,
                relation,
                strength: mapping.strength_of_relationship,
                rationale: words.join("\n").chars().take(10_000).collect::<String>().parse().ok(),
            }),
            Ok(None) => {}
            Err(refusal) => {
                faults.push(FieldError::at(format!("{at}/relationship"), refusal.code, refusal.detail));
            }
        }
    }
    if faults.is_empty() { Ok(mappings) } else { Err(Error::invalid_fields(faults)) }
}

/// Relations are those of NIST IR 8477; `not_related` says that there is no line.
fn relation(word: &str) -> Result<Option<Relation>, Refusal> {
    match word {
        "equal" => Ok(Some(Relation::Equal)),
        "subset" => Ok(Some(Relation::Subset)),
        "superset" => Ok(Some(Relation::Superset)),
        "intersect" | "intersects" => Ok(Some(Relation::Intersects)),
        "not_related" => Ok(None),
        other => Err(Refusal::new(
            "unknown_value",
            format!("Use equal, subset, superset, intersect or not_related; this is {other:?}."),
        )),
    }
}
