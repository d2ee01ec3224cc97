//! Imports point down, and the files keep their form.

use super::sources::{Source, none, root, rust};

/// Longest file, in lines.
const LONGEST: usize = 500;
/// What stands below the slices, lowest first.
const BELOW: &[&str] = &["kernel", "platform", "config"];
/// What stands above the slices, lowest first.
const ABOVE: &[&str] = &["routes", "app", "demo", "cli", "main"];
/// Files inside a slice, lowest first: each may use those before it.
const INSIDE: &[&str] = &["model", "store", "actions", "http"];

/// The slices, in the order of lib.rs.
fn slices() -> Vec<String> {
    let lib = super::sources::read(&root().join("src/lib.rs"));
    let (_, listed) = lib.split_once("// The slices, in order.").expect("lib.rs lists the slices");
    let names = listed.lines().filter_map(|l| l.strip_prefix("pub mod ").and_then(|l| l.strip_suffix(';')));
    names.map(str::to_owned).collect()
}

/// Every module from the lowest to the highest.
fn order() -> Vec<String> {
    let fixed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    [fixed(BELOW), slices(), fixed(ABOVE)].concat()
}

/// The module at the top of a file's path: `src/kernel/id.rs` belongs to `kernel`.
fn module(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The identifier at the start of a text.
fn first(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Modules named in a line as `crate::module`, with what follows: `crate::a::b` gives (a, b); groups are opened.
fn named(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let path = &line[at + "crate::".len()..];
        if let Some(group) = path.strip_prefix('{') {
            let names = group.split('}').next().unwrap_or_default().split(',');
            found.extend(names.map(|name| (first(name.trim()).to_owned(), String::new())));
            continue;
        }
        let mut steps = path.split("::").map(|step| {
            let end = step.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(step.len());
            (step[..end].to_owned(), end == step.len())
        });
        let (first, whole) = steps.next().unwrap_or_default();
        let second =
            if whole { steps.next().map(|(name, _)| name).unwrap_or_default() } else { String::new() };
        found.push((first, second));
    }
    found
}

#[test]
fn imports_point_down() {
    let order = order();
    let rank = |name: &str| order.iter().position(|known| known == name);
    let slices = slices();
    let mut findings = Vec::new();
    for file in rust(&["src"]).iter().filter(|file| file.path != "src/lib.rs") {
        let own = module(&file.path);
        let Some(place) = rank(own) else {
            findings.push(format!("{}: `{own}` has no place in the order {order:?}", file.path));
            continue;
        };
        for (number, line) in file.code() {
            for (other, inner) in named(line) {
                let Some(there) = rank(&other) else { continue };
                if there > place {
                    findings.push(format!("{}:{number}: `{own}` may not know `{other}`", file.path));
                }
                let sideways = slices.contains(&other) && slices.iter().any(|slice| slice == own);
                if sideways && other != own && INSIDE.contains(&inner.as_str()) {
                    let what = format!("{}:{number}: `{other}` is known through its mod.rs only", file.path);
                    findings.push(what);
                }
            }
        }
    }
    none("Imports that point up or sideways", findings);
}

#[test]
fn inside_a_slice_http_calls_actions_calls_store_calls_model() {
    let slices = slices();
    let mut findings = Vec::new();
    for file in rust(&["src"]).iter().filter(|file| slices.iter().any(|slice| slice == module(&file.path))) {
        let Some(place) = INSIDE.iter().position(|name| *name == file.stem()) else { continue };
        for (number, line) in file.code() {
            for above in &INSIDE[place + 1..] {
                if line.contains(&format!("super::{above}")) {
                    findings.push(format!("{}:{number}: may not use `{above}`", file.path));
                }
            }
            if file.stem() == "http" && line.contains("diesel::") {
                findings.push(format!("{}:{number}: SQL belongs to the store", file.path));
            }
            if file.stem() == "model" && line.contains("platform::db") {
                findings.push(format!("{}:{number}: a model has no I/O", file.path));
            }
        }
    }
    none("Layers turned upside down", findings);
}

fn opens_with_its_purpose(file: &Source) -> bool {
    file.text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 20)
}

#[test]
fn every_file_says_what_it_is_for_and_can_be_read_in_one_sitting() {
    let mut findings = Vec::new();
    for file in rust(&["src", "tests", "benches"]) {
        if !opens_with_its_purpose(&file) {
            findings.push(format!("{}: opens without a `//!` sentence", file.path));
        }
        let lines = file.text.lines().count();
        if lines > LONGEST {
            findings.push(format!("{}: {lines} lines; split it by meaning", file.path));
        }
    }
    none("Files out of form", findings);
}

fn until<'a>(text: &'a str, end: &str) -> &'a str {
    text.split(end).next().unwrap_or_default()
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    let mut findings = Vec::new();
    for file in rust(&["src", "tests", "benches"]) {
        for (number, line) in file.code() {
            let silenced = ["#[allow", "#![allow"].iter().any(|what| line.trim_start().starts_with(what));
            if silenced {
                findings.push(format!("{}:{number}: use #[expect(.., reason)]", file.path));
            }
        }
        let starts = file.text.match_indices("\n").map(|(at, _)| file.text[at..].trim_start());
        let bare =
            starts.filter(|rest| rest.starts_with("#[expect(") && !until(rest, ")]").contains("reason"));
        findings.extend(bare.map(|_| format!("{}: an #[expect] without a reason", file.path)));
    }
    none("Silenced lints", findings);
}

/// Words that say nothing about the trade.
const EMPTY_WORDS: &[&str] =
    &["Manager", "Service", "Helper", "Util", "Handler", "Dto", "Impl", "Info", "Data"];

#[test]
fn types_are_nouns_of_the_trade() {
    let mut findings = Vec::new();
    for file in rust(&["src"]) {
        for (number, line) in file.code() {
            let words = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
            let named = ["struct ", "enum ", "trait "].iter().find_map(|kind| words.strip_prefix(kind));
            let name: String =
                named.unwrap_or_default().chars().take_while(|c| c.is_alphanumeric()).collect();
            if EMPTY_WORDS.iter().any(|word| name.ends_with(word)) {
                findings.push(format!("{}:{number}: {name}", file.path));
            }
        }
    }
    none("Names that say nothing", findings);
}
