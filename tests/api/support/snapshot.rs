//! Committed text files that reviewers read as a diff; a stale one fails its test.
//!
//! `SNAPSHOTS=write cargo test` writes them anew.

use std::path::Path;

/// Compares with the committed file, or writes it when asked to.
#[track_caller]
pub fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::vars().any(|(key, value)| key == "SNAPSHOTS" && value == "write") {
        std::fs::write(&path, text).expect("the snapshot can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let same = committed.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    assert!(
        committed == text,
        "tests/snapshots/{name} is stale from line {} on:\n  committed: {}\n  now:       {}\n\
         Look at the change, then: SNAPSHOTS=write cargo test",
        same + 1,
        committed.lines().nth(same).unwrap_or("(end)"),
        text.lines().nth(same).unwrap_or("(end)"),
    );
}
