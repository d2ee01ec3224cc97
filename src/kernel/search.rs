//! Folding for `q=`: any part of a text, without regard to case or accents, indexed alike on both databases.
//!
//! Trigram indexes differ in what they call a letter (PostgreSQL asks the locale, SQLite needs three code points), so a
//! text is folded into ASCII first: letters without case and accents stay, each other code point becomes five capital
//! letters that can't be mistaken for the middle of another, and each word starts with a mark. A query of one or two
//! letters is then still three letters long for the index and finds words that start with it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Opens a word in the folded form.
const MARK: &str = "ZZ";
/// Shortest folded query that an index of trigrams can serve inside words.
const INSIDE: usize = 3;

/// The searchable form of a text.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut in_word = false;
    for c in letters(text) {
        if c == ' ' {
            in_word = false;
            out.push(' ');
        } else {
            if !in_word {
                out.push_str(MARK);
            }
            in_word = true;
            push_letter(&mut out, c);
        }
    }
    out
}

/// The searchable form of a query: a substring of [`fold`] of every text that matches. Empty when nothing is asked.
pub fn fold_query(query: &str) -> String {
    let folded = fold(query.trim());
    match folded.strip_prefix(MARK) {
        Some(inside) if inside.len() >= INSIDE => inside.to_owned(),
        _ => folded,
    }
}

/// Lower case, compatibility-decomposed, without combining marks; runs of anything but letters and digits are one space.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let mut gap = true;
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(unified);
    let mut out = Vec::with_capacity(text.len());
    for c in plain {
        match c.is_alphanumeric() {
            true => out.push(c),
            false if !gap => out.push(' '),
            false => {}
        }
        gap = !c.is_alphanumeric();
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out.into_iter()
}

/// Letters that readers hold to be one although Unicode does not decompose them.
fn unified(c: char) -> char {
    match c {
        'ø' => 'o',
        'đ' => 'd',
        'ł' => 'l',
        'ı' => 'i',
        'ى' => 'ي',
        'ة' => 'ه',
        'ё' => 'е',
        'ß' => 's',
        other => other,
    }
}

/// ASCII as it is; anything else as one of `P..Y` and four of `A..O`, so that no letter starts inside another.
fn push_letter(out: &mut String, c: char) {
    if c.is_ascii() {
        out.push(c);
        return;
    }
    let code = u32::from(c);
    let lead = (code / 50_625).min(9) as u8;
    out.push(char::from(b'P' + lead));
    for power in [3375, 225, 15, 1] {
        out.push(char::from(b'A' + ((code / power) % 15) as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, query: &str) -> bool {
        fold(text).contains(&fold_query(query))
    }

    #[test]
    fn any_part_is_found_without_case_and_accents_in_seven_languages() {
        assert!(finds("Sécurité numérique du Sénégal", "SENEG"));
        assert!(finds("Formación en ciberseguridad", "acion en ciber"));
        assert!(finds("Capacitação em resposta a incidentes", "citacao"));
        assert!(finds("بناء القدرات السيبرانية", "سيبران"));
        assert!(finds("Укрепление кибербезопасности", "КИБЕР"));
        assert!(finds("网络安全能力建设", "安全"));
        assert!(finds("网络安全能力建设", "设"));
        assert!(!finds("网络安全", "全安"));
        assert!(!finds("Cyber drill", "drills"));
    }

    #[test]
    fn one_or_two_letters_find_words_that_start_so() {
        assert!(finds("National AI strategy", "ai"));
        assert!(finds("5G security", "5G"));
        assert!(!finds("Training of trainers", "ai"));
    }

    #[test]
    fn punctuation_of_the_query_does_not_matter() {
        assert!(finds("CSIRT: set-up (phase II)", "set up phase"));
        assert!(finds("CSIRT: set-up (phase II)", "csirt set-up"));
        assert_eq!(fold_query("  ...  "), "");
    }
}
