//! The real program in a process of its own: its commands, and a server that can be stopped, or killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The program on a data folder, with no setting of this machine and the tests' cost of passwords.
pub fn cybercap(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cybercap"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CYBERCAP_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(folder).env("CYBERCAP_LOG", "error");
    command
        .env("CYBERCAP_SECURITY__ARGON2__MEMORY_KIB", "19456")
        .env("CYBERCAP_SECURITY__ARGON2__PASSES", "2");
    command
}

/// A command, run to its end.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    cybercap(folder).args(args).output().expect("the program runs")
}

/// Its standard output.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Its standard error.
pub fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server in a process of its own, killed with the test.
pub struct Served {
    child: Child,
    /// What it prints.
    pub lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Served {
    /// On a free port, with these arguments.
    pub fn start(folder: &Path, args: &[&str]) -> Served {
        Served::spawn(&mut cybercap(folder), args)
    }

    /// As the command was prepared.
    pub fn spawn(command: &mut Command, args: &[&str]) -> Served {
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .env("CYBERCAP_SERVER__DRAIN_SECONDS", "0");
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Served { child, lines }
    }

    /// The next line of standard output that holds this key.
    pub fn line(&mut self, key: &str) -> Value {
        for line in self.lines.by_ref() {
            let value: Value = serde_json::from_str(&line.expect("a line")).expect("one JSON object a line");
            if value.get(key).is_some() {
                return value[key].clone();
            }
        }
        panic!("the server ended before it said {key}");
    }

    /// Asks it to stop; its exit code.
    pub fn terminate(mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code().unwrap_or(-1);
            }
            assert!(asked.elapsed() < Duration::from_secs(20), "it does not stop");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// kill -9: nothing of it runs another instruction.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it can be waited for");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
