//! A list described by its columns: how a record becomes cells, and how cells become a draft.

use serde_json::{Map, Value};

use crate::kernel::lang::{Lang, Speech};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, a date, an id, a code.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A text in several languages: one column in the reader's language, or seven with `lang=all` (`title.en` ...).
    Texts,
    /// A list of texts, separated by `;`.
    List,
    /// A list of objects of two fields, `first:second`, separated by `;`, for example `KE:50;RW:50`.
    Pairs(&'static str, &'static str),
    /// A list of objects of three fields with a sign between them each, separated by `;`, for example `KE:12:3` or
    /// `2027-03-02 09:00-17:00`.
    Triples([&'static str; 3], [char; 2]),
    /// As pairs, where the second is a name, or the id of what is registered: `4:Ministry of ICT;1:019cb2ec-...`.
    Named(&'static str, &'static str, &'static str),
}

/// One column: its name is the path of the field in the record (`budget.amount`).
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in the first row of a file.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Only the service writes it: left out of account when a file comes in.
    pub kept: bool,
    /// Objects of JSON may hold it too, as the list shows it; it is left out of account there as well.
    pub shown: bool,
    /// A file without it can't be imported.
    pub needed: bool,
    /// Only a short way to say on the way in what other columns say: files that leave the house are without it.
    pub inward: bool,
}

impl Column {
    /// A column that clients fill.
    pub const fn new(name: &'static str, kind: Kind) -> Column {
        Column { name, kind, kept: false, shown: false, needed: false, inward: false }
    }

    /// A column of texts, dates, ids or codes.
    pub const fn text(name: &'static str) -> Column {
        Column::new(name, Kind::Text)
    }

    /// Every file must have it.
    #[must_use]
    pub const fn needed(mut self) -> Column {
        self.needed = true;
        self
    }

    /// Only the service writes it.
    #[must_use]
    pub const fn kept(mut self) -> Column {
        self.kept = true;
        self
    }

    /// Only the service writes it, in sheets and in objects of JSON.
    #[must_use]
    pub const fn shown(mut self) -> Column {
        (self.kept, self.shown) = (true, true);
        self
    }

    /// Only on the way in.
    #[must_use]
    pub const fn inward(mut self) -> Column {
        self.inward = true;
        self
    }

    /// The names over its cells.
    pub(super) fn names(&self, speech: Speech) -> Vec<String> {
        match (self.kind, speech) {
            (Kind::Texts, Speech::All) => {
                Lang::ALL.iter().map(|lang| format!("{}.{lang}", self.name)).collect()
            }
            _ => vec![self.name.to_owned()],
        }
    }
}

/// A list as a file.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// First part of the file's name: lower-case letters, digits and hyphens.
    pub stem: &'static str,
    /// Tables of the database that grow with an import of it.
    pub grows: &'static [&'static str],
    /// The columns, in their order.
    pub columns: &'static [Column],
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Blank,
    /// A text.
    Text(String),
    /// A number.
    Number(serde_json::Number),
}

impl Table {
    /// The first row.
    pub(super) fn header(&self, speech: Speech) -> Vec<String> {
        self.outward().flat_map(|column| column.names(speech)).collect()
    }

    /// The columns of files that leave the house.
    fn outward(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|column| !column.inward)
    }

    /// The cells of a record.
    pub(super) fn cells(&self, record: &Value, speech: Speech) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in self.outward() {
            let value = column.name.split('.').try_fold(record, |at, step| at.get(step));
            match (column.kind, speech) {
                (Kind::Texts, Speech::All) => {
                    let texts = Lang::ALL.iter().map(|lang| value.and_then(|v| v.get(lang.as_str())));
                    cells.extend(texts.map(|text| cell(text, column.kind)));
                }
                _ => cells.push(cell(value, column.kind)),
            }
        }
        cells
    }
}

fn cell(value: Option<&Value>, kind: Kind) -> Cell {
    match value {
        None | Some(Value::Null) => Cell::Blank,
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Number(number)) => Cell::Number(number.clone()),
        Some(Value::Bool(flag)) => Cell::Text(flag.to_string()),
        Some(Value::Array(list)) => {
            let parts: Vec<String> = list.iter().map(|item| part(item, kind)).collect();
            if parts.is_empty() { Cell::Blank } else { Cell::Text(parts.join(";")) }
        }
        Some(object) => Cell::Text(object.to_string()),
    }
}

fn part(item: &Value, kind: Kind) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match (kind, item) {
        (Kind::Pairs(first, second), Value::Object(fields)) => {
            let field = |name: &str| fields.get(name).map(plain).unwrap_or_default();
            let (a, b) = (field(first), field(second));
            if b.is_empty() { a } else { format!("{a}:{b}") }
        }
        (Kind::Triples([first, second, third], [before, between]), Value::Object(fields)) => {
            let field = |name: &str| fields.get(name).map(plain).unwrap_or_default();
            match (field(first), field(second), field(third)) {
                (a, b, c) if b.is_empty() && c.is_empty() => a,
                (a, b, c) if c.is_empty() => format!("{a}{before}{b}"),
                (a, b, c) => format!("{a}{before}{b}{between}{c}"),
            }
        }
        (Kind::Named(first, name, id), Value::Object(fields)) => {
            let second = if fields.get(name).is_some_and(|name| !name.is_null()) { name } else { id };
            part(item, Kind::Pairs(first, second))
        }
        _ => plain(item),
    }
}

