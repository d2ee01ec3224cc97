//! What a caller may do with the countries on a page, worked out once for all rows.

use crate::accounts::Permit;
use crate::kernel::access::{Action, Permission, Scope};
use crate::kernel::id::Iso2;

/// Permissions of a caller with the countries that each reaches.
pub(super) struct Rights(Vec<(Permission, Scope)>);

impl Rights {
    /// The caller's among `permissions`.
    pub fn of<A: Action>(permit: &Permit<A>, permissions: &[Permission]) -> Rights {
        Rights(permissions.iter().map(|permission| (*permission, permit.scope_of(*permission))).collect())
    }

    /// Words of those that reach the country.
    pub fn over(&self, country: Iso2) -> Vec<&'static str> {
        let reaching = self.0.iter().filter(|(_, scope)| scope.covers(country));
        reaching.map(|(permission, _)| permission.word()).collect()
    }

    /// Whether this one reaches the country.
    pub fn has(&self, permission: Permission, country: Iso2) -> bool {
        self.0.iter().any(|(held, scope)| *held == permission && scope.covers(country))
    }
}
