//! What reviewers must see is a committed file: the API document, the permission matrix, the error list, the defaults.
//!
//! `SNAPSHOTS=write cargo test --test architecture` writes them anew; the diff is then part of the review.

use std::fmt::Write;

use cybercap::config::DEFAULTS;
use cybercap::kernel::access::{Permission, Role};
use cybercap::kernel::error::Code;
use cybercap::routes::{self, Door, ROUTES};

use super::snapshot::compare;
use super::sources::{below, none, read, root, rust};

#[test]
fn the_api_document_is_the_committed_one() {
    let text = serde_json::to_string_pretty(&routes::document_json()).expect("JSON") + "\n";
    compare("openapi.json", &text);
}

#[test]
fn the_permission_matrix_is_the_committed_one() {
    let mut text = String::from(
        "# Role x permission. * holds it within the scope of the grant; own: everyone, own things.\n",
    );
    let short =
        |role: &Role| role.as_str().split('_').map(|w| &w[..w.len().min(5)]).collect::<Vec<_>>().join(".");
    let head: Vec<String> = Role::ALL.iter().map(|role| format!("{:^12}", short(role))).collect();
    writeln!(text, "{:<26}{}", "permission", head.concat().trim_end()).expect("text");
    for permission in Permission::ALL {
        let cell = |role: &Role| match (permission.is_own(), permission.roles().contains(role)) {
            (true, _) => format!("{:^12}", "own"),
            (_, true) => format!("{:^12}", "*"),
            _ => format!("{:^12}", "-"),
        };
        let row: String = Role::ALL.iter().map(cell).collect();
        let sight = permission.sight().word();
        writeln!(text, "{:<26}{row}  hidden without {sight}", permission.word()).expect("text");
    }
    text.push_str("\n# Route: the permission it asks for.\n");
    for (method, path, door) in ROUTES {
        let right = match door {
            Door::Public => "public",
            Door::Right(permission) => permission.word(),
        };
        writeln!(text, "{method:<7}{path:<60}{right}").expect("text");
    }
    compare("permissions.txt", &text);
}

#[test]
fn the_error_list_is_the_committed_one() {
    let rows =
        Code::ALL.iter().map(|code| format!("{} {:<34}{}\n", code.status(), code.name(), code.title()));
    compare("errors.txt", &rows.collect::<String>());
}

#[test]
fn the_defaults_are_the_committed_ones() {
    let (mut section, mut text) = (String::new(), String::new());
    for line in DEFAULTS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) if !name.contains('=') => section = name.to_owned(),
            _ => writeln!(text, "{section}.{line}").expect("text"),
        }
    }
    compare("config.txt", &text);
}

#[test]
fn every_setting_has_a_comment() {
    let (mut bare, mut told) = (Vec::new(), false);
    for line in DEFAULTS.lines().map(str::trim) {
        match line.chars().next() {
            None | Some('[') => told = false,
            Some('#') => told = true,
            Some(_) if line.contains(" = ") && !told => bare.push(line.to_owned()),
            Some(_) => {}
        }
    }
    none("Settings without a comment above them or their neighbors", bare);
}

#[test]
fn no_snapshot_is_left_behind() {
    let tests: String = rust(&["tests", "src"]).iter().map(|file| file.text.as_str()).collect();
    let mut findings = Vec::new();
    for file in below("tests", "").iter().filter(|file| file.path.contains("/snapshots/")) {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let stem = name.trim_end_matches(".snap").rsplit("__").next().unwrap_or_default();
        let known =
            tests.contains(stem) || tests.contains(stem.rsplit_once('-').map_or(stem, |(stem, _)| stem));
        if !known || name.ends_with(".snap.new") {
            findings.push(file.path.clone());
        }
    }
    none("Snapshots that no test names", findings);
    assert!(!read(&root().join("tests/snapshots/openapi.json")).is_empty());
}
