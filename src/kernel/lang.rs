//! The seven languages of the house, and texts that exist in several of them.

use std::cell::Cell;
use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use diesel::backend::Backend;
use diesel::deserialize::FromSql;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::parse::{Faults, Refusal, from_text_value, plain_text};
use crate::codes_enum;

codes_enum! {
    /// Languages of people and of letters (BCP 47 primary tags): the six of the UN and Portuguese.
    pub Lang { En "en", Fr "fr", Es "es", Ar "ar", Ru "ru", Zh "zh", Pt "pt" }
}

impl super::parse::TextLimits for Lang {
    const MIN: usize = 2;
    const MAX: usize = 2;
    const EXAMPLE: &'static str = "fr";
}

impl Lang {
    /// The best of ours for an `Accept-Language` header (RFC 9110 section 12.5.4); `None` when none is named.
    pub fn negotiate(header: &str) -> Option<Lang> {
        let mut wanted: Vec<(&str, u16)> = header.split(',').filter_map(weighted).collect();
        wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        wanted.iter().filter(|(_, weight)| *weight > 0).find_map(|(tag, _)| {
            let primary = tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
            primary.parse().ok()
        })
    }
}

fn weighted(range: &str) -> Option<(&str, u16)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim();
    let weight = match parts.next().and_then(|q| q.trim().strip_prefix("q=")) {
        Some(q) => (q.trim().parse::<f32>().ok()?.clamp(0.0, 1.0) * 1000.0) as u16,
        None => 1000,
    };
    (!tag.is_empty()).then_some((tag, weight))
}

/// How texts are read and written for the request at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// One language; a text shows its best match as a plain string.
    One(Lang),
    /// All languages; a text shows as an object.
    All,
}

impl Speech {
    /// Suffix of an entity tag: representations in two languages differ.
    pub fn tag(self) -> &'static str {
        match self {
            Speech::One(lang) => lang.as_str(),
            Speech::All => "all",
        }
    }

    /// The language of plain strings in a body.
    pub fn lang(self) -> Lang {
        match self {
            Speech::One(lang) => lang,
            Speech::All => Lang::En,
        }
    }
}

thread_local! { static SPEECH: Cell<Speech> = const { Cell::new(Speech::All) }; }

/// Runs `f` with texts read and written in this manner.
///
/// serde carries no context, so the manner travels beside it on the thread for the length of one call; it is
/// restored on return. This is the only ambient value of the house.
pub fn speaking<T>(speech: Speech, f: impl FnOnce() -> T) -> T {
    let before = SPEECH.replace(speech);
    let value = f();
    SPEECH.set(before);
    value
}

/// A text for people in one or more languages, each at most `MAX` code points.
#[derive(Clone, Debug, PartialEq, Eq, Default, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Texts<const MAX: usize>(BTreeMap<Lang, String>);

/// A name or a title: one line, at most 300 code points a language.
pub type Titles = Texts<300>;
/// Running text: at most 10,000 code points a language; line breaks allowed.
pub type Prose = Texts<10000>;

impl<const MAX: usize> Texts<MAX> {
    /// A text in one language. Used by seeds and tests of the house; clients' texts are parsed.
    pub fn one(lang: Lang, text: impl Into<String>) -> Self {
        Texts(BTreeMap::from([(lang, text.into())]))
    }

    /// Adds or replaces a language.
    #[must_use]
    pub fn and(mut self, lang: Lang, text: impl Into<String>) -> Self {
        self.0.insert(lang, text.into());
        self
    }

    /// The text in `lang`, else English, else whatever there is; empty when there is none.
    pub fn in_lang(&self, lang: Lang) -> &str {
        self.0
            .get(&lang)
            .or_else(|| self.0.get(&Lang::En))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Every language and its text.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        self.0.iter().map(|(lang, text)| (*lang, text.as_str()))
    }

    /// True when no language has a text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn from_map(map: BTreeMap<String, String>) -> Result<Self, Refusal> {
        let texts = map.into_iter().map(|(lang, text)| Ok((lang.parse::<Lang>()?, text)));
        texts.collect::<Result<_, Refusal>>().map(Texts)
    }

    fn checked(text: &str) -> Result<String, Refusal> {
        let breaks: &[char] = if MAX > 300 { &['\n', '\r', '\t'] } else { &[] };
        plain_text(text, 1, MAX, breaks)
    }
}

impl<const MAX: usize> Deserr<Faults> for Texts<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Map(map) if !map.is_empty() => {
                let mut texts = BTreeMap::new();
                let mut faults = Faults::default();
                for (key, value) in map.into_iter() {
                    let at = ValuePointerRef::Key { key: &key, prev: &location };
                    let lang = from_text_value::<Lang, V>(Value::String(key.clone()), at);
                    let text = from_text_value::<Piece<MAX>, V>(value.into_value(), at);
                    match (lang, text) {
                        (Ok(lang), Ok(text)) => drop(texts.insert(lang, text.0)),
                        (lang, text) => {
                            faults.0.extend(lang.err().into_iter().flat_map(|f| f.0));
                            faults.0.extend(text.err().into_iter().flat_map(|f| f.0));
                        }
                    }
                }
                if faults.0.is_empty() { Ok(Texts(texts)) } else { Err(faults) }
            }
            Value::Map(_) => from_text_value::<Piece<MAX>, V>(Value::String(String::new()), location)
                .map(|_| Texts::default()),
            other => {
                let text = from_text_value::<Piece<MAX>, V>(other, location)?;
                Ok(Texts(BTreeMap::from([(SPEECH.get().lang(), text.0)])))
            }
        }
    }
}

/// One language's text while it is parsed.
struct Piece<const MAX: usize>(String);

impl<const MAX: usize> super::parse::FromText for Piece<MAX> {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        Texts::<MAX>::checked(text).map(Piece)
    }
}

impl<const MAX: usize> Serialize for Texts<MAX> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match SPEECH.get() {
            Speech::One(lang) => out.serialize_str(self.in_lang(lang)),
            Speech::All => {
                let mut map = out.serialize_map(Some(self.0.len()))?;
                for (lang, text) in &self.0 {
                    map.serialize_entry(lang.as_str(), text)?;
                }
                map.end()
            }
        }
    }
}

/// The stored form, inside a larger stored document.
impl<'de, const MAX: usize> serde::Deserialize<'de> for Texts<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<String, String>::deserialize(from)?;
        Texts::from_map(map).map_err(|refusal| serde::de::Error::custom(refusal.detail))
    }
}

impl<const MAX: usize> utoipa::__dev::ComposeSchema for Texts<MAX> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
        let text =
            || ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX));
        let mut all = ObjectBuilder::new()
            .schema_type(Type::Object)
            .min_properties(Some(1))
            .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)));
        for lang in Lang::WORDS {
            all = all.property(*lang, text());
        }
        Schema::OneOf(OneOfBuilder::new().item(text()).item(all).build()).into()
    }
}

impl<const MAX: usize> utoipa::ToSchema for Texts<MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Texts{MAX}").into()
    }
}

impl<const MAX: usize> Texts<MAX> {
    /// The stored form: a JSON object, languages in order.
    pub fn stored(&self) -> String {
        speaking(Speech::All, || serde_json::to_string(self)).unwrap_or_default()
    }
}

impl<const MAX: usize, DB: Backend> FromSql<Text, DB> for Texts<MAX>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        let text = <String as FromSql<Text, DB>>::from_sql(value)?;
        Texts::from_map(serde_json::from_str(&text)?).map_err(|refusal| refusal.detail.into())
    }
}
