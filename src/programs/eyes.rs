//! What a caller holds over the records of programs: worked out once for a page, without a query per record.

use crate::accounts::Permit;
use crate::kernel::access::{Action, Actor, Permission, Role, Scope};
use crate::kernel::id::{Iso2, UserId};

/// The caller's reach for every permission that a kind of record can be under.
#[derive(Clone)]
pub struct Eyes {
    user: UserId,
    scopes: Vec<(Permission, Scope)>,
}

impl Eyes {
    /// Of the holder of a permit, for the permissions over what `sight` makes visible.
    pub fn of<A: Action>(permit: &Permit<A>, sight: Permission) -> Eyes {
        let over = Permission::ALL.iter().filter(|p| p.sight() == sight);
        Eyes { user: permit.user(), scopes: over.map(|p| (*p, permit.scope_of(*p))).collect() }
    }

    /// The caller.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The reach for one permission.
    pub fn scope(&self, permission: Permission) -> Option<&Scope> {
        self.scopes.iter().find(|(known, _)| *known == permission).map(|(_, scope)| scope)
    }

    /// Whether the permission is held over a record of these countries by someone with these roles in its program.
    pub fn holds(&self, permission: Permission, countries: &[Iso2], roles: &[Role]) -> bool {
        match self.scope(permission) {
            None => false,
            Some(Scope::All) => true,
            Some(Scope::Only(reach)) => {
                let here = |list: &[Iso2]| countries.iter().any(|country| list.contains(country));
                let held = here(&reach.countries) || roles.iter().any(|role| reach.roles.contains(role));
                held && reach.within.as_ref().is_none_or(|within| here(within))
            }
        }
    }

    /// The permissions held over such a record.
    pub fn held<'a>(
        &'a self,
        countries: &'a [Iso2],
        roles: &'a [Role],
    ) -> impl Iterator<Item = Permission> + 'a {
        let known = self.scopes.iter().map(|(permission, _)| *permission);
        known.filter(move |permission| self.holds(*permission, countries, roles))
    }
}
