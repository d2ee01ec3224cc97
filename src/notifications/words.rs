//! The words of letters: Fluent texts by language, and days as people write them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, Timelike};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMDE;

use super::facts::Fact;
use crate::kernel::lang::Lang;
use crate::kernel::local::TimeOfDay;
use crate::kernel::time::{Day, Zone};

/// One row a language: its texts, and the locale of its dates. A language grows by a row and a file.
const LANGUAGES: &[(Lang, &str, &str)] = &[
    (Lang::En, include_str!("../../config/letters/en.ftl"), "en-GB"),
    (Lang::Fr, include_str!("../../config/letters/fr.ftl"), "fr"),
];

/// Most days that are told one by one.
const MANY_DAYS: usize = 6;

type Bundle = FluentBundle<FluentResource>;

/// Words in one language, English where it has none.
#[derive(Clone, Copy)]
pub struct Words {
    lang: Lang,
    zone: Zone,
}

fn bundles() -> &'static BTreeMap<Lang, Bundle> {
    static BUNDLES: OnceLock<BTreeMap<Lang, Bundle>> = OnceLock::new();
    BUNDLES.get_or_init(|| LANGUAGES.iter().map(|(lang, text, _)| (*lang, bundle(*lang, text))).collect())
}

fn bundle(lang: Lang, text: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(lang.as_str().parse().into_iter().collect());
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            tracing::error!(%lang, ?errors, "texts of letters");
            resource
        }
    };
    bundle.add_resource_overriding(resource);
    bundle
}

impl Words {
    /// Words for a recipient: the nearest language that has texts, days in the zone.
    pub fn of(lang: Lang, zone: Zone) -> Words {
        let known = LANGUAGES.iter().any(|(known, _, _)| *known == lang);
        Words { lang: if known { lang } else { Lang::En }, zone }
    }

    /// The language spoken.
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// A text with its values put in; `None` when no language has it.
    pub fn text(self, key: &str, values: &BTreeMap<&'static str, FluentValue<'static>>) -> Option<String> {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        [self.lang, Lang::En].iter().find_map(|lang| {
            let bundle = bundles().get(lang)?;
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::warn!(%lang, key, ?errors, "text of a letter");
            }
            Some(text)
        })
    }

    /// A short text without values; its own key when no language has it.
    pub fn word(self, key: &str) -> String {
        self.text(key, &BTreeMap::new()).unwrap_or_else(|| key.to_owned())
    }

    /// A day with its weekday: `vendredi 27 novembre 2026`.
    pub fn day(self, day: Day) -> String {
        let locale = LANGUAGES.iter().find(|(lang, _, _)| *lang == self.lang).map_or("en-GB", |row| row.2);
        let written = locale.parse::<icu_locale_core::Locale>().ok().and_then(|locale| {
            let formatter =
                FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(locale.into(), YMDE::long()).ok()?;
            let date = Date::try_new_gregorian(day.0.year(), day.0.month() as u8, day.0.day() as u8).ok()?;
            Some(formatter.format(&date).to_string())
        });
        let text = written.unwrap_or_else(|| day.to_string());
        match self.lang {
            // The first of a month is an ordinal in French; the day stays on the line of its month.
            Lang::Fr if day.0.day() == 1 => text.replacen(" 1 ", " 1er\u{a0}", 1),
            _ => text.replacen(&format!(" {} ", day.0.day()), &format!(" {}\u{a0}", day.0.day()), 1),
        }
    }

    /// Days with their hours, one below the other; of many the first and the last.
    fn hours(self, days: &[(Day, Option<(TimeOfDay, TimeOfDay)>)], zone: Option<Zone>) -> String {
        let line = |(day, hours): &(Day, Option<(TimeOfDay, TimeOfDay)>)| match (hours, zone) {
            (Some((from, to)), Some(zone)) => format!("{}, {from}–{to} ({zone})", self.day(*day)),
            _ => self.day(*day),
        };
        match days {
            [first, .., last] if days.len() > MANY_DAYS => format!("{}\n…\n{}", line(first), line(last)),
            few => few.iter().map(line).collect::<Vec<_>>().join("\n"),
        }
    }

    /// A fact in words.
    pub fn fact(self, fact: &Fact) -> String {
        match fact {
            Fact::Text(text) => text.clone(),
            Fact::Titles(titles) => titles.in_lang(self.lang).to_owned(),
            Fact::Day(day) => self.day(*day),
            Fact::Moment(at) => {
                let local = self.zone.clock(*at);
                let day = self.day(Day(local.date()));
                format!("{day}, {:02}:{:02} ({})", local.hour(), local.minute(), self.zone)
            }
            Fact::Number(number) => number.to_string(),
            Fact::Hours(days, zone) => self.hours(days, *zone),
            Fact::Word(list, word) => {
                let key = format!("word-{list}-{}", word.replace('_', "-"));
                self.text(&key, &BTreeMap::new()).unwrap_or_else(|| word.replace('_', " "))
            }
        }
    }

    /// The value under which a text refers to a fact: words stay words, so that texts can choose by them.
    pub fn value(self, fact: &Fact) -> FluentValue<'static> {
        match fact {
            Fact::Number(number) => FluentValue::from(*number),
            Fact::Word(_, word) => FluentValue::from(word.replace('_', "-")),
            other => FluentValue::from(self.fact(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::rules::RuleCode;
    use std::collections::BTreeSet;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .filter(|key| !key.is_empty() && !key.starts_with([' ', '#', '-', '.', '[']))
            .collect()
    }

    #[test]
    fn every_language_has_every_text_of_every_rule() {
        let english = keys(LANGUAGES[0].1);
        for (lang, text, _) in LANGUAGES {
            assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{lang} does not parse");
            let missing: Vec<_> = english.symmetric_difference(&keys(text)).copied().collect();
            assert!(missing.is_empty(), "{lang} and English differ in {missing:?}");
            for code in RuleCode::ALL {
                for part in ["subject", "text", "action"] {
                    let key = format!("{code}-{part}");
                    assert!(bundles()[lang].get_message(&key).is_some(), "{lang} lacks {key}");
                }
            }
        }
    }

    #[test]
    fn french_keeps_its_spaces_and_its_first_of_the_month() {
        let words = Words::of(Lang::Fr, Zone::UTC);
        let day = |text: &str| text.parse::<Day>().map(|day| words.day(day)).unwrap_or_default();
        assert_eq!(day("2026-12-01"), "mardi 1er\u{a0}décembre 2026");
        assert_eq!(day("2026-11-27"), "vendredi 27\u{a0}novembre 2026");
        for (number, line) in LANGUAGES[1].1.lines().enumerate() {
            let value = line.split_once(" = ").map_or(line, |(_, value)| value);
            for (at, mark) in value.char_indices().filter(|(_, c)| matches!(c, ':' | ';' | '!' | '?' | '»'))
            {
                let before = value[..at].chars().next_back();
                let fine = matches!(before, Some('\u{a0}' | '\u{202f}')) || before.is_none();
                assert!(fine, "line {}: a space that breaks before {mark}: {value}", number + 1);
            }
            assert!(!value.contains("« "), "line {}: {value}", number + 1);
            assert!(!value.contains('\''), "line {}: use the apostrophe ’: {value}", number + 1);
        }
    }

    #[test]
    fn english_days_are_written_in_full() {
        let words = Words::of(Lang::Ar, Zone::UTC);
        assert_eq!(
            words.day(Day(chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap_or_default())),
            "Friday, 27\u{a0}November 2026"
        );
    }
}
