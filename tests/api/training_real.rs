//! The 24 real events of the reference collection, imported without one made-up value; and clocks of seven places.

use std::collections::BTreeMap;
use std::path::Path;

use awc::http::Method;
use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::training::{planned, program};

/// Our column for each of theirs that we take.
const COLUMNS: [(&str, &str); 10] = [
    ("title", "title"),
    ("type", "kind"),
    ("start_date", "first_day"),
    ("end_date", "last_day"),
    ("city", "city"),
    ("iso2", "country"),
    ("timezone", "zone"),
    ("organiser", "organizer"),
    ("gfce_theme", "themes"),
    ("source", "source"),
];
/// What nobody said of these events, and so nobody may read.
const UNSAID: [&str; 14] = [
    "course_id",
    "course_title",
    "description",
    "venue",
    "link",
    "capacity",
    "registration_opens",
    "registration_closes",
    "pass_mark",
    "reason",
    "languages",
    "countries",
    "trainers",
    "warnings",
];
/// What is a session's own, and not its copy's.
const OWN: [&str; 4] = ["id", "program_id", "created_at", "updated_at"];

type Line = BTreeMap<String, String>;
/// A date, and the instants of 09:00 and 16:30 on it.
type Instants = (&'static str, &'static str, &'static str);

/// The lines of a CSV file by the names of their columns; what is empty is left out.
fn lines(text: &str) -> Vec<Line> {
    let mut file = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = file.headers().expect("a first row").clone();
    let line = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("a row as long as the first");
        let cells = names.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    file.records().map(line).collect()
}

/// The collection, where it lies beside the checkout; it is input for tests and does not ship.
fn collection() -> Option<Vec<Line>> {
    const PLACE: &str = "shared/reference/projects/training-events.csv";
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let Some(text) = above.map(|dir| dir.join(PLACE)).find_map(|path| std::fs::read_to_string(path).ok())
    else {
        eprintln!("not tested: no {PLACE} beside the checkout");
        return None;
    };
    Some(lines(&text))
}

/// What an event says in our columns: its own values, and `online` only where its type says so.
fn stated(event: &Line) -> Line {
    let taken = |(theirs, ours): &(&str, &str)| Some(((*ours).to_owned(), event.get(*theirs)?.clone()));
    let mut line: Line = COLUMNS.iter().filter_map(taken).collect();
    if event["type"].starts_with("online") {
        line.insert("mode".into(), "online".into());
    }
    line
}

fn file(of: &[Line]) -> Vec<u8> {
    let names: Vec<&str> = COLUMNS.iter().map(|(_, ours)| *ours).chain(["mode"]).collect();
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(&names).expect("a first row");
    for line in of {
        let cells = names.iter().map(|name| line.get(*name).map_or("", String::as_str));
        file.write_record(cells).expect("a row");
    }
    file.into_inner().expect("the file")
}

/// Imports a file into a program; the ids of its sessions, in the order of its lines.
async fn import(by: &Person, program: &str, file: Vec<u8>) -> Vec<String> {
    let path = format!("/programs/{program}/training-sessions/import");
    let done = by.send(Method::POST, &path, &[("content-type", "text/csv")], file).await.expect(200);
    let rows = done.json["rows"].as_array().expect("rows");
    assert_eq!(
        (&done.json["created"], &done.json["invalid"]),
        (&json!(rows.len()), &json!(0)),
        "{}",
        done.text
    );
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

async fn read(by: &Person, id: &str) -> Value {
    by.get(&format!("/training-sessions/{id}?lang=all")).await.expect(200).json
}

/// A record without what is its own.
fn content(mut record: Value) -> Value {
    let fields = record.as_object_mut().expect("a record");
    fields.retain(|name, _| !OWN.contains(&name.as_str()));
    record
}

/// The dates from the first to the last of a line.
fn dates(line: &Line) -> Vec<String> {
    let day = |name: &str| line[name].parse::<chrono::NaiveDate>().expect("a date");
    day("first_day").iter_days().take_while(|d| *d <= day("last_day")).map(|d| d.to_string()).collect()
}

fn session(zone: &str, days: &[&str]) -> Value {
    let day = |day: &&str| json!({ "day": day, "starts": "09:00", "ends": "16:30" });
    json!({ "title": { "en": zone }, "zone": zone, "days": days.iter().map(day).collect::<Vec<_>>() })
}

on_both_databases! {
    async fn all_24_real_events_are_imported_without_a_made_up_value_and_read_back_unchanged(app: TestApp) {
        let Some(events) = collection() else { return };
        assert_eq!(events.len(), 24);
        let coordinator = app.coordinator().await;
        let there = program(&coordinator, &[]).await;
        let lines: Vec<Line> = events.iter().map(stated).collect();

        let ids = import(&coordinator, &there, file(&lines)).await;

        for (id, line) in ids.iter().zip(&lines) {
            let kept = read(&coordinator, id).await;
            for name in ["kind", "first_day", "last_day", "city", "country", "zone", "organizer", "source", "mode"] {
                assert_eq!(kept[name].as_str(), line.get(name).map(String::as_str), "{name} of {line:?}");
            }
            assert_eq!(kept["title"], json!({ "en": line["title"] }));
            assert_eq!(kept["themes"], json!([line["themes"]]));
            for name in UNSAID {
                assert!(kept[name].is_null() || kept[name] == json!([]), "nobody said {name} of {line:?}: {kept}");
            }
            let days = kept["days"].as_array().expect("days");
            assert_eq!(days.iter().map(|day| day["day"].as_str().expect("a date")).collect::<Vec<_>>(), dates(line));
            assert!(days.iter().all(|day| day["starts"].is_null() && day["ends"].is_null()));
            assert_eq!(kept["status"], "draft");
        }
    }

    async fn the_real_events_leave_as_a_file_unchanged_and_the_file_comes_back(app: TestApp) {
        let Some(events) = collection() else { return };
        let coordinator = app.coordinator().await;
        let (there, elsewhere) = (program(&coordinator, &[]).await, program(&coordinator, &[]).await);
        let stated: Vec<Line> = events.iter().map(stated).collect();
        let ids = import(&coordinator, &there, file(&stated)).await;

        let csv = coordinator.get(&format!("/training-sessions.csv?program={there}")).await.expect(200);

        let left = lines(&csv.text);
        assert_eq!(left.len(), 24);
        for (id, line) in ids.iter().zip(&stated) {
            let found = left.iter().find(|row| row["id"] == *id).expect("it is in the file");
            for (name, value) in line {
                assert_eq!(found.get(name), Some(value), "{name} of {line:?}");
            }
            assert_eq!(found["days"], dates(line).join(";"));
            for name in ["mode", "city", "country", "zone"].iter().chain(&UNSAID) {
                assert!(line.contains_key(*name) || !found.contains_key(*name), "nobody said {name} of {line:?}");
            }
        }
        let copies = import(&coordinator, &elsewhere, csv.text.into_bytes()).await;
        for (row, copy) in left.iter().zip(&copies) {
            assert_eq!(content(read(&coordinator, copy).await), content(read(&coordinator, &row["id"]).await));
        }
    }

    async fn clocks_show_what_was_said_and_instants_follow_the_rules_of_the_place_on_that_day(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (there, elsewhere) = (program(&coordinator, &["MA"]).await, program(&coordinator, &["MA"]).await);
        // Cairo: summer time to 2026-10-29. Morocco (Casablanca, Rabat): UTC+1 to 2026-09-20, UTC since.
        // Paraguay: summer time all year since October 2024. Samoa: no summer time since 2021, then an hour more.
        let cases: [(&str, &[Instants]); 6] = [
            ("Africa/Cairo", &[
                ("2026-09-18", "2026-09-18T06:00:00Z", "2026-09-18T13:30:00Z"),
                ("2026-09-21", "2026-09-21T06:00:00Z", "2026-09-21T13:30:00Z"),
                ("2026-11-02", "2026-11-02T07:00:00Z", "2026-11-02T14:30:00Z"),
            ]),
            ("Africa/Casablanca", &[
                ("2026-09-18", "2026-09-18T08:00:00Z", "2026-09-18T15:30:00Z"),
                ("2026-09-21", "2026-09-21T09:00:00Z", "2026-09-21T16:30:00Z"),
                ("2027-07-01", "2027-07-01T09:00:00Z", "2027-07-01T16:30:00Z"),
            ]),
            ("America/Asuncion", &[
                ("2024-07-01", "2024-07-01T13:00:00Z", "2024-07-01T20:30:00Z"),
                ("2026-07-01", "2026-07-01T12:00:00Z", "2026-07-01T19:30:00Z"),
                ("2027-01-11", "2027-01-11T12:00:00Z", "2027-01-11T19:30:00Z"),
            ]),
            ("Asia/Kathmandu", &[("2027-02-01", "2027-02-01T03:15:00Z", "2027-02-01T10:45:00Z")]),
            ("Pacific/Apia", &[
                ("2021-01-11", "2021-01-10T19:00:00Z", "2021-01-11T02:30:00Z"),
                ("2027-01-11", "2027-01-10T20:00:00Z", "2027-01-11T03:30:00Z"),
            ]),
            ("Africa/Dakar", &[("2026-09-18", "2026-09-18T09:00:00Z", "2026-09-18T16:30:00Z")]),
        ];

        for (zone, days) in cases {
            let dates: Vec<&str> = days.iter().map(|(day, ..)| *day).collect();
            let terms = json!({
                "capacity": 30, "countries": [{ "country": "MA", "quota": 12, "reserves": 3 }], "offer_hours": 48,
                "least_share": "75.5", "pass_mark": "60",
            });
            let mut draft = session(zone, &dates);
            draft.as_object_mut().expect("an object").extend(terms.as_object().expect("an object").clone());
            let made = planned(&coordinator, &there, draft).await;
            let shown = read(&coordinator, made["id"].as_str().expect("an id")).await;
            let shown: Vec<_> = shown["days"].as_array().expect("days").iter().map(|day| day.to_string()).collect();
            let right = days.iter().map(|(day, from, to)| {
                format!(r#"{{"day":"{day}","starts":"09:00","ends":"16:30","starts_at":"{from}","ends_at":"{to}"}}"#)
            });
            let parsed = |text: &String| serde_json::from_str::<Value>(text).expect("JSON");
            assert_eq!(
                shown.iter().map(parsed).collect::<Vec<_>>(),
                right.map(|text| parsed(&text)).collect::<Vec<_>>(), "{zone}"
            );
        }

        let csv = coordinator.get(&format!("/training-sessions.csv?program={there}")).await.expect(200);
        let left = lines(&csv.text);
        let cairo = left.iter().find(|row| row["title"] == "Africa/Cairo").expect("it is in the file");
        assert_eq!(
            cairo["days"], "2026-09-18 09:00-16:30;2026-09-21 09:00-16:30;2026-11-02 09:00-16:30",
            "days with gaps and times leave as they are"
        );
        assert_eq!(cairo["countries"], "MA:12:3");
        let copies = import(&coordinator, &elsewhere, csv.text.into_bytes()).await;
        assert_eq!(copies.len(), 6);
        for (row, copy) in left.iter().zip(&copies) {
            assert_eq!(content(read(&coordinator, copy).await), content(read(&coordinator, &row["id"]).await));
        }
    }

    async fn days_said_twice_must_be_the_same_days(app: TestApp) {
        let coordinator = app.coordinator().await;
        let path = format!("/programs/{}/training-sessions", program(&coordinator, &[]).await);
        let mut draft = session("Asia/Kathmandu", &["2027-02-04", "2027-02-01"]);
        draft["first_day"] = "2027-02-01".into();
        draft["last_day"] = "2027-02-04".into();
        let made = coordinator.post(&path, draft.clone()).await.expect(201).json;
        assert_eq!((&made["first_day"], &made["last_day"]), (&json!("2027-02-01"), &json!("2027-02-04")));

        draft["first_day"] = "2027-01-31".into();
        let refused = coordinator.post(&path, draft.clone()).await.expect(422).json;
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/first_day"), &json!("stated_twice")));
        draft["first_day"] = "2027-02-01".into();
        draft["starts"] = "10:00".into();
        assert_eq!(coordinator.post(&path, draft).await.expect(422).json["errors"][0]["pointer"], "/days");

        let file = b"title,days,zone\nDrill,2027-02-01 09:00-12:30;2027-02-03,Asia/Kathmandu\n".to_vec();
        let path = format!("{path}/import");
        let done = coordinator.send(Method::POST, &path, &[("content-type", "text/csv")], file).await.expect(200).json;
        let kept = read(&coordinator, done["rows"][0]["id"].as_str().expect("an id")).await;
        assert_eq!((&kept["days"][0]["ends"], &kept["days"][1]["starts"]), (&json!("12:30"), &Value::Null));
        let file = b"title,first_day,starts,ends,zone\nDrill,2027-02-01,9:00,12:30,Asia/Kathmandu\n".to_vec();
        let done = coordinator.send(Method::POST, &path, &[("content-type", "text/csv")], file).await.expect(200).json;
        assert_eq!(done["rows"][0]["errors"][0]["pointer"], "/starts");
    }
}
