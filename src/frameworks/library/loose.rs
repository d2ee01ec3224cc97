//! Texts of forms that are not ours: numbers where words are meant, empty words for none, languages that we don't hold.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use crate::kernel::lang::{Lang, Prose, Texts, Titles};
use crate::kernel::parse::{Faults, FromText, Refusal, from_text_value, plain_text};
use crate::kernel::text::{NodeCode, Passage};

/// Most code points of a title.
const TITLE: usize = 300;

/// A text that may be empty, or written as a number.
#[derive(Clone, Debug, Default)]
pub struct Loose(pub String);

impl FromText for Loose {
    fn from_text(text: &str) -> Result<Self, Refusal> {
        plain_text(text, 0, 10_000, &['\n', '\r', '\t']).map(Loose)
    }
}

impl Deserr<Faults> for Loose {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Null => Ok(Loose::default()),
            Value::Integer(number) => Ok(Loose(number.to_string())),
            Value::NegativeInteger(number) => Ok(Loose(number.to_string())),
            Value::Float(number) => Ok(Loose(number.to_string())),
            other => from_text_value(other, location),
        }
    }
}

impl Loose {
    /// The text, when there is one.
    pub fn some(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|text| !text.is_empty())
    }

    /// The text on one line.
    pub fn line(&self) -> Option<String> {
        self.some().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The text on one line, cut to the length of a code.
    pub fn code(&self) -> Option<NodeCode> {
        self.line().and_then(|text| text.chars().take(200).collect::<String>().parse().ok())
    }

    /// The text as a passage.
    pub fn passage(&self) -> Option<Passage> {
        self.some().and_then(|text| text.parse().ok())
    }
}

/// The words of one language for a node, a level or a group.
#[derive(Debug, Default, Deserr)]
#[deserr(error = Faults)]
pub struct Translation {
    /// The name.
    #[deserr(default)]
    pub name: Loose,
    /// The description.
    #[deserr(default)]
    pub description: Loose,
    /// The annotation.
    #[deserr(default)]
    pub annotation: Loose,
    /// What would prove it.
    #[deserr(default)]
    pub typical_evidence: Loose,
}

/// Translations by their locale.
pub type Translations = BTreeMap<String, Translation>;

/// The language of a locale such as `pt-BR`, when it is one of the seven.
pub fn language(locale: &str) -> Option<Lang> {
    locale.split(['-', '_']).next().and_then(|primary| primary.to_ascii_lowercase().parse().ok())
}

/// A text with its translations into our languages; `None` without a text in the base language.
fn gathered<const MAX: usize>(
    (lang, base): (Lang, Option<String>),
    translations: &Translations,
    pick: impl Fn(&Translation) -> Option<String>,
) -> Option<Texts<MAX>> {
    let first = Texts::one(lang, base?);
    let others = translations.iter().filter_map(|(locale, words)| Some((language(locale)?, pick(words)?)));
    Some(others.filter(|(other, _)| *other != lang).fold(first, |texts, (lang, text)| texts.and(lang, text)))
}

/// A title with its translations.
pub fn titles(
    lang: Lang,
    base: &Loose,
    translations: &Translations,
    pick: fn(&Translation) -> &Loose,
) -> Option<Titles> {
    let fitting = |text: &Loose| text.line().map(|line| line.chars().take(TITLE).collect::<String>());
    gathered((lang, fitting(base)), translations, |words| fitting(pick(words)))
}

/// Running text with its translations.
pub fn prose(
    lang: Lang,
    base: &Loose,
    translations: &Translations,
    pick: fn(&Translation) -> &Loose,
) -> Option<Prose> {
    let text = |loose: &Loose| loose.some().map(str::to_owned);
    gathered((lang, text(base)), translations, |words| text(pick(words)))
}

/// True when a title would lose words.
pub fn too_long(base: &Loose) -> bool {
    base.line().is_some_and(|line| line.chars().count() > TITLE)
}
