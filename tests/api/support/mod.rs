//! A running house for a test: its database, its people, its clock.

pub mod app;
pub mod database;
pub mod doors;
pub mod line;
pub mod machinery;
pub mod mailbox;
pub mod people;
pub mod process;
pub mod snapshot;

pub use app::{Answer, Client, TestApp};
pub use people::Person;

/// The settings of most tests.
pub fn as_tests_are_set(_: &mut cybercap::config::Config) {}

/// Declares a test that runs on both databases: `name::sqlite` and `name::postgres`.
///
/// Without PostgreSQL's programs on the machine the second says so and passes, unless `CYBERCAP_TEST_POSTGRES=required`.
/// `with change;` before the first test changes the settings for all of them.
macro_rules! on_both_databases {
    (with $set:path; $($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($app: TestApp) $body

            #[actix_web::test]
            async fn sqlite() {
                story($crate::support::TestApp::on_sqlite_with($set).await).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(app) = $crate::support::TestApp::on_postgres_with($set).await {
                    story(app).await;
                }
            }
        }
    )* };
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {
        on_both_databases! { with $crate::support::as_tests_are_set; $($(#[$meta])* async fn $name($app: TestApp) $body)* }
    };
}
