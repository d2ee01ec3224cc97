//! Lists as files, out and in.

use awc::http::Method;
use calamine::Reader;
use serde_json::json;

use crate::milestones::{milestone, program};
use crate::support::TestApp;

const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"x\")";

on_both_databases! {
    async fn a_list_leaves_as_csv_ndjson_and_xlsx_with_no_live_formula(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        milestone(&coordinator, &program, json!({ "title": FORMULA, "due": "2027-01-01", "weight": 7 })).await;
        milestone(&coordinator, &program, json!({ "title": "Plan; then, \"act\"", "due": "2027-02-01" })).await;
        let route = format!("/programs/{program}/milestones");

        let csv = coordinator.get(&format!("{route}.csv")).await.expect(200);
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"milestones-2026-11-22.csv\"");
        assert!(csv.header("content-type").starts_with("text/csv; charset=utf-8"));
        let mut reader = csv::Reader::from_reader(csv.text.as_bytes());
        let names = reader.headers().expect("names").clone();
        let title = names.iter().position(|name| name == "title").expect("a title");
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
        assert_eq!(rows.iter().map(|row| &row[title]).collect::<Vec<_>>(), [&format!("'{FORMULA}"), "Plan; then, \"act\""]);
        let excel = coordinator.get(&format!("{route}.csv?excel=1&lang=all")).await.expect(200);
        assert!(excel.text.starts_with("\u{feff}\"id\"") && excel.text.contains("\"title.fr\""));

        let lines = coordinator.send(Method::GET, &route, &[("accept", "application/x-ndjson")], Vec::new()).await.expect(200);
        let first: serde_json::Value = serde_json::from_str(lines.text.lines().next().expect("a line")).expect("JSON");
        assert_eq!(first["title"], FORMULA);
        let list = coordinator.get(&route).await.expect(200);
        assert_eq!(first, list.json["items"][0]);

        let book = coordinator.bytes(&format!("{route}.xlsx")).await;
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(book)).expect("a workbook");
        assert_eq!(book.worksheet_formula("milestones").expect("a sheet").used_cells().count(), 0);
        let cells = book.worksheet_range("milestones").expect("a sheet");
        assert_eq!(cells.get_value((1, title as u32)), Some(&calamine::Data::String(FORMULA.into())));
    }

    async fn a_long_list_is_streamed_whole_and_within_reach(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN", "KE"]).await;
        let lines: String = (0..450).map(|n| {
            let country = if n % 3 == 0 { "SN" } else { "KE" };
            format!("{}\n", json!({ "title": format!("m{n}"), "due": "2027-01-01", "country": country }))
        }).collect();
        let done = coordinator.send(Method::POST, &format!("/programs/{program}/milestones/import"), &[("content-type", "application/x-ndjson")], lines.into_bytes()).await.expect(200);
        assert_eq!(done.json["created"], 450);

        let all = coordinator.get("/milestones.ndjson").await.expect(200);
        assert_eq!(all.text.lines().count(), 450);
        let senegal = app.focal_point_of("SN").await.get("/milestones.csv").await.expect(200);
        assert_eq!(senegal.text.lines().count(), 151);
        assert!(!senegal.text.contains("\"KE\""));
        app.with_role("observer", cybercap::kernel::access::Role::Observer, Some("SN"), None).await.get("/milestones.csv").await.expect(403);
        app.focal_point_of("GH").await.get(&format!("/programs/{program}/milestones.xlsx")).await.expect(404);
        let refused = coordinator.send(Method::GET, "/milestones", &[("accept", "image/png")], Vec::new()).await.expect(406);
        assert_eq!(refused.code(), "not_acceptable");
        coordinator.send(Method::GET, "/me", &[("accept", "text/csv")], Vec::new()).await.expect(406);
    }

    async fn an_import_is_rehearsed_and_then_all_or_nothing(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &["SN"]).await;
        let route = format!("/programs/{program}/milestones/import");
        let csv = "title.en,title.fr,due,weight,country\r\nPlan,Plan national,2027-01-31,3,SN\r\n,,,,\r\n\"'=1+1\",,2027-02-30,many,SN\r\nReport,,2027-06-30,,GH\r\n";
        let send = async |query: &str, body: &str| {
            coordinator.send(Method::POST, &format!("{route}{query}"), &[("content-type", "text/csv")], body.as_bytes().to_vec()).await
        };

        let rehearsed = send("?dry_run=true&atomic=false", csv).await.expect(200).json;
        let rows: Vec<_> = rehearsed["rows"].as_array().expect("rows").iter().map(|row| (row["line"].as_i64(), row["status"].as_str().unwrap_or(""))).collect();
        assert_eq!(rows, [(Some(2), "would_create"), (Some(3), "skipped"), (Some(4), "invalid"), (Some(5), "invalid")]);
        let wrong: Vec<_> = rehearsed["rows"][2]["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().unwrap_or("")).collect();
        assert_eq!(wrong, ["/due", "/weight"]);
        assert_eq!(rehearsed["rows"][3]["errors"][0]["code"], "not_in_program");

        let refused = send("", csv).await.expect(200).json;
        assert_eq!((&refused["created"], &refused["invalid"], &refused["skipped"]), (&json!(0), &json!(2), &json!(2)));
        assert_eq!(coordinator.get("/milestones").await.json["items"], json!([]));

        let done = send("?atomic=false", csv).await.expect(200).json;
        assert_eq!((&done["created"], &done["invalid"]), (&json!(1), &json!(2)));
        let list = coordinator.get("/milestones?lang=all").await.expect(200);
        assert_eq!(list.json["items"][0]["title"], json!({ "en": "Plan", "fr": "Plan national" }));
        assert_eq!(list.json["items"][0]["id"], done["rows"][0]["id"]);
        assert_eq!(list.json["items"].as_array().map(Vec::len), Some(1));
    }

    async fn a_file_that_was_exported_can_be_imported_again(app: TestApp) {
        let coordinator = app.coordinator().await;
        let (from, to) = (program(&coordinator, &[]).await, program(&coordinator, &[]).await);
        milestone(&coordinator, &from, json!({ "title": FORMULA, "due": "2027-01-01", "weight": 7, "description": "a\nb" })).await;
        let book = coordinator.bytes(&format!("/programs/{from}/milestones.xlsx")).await;
        let csv = coordinator.get(&format!("/programs/{from}/milestones.csv?excel=1")).await.expect(200).text.into_bytes();

        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        for (kind, body) in [(xlsx, book), ("text/csv", csv)] {
            let done = coordinator.send(Method::POST, &format!("/programs/{to}/milestones/import"), &[("content-type", kind)], body).await.expect(200);
            assert_eq!(done.json["created"], 1, "{kind}: {}", done.text);
        }
        let list = coordinator.get(&format!("/programs/{to}/milestones")).await.expect(200);
        for copy in list.json["items"].as_array().expect("items") {
            assert_eq!((&copy["title"], &copy["weight"], &copy["description"]), (&json!(FORMULA), &json!(7), &json!("a\nb")));
        }
    }

    async fn a_file_that_is_not_what_it_says_is_refused_with_words(app: TestApp) {
        let coordinator = app.coordinator().await;
        let program = program(&coordinator, &[]).await;
        let route = format!("/programs/{program}/milestones/import");
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let large = vec![b'x'; (8 << 20) + 1];
        let cases: [(&str, Vec<u8>, u16, &str); 7] = [
            ("text/plain", b"x".to_vec(), 415, "text/csv"),
            ("text/csv", b"title,colour\nx,red\n".to_vec(), 422, "colour"),
            ("text/csv", b"title,due\n\xff,2027-01-01\n".to_vec(), 400, "line 2"),
            ("text/csv", Vec::new(), 400, "empty"),
            (xlsx, b"PK not a workbook".to_vec(), 400, "workbook"),
            ("application/json", b"{}".to_vec(), 422, "list of objects"),
            ("text/csv", large, 413, "8 MiB"),
        ];
        for (kind, body, status, words) in cases {
            let answer = coordinator.send(Method::POST, &route, &[("content-type", kind)], body).await.expect(status);
            assert!(answer.text.contains(words), "{kind}: {}", answer.text);
        }
        let many = "title,due\n".to_owned() + &"x,2027-01-01\n".repeat(10_001);
        coordinator.send(Method::POST, &route, &[("content-type", "text/csv")], many.into_bytes()).await.expect(413);
        assert_eq!(coordinator.get("/milestones").await.json["items"], json!([]));
    }
}
