//! The served OpenAPI document as tests walk it: every operation with its door, its parameters and a body that fits.

use cybercap::routes::{self, Door};
use serde_json::{Map, Value};

use crate::support::TestApp;

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `GET` and its kin.
    pub method: String,
    /// Path template below `/api/v1`.
    pub path: String,
    /// Who may call it.
    pub door: Door,
    /// The operation as documented, references resolved one level at a time by [`Walk::resolve`].
    pub described: Value,
}

/// A file for operations that keep one, with the query that names it.
pub const FILE: (&str, &[u8]) = ("?name=act.pdf", b"%PDF-1.7 an act");

/// The document and its operations.
pub struct Walk {
    /// The document as served.
    pub document: Value,
    /// All operations below `/api/v1`.
    pub operations: Vec<Operation>,
}

impl Walk {
    /// Reads the served document; every operation of it must be in the routing table.
    pub async fn through(app: &TestApp) -> Walk {
        let document = app.anyone().get("/openapi.json").await.expect(200).json;
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            let below = path.strip_prefix("/api/v1").expect("all paths are below /api/v1");
            for (method, described) in item.as_object().expect("operations") {
                let method = method.to_uppercase();
                let door =
                    routes::door(&method, below).unwrap_or_else(|| panic!("{method} {below} has no door"));
                operations.push(Operation {
                    method,
                    path: below.to_owned(),
                    door,
                    described: described.clone(),
                });
            }
        }
        assert!(!operations.is_empty());
        Walk { document, operations }
    }

    /// Follows a `$ref`.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => {
                self.resolve(self.document.pointer(pointer).expect("the reference leads somewhere"))
            }
            None => schema,
        }
    }
}

impl Operation {
    /// `GET /programs/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// True when it changes something.
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// The JSON body's description, if it takes one.
    pub fn json(&self) -> Option<&Value> {
        let kinds = self.described.pointer("/requestBody/content")?.as_object()?;
        kinds
            .iter()
            .find(|(kind, _)| kind.ends_with("json") && !kind.contains("ndjson"))
            .map(|(_, body)| body)
    }

    /// The documented example of the JSON body.
    pub fn example(&self) -> Option<Value> {
        self.json().map(|body| body["example"].clone())
    }

    /// The properties of the JSON body that the client must send.
    pub fn required(&self, walk: &Walk) -> Vec<String> {
        let Some(body) = self.json() else { return Vec::new() };
        let list = walk.resolve(&body["schema"])["required"].as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// The properties of the JSON body.
    pub fn properties(&self, walk: &Walk) -> Map<String, Value> {
        let Some(body) = self.json() else { return Map::new() };
        walk.resolve(&body["schema"])["properties"].as_object().cloned().unwrap_or_default()
    }

    /// The schema of a row, where the JSON body is a list of rows of an import.
    pub fn row<'a>(&self, walk: &'a Walk) -> Option<&'a Value> {
        let described = &walk.document["paths"][format!("/api/v1{}", self.path)][self.method.to_lowercase()];
        let items = described.pointer("/requestBody/content/application~1json/schema/items/anyOf/0")?;
        Some(walk.resolve(items))
    }

    /// Names of the query parameters.
    pub fn query(&self) -> Vec<String> {
        let parameters = self.described["parameters"].as_array().cloned().unwrap_or_default();
        let query = parameters.iter().filter(|p| p["in"] == "query");
        query.filter_map(|p| p["name"].as_str().map(str::to_owned)).collect()
    }

    /// Whether its body is a file: bytes with a name, see [`FILE`].
    pub fn takes_file(&self) -> bool {
        self.described.pointer("/requestBody/content/application~1octet-stream").is_some()
    }

    /// The names in braces.
    pub fn holes(&self) -> usize {
        self.path.matches('{').count()
    }

    /// A list gives pages, unless it is given whole.
    pub fn is_list(&self, walk: &Walk) -> bool {
        let Some(schema) = self.described.pointer("/responses/200/content/application~1json/schema") else {
            return false;
        };
        self.method == "GET" && walk.resolve(schema)["properties"]["next"].is_object()
    }

    /// Prefixes of the template that end in a hole: `/programs/{id}/members/{user}` gives two.
    pub fn prefixes(&self) -> Vec<&str> {
        self.path.match_indices('}').map(|(at, _)| &self.path[..=at]).collect()
    }
}
