//! Dependencies stay above the versions with known faults, and out of what we never take.

use std::process::Command;

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;

use super::sources::{none, read, root};

#[derive(Deserialize)]
struct Floors {
    floor: Vec<Floor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    name: String,
    at_least: String,
    why: String,
}

/// Crates that must not be in the binary, each with the reason.
const NEVER: &[(&str, &str)] = &[
    ("rsa", "RUSTSEC-2023-0071, no fixed version"),
    ("ring", "one crypto provider in the binary: aws-lc-rs"),
    ("native-tls", "one TLS library in the binary: rustls"),
    ("actix-governor", "GPL-3"),
    ("tokio-cron-scheduler", "wrong by an hour at a change of clocks"),
];

/// Names and versions of what goes into the binary: what only tests use is left out.
fn shipped() -> Vec<(String, String)> {
    let cargo = std::env::vars().find(|(key, _)| key == "CARGO").map_or("cargo".into(), |(_, path)| path);
    let told = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "-e", "normal,build", "--prefix", "none", "-f", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let text = String::from_utf8(told.stdout).expect("text");
    let named = text.lines().filter_map(|line| line.split_once(" v"));
    let version = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
    named.map(|(name, rest)| (name.to_owned(), version(rest))).collect()
}

/// `0.3.47-beta` as numbers; build metadata is left out.
fn numbers(version: &str) -> Vec<u64> {
    let plain = version.split(['+', '-']).next().unwrap_or_default();
    plain.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[test]
fn no_dependency_is_below_its_floor() {
    let text = read(&root().join("tests/floors.toml"));
    let floors: Floors = Figment::from(Toml::string(&text)).extract().expect("floors.toml is in form");
    let shipped = shipped();
    assert!(shipped.iter().any(|(name, _)| name == "diesel"), "the list of dependencies is empty");
    let mut findings = Vec::new();
    for (name, version) in shipped {
        for floor in floors.floor.iter().filter(|floor| floor.name == name) {
            if numbers(&version) < numbers(&floor.at_least) {
                findings.push(format!("{name} {version} is below {}: {}", floor.at_least, floor.why));
            }
        }
    }
    none("Dependencies with known faults", findings);
}

#[test]
fn what_we_never_take_is_not_there() {
    let shipped = shipped();
    let taken = NEVER.iter().filter(|(never, _)| shipped.iter().any(|(name, _)| name == never));
    none("Dependencies we never take", taken.map(|(name, why)| format!("{name}: {why}")).collect());
}
