//! The codes of the Sustainable Development Goals and their targets, as product data.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::codes::TagVocabulary;

/// The lists of IATI's tag vocabularies 2 and 3.
const LISTS: &str = include_str!("../../config/reference/sdg.json");

#[derive(Debug, Default, serde::Deserialize)]
struct Lists {
    goals: BTreeSet<String>,
    targets: BTreeSet<String>,
}

fn lists() -> &'static Lists {
    static READ: OnceLock<Lists> = OnceLock::new();
    // The file is compiled in and tested below; an unreadable one would know no code at all.
    READ.get_or_init(|| serde_json::from_str(LISTS).unwrap_or_default())
}

/// Whether the vocabulary has the code.
pub(super) fn knows(vocabulary: TagVocabulary, code: &str) -> bool {
    match vocabulary {
        TagVocabulary::SdgGoal => lists().goals.contains(code),
        TagVocabulary::SdgTarget => lists().targets.contains(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventeen_goals_and_their_targets_are_known() {
        assert_eq!(lists().goals.len(), 17);
        assert_eq!(lists().targets.len(), 169);
        assert!(knows(TagVocabulary::SdgTarget, "16.a"));
        assert!(!knows(TagVocabulary::SdgGoal, "16.6"));
    }
}
