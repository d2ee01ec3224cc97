//! Databases for tests: a copy of a migrated SQLite file, or a clone of a migrated PostgreSQL template.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use cybercap::platform::clock::Clock;
use cybercap::platform::migrate;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Schema and reference data, once for each kind of database.
fn prepare(url: &str) {
    let clock = Clock::standing_at("2026-11-22T08:00:00Z".parse().expect("an instant"));
    cybercap::app::prepare(url, &clock).expect("migrations run and reference data loads");
}

fn next() -> u32 {
    COUNT.fetch_add(1, Ordering::SeqCst)
}

/// A migrated SQLite file in `dir`, copied from one that was migrated once.
pub fn sqlite(dir: &Path) -> String {
    static TEMPLATE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, template) = TEMPLATE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("template.db");
        prepare(path.to_str().expect("a plain path"));
        (dir, path)
    });
    let path = dir.join("cybercap.db");
    std::fs::copy(template, &path).expect("the template can be copied");
    path.to_str().expect("a plain path").to_owned()
}

/// The URL of a migrated PostgreSQL database of its own; `None` where PostgreSQL is not installed.
pub fn postgres() -> Option<String> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(Server::start).as_ref();
    let Some(server) = server else {
        let required = std::env::vars().any(|(k, v)| k == "CYBERCAP_TEST_POSTGRES" && v == "required");
        assert!(!required, "PostgreSQL is required (CYBERCAP_TEST_POSTGRES) but its programs were not found");
        eprintln!("PostgreSQL's programs were not found: this test ran on SQLite only");
        return None;
    };
    Some(server.clone_template())
}

/// A server started by the tests in a temporary folder, over a socket in it; it ends with the test process.
struct Server {
    socket: PathBuf,
    lock: std::sync::Mutex<()>,
}

impl Server {
    fn start() -> Option<Server> {
        let bin = programs()?;
        let dir =
            tempfile::Builder::new().prefix("cybercap-pg").tempdir().expect("a temporary folder").keep();
        let data = dir.join("data");
        hand_over(&dir);
        let init = as_server_user(&bin.join("initdb"))
            .args([
                "-D",
                data.to_str()?,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .stdout(Stdio::null())
            .status();
        assert!(init.expect("initdb runs").success(), "initdb failed");
        // The shell waits for its input to close, which happens however this process ends, and then stops the server.
        let script = format!(
            "'{bin}/postgres' -D '{data}' -k '{dir}' -c listen_addresses= -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=300 >'{dir}/log' 2>&1 & pid=$!; read -r _; kill -INT $pid; wait $pid; rm -rf '{dir}'",
            bin = bin.display(),
            data = data.display(),
            dir = dir.display()
        );
        let mut shell = as_server_user(Path::new("/bin/sh"));
        let child = shell.args(["-c", &script]).stdin(Stdio::piped()).spawn().expect("a shell");
        std::mem::forget(child);
        let server = Server { socket: dir, lock: std::sync::Mutex::new(()) };
        server.wait();
        server.make_template();
        Some(server)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}", self.socket.display())
    }

    fn wait(&self) {
        for _ in 0..600 {
            if migrate::open(&self.url("postgres")).is_ok() {
                return;
            }
            std::thread::park_timeout(std::time::Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.socket.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start: {log}");
    }

    fn run(&self, sql: String) {
        use diesel::connection::SimpleConnection;
        let mut conn = migrate::open(&self.url("postgres")).expect("a connection");
        conn.batch_execute(&sql).expect("the statement runs");
    }

    fn make_template(&self) {
        self.run("CREATE DATABASE cybercap_template".into());
        prepare(&self.url("cybercap_template"));
    }

    fn clone_template(&self) -> String {
        let _one_at_a_time = self.lock.lock().expect("no test panicked while cloning");
        let name = format!("test_{}", next());
        self.run(format!("CREATE DATABASE {name} TEMPLATE cybercap_template"));
        self.url(&name)
    }
}

/// The folder of PostgreSQL's programs: Debian's newest, or wherever `initdb` is on the path.
fn programs() -> Option<PathBuf> {
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    debian.sort();
    let path = std::env::vars().find(|(k, _)| k == "PATH").map(|(_, v)| v).unwrap_or_default();
    let mut candidates: Vec<PathBuf> = debian.into_iter().rev().collect();
    candidates.extend(std::env::split_paths(&path));
    candidates.into_iter().find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

/// PostgreSQL refuses to run as root: then it runs as `nobody`.
const NOBODY: u32 = 65_534;

fn hand_over(dir: &Path) {
    if is_root() {
        std::os::unix::fs::chown(dir, Some(NOBODY), Some(NOBODY)).expect("root may give a folder away");
    }
}

fn as_server_user(program: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(program);
    command.current_dir("/");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Shows which databases the suite ran on, once.
pub fn announce() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let postgres = if programs().is_some() {
            "SQLite and PostgreSQL"
        } else {
            "SQLite only: PostgreSQL was not found"
        };
        drop(writeln!(std::io::stderr(), "databases under test: {postgres}"));
    });
}
