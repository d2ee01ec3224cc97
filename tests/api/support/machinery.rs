//! What walks over all routes need beyond HTTP: a look at every table, and hands on a row.

use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use cybercap::platform::connection::{AnyConnection, Flavor};
use cybercap::platform::migrate;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};

use super::app::TestApp;
use super::people::Person;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[expect(clippy::disallowed_methods, reason = "a test's own question to the database")]
fn rows(conn: &mut AnyConnection, sql: &str) -> Vec<Named> {
    diesel::sql_query(sql).load(conn).unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// Tables and whether they have a column `version`.
fn tables(conn: &mut AnyConnection) -> Vec<Named> {
    match conn.flavor() {
        Flavor::Sqlite => rows(
            conn,
            "SELECT t.name AS name, (SELECT count(*) FROM pragma_table_info(t.name) c WHERE c.name = 'version') AS number \
             FROM pragma_table_list() t WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1",
        ),
        Flavor::Postgres => rows(
            conn,
            "SELECT t.table_name::text AS name, (SELECT count(*) FROM information_schema.columns c \
             WHERE c.table_schema = 'public' AND c.table_name = t.table_name AND c.column_name = 'version') AS number \
             FROM information_schema.tables t WHERE t.table_schema = 'public' ORDER BY 1",
        ),
    }
}

/// Every row of every table of a PostgreSQL database, as text.
pub fn dump(url: &str) -> String {
    let mut conn = migrate::connect(url).expect("a connection");
    let mut text = String::new();
    for table in tables(&mut conn) {
        let name = &table.name;
        for row in rows(&mut conn, &format!("SELECT t::text AS name, 0::bigint AS number FROM \"{name}\" t"))
        {
            writeln!(text, "{name} {}", row.name).expect("text");
        }
    }
    text
}

impl TestApp {
    fn connection(&self) -> AnyConnection {
        migrate::connect(&self.parts.config.database_url()).expect("a connection")
    }

    /// Rows and versions of every table, as text: two that are equal mean that nothing was written between them.
    pub fn fingerprint(&self) -> String {
        let mut conn = self.connection();
        let mut queries = Vec::new();
        for table in tables(&mut conn) {
            let name = &table.name;
            queries.push(format!("SELECT '{name}' AS name, count(*) AS number FROM \"{name}\""));
            if table.number > 0 && !name.starts_with("__") {
                queries.push(format!(
                    "SELECT '{name}.version', CAST(coalesce(sum(version), 0) AS BIGINT) FROM \"{name}\""
                ));
            }
        }
        // PostgreSQL counts tables side by side and gives them as they come.
        let counted = rows(&mut conn, &format!("{} ORDER BY 1", queries.join(" UNION ALL ")));
        counted.iter().fold(String::new(), |mut text, row| {
            write!(text, "{}={} ", row.name, row.number).expect("text");
            text
        })
    }

    /// Runs a statement; `$id` stands for the id in the database's own form.
    #[expect(clippy::disallowed_methods, reason = "a test does what no route can")]
    pub fn sql(&self, statement: &str, id: &uuid::Uuid) {
        let mut conn = self.connection();
        let id = match conn.flavor() {
            Flavor::Sqlite => format!("x'{}'", id.simple()),
            Flavor::Postgres => format!("'{id}'"),
        };
        diesel::sql_query(statement.replace("$id", &id)).execute(&mut conn).expect("the statement runs");
        self.parts.sessions.forget();
    }

    /// A name that no one has yet.
    pub fn unique(&self, what: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!("{what}.{}", COUNT.fetch_add(1, Ordering::SeqCst))
    }

    /// An administrator with a name of their own.
    pub async fn administrator_again(&self) -> Person {
        let name = self.unique("admin");
        self.with_role(&name, cybercap::kernel::access::Role::Administrator, None, None).await
    }
}
