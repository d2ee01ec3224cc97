//! The text of a library file as one tree of values that remembers on which line each stands.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::{Budget, Options, Spanned, alias_limits, budget, options};

use crate::kernel::error::{Code, FieldError};
use crate::kernel::{Error, Result};
use crate::platform::http::extract::json;

/// Deepest nesting of a file.
const DEPTH: usize = 48;
/// Most values of a file; of the published libraries the largest has a fifth of it.
const VALUES: usize = 500_000;
/// Most values that aliases may repeat: a file of a few lines could else stand for gigabytes.
const REPEATED: usize = 50_000;
/// Keys by which a node of one of the forms names itself.
const NAMES: [&str; 4] = ["code", "ref_id", "id", "urn"];

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2.
    Yaml,
    /// JSON (RFC 8259).
    Json,
}

impl Syntax {
    /// The media types that are taken, for the refusal of others.
    pub const MEDIA_TYPES: &'static str = "application/yaml · application/json";

    /// The syntax of a `Content-Type`; `None` when it is neither (RFC 9512).
    pub fn named(content_type: &str) -> Option<Syntax> {
        match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/yaml" | "application/x-yaml" | "text/yaml" | "text/x-yaml" => Some(Syntax::Yaml),
            "application/json" | "application/oscal+json" => Some(Syntax::Json),
            _ => None,
        }
    }
}

/// A file as values.
#[derive(Debug)]
pub struct Tree {
    /// The values.
    pub value: Value,
    /// Where they stand; unknown for JSON that no YAML reader takes.
    lines: Option<Lines>,
}

/// Where a value stands, and those within it.
#[derive(Debug)]
struct Lines {
    line: u64,
    within: Within,
}

#[derive(Debug)]
enum Within {
    Nothing,
    List(Vec<Lines>),
    Map(Vec<(String, Lines)>),
}

impl Tree {
    /// Reads a file.
    ///
    /// # Errors
    /// 400 that says where the syntax breaks, or which limit it breaks.
    pub fn read(bytes: &[u8], syntax: Syntax) -> Result<Tree> {
        match syntax {
            Syntax::Yaml => yaml(bytes).map(|node| Tree { value: node.value, lines: Some(node.lines) }),
            // JSON is YAML too, but for its own reader's errors and its rule on keys that stand twice.
            Syntax::Json => {
                let value = json(bytes)?;
                if count(&value) > VALUES {
                    return Err(Error::new(Code::MalformedJson, format!("Use at most {VALUES} values.")));
                }
                Ok(Tree { value, lines: yaml(bytes).ok().map(|node| node.lines) })
            }
        }
    }

    /// The line of a place, or of what encloses it when the place itself is missing; from 1.
    pub fn line(&self, pointer: &str) -> Option<u64> {
        let mut at = self.lines.as_ref()?;
        for step in steps(pointer) {
            let next = match &at.within {
                Within::Nothing => None,
                Within::List(list) => step.parse::<usize>().ok().and_then(|index| list.get(index)),
                Within::Map(map) => map.iter().find(|(key, _)| *key == step).map(|(_, lines)| lines),
            };
            match next {
                Some(lines) => at = lines,
                None => break,
            }
        }
        Some(at.line)
    }

    /// What the innermost node around a place calls itself.
    pub fn node(&self, pointer: &str) -> Option<&str> {
        let mut at = &self.value;
        let mut found = None;
        for step in std::iter::once(None).chain(steps(pointer).map(Some)) {
            let next = match (&step, at) {
                (None, _) => Some(at),
                (Some(step), Value::Array(list)) => {
                    step.parse::<usize>().ok().and_then(|index| list.get(index))
                }
                (Some(step), Value::Object(map)) => map.get(step),
                _ => None,
            };
            let Some(next) = next else { break };
            at = next;
            found = NAMES.iter().find_map(|name| at.get(name)?.as_str()).or(found);
        }
        found
    }

    /// A fault with its line and node in front.
    pub fn located(&self, mut fault: FieldError) -> FieldError {
        let place = match (self.line(&fault.pointer), self.node(&fault.pointer)) {
            (Some(line), Some(node)) => format!("Line {line}, {node}: "),
            (Some(line), None) => format!("Line {line}: "),
            (None, Some(node)) => format!("{node}: "),
            (None, None) => return fault,
        };
        fault.detail.insert_str(0, &place);
        fault
    }

    /// A refusal with lines and nodes; at most a hundred faults, for one mistake often repeats itself.
    pub fn explained(&self, mut error: Error) -> Error {
        error.fields.truncate(100);
        error.fields = error.fields.drain(..).map(|fault| self.located(fault)).collect();
        error
    }
}

/// All values in a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(count).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// The steps of an RFC 6901 pointer.
fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

