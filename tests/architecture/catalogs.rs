//! The migrations of both databases are twins, and `schema` is what they make.

use std::collections::BTreeMap;

use cybercap::platform::connection::{AnyConnection, Flavor};
use cybercap::platform::migrate;
use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, RunQueryDsl};

use super::database;
use super::sources::{below, none};

/// A column as a catalog or `schema` has it: its type in both databases' words, and whether it may be null.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

type Tables = BTreeMap<String, Vec<Column>>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

const SQLITE: &str = "SELECT t.name AS place, c.name AS name, upper(c.type) AS kind, (c.\"notnull\" = 0) AS nullable \
    FROM pragma_table_list() t, pragma_table_xinfo(t.name) c \
    WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND c.hidden = 0 ORDER BY t.name, c.cid";
const POSTGRES: &str = "SELECT table_name::text AS place, column_name::text AS name, udt_name::text AS kind, \
    (is_nullable = 'YES') AS nullable FROM information_schema.columns WHERE table_schema = 'public' \
    AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position";

/// Everything that a migration makes, as text: tables, indexes, triggers, constraints.
const SQLITE_ALL: &str = "SELECT name AS place, type AS name, coalesce(sql, '') AS kind, 0 AS nullable FROM sqlite_schema \
    WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name";
const POSTGRES_ALL: &str = "SELECT indexname::text AS place, 'index' AS name, indexdef::text AS kind, false AS nullable \
    FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), false FROM pg_constraint \
    WHERE connamespace = 'public'::regnamespace \
    UNION ALL SELECT tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), false FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT proname::text, 'function', md5(prosrc), false FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
    AND probin IS NULL ORDER BY 1, 2, 3";

#[expect(clippy::disallowed_methods, reason = "a question to the catalog, in its own words")]
fn rows(conn: &mut AnyConnection, sql: &'static str) -> Vec<Row> {
    diesel::sql_query(sql).load(conn).expect("the catalog answers")
}

fn catalog(conn: &mut AnyConnection) -> Tables {
    let sql = match conn.flavor() {
        Flavor::Sqlite => SQLITE,
        Flavor::Postgres => POSTGRES,
    };
    let mut tables = Tables::new();
    for row in rows(conn, sql) {
        let column = Column { name: row.name, kind: row.kind, nullable: row.nullable };
        tables.entry(row.place).or_default().push(column);
    }
    tables.remove("__diesel_schema_migrations");
    tables
}

/// Tables of search indexes, which each database has in its own way.
fn of_search(table: &str) -> bool {
    table.contains("_fts") || table.contains("_trigram") || table.contains("_search")
}

/// Types of `schema` in the words of a catalog.
fn kinds(flavor: Flavor, kind: &str) -> &'static [&'static str] {
    match (flavor, kind) {
        (Flavor::Sqlite, "Guid" | "Binary") => &["BLOB"],
        (Flavor::Sqlite, "Text" | "Date") => &["TEXT"],
        (Flavor::Sqlite, "Integer" | "BigInt" | "SmallInt" | "Bool" | "Instant") => &["INTEGER"],
        (Flavor::Sqlite, "Double") => &["REAL"],
        (Flavor::Postgres, "Guid") => &["uuid"],
        (Flavor::Postgres, "Binary") => &["bytea"],
        (Flavor::Postgres, "Text") => &["text", "varchar", "bpchar", "jsonb"],
        (Flavor::Postgres, "Date") => &["date"],
        (Flavor::Postgres, "Instant") => &["timestamptz"],
        (Flavor::Postgres, "Integer") => &["int4"],
        (Flavor::Postgres, "SmallInt") => &["int2"],
        (Flavor::Postgres, "BigInt") => &["int8"],
        (Flavor::Postgres, "Bool") => &["bool"],
        (Flavor::Postgres, "Double") => &["float8"],
        _ => &[],
    }
}

