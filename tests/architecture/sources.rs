//! Reading our own source files.

use std::path::{Path, PathBuf};

/// A source file of this repository.
pub struct Source {
    /// Path from the root of the repository, with slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The lines that are code, numbered from 1: comments are left out.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The file's name without its folder and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".rs").unwrap_or(name)
    }
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name ends like this, in order of paths; none when there is no such folder.
pub fn below(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let wanted = found.into_iter().filter(|path| path.to_string_lossy().ends_with(ending));
    wanted.map(|path| Source { text: read(&path), path: relative(&path) }).collect()
}

/// Rust files of these folders.
pub fn rust(folders: &[&str]) -> Vec<Source> {
    folders.iter().flat_map(|folder| below(folder, ".rs")).collect()
}

/// A file's text.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn relative(path: &Path) -> String {
    let below = path.strip_prefix(root()).expect("a path of the repository");
    below.to_str().expect("a plain path").to_owned()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => walk(&path, found),
            false => found.push(path),
        }
    }
}

/// Fails with all findings at once.
#[track_caller]
pub fn none(what: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{what}:\n  {}\n", findings.join("\n  "));
}
