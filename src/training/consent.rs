//! What people agree to who register themselves, in its seven languages and with its version.

use super::texts::{PLACE, TEXTS};
use crate::kernel::Result;
use crate::kernel::lang::{Lang, Prose};
use crate::platform::page::Words;

/// The version of the text. Who changes the text changes this too: it is recorded with each person.
pub(super) const VERSION: &str = "2026-1";

/// The text.
///
/// # Errors
/// 500 when a language lacks it; a test of the pages would have failed before.
pub(super) fn text() -> Result<Prose> {
    Lang::ALL.iter().try_fold(Prose::default(), |text, lang| {
        Ok(text.and(*lang, Words::of(TEXTS, *lang, PLACE)?.say("consent-text")?))
    })
}