/// The tables of `schema`.
fn schema() -> Tables {
    let text: String = below("src/platform/schema", ".rs").into_iter().map(|source| source.text).collect();
    let mut tables = Tables::new();
    for block in text.split("diesel::table! {").skip(1) {
        let mut lines =
            block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("use "));
        let head = lines.next().unwrap_or_default();
        let table = head.split([' ', '(']).next().unwrap_or_default().to_owned();
        let columns = lines.take_while(|line| !line.starts_with('}')).filter_map(|line| {
            let (name, kind) = line.trim_end_matches(',').split_once(" -> ")?;
            let inner = kind.strip_prefix("Nullable<").and_then(|k| k.strip_suffix('>'));
            let name = name.trim_start_matches("r#").to_owned();
            Some(Column { name, kind: inner.unwrap_or(kind).to_owned(), nullable: inner.is_some() })
        });
        tables.insert(table, columns.collect());
    }
    tables
}

fn compare(flavor: Flavor, catalog: &Tables) -> Vec<String> {
    let schema = schema();
    let mut findings = Vec::new();
    for (table, columns) in &schema {
        let Some(found) = catalog.get(table) else {
            findings.push(format!("{flavor:?}: no migration makes the table {table}"));
            continue;
        };
        let names = |list: &[Column]| list.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        if names(columns) != names(found) && !of_search(table) {
            findings.push(format!(
                "{flavor:?}: {table}: {:?} in schema.rs, {:?} made",
                names(columns),
                names(found)
            ));
            continue;
        }
        for column in columns {
            let Some(made) = found.iter().find(|made| made.name == column.name) else { continue };
            let fits = kinds(flavor, &column.kind).contains(&made.kind.as_str()) || of_search(table);
            if !fits || made.nullable != column.nullable && !of_search(table) {
                findings.push(format!("{flavor:?}: {table}.{}: {column:?}, made {made:?}", column.name));
            }
        }
    }
    let strangers = catalog.keys().filter(|table| !schema.contains_key(*table) && !of_search(table));
    findings.extend(strangers.map(|table| format!("{flavor:?}: schema.rs does not know the table {table}")));
    findings
}

fn everything(conn: &mut AnyConnection) -> Vec<String> {
    let sql = match conn.flavor() {
        Flavor::Sqlite => SQLITE_ALL,
        Flavor::Postgres => POSTGRES_ALL,
    };
    let mut all: Vec<String> = rows(conn, sql)
        .into_iter()
        .map(|row| format!("{} {} {} {}", row.place, row.name, row.kind, row.nullable))
        .collect();
    all.extend(catalog(conn).into_iter().map(|(table, columns)| format!("{table} {columns:?}")));
    all
}

fn migrations(database: &str) -> Vec<String> {
    let names = below(&format!("migrations/{database}"), ".sql");
    names
        .iter()
        .map(|file| file.path.trim_start_matches(&format!("migrations/{database}/")).to_owned())
        .collect()
}

#[test]
fn migrations_are_twins_with_a_way_back() {
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert_eq!(sqlite, postgres, "each migration exists for both databases, with up.sql and down.sql");
    let ups = sqlite.iter().filter(|name| name.ends_with("/up.sql")).count();
    assert_eq!(ups * 2, sqlite.len(), "each migration has a way up and a way down");
}

fn on_each_database(check: impl Fn(&str, Flavor)) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    database::announce();
    check(&database::sqlite(dir.path()), Flavor::Sqlite);
    if let Some(url) = database::postgres() {
        check(&url, Flavor::Postgres);
    }
}

#[test]
fn the_schema_is_what_the_migrations_make() {
    on_each_database(|url, flavor| {
        let mut conn = migrate::connect(url).expect("a connection");
        none("schema.rs and the catalog", compare(flavor, &catalog(&mut conn)));
    });
}

#[test]
fn going_down_and_up_again_gives_the_same_database() {
    on_each_database(|url, _| {
        let before = everything(&mut migrate::connect(url).expect("a connection"));
        migrate::down_and_up(url).expect("the way down and up");
        let after = everything(&mut migrate::connect(url).expect("a connection"));
        assert_eq!(before, after);
        assert!(migrate::pending(url).expect("pending").is_empty());
    });
}
