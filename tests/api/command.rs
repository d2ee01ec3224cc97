//! The command line as scripts use it: one JSON line a fact on standard output, one sentence when it can't start.

use std::path::Path;

use cybercap::platform::signature::{Signer, canonical};
use serde_json::{Value, json};

use crate::support::process::{Served, complained, cybercap, run, said};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[actix_web::test]
async fn a_server_says_where_it_listens_answers_and_stops_in_good_order() {
    let folder = folder();
    let mut served = Served::start(folder.path(), &[]);
    let url = served.line("listening").as_str().expect("an address").to_owned();
    let ready = awc::Client::new().get(format!("{url}/readyz")).send().await.expect("an answer");
    assert_eq!(ready.status(), 200);
    drop(ready);
    assert_eq!(served.terminate(), 0);
}

#[test]
fn two_servers_do_not_share_a_data_folder() {
    let folder = folder();
    let mut first = Served::start(folder.path(), &[]);
    first.line("listening");
    let second = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(!second.status.success());
    assert!(
        complained(&second).contains("Another cybercap runs on the data folder"),
        "{}",
        complained(&second)
    );
}

#[test]
fn a_start_that_fails_says_in_one_sentence_what_and_where() {
    let folder = folder();
    let typo =
        cybercap(folder.path()).arg("serve").env("CYBERCAP_SERVER__LISTEM", "x").output().expect("runs");
    assert!(!typo.status.success());
    let words = complained(&typo);
    assert!(words.contains("listem") && words.contains("config show"), "{words}");
    assert_eq!(words.trim().lines().count(), 1, "{words}");

    let absent = run(folder.path(), &["--config", "/nowhere.toml", "serve"]);
    assert!(complained(&absent).contains("/nowhere.toml does not exist"), "{}", complained(&absent));

    let away = run(folder.path(), &["--database-url", "postgres://nobody:pw@127.0.0.1:1/none", "doctor"]);
    assert!(!away.status.success());
    let found = said(&away);
    assert!(found.contains("FIX   database") && !found.contains("pw@"), "{found}");
}