fn limits() -> Options {
    let most: Option<Budget> = budget! {
        max_depth: DEPTH,
        max_nodes: VALUES,
        max_events: 2 * VALUES + DEPTH,
        max_documents: 1,
        max_aliases: 10_000,
        max_anchors: 10_000,
        max_merge_keys: 0,
    };
    options! {
        budget: most,
        alias_limits: alias_limits! { max_total_replayed_events: REPEATED },
        with_snippet: false,
    }
}

fn yaml(bytes: &[u8]) -> Result<Node> {
    serde_saphyr::from_slice_with_options(bytes, limits()).map_err(|error| {
        let place = error.location().map(|at| format!("At line {}, column {}: ", at.line(), at.column()));
        let words = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        Error::new(Code::MalformedYaml, format!("{}{words}", place.unwrap_or_default()))
    })
}

/// A value while it is read.
struct Node {
    value: Value,
    lines: Lines,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let Spanned { value: Grown(value, within), referenced, .. } = Spanned::<Grown>::deserialize(from)?;
        Ok(Node { value, lines: Lines { line: referenced.line(), within } })
    }
}

struct Grown(Value, Within);

impl<'de> Deserialize<'de> for Grown {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(Growing)
    }
}

struct Growing;

fn leaf<E>(value: impl Into<Value>) -> std::result::Result<Grown, E> {
    Ok(Grown(value.into(), Within::Nothing))
}

impl<'de> Visitor<'de> for Growing {
    type Value = Grown;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> std::result::Result<Grown, E> {
        leaf(Value::Null)
    }
    fn visit_none<E>(self) -> std::result::Result<Grown, E> {
        leaf(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> std::result::Result<Grown, D::Error> {
        Grown::deserialize(from)
    }
    fn visit_bool<E>(self, v: bool) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_i64<E>(self, v: i64) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_u64<E>(self, v: u64) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_f64<E>(self, v: f64) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_str<E>(self, v: &str) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_string<E>(self, v: String) -> std::result::Result<Grown, E> {
        leaf(v)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Grown, A::Error> {
        let (mut list, mut lines) = (Vec::new(), Vec::new());
        while let Some(node) = seq.next_element::<Node>()? {
            list.push(node.value);
            lines.push(node.lines);
        }
        Ok(Grown(Value::Array(list), Within::List(lines)))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<Grown, A::Error> {
        let (mut map, mut lines) = (Map::new(), Vec::new());
        while let Some((key, node)) = entries.next_entry::<String, Node>()? {
            map.insert(key.clone(), node.value);
            lines.push((key, node.lines));
        }
        Ok(Grown(Value::Object(map), Within::Map(lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tree {
        Tree::read(text.as_bytes(), Syntax::Yaml).expect("a tree")
    }

    #[test]
    fn every_value_knows_its_line_and_its_node() {
        let tree = read("code: A\nnodes:\n  - code: A.1\n    name: {en: One}\n  - code: A.2\n    stage: 2\n");
        assert_eq!(tree.value["nodes"][0]["name"]["en"], "One");
        let place = |pointer: &str| (tree.line(pointer), tree.node(pointer));
        assert_eq!(place("/nodes/1/stage"), (Some(6), Some("A.2")));
        assert_eq!(place("/nodes/0/name/en"), (Some(4), Some("A.1")));
        assert_eq!(place("/nodes/1/missing").1, Some("A.2"));
        assert_eq!(place("/edition"), (Some(1), Some("A")));
    }

    #[test]
    fn json_is_read_with_its_lines_too() {
        let text = "{\n\t\"catalog\": {\n\t\t\"id\": \"x\\ud83d\\ude00\",\n\t\t\"n\": 1.50\n\t}\n}";
        let tree = Tree::read(text.as_bytes(), Syntax::Json).expect("a tree");
        assert_eq!(tree.value["catalog"]["id"], "x😀");
        assert_eq!(tree.node("/catalog/n"), Some("x😀"));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused_before_it_goes_off() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..=9 {
            let repeated = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{repeated}]\n"));
        }
        let refused = Tree::read(bomb.as_bytes(), Syntax::Yaml).expect_err("refused");
        assert_eq!(refused.code, Code::MalformedYaml, "{refused}");
    }

    #[test]
    fn what_nests_too_deep_stands_twice_or_is_no_yaml_is_refused_with_its_place() {
        for (text, words) in [
            ("[".repeat(200) + &"]".repeat(200), ""),
            ("a: 1\nb: 2\na: 3\n".to_owned(), "line 3"),
            ("a: [1, 2\nb: 3\n".to_owned(), "line "),
            ("a: *nowhere\n".to_owned(), "line 1"),
            ("a: 1\n---\nb: 2\n".to_owned(), ""),
        ] {
            let refused = Tree::read(text.as_bytes(), Syntax::Yaml).expect_err(&text);
            assert_eq!(refused.code, Code::MalformedYaml, "{refused}");
            assert!(refused.detail.to_lowercase().contains(words), "{text}: {}", refused.detail);
        }
    }
}
