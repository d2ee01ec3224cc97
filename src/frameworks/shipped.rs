//! The libraries that come with the service, entered when a database is brought to this binary.

use super::actions;
use super::library::{self, Syntax};
use crate::kernel::Result;
use crate::kernel::access::System;
use crate::platform::db::Tx;
use crate::platform::keys::{hex, sha256};
use crate::platform::reference;

/// Name under which the loaded state is noted.
const NAME: &str = "frameworks";
/// The files of `config/frameworks/`.
const FILES: [&str; 7] = [
    include_str!("../../config/frameworks/cmm-2021.yaml"),
    include_str!("../../config/frameworks/eu-ai-act-2024.yaml"),
    include_str!("../../config/frameworks/mit-ai-risk-2025.yaml"),
    include_str!("../../config/frameworks/nist-ai-rmf-1.0.yaml"),
    include_str!("../../config/frameworks/nist-csf-2.0.yaml"),
    include_str!("../../config/frameworks/risk-matrix-5x5.yaml"),
    include_str!("../../config/frameworks/unesco-ram-2023.yaml"),
];

/// Brings the shipped libraries to the compiled files. Costs one query when they are there already.
///
/// # Errors
/// When the database refuses; 500 when a compiled file is broken.
pub fn load_shipped(tx: &mut Tx) -> Result<()> {
    let hash = hex(&sha256(FILES.concat().as_bytes()));
    if reference::is_loaded(tx, NAME, &hash)? {
        return Ok(());
    }
    for file in FILES {
        let library = library::read(file.as_bytes(), Syntax::Yaml)?;
        actions::enter(tx, &System("shipped libraries"), &library, true)?;
    }
    reference::note(tx, NAME, &hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_library_is_read_with_its_counts_and_without_a_notice() {
        let mut counts = Vec::new();
        for file in FILES {
            let library = library::read(file.as_bytes(), Syntax::Yaml).expect("a library");
            assert!(library.notices.is_empty(), "{:?}", library.notices);
            for framework in &library.frameworks {
                let of =
                    |kind: &str| framework.nodes.iter().filter(|node| node.kind.as_str() == kind).count();
                let kinds = ["dimension", "factor", "aspect", "indicator", "function", "category", "outcome"];
                counts.push((framework.urn.tail().to_owned(), kinds.map(of)));
            }
        }
        let of = |name: &str| counts.iter().find(|(urn, _)| urn == name).map(|(_, counts)| *counts);
        assert_eq!(of("cmm-2021"), Some([5, 23, 62, 450, 0, 0, 0]));
        assert_eq!(of("nist-csf-2.0"), Some([0, 0, 0, 0, 6, 22, 106]));
        assert_eq!(of("nist-ai-rmf-1.0"), Some([0, 0, 0, 0, 4, 19, 72]));
        assert_eq!(of("unesco-ram-2023"), Some([5, 0, 0, 0, 0, 22, 0]));
        assert_eq!(counts.len(), 6);
    }
}
