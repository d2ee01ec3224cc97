//! Reading libraries: files with frameworks, crosswalks and matrices, in three forms.

mod check;
mod ciso;
mod ciso_others;
mod ciso_questions;
mod content;
mod loose;
mod oscal;
mod own;
mod tree;

pub use content::{
    CrosswalkContent, FrameworkContent, Library, MappingContent, MatrixContent, NodeContent, digest,
};
pub use oscal::NAMESPACE;
pub use tree::Syntax;

use crate::kernel::Result;
use tree::Tree;

/// Reads a library, recognises its form and checks it.
///
/// # Errors
/// 400 when it is no YAML or JSON, or breaks a limit; 422 with every fault, each with its line and node.
pub fn read(bytes: &[u8], syntax: Syntax) -> Result<Library> {
    let tree = Tree::read(bytes, syntax)?;
    let mut library = understood(&tree).map_err(|error| tree.explained(error))?;
    check::check(&library).map_err(|error| tree.explained(error))?;
    for notice in &mut library.notices {
        notice.line = tree.line(&notice.pointer);
    }
    Ok(library)
}

fn understood(tree: &Tree) -> Result<Library> {
    let has = |name: &str| tree.value.get(name).is_some();
    match (has("catalog"), has("objects")) {
        (true, _) => oscal::read(&tree.value),
        (_, true) => ciso::read(&tree.value),
        _ => own::read(tree.value.clone()),
    }
}
