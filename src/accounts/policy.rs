//! Which passwords are good enough: long, hard to guess, not made of the person's own words (NIST SP 800-63B).

use unicode_normalization::UnicodeNormalization;

use super::secrets::Password;
use crate::kernel::{Error, Result};

/// Code points of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 15..=256;
/// Letters and digits that a password must have besides the person's words and ours.
const OWN: usize = 8;
/// Words of the house that a guesser tries first.
const OURS: &[&str] = &["cybercap", "capacity", "building", "program", "ministry", "csirt", "focal", "point"];
/// Long passwords that stand on every guesser's list; compared without case, spaces and punctuation.
const COMMON: &[&str] = &[
    "passwordpassword",
    "password123456789",
    "passwordpassword1",
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "correcthorsebatterystaple",
    "administratoradministrator",
    "changemechangeme",
    "letmeinletmeinletmein",
    "iloveyouiloveyou",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "tobeornottobethatisthequestion",
    "maytheforcebewithyou",
    "onceuponatimeinalandfarfaraway",
    "theanswertolifetheuniverseandeverything",
    "abcdefghijklmnopqrstuvwxyz",
];

/// Refuses a password that is too short, too long or too easy to guess, and says why. `context` holds words that a
/// guesser would try for this person: name, address, country.
///
/// # Errors
/// 422 at `pointer`.
pub(super) fn check(password: &Password, context: &[&str], pointer: &str) -> Result<()> {
    let normal: String = password.expose().nfkc().collect();
    let length = normal.chars().count();
    let refused = |code, detail: String| Err(Error::invalid(pointer, code, detail));
    if !LENGTH.contains(&length) {
        let code = if length < *LENGTH.start() { "too_short" } else { "too_long" };
        let words = format!("Use {} to {} characters; this has {length}.", LENGTH.start(), LENGTH.end());
        return refused(code, words);
    }
    let plain: String = normal.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if COMMON.contains(&plain.as_str()) {
        return refused("too_common", "Everybody's guess; take a few words that belong to nobody.".into());
    }
    let parts = context.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = parts.filter(|word| word.len() > 2).chain(OURS.iter().copied()).collect();
    let estimate = zxcvbn::zxcvbn(&normal, &words);
    if u8::from(estimate.score()) >= 3 && !made_of(plain, &words) {
        return Ok(());
    }
    let warning = estimate.feedback().and_then(|f| f.warning()).map(|w| format!("{w} ")).unwrap_or_default();
    let better = "Too easy to guess: take four or more words that have nothing to do with you or each other.";
    refused("too_easy", format!("{warning}{better}"))
}

/// Whether little is left of a password without the words that a guesser tries first.
fn made_of(mut plain: String, words: &[&str]) -> bool {
    for word in words {
        plain = plain.replace(&word.to_lowercase(), "");
    }
    plain.chars().count() < OWN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::parse::FromText;

    fn code(text: &str) -> &'static str {
        let password = Password::from_text(text).expect("not empty");
        match check(&password, &["Awa Diop", "awa.diop@ministry.example"], "/password") {
            Ok(()) => "good",
            Err(error) => error.fields[0].code,
        }
    }

    #[test]
    fn length_counts_code_points_and_easy_ones_are_named() {
        assert_eq!(code("lamp river 42 x"), "good");
        assert_eq!(code("lamp river 42 "), "too_short");
        assert_eq!(code(&"🦓🌊 kx".repeat(2)[..]), "too_short");
        assert_eq!(code(&"tin omb rax ".repeat(21)), "good");
        assert_eq!(code(&"x7".repeat(129)), "too_long");
        assert_eq!(code("Correct horse battery staple"), "too_common");
        assert_eq!(code("aaaaaaaaaaaaaaaaaaa"), "too_easy");
        assert_eq!(code("awadiopministry"), "too_easy");
        assert_eq!(code("cybercapcapacity"), "too_easy");
        assert_eq!(code("Awa: Diop? Example! 7"), "too_easy");
    }
}
