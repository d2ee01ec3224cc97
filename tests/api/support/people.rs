//! People of a test, each with a role, a session and a client.

use std::ops::Deref;

use cybercap::accounts::{NewGrant, seeds};
use cybercap::kernel::access::{Role, System};
use cybercap::kernel::id::{ProgramId, UserId};
use cybercap::kernel::lang::Lang;

use super::app::{Client, TestApp};

/// Someone who is logged in.
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    client: Client,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl TestApp {
    /// A person with these roles, logged in. `local` makes the address unique within the test; it may be a whole one.
    pub async fn person(&self, local: &str, language: Lang, zone: &str, grants: &[NewGrant]) -> Person {
        let email = if local.contains('@') { local.to_owned() } else { format!("{local}@example.org") };
        let local = email.split('@').next().unwrap_or_default();
        let person = seeds::Person {
            email: email.parse().expect("an address"),
            name: local.parse().expect("a name"),
            language,
            timezone: zone.parse().expect("a zone"),
            password_hash: None,
            grants: grants.to_vec(),
        };
        let issuer = self.url.clone();
        let write = self.parts.db.write(move |tx| {
            let id = seeds::settle(tx, &System("test"), &person)?;
            Ok((id, seeds::open_session(tx, id, &issuer)?))
        });
        let (id, claims) = write.await.expect("the person settles");
        let token = self.parts.tokens.sign(&claims).expect("a token");
        Person { id, email, client: Client { url: self.url.clone(), token: Some(token) } }
    }

    /// The same person with a fresh session, after the clock moved.
    pub async fn client_of(&self, person: &Person) -> Client {
        let (id, issuer) = (person.id, self.url.clone());
        let write = self.parts.db.write(move |tx| seeds::open_session(tx, id, &issuer));
        let claims = write.await.expect("a session");
        Client { url: self.url.clone(), token: Some(self.parts.tokens.sign(&claims).expect("a token")) }
    }

    /// A person with one role.
    pub async fn with_role(
        &self,
        local: &str,
        role: Role,
        country: Option<&str>,
        program: Option<&str>,
    ) -> Person {
        let grant = NewGrant {
            role,
            country: country.map(|iso2| iso2.parse().expect("a country")),
            program_id: program.map(|id| id.parse::<ProgramId>().expect("a program")),
        };
        self.person(local, Lang::En, "UTC", &[grant]).await
    }

    /// An administrator.
    pub async fn administrator(&self) -> Person {
        self.with_role("admin", Role::Administrator, None, None).await
    }

    /// A coordinator who may create programs and has none yet.
    pub async fn coordinator(&self) -> Person {
        self.with_role("coordinator", Role::Coordinator, None, None).await
    }

    /// The focal point of a country.
    pub async fn focal_point_of(&self, iso2: &str) -> Person {
        self.with_role(&format!("focal.{}", iso2.to_lowercase()), Role::FocalPoint, Some(iso2), None).await
    }
}
