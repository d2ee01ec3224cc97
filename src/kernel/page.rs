//! Pages by key: page 4,000 costs what page 1 costs.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Rows on a page when the client does not say.
pub const DEFAULT_LIMIT: i64 = 50;
/// Most rows on a page.
pub const MAX_LIMIT: i64 = 200;
/// Totals are counted exactly up to here; beyond it the answer is this number plus one.
pub const COUNT_CAP: i64 = 100_000;

/// The place of a row in a sorted list: its sort value and, among equals, its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The sort value as text; empty when the list is in order of ids.
    pub key: String,
    /// The row.
    pub id: Uuid,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Rows wanted, 1..=200.
    pub limit: i64,
    /// The last row of the page before, if any.
    pub after: Option<Position>,
    /// Whether the total is wanted.
    pub count: bool,
}

impl PageRequest {
    /// The first page of the largest size.
    pub fn first() -> Self {
        PageRequest { limit: MAX_LIMIT, after: None, count: false }
    }

    /// Rows to fetch: one more than wanted tells whether there is a next page.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// The id after which this page starts, for lists in order of ids.
    pub fn after_id<T: From<Uuid>>(&self) -> Option<T> {
        self.after.as_ref().map(|position| T::from(position.id))
    }
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Position>,
    /// The total, when asked for.
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// Cuts fetched rows to the page; `position` tells a row's place.
    pub fn of(mut rows: Vec<T>, request: &PageRequest, position: impl Fn(&T) -> Position) -> Self {
        let more = rows.len() as i64 > request.limit;
        rows.truncate(request.limit as usize);
        let next = if more { rows.last().map(position) } else { None };
        Page { items: rows, next, total: None }
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next, total: self.total }
    }
}

/// A list that is given whole, without pages: it is short by its nature.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whole<T> {
    /// All of it.
    pub items: Vec<T>,
}

/// A page as it goes over the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Opaque cursor of the next page; null on the last.
    pub next: Option<String>,
    /// The total, only with `count=exact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}