#[test]
fn settings_are_shown_with_their_sources_and_without_secrets() {
    let folder = folder();
    let secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let key = folder.path().join("key");
    std::fs::write(&key, secret).expect("a file");
    let shown = cybercap(folder.path())
        .args(["--database-url", "postgres://cap:hunter2@db/cap", "config", "show"])
        .env("CYBERCAP_SECURITY__MASTER_KEY_FILE", &key)
        .env("CYBERCAP_SERVER__WORKERS", "3")
        .output()
        .expect("runs");
    let text = said(&shown);
    assert!(shown.status.success(), "{}", complained(&shown));
    let line = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    assert!(line("server.workers = 3").ends_with("# environment CYBERCAP_SERVER__WORKERS"), "{text}");
    assert!(line("security.master_key = (hidden)").contains("CYBERCAP_SECURITY__MASTER_KEY_FILE"), "{text}");
    assert!(line("database.url = \"postgres://cap:***@db/cap\"").ends_with("# command line flag"), "{text}");
    assert!(line("server.docs = true").ends_with("# default"), "{text}");
    assert!(!text.contains(secret) && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_backup_is_taken_under_a_running_server_and_put_back_after_it_stopped() {
    let folder = folder();
    let copy = folder.path().join("copy.db");
    let file = copy.to_str().expect("a plain path");
    let mut served = Served::start(folder.path(), &[]);
    served.line("listening");
    let taken = run(folder.path(), &["backup", file]);
    assert!(taken.status.success(), "{}", complained(&taken));
    let again = run(folder.path(), &["backup", file]);
    assert!(
        !again.status.success() && complained(&again).contains("exists already"),
        "{}",
        complained(&again)
    );
    let busy = run(folder.path(), &["restore", file]);
    assert!(!busy.status.success() && complained(&busy).contains("stop it first"), "{}", complained(&busy));
    assert_eq!(served.terminate(), 0);
    let restored = run(folder.path(), &["restore", file]);
    assert!(restored.status.success(), "{}", complained(&restored));
    let kept: Value = serde_json::from_str(&said(&restored)).expect("JSON");
    assert_eq!(kept["after"], json!({ "sessions_ended": 0, "letters_held": 0 }));
    assert!(Path::new(kept["kept"].as_str().expect("the old file")).exists());
    let mut again = Served::start(folder.path(), &[]);
    again.line("listening");
}

#[test]
fn a_damaged_or_foreign_backup_is_refused_and_changes_nothing() {
    let folder = folder();
    let junk = folder.path().join("junk.db");
    std::fs::write(&junk, b"this is no database, but it is long enough to be read as the head of one")
        .expect("a file");
    let refused = run(folder.path(), &["restore", junk.to_str().expect("a plain path")]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("is not a database"), "{}", complained(&refused));
    assert!(!folder.path().join("cybercap.db").exists());
}

#[test]
fn migrations_are_named_before_they_run() {
    let folder = folder();
    let would = said(&run(folder.path(), &["migrate", "--dry-run"]));
    assert!(would.lines().next().is_some_and(|name| name.contains("house")), "{would}");
    assert!(run(folder.path(), &["migrate"]).status.success());
    assert_eq!(said(&run(folder.path(), &["migrate", "--dry-run"])), "");
}

#[test]
fn the_demo_listens_on_this_machine_only() {
    let folder = folder();
    let refused = run(folder.path(), &["serve", "--demo", "--listen", "0.0.0.0:0"]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("this machine only"), "{}", complained(&refused));
}

#[actix_web::test]
async fn an_empty_database_gets_one_link_for_its_first_administrator() {
    let folder = folder();
    let mut served = Served::start(folder.path(), &[]);
    let link = served.line("invitation").as_str().expect("a link").to_owned();
    let url = served.line("listening").as_str().expect("an address").to_owned();
    let (page, token) = link.split_once('#').expect("the secret stands behind #");
    assert_eq!(page, format!("{url}/links/invitation"));
    let body = json!({
        "token": token, "email": "first@example.org", "name": "First", "password": "a long enough sentence, truly",
        "language": "en", "timezone": "UTC",
    });
    let accept = || awc::Client::new().post(format!("{url}/api/v1/auth/invitations/accept"));
    let mut accepted = accept().send_json(&body).await.expect("an answer");
    assert!(accepted.status().is_success(), "{:?}", accepted.body().await);
    let again = accept().send_json(&body).await.expect("an answer");
    assert!(again.status().is_client_error(), "the link worked twice");
    drop((accepted, again));
    assert_eq!(served.terminate(), 0);

    let mut served = Served::start(folder.path(), &[]);
    let first = served.lines.next().expect("a line").expect("text");
    assert!(first.contains("listening"), "there is an administrator, and yet: {first}");
}

#[test]
fn an_operator_invites_people_and_helps_who_forgot_the_password() {
    let folder = folder();
    let invite = ["user", "invite", "--email", "a@example.org", "--name", "A", "--role", "administrator"];
    let invited = run(folder.path(), &invite);
    assert!(invited.status.success(), "{}", complained(&invited));
    assert!(said(&invited).starts_with(r#"{"invitation":"http"#), "{}", said(&invited));
    assert!(!run(folder.path(), &invite).status.success(), "the address is taken");
    let reset = run(folder.path(), &["user", "reset", "a@example.org"]);
    assert!(!reset.status.success(), "who never accepted has no password to forget");
    let mut wrong = invite;
    wrong[3] = "nowhere";
    let refused = run(folder.path(), &wrong);
    assert!(complained(&refused).contains("--email `nowhere` is not valid"), "{}", complained(&refused));
}

#[actix_web::test]
async fn the_demo_lets_four_people_in_with_the_same_passwords_at_every_start() {
    let folder = folder();
    let mut served = Served::start(folder.path(), &["--demo"]);
    let logins = served.line("logins");
    let url = served.line("listening").as_str().expect("an address").to_owned();
    let people = logins.as_array().expect("a list");
    let roles: Vec<&str> = people.iter().filter_map(|login| login["role"].as_str()).collect();
    assert_eq!(roles, ["administrator", "coordinator", "focal_point", "focal_point"]);
    for login in people {
        let body = json!({ "email": login["email"], "password": login["password"] });
        let mut entered = awc::Client::new()
            .post(format!("{url}/api/v1/auth/login"))
            .send_json(&body)
            .await
            .expect("an answer");
        let answer: Value = entered.json().await.expect("JSON");
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{login}: {answer}")).to_owned();
        let sessions = awc::Client::new().get(format!("{url}/api/v1/training-sessions")).bearer_auth(&token);
        let sessions: Value = sessions.send().await.expect("an answer").json().await.expect("JSON");
        let of = |items: &Value| {
            items.as_array().expect("a list").iter().map(|s| s["status"].to_string()).collect::<Vec<_>>()
        };
        let mut states = of(&sessions["items"]);
        let planned = states.len();
        states.sort();
        states.dedup();
        let list = awc::Client::new().get(format!("{url}/api/v1/programs")).bearer_auth(token);
        let seen: Value = list.send().await.expect("an answer").json().await.expect("JSON");
        let (count, all) =
            (seen["items"].as_array().expect("a list").len(), login["role"] == "administrator");
        assert!(if all { count == 12 } else { (1..12).contains(&count) }, "{login}: {count} programs");
        assert!(
            if all { (planned, states.len()) == (12, 9) } else { (1..12).contains(&planned) },
            "{login}: {states:?}"
        );
    }
    assert_eq!(served.terminate(), 0);
    let mut again = Served::start(folder.path(), &["--demo"]);
    assert_eq!(again.line("logins"), logins);
    drop(again);
    let mixed = Served::start(folder.path(), &[]).line("listening");
    assert!(mixed.is_string());
}

#[test]
fn the_demo_does_not_enter_a_database_with_people() {
    let folder = folder();
    let invite = ["user", "invite", "--email", "a@example.org", "--name", "A", "--role", "administrator"];
    assert!(run(folder.path(), &invite).status.success());
    let refused = run(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(!refused.status.success());
    assert!(complained(&refused).contains("needs an empty database"), "{}", complained(&refused));
}

#[test]
fn an_operator_enters_files_in_the_name_of_a_person_and_reads_letters_before_they_go() {
    let folder = folder();
    let filled = run(folder.path(), &["demo"]);
    assert!(filled.status.success(), "{}", complained(&filled));
    let logins: Value = serde_json::from_str(&said(&filled)).expect("JSON");
    let coordinator = logins["logins"][1]["email"].as_str().expect("a coordinator").to_owned();
    let file = folder.path().join("programs.csv");
    let path = file.to_str().expect("a plain path");
    std::fs::write(&file, "title.en,countries\nEntered by file,KE:100\n").expect("a file");
    let import =
        |more: &[&str]| run(folder.path(), &[&["import", path, "--as", &coordinator], more].concat());

    let rehearsed = import(&["--dry-run"]);
    assert!(said(&rehearsed).contains("would_create"), "{} {}", said(&rehearsed), complained(&rehearsed));
    let entered = import(&[]);
    let answer: Value = serde_json::from_str(&said(&entered)).expect("JSON");
    assert_eq!(answer["created"], 1, "{answer}");
    std::fs::write(&file, "title.en,countries\nWrong,XK:100\n").expect("a file");
    let refused = import(&[]);
    assert!(!refused.status.success() && said(&refused).contains("unknown_country"), "{}", said(&refused));
    let nobody = run(folder.path(), &["import", path, "--as", "nobody@example.org"]);
    assert!(complained(&nobody).contains("No active account"), "{}", complained(&nobody));

    let of_kenya = logins["logins"][2]["email"].as_str().expect("a focal point");
    let days = folder.path().join("holidays.csv");
    let path = days.to_str().expect("a plain path");
    std::fs::write(&days, "day,name\n2031-12-12,Jamhuri Day\n").expect("a file");
    let entered = run(folder.path(), &["import", path, "--as", of_kenya, "--holidays", "KE"]);
    assert!(said(&entered).contains("\"created\":1"), "{} {}", said(&entered), complained(&entered));
    let library = folder.path().join("small.yaml");
    let path = library.to_str().expect("a plain path");
    // JSON is YAML too.
    std::fs::write(&library, crate::libraries::framework("small").to_string()).expect("a file");
    let entered = run(folder.path(), &["import", path, "--as", &coordinator, "--library"]);
    assert!(said(&entered).contains("\"created\""), "{} {}", said(&entered), complained(&entered));
    let both = run(folder.path(), &["import", path, "--as", &coordinator, "--library", "--holidays", "KE"]);
    assert!(complained(&both).contains("cannot be used with"), "{}", complained(&both));

    let letters = folder.path().join("letters");
    let shown = run(
        folder.path(),
        &["mail", "preview", letters.to_str().expect("a path"), "--rule", "M2", "--language", "fr"],
    );
    assert!(shown.status.success(), "{}", complained(&shown));
    assert!(said(&shown).lines().count() > 0, "the demo has milestones ahead");
    for line in said(&shown).lines() {
        let letter: Value = serde_json::from_str(line).expect("JSON");
        assert!(letter["subject"].as_str().is_some_and(|words| words.starts_with("Échéance")), "{letter}");
        assert!(Path::new(letter["file"].as_str().expect("a file")).exists());
    }
}

#[test]
fn a_certificate_is_checked_with_two_files_and_no_network() {
    let folder = folder();
    let (signer, _) = Signer::generate().expect("random bytes");
    let content = json!({ "course": { "en": "First response" }, "held_from": "2026-11-20", "held_until": "2026-11-21",
        "issued_on": "2026-11-22", "issuer": "https://training.example.org", "name": "Awa Ndiaye", "number": "CC-0000-0000-0000",
        "type": "cybercap-certificate-1", "valid_until": null });
    let signature = signer.sign(&canonical(&content).expect("no numbers"));
    let file = json!({ "certificate": content, "kid": signer.public().kid(), "signature": signature,
        "status": "issued", "revoked_on": null });
    let place = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a plain path").to_owned()
    };
    let keys = place("keys.json", json!({ "keys": [signer.public().jwk()] }).to_string());
    let good = place("good.json", format!("{file:#}"));
    let changed = place("changed.json", file.to_string().replace("Awa", "Ava"));

    let sound = run(folder.path(), &["certificate", "verify", &good, "--keys", &keys]);
    assert!(sound.status.success(), "{}", complained(&sound));
    assert!(said(&sound).contains("Name: Awa Ndiaye") && said(&sound).contains("can't be known offline"));
    assert!(said(&sound).contains("https://training.example.org/certificates/CC-0000-0000-0000"));
    let refused = run(folder.path(), &["certificate", "verify", &changed, "--keys", &keys]);
    assert!(
        !refused.status.success() && complained(&refused).contains("does not fit"),
        "{}",
        complained(&refused)
    );
    let absent = run(folder.path(), &["certificate", "verify", "/nowhere.json", "--keys", &keys]);
    assert!(complained(&absent).contains("/nowhere.json can't be read"), "{}", complained(&absent));
    let rotated = run(folder.path(), &["certificate", "rotate"]);
    assert!(rotated.status.success(), "{}", complained(&rotated));
    let own: Value =
        serde_json::from_str(&said(&run(folder.path(), &["certificate", "keys"]))).expect("JSON");
    assert_eq!(own["keys"].as_array().map(Vec::len), Some(1));
    let foreign = run(folder.path(), &["certificate", "verify", &good]);
    assert!(complained(&foreign).contains("not among these"), "{}", complained(&foreign));
}