/// A column of a file that came in: which of ours, and for texts in which language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub column: &'static Column,
    pub lang: Option<Lang>,
}

impl Table {
    /// The column that a name in a first row means.
    pub(super) fn place(&self, name: &str) -> Option<Place> {
        if let Some(column) = self.columns.iter().find(|column| column.name == name) {
            return Some(Place { column, lang: None });
        }
        let (stem, tag) = name.rsplit_once('.')?;
        let lang = tag.parse().ok()?;
        let column = self.columns.iter().find(|c| c.name == stem && c.kind == Kind::Texts)?;
        Some(Place { column, lang: Some(lang) })
    }
}

/// Puts the text of a cell into the draft; a blank cell leaves the field out.
pub(super) fn put(draft: &mut Map<String, Value>, place: Place, text: &str) {
    let text = text.trim();
    if text.is_empty() || place.column.kept {
        return;
    }
    let mut steps: Vec<&str> = place.column.name.split('.').collect();
    if let Some(lang) = place.lang {
        steps.push(lang.as_str());
    }
    let Some(last) = steps.pop() else { return };
    let mut at = draft;
    for step in steps {
        let next = at.entry(step).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(inner) = next else { return };
        at = inner;
    }
    at.insert(last.to_owned(), typed(place.column.kind, text));
}

fn typed(kind: Kind, text: &str) -> Value {
    let parts = || text.split(';').map(str::trim).filter(|part| !part.is_empty());
    match kind {
        Kind::Text | Kind::Texts => text.into(),
        Kind::Number => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(number) => Value::Number(number),
            Err(_) => text.into(),
        },
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => text.into(),
        },
        Kind::List => parts().map(Value::from).collect(),
        Kind::Pairs(first, second) => parts().map(|part| pair(part, first, |_| second)).collect(),
        Kind::Triples(names, signs) => parts().map(|part| triple(part, names, signs)).collect(),
        Kind::Named(first, name, id) => {
            let second = |text: &str| if uuid::Uuid::try_parse(text).is_ok() { id } else { name };
            parts().map(|part| pair(part, first, second)).collect()
        }
    }
}

/// An object of `first:second`; what the second is called may depend on it.
fn pair(text: &str, first: &str, second: impl Fn(&str) -> &'static str) -> Value {
    let (a, b) = text.split_once(':').unwrap_or((text, ""));
    let (a, b) = (a.trim(), b.trim());
    let mut fields = Map::from_iter([(first.to_owned(), a.into())]);
    if !b.is_empty() {
        fields.insert(second(b).to_owned(), b.into());
    }
    Value::Object(fields)
}

/// An object of up to three fields; the second and the third may be numbers.
fn triple(text: &str, names: [&str; 3], [before, between]: [char; 2]) -> Value {
    let (a, rest) = text.split_once(before).unwrap_or((text, ""));
    let (b, c) = rest.split_once(between).unwrap_or((rest, ""));
    let parts = [a.trim().into(), typed(Kind::Number, b.trim()), typed(Kind::Number, c.trim())];
    let said = names.into_iter().zip(parts).filter(|(_, part)| *part != "");
    Value::Object(said.map(|(name, part)| (name.to_owned(), part)).collect())
}

/// The table of the tests of this module.
#[cfg(test)]
pub(super) const SAMPLE: Table = Table {
    stem: "programs",
    grows: &[],
    columns: &[
        Column::text("id").kept(),
        Column::new("title", Kind::Texts).needed(),
        Column::new("weight", Kind::Number),
        Column::new("tags", Kind::List),
        Column::new("countries", Kind::Pairs("country", "percentage")),
        Column::text("budget.amount"),
    ],
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_becomes_cells_and_the_cells_become_its_draft() {
        let record = json!({
            "id": "x", "title": { "en": "Drill", "fr": "Exercice" }, "weight": 5, "tags": ["a", "b"],
            "countries": [{ "country": "KE", "percentage": "50" }, { "country": "RW", "percentage": null }],
            "budget": { "amount": "10.00" },
        });
        let names = SAMPLE.header(Speech::All);
        let cells = SAMPLE.cells(&record, Speech::All);
        assert_eq!(names.len(), cells.len());

        let mut draft = Map::new();
        for (name, cell) in names.iter().zip(&cells) {
            let place = SAMPLE.place(name).expect("our own column");
            let text = match cell {
                Cell::Blank => String::new(),
                Cell::Text(text) => text.clone(),
                Cell::Number(number) => number.to_string(),
            };
            put(&mut draft, place, &text);
        }

        assert_eq!(
            Value::Object(draft),
            json!({
                "title": { "en": "Drill", "fr": "Exercice" }, "weight": 5, "tags": ["a", "b"],
                "countries": [{ "country": "KE", "percentage": "50" }, { "country": "RW" }],
                "budget": { "amount": "10.00" },
            })
        );
    }
}
