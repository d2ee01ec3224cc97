//! What holds for every framework, crosswalk and matrix, whatever form it came in.

use std::collections::{HashMap, HashSet};

use super::super::scale::Method;
use super::content::{CrosswalkContent, FrameworkContent, Library, MatrixContent, NodeContent};
use crate::kernel::error::FieldError;
use crate::kernel::{Error, Result};

/// Most nodes of a framework.
const NODES: usize = 20_000;
/// Most lines of a crosswalk.
const MAPPINGS: usize = 50_000;
/// Deepest nesting of nodes.
const DEPTH: usize = 12;
/// Most levels of a scale, or of a side of a matrix.
const LEVELS: usize = 101;

/// Most groups of a framework, and kinds of its nodes: they stand in its row.
const PARTS: usize = 100;
/// Most questions of a node, and choices of a question.
const QUESTIONS: usize = 100;

/// Everything that is wrong with a library.
///
/// # Errors
/// 422 with every fault.
pub fn check(library: &Library) -> Result<()> {
    let mut faults = Vec::new();
    library.frameworks.iter().for_each(|framework| of_framework(framework, &mut faults));
    library.crosswalks.iter().for_each(|crosswalk| of_crosswalk(crosswalk, &mut faults));
    library.matrices.iter().for_each(|matrix| of_matrix(matrix, &mut faults));
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Error::invalid_fields(faults)),
    }
}

fn of_framework(framework: &FrameworkContent, faults: &mut Vec<FieldError>) {
    let at = &framework.at;
    if framework.nodes.is_empty() {
        faults.push(FieldError::at(format!("{at}/nodes"), "missing", "A framework has nodes."));
    }
    if framework.nodes.len() > NODES {
        let detail = format!("Use at most {NODES} nodes; these are {}.", framework.nodes.len());
        faults.push(FieldError::at(format!("{at}/nodes"), "too_many", detail));
    }
    let kinds: HashSet<&str> = framework.nodes.iter().map(|node| node.kind.as_str()).collect();
    for (name, count) in [("groups", framework.groups.len()), ("kinds of nodes", kinds.len())] {
        if count > PARTS {
            faults.push(FieldError::at(
                at,
                "too_many",
                format!("Use at most {PARTS} {name}; these are {count}."),
            ));
        }
    }
    of_scale(framework, faults);
    names_once(&framework.nodes, faults);
    let groups: HashSet<&str> = framework.groups.iter().map(|group| group.code.as_str()).collect();
    let mut depths: Vec<usize> = Vec::with_capacity(framework.nodes.len());
    for node in &framework.nodes {
        let depth = node.parent.and_then(|parent| depths.get(parent)).map_or(1, |above| above + 1);
        depths.push(depth);
        if depth > DEPTH {
            faults.push(FieldError::at(&node.at, "too_deep", format!("Nest at most {DEPTH} levels.")));
        }
        for unknown in node.groups.iter().filter(|code| !groups.contains(code.as_str())) {
            let detail = format!("There is no group {unknown} in this framework.");
            faults.push(FieldError::at(&node.at, "unknown_group", detail));
        }
        of_node(framework, node, faults);
    }
}

/// Values of a scale rise; stages are 1, 2, 3 ... (domain rule A).
fn of_scale(framework: &FrameworkContent, faults: &mut Vec<FieldError>) {
    let (at, scale) = (format!("{}/scale", framework.at), &framework.scale);
    let needed = matches!(framework.method, Some(Method::StageGate | Method::WeightedMean));
    if scale.len() > LEVELS || needed && scale.len() < 2 {
        let detail = format!("Use a scale of 2 to {LEVELS} levels.");
        faults.push(FieldError::at(&at, "wrong_length", detail));
    }
    for (place, pair) in scale.windows(2).enumerate() {
        if pair[1].value <= pair[0].value {
            let detail = format!("The scale must rise: {} does not follow {}.", pair[1].value, pair[0].value);
            faults.push(FieldError::at(format!("{at}/{}", place + 1), "not_rising", detail));
        }
    }
    let staged = framework.method == Some(Method::StageGate);
    if staged && scale.iter().zip(1..).any(|(level, stage)| level.value != stage) {
        faults.push(FieldError::at(&at, "not_stages", "Stages are numbered 1, 2, 3 and so on."));
    }
    if framework.rollup.is_some() && !staged {
        let detail = "Only stages roll up: leave it out, or use the method stage_gate.";
        faults.push(FieldError::at(format!("{}/rollup", framework.at), "not_here", detail));
    }
}

fn names_once(nodes: &[NodeContent], faults: &mut Vec<FieldError>) {
    let (mut codes, mut urns) = (HashMap::new(), HashSet::new());
    for node in nodes {
        if let Some(first) = codes.insert(node.code.as_str(), &node.at) {
            let detail = format!("The code {} stands twice, first at {first}.", node.code);
            faults.push(FieldError::at(&node.at, "twice", detail));
        }
        if !urns.insert(node.urn.as_str()) {
            faults.push(FieldError::at(&node.at, "twice", format!("The urn {} stands twice.", node.urn)));
        }
    }
}

