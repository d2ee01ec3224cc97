//! Frameworks, crosswalks and risk matrices: read by everyone, brought in by libraries, never changed.

use serde_json::{Value, json};

use crate::libraries::{self, brought, import};
use crate::support::{Person, TestApp};

/// Every row of a list, page by page.
pub async fn all(by: &Person, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = by.get(&format!("{path}{joint}limit=200{cursor}")).await.expect(200).json;
        rows.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// The shipped framework with this end of its urn.
pub async fn shipped(by: &Person, name: &str) -> Value {
    let urn = format!("urn:cybercap:framework:{name}");
    by.get(&format!("/frameworks?urn={urn}&lang=all")).await.expect(200).json["items"][0].clone()
}

fn kinds(framework: &Value) -> Vec<(&str, i64)> {
    let kinds = framework["kinds"].as_array().expect("kinds");
    kinds
        .iter()
        .map(|k| (k["kind"].as_str().expect("a kind"), k["count"].as_i64().expect("a count")))
        .collect()
}

on_both_databases! {
    async fn six_frameworks_and_a_matrix_come_with_the_service_and_everyone_reads_them(app: TestApp) {
        let official = app.focal_point_of("KE").await;

        let listed = all(&official, "/frameworks?shipped=true").await;

        assert_eq!(listed.len(), 6);
        let csf = shipped(&official, "nist-csf-2.0").await;
        assert_eq!(kinds(&csf), [("function", 6), ("category", 22), ("outcome", 106)]);
        let cmm = shipped(&official, "cmm-2021").await;
        assert_eq!(kinds(&cmm), [("dimension", 5), ("factor", 23), ("aspect", 62), ("indicator", 450)]);
        assert_eq!((&cmm["assessable_count"], &cmm["method"]), (&json!(450), &json!("stage_gate")));
        assert_eq!(cmm["scale"].as_array().map(Vec::len), Some(5));
        assert!(cmm["notice"]["fr"].as_str().is_some_and(|notice| notice.contains("GCSCC")), "{cmm}");
        assert_eq!(kinds(&shipped(&official, "nist-ai-rmf-1.0").await), [("function", 4), ("category", 19), ("outcome", 72)]);
        let tags = shipped(&official, "mit-ai-risk-2025").await;
        assert_eq!((&tags["method"], &tags["assessable_count"]), (&Value::Null, &json!(0)));
        let matrices = official.get("/risk-matrices").await.expect(200).json;
        assert_eq!(matrices["items"][0]["grid"][4], json!([1, 1, 2, 3, 3]));
        assert_eq!(app.anyone().get("/frameworks").await.expect(401).code(), "unauthenticated");
    }

    async fn a_tree_is_read_in_order_in_ones_own_language_and_by_its_parts(app: TestApp) {
        let official = app.focal_point_of("SN").await;
        let cmm = shipped(&official, "cmm-2021").await;
        let route = format!("/frameworks/{}/nodes", cmm["id"].as_str().expect("an id"));

        let nodes = all(&official, &route).await;

        assert_eq!(nodes.len(), 540);
        assert_eq!((&nodes[0]["code"], &nodes[0]["depth"], &nodes[0]["parent_id"]), (&json!("D1"), &json!(1), &Value::Null));
        assert!(nodes.iter().zip(1..).all(|(node, position)| node["position"] == position));
        let aspect = nodes.iter().find(|node| node["code"] == "D1.1.1").expect("an aspect");
        let id = aspect["id"].as_str().expect("an id");
        let below = all(&official, &format!("{route}?parent={id}")).await;
        assert!(below.iter().all(|node| node["kind"] == "indicator" && node["stage"].as_i64().is_some_and(|stage| stage > 1)));
        let stated = official.get(&format!("{route}?code=D1.1.1-2a")).await.expect(200).json;
        assert_eq!(stated["items"].as_array().map(Vec::len), Some(1));
        let french = [("accept-language", "fr")];
        let read = official.send(awc::http::Method::GET, &format!("{route}/{id}"), &french, vec![]).await.expect(200).json;
        assert_eq!(read["name"], "Élaboration de la stratégie");
        assert_eq!(all(&official, &format!("{route}?kind=dimension")).await.len(), 5);
        assert_eq!(all(&official, &format!("{route}?assessable=true")).await.len(), 450);
        let csf = shipped(&official, "nist-csf-2.0").await;
        let foreign = format!("/frameworks/{}/nodes/{id}", csf["id"].as_str().expect("an id"));
        official.get(&foreign).await.expect(404);
    }

    async fn a_library_is_rehearsed_entered_once_and_never_changed(app: TestApp) {
        let coordinator = app.coordinator().await;
        let before = app.fingerprint();
        let library = libraries::framework("small");

        let rehearsed = coordinator.post("/frameworks/import?dry_run=true", library.clone()).await.expect(200).json;
        assert_eq!((&rehearsed["parts"][0]["status"], &rehearsed["parts"][0]["id"]), (&json!("would_create"), &Value::Null));
        assert_eq!(app.fingerprint(), before);
        let entered = import(&coordinator, &library).await.expect(200).json;
        assert_eq!((&entered["form"], &entered["parts"][0]["status"], &entered["parts"][0]["size"]), (&json!("cybercap"), &json!("created"), &json!(3)));
        let id = entered["parts"][0]["id"].as_str().expect("an id");
        let held = app.fingerprint();
        let again = import(&coordinator, &library).await.expect(200).json;
        assert_eq!((&again["parts"][0]["status"], &again["parts"][0]["id"]), (&json!("unchanged"), &json!(id)));
        let mut other = library.clone();
        other["nodes"][0]["nodes"][0]["text"]["en"] = json!("There is a law.");
        let refused = import(&coordinator, &other).await.expect(409);
        assert_eq!(refused.code(), "already_exists");
        assert!(refused.text.contains("edition 1"), "{}", refused.text);
        assert_eq!(app.fingerprint(), held, "a refused library leaves nothing behind");
        other["edition"] = json!("2");
        import(&coordinator, &other).await.expect(200);
        let editions = all(&coordinator, "/frameworks?urn=urn:example:framework:small").await;
        assert_eq!(editions.len(), 2);
        assert_ne!(editions[0]["digest"], editions[1]["digest"]);
        let node = all(&coordinator, &format!("/frameworks/{id}/nodes?assessable=true")).await;
        assert_eq!((&node[0]["weight"], &node[0]["urn"]), (&json!(2), &json!("urn:example:framework:small:A-1")));
    }

    async fn a_crosswalk_and_a_matrix_come_in_and_go_but_what_is_shipped_stays(app: TestApp) {
        let coordinator = app.coordinator().await;
        let official = app.focal_point_of("KE").await;
        let framework = brought(&coordinator, &libraries::framework("small")).await;
        let crosswalk = brought(&coordinator, &libraries::crosswalk("small")).await;
        let matrix = brought(&coordinator, &libraries::matrix("small")).await;

        let lines = official.get(&format!("/crosswalks/{crosswalk}/mappings?source=urn:example:framework:small:A-1")).await.expect(200).json;
        assert_eq!((&lines["items"][0]["relation"], &lines["items"][0]["strength"]), (&json!("subset"), &json!(5)));
        let to_csf = official.get("/crosswalks?target=urn:cybercap:framework:nist-csf-2.0").await.expect(200).json;
        assert_eq!(to_csf["items"][0]["id"], json!(crosswalk));
        assert_eq!(to_csf["items"][0]["permissions"], json!(["reference.view"]));
        assert_eq!(import(&official, &libraries::matrix("other")).await.expect(403).code(), "not_permitted");
        for path in [format!("/frameworks/{framework}"), format!("/crosswalks/{crosswalk}"), format!("/risk-matrices/{matrix}")] {
            let tag = coordinator.get(&path).await.expect(200).header("etag").to_owned();
            assert_eq!(official.delete(&path, &tag).await.expect(403).code(), "not_permitted");
            coordinator.delete(&path, "\"7-en\"").await.expect(412);
            coordinator.delete(&path, &tag).await.expect(204);
            coordinator.get(&path).await.expect(404);
        }
        let csf = format!("/frameworks/{}", shipped(&coordinator, "nist-csf-2.0").await["id"].as_str().expect("an id"));
        assert_eq!(coordinator.delete(&csf, "\"1-en\"").await.expect(409).code(), "conflict");
    }

    async fn of_many_who_bring_in_the_same_edition_at_once_one_enters_it(app: TestApp) {
        let coordinator = app.coordinator().await;
        let library = libraries::framework("wanted");
        let answers = futures_util::future::join_all((0..8).map(|_| import(&coordinator, &library))).await;
        let mut created = 0;
        for answer in answers {
            assert!([200, 409].contains(&answer.status), "{} {}", answer.status, answer.text);
            created += usize::from(answer.json["parts"][0]["status"] == "created");
        }
        assert_eq!(created, 1);
        assert_eq!(all(&coordinator, "/frameworks?urn=urn:example:framework:wanted").await.len(), 1);
    }

    async fn a_start_mends_what_is_shipped_and_keeps_what_a_house_brought_in_under_the_same_name(app: TestApp) {
        let coordinator = app.coordinator().await;
        let matrix = async || coordinator.get("/risk-matrices").await.expect(200).json["items"][0].clone();
        let again = || {
            let clock = app.parts.db.clock();
            cybercap::app::prepare(&app.parts.config.database_url(), clock).expect("the house starts");
        };
        let first = matrix().await;
        let id: uuid::Uuid = first["id"].as_str().expect("an id").parse().expect("a uuid");
        let anew = "UPDATE reference_files SET hash = 'an earlier release' WHERE name = 'frameworks'";

        app.sql(anew, &id);
        app.sql("UPDATE risk_matrices SET digest = 'an earlier release' WHERE id = $id", &id);
        again();
        let mended = matrix().await;
        assert_ne!(mended["id"], first["id"]);
        assert_eq!(mended["digest"], first["digest"]);

        let id: uuid::Uuid = mended["id"].as_str().expect("an id").parse().expect("a uuid");
        app.sql(anew, &id);
        app.sql("UPDATE risk_matrices SET digest = 'their own', shipped = (1 = 0) WHERE id = $id", &id);
        again();
        let kept = matrix().await;
        assert_eq!((&kept["id"], &kept["digest"], &kept["shipped"]), (&mended["id"], &json!("their own"), &json!(false)));
        assert_eq!(all(&coordinator, "/frameworks?shipped=true").await.len(), 6);
    }

    async fn a_page_of_nodes_costs_the_same_however_many_there_are(app: TestApp) {
        let official = app.focal_point_of("KE").await;
        let cmm = shipped(&official, "cmm-2021").await;
        let route = format!("/frameworks/{}/nodes", cmm["id"].as_str().expect("an id"));
        let cost = async |query: &str| {
            let before = app.parts.db.statements();
            official.get(&format!("{route}?{query}")).await.expect(200);
            app.parts.db.statements() - before
        };
        cost("limit=1").await;
        assert_eq!(cost("limit=1").await, cost("limit=200").await);
    }
}