fn of_node(framework: &FrameworkContent, node: &NodeContent, faults: &mut Vec<FieldError>) {
    let mut refuse = |field: &str, code: &'static str, detail: &str| {
        faults.push(FieldError::at(format!("{}/{field}", node.at), code, detail));
    };
    if node.name.is_none() && node.text.is_none() {
        refuse("name", "missing", "Give a name or a text.");
    }
    let choices = node.questions.iter().map(|question| question.choices.len()).max().unwrap_or(0);
    if node.questions.len().max(choices) > QUESTIONS {
        refuse("questions", "too_many", &format!("Use at most {QUESTIONS} questions, and choices of each."));
    }
    if !(1..=1000).contains(&node.weight) {
        refuse("weight", "out_of_range", "Use a whole number from 1 to 1000.");
    }
    match (framework.method, node.assessable) {
        (None, true) => refuse("assessable", "not_here", "A framework without a method is not answered."),
        (Some(Method::StageGate), true) => {
            let last = framework.scale.len() as i32;
            if !node.stage.is_some_and(|stage| (2..=last).contains(&stage)) {
                let detail = format!("Say to which stage it belongs, 2 to {last}: the first needs nothing.");
                refuse("stage", "out_of_range", &detail);
            }
        }
        (Some(Method::PointsSum), true)
            if !node.points.is_some_and(|points| (1..=1000).contains(&points)) =>
        {
            refuse("points", "out_of_range", "Say how many points it gives, 1 to 1000.");
        }
        _ => {}
    }
    if node.stage.is_some() && !(node.assessable && framework.method == Some(Method::StageGate)) {
        refuse("stage", "not_here", "Only what is answered in a framework of stages belongs to a stage.");
    }
    if node.points.is_some() && !(node.assessable && framework.method == Some(Method::PointsSum)) {
        refuse("points", "not_here", "Only what is answered in a framework of points gives points.");
    }
}

fn of_crosswalk(crosswalk: &CrosswalkContent, faults: &mut Vec<FieldError>) {
    let at = &crosswalk.at;
    let count = crosswalk.mappings.len();
    if !(1..=MAPPINGS).contains(&count) {
        let detail = format!("Use 1 to {MAPPINGS} mappings; these are {count}.");
        faults.push(FieldError::at(format!("{at}/mappings"), "wrong_length", detail));
    }
    if crosswalk.source_urn == crosswalk.target_urn {
        faults.push(FieldError::at(format!("{at}/target"), "same", "Map a framework to another one."));
    }
    let mut seen = HashSet::new();
    for mapping in &crosswalk.mappings {
        if !seen.insert((mapping.source_urn.as_str(), mapping.target_urn.as_str())) {
            faults.push(FieldError::at(&mapping.at, "twice", "These two nodes are mapped already."));
        }
        if mapping.strength.is_some_and(|strength| !(0..=10).contains(&strength)) {
            faults.push(FieldError::at(format!("{}/strength", mapping.at), "out_of_range", "Use 0 to 10."));
        }
    }
}

/// A grid is as large as its sides say, names levels that exist and never falls (ISO 31000: more likely or worse is no lower risk).
fn of_matrix(matrix: &MatrixContent, faults: &mut Vec<FieldError>) {
    let (rows, columns) = (matrix.likelihood.len(), matrix.impact.len());
    for (name, length) in [("likelihood", rows), ("impact", columns), ("levels", matrix.levels.len())] {
        if !(2..=10).contains(&length) {
            let detail = format!("Use 2 to 10 levels; these are {length}.");
            faults.push(FieldError::at(format!("{}/{name}", matrix.at), "wrong_length", detail));
        }
    }
    let at = format!("{}/grid", matrix.at);
    if matrix.grid.len() != rows {
        let detail = format!("Give one row for each of the {rows} levels of likelihood.");
        faults.push(FieldError::at(&at, "wrong_length", detail));
    }
    for (l, row) in matrix.grid.iter().enumerate().take(10) {
        if row.len() != columns {
            let detail = format!("Give one cell for each of the {columns} levels of impact.");
            faults.push(FieldError::at(format!("{at}/{l}"), "wrong_length", detail));
            continue;
        }
        for (i, level) in row.iter().enumerate() {
            let place = format!("{at}/{l}/{i}");
            if *level >= matrix.levels.len() {
                let detail =
                    format!("The levels of risk are 0 to {}.", matrix.levels.len().saturating_sub(1));
                faults.push(FieldError::at(&place, "out_of_range", detail));
            }
            let left = i.checked_sub(1).map(|i| row[i]);
            let below = l.checked_sub(1).and_then(|l| matrix.grid[l].get(i)).copied();
            if left.max(below).is_some_and(|before| *level < before) {
                let detail = "A higher likelihood or impact can't give a lower risk: this cell is below its neighbour.";
                faults.push(FieldError::at(&place, "not_monotone", detail));
            }
        }
    }
}
