//! Throttle, do not lock: a guesser waits longer and longer, and the owner of the account gets in meanwhile.

use crate::kernel::error::Code;
use crate::kernel::id::UserId;
use crate::kernel::time::Timestamp;
use crate::kernel::{Error, Result};
use crate::platform::limit::{Limits, Rule};

/// One account from one device or source: 1, 3, 5, 10 s after each wrong try.
const PAIR: Rule = Rule { name: "login pair", free: 0, window: 900, waits: &[1, 3, 5, 10], stop: 0 };
/// One source over all accounts.
const SOURCE: Rule = Rule { name: "login source", free: 20, window: 60, waits: &[60], stop: 0 };
/// One account from devices that it does not know.
const STRANGERS: Rule =
    Rule { name: "login strangers", free: 10, window: 900, waits: &[60, 120, 240, 480, 900], stop: 100 };
/// Codes of one person's second factor.
const CODES: Rule = Rule { name: "second factor", free: 5, window: 300, waits: &[300], stop: 0 };
/// Letters for a forgotten password to one account.
const FORGOTTEN: Rule = Rule { name: "forgotten", free: 3, window: 3600, waits: &[3600], stop: 0 };
/// Letters for forgotten passwords and tries of links from one source.
const LETTERS: Rule = Rule { name: "letters", free: 20, window: 3600, waits: &[3600], stop: 0 };

/// Where a try comes from.
#[derive(Clone, Debug)]
pub(super) struct Try {
    /// The address that was typed, folded.
    pub(super) account: String,
    /// The device, when this account logged in on it before.
    pub(super) device: Option<[u8; 16]>,
    /// Network of the caller.
    pub(super) source: String,
}

impl Try {
    fn pair(&self) -> String {
        match self.device {
            Some(device) => format!("{} {device:?}", self.account),
            None => format!("{} {}", self.account, self.source),
        }
    }

    /// Counts the try; says how long to wait when it may not be made, and whether it was the one that halted others.
    pub(super) fn begin(&self, limits: &Limits, now: Timestamp) -> (Option<u32>, bool) {
        let pair = limits.wait(PAIR, &self.pair(), now);
        if self.device.is_some() {
            return (pair, false);
        }
        let strangers = limits.wait(STRANGERS, &self.account, now);
        let wait = pair.max(strangers).max(limits.wait(SOURCE, &self.source, now));
        if wait.is_some() {
            return (wait, false);
        }
        limits.count(SOURCE, &self.source, now);
        (None, limits.count(STRANGERS, &self.account, now))
    }

    /// The password was wrong.
    pub(super) fn failed(&self, limits: &Limits, now: Timestamp) {
        limits.count(PAIR, &self.pair(), now);
    }

    /// It was no guess: right, or the service could not look.
    pub(super) fn take_back(&self, limits: &Limits, right: bool) {
        if right {
            limits.clear(PAIR, &self.pair());
        }
        if self.device.is_none() {
            limits.refund(SOURCE, &self.source);
            match right {
                true => limits.clear(STRANGERS, &self.account),
                false => limits.refund(STRANGERS, &self.account),
            }
        }
    }
}

/// A new password was set by letter: nobody is held back any more.
pub(super) fn lift(limits: &Limits, account: &str) {
    limits.clear(STRANGERS, account);
}

/// Counts a code of a second factor.
///
/// # Errors
/// The answer for a wrong code, with the time to wait.
pub(super) fn code_tried(limits: &Limits, user: UserId, now: Timestamp) -> Result<()> {
    let of = user.to_string();
    if let Some(wait) = limits.wait(CODES, &of, now) {
        return Err(failed().retry_after(wait));
    }
    limits.count(CODES, &of, now);
    Ok(())
}

/// The code was right.
pub(super) fn code_right(limits: &Limits, user: UserId) {
    limits.clear(CODES, &user.to_string());
}

/// Counts a letter to a forgetful person; false when there were enough.
pub(super) fn may_write(limits: &Limits, account: &str, source: &str, now: Timestamp) -> bool {
    let wait = limits.wait(FORGOTTEN, account, now).or(limits.wait(LETTERS, source, now));
    if wait.is_none() {
        limits.count(FORGOTTEN, account, now);
        limits.count(LETTERS, source, now);
    }
    wait.is_none()
}

/// What everybody hears whose login failed, whatever the reason.
pub(super) fn failed() -> Error {
    Error::new(
        Code::LoginFailed,
        "Check all three; a forgotten password is replaced by POST /api/v1/auth/password/forgot.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_guesses_from_everywhere_keep_nobody_out_and_few_are_heard() {
        let (limits, mut now, mut heard) = (Limits::default(), Timestamp(0), 0);
        let owner = |now| {
            Try { account: "awa".into(), device: Some([7; 16]), source: "10.0.0.0/24".into() }
                .begin(&limits, now)
        };
        for n in 0..10_000 {
            let guess = Try { account: "awa".into(), device: None, source: format!("net {}", n % 500) };
            if guess.begin(&limits, now).0.is_none() {
                guess.failed(&limits, now);
                heard += 1;
            }
            assert_eq!(owner(now).0, None, "the owner's device waits for nobody, at guess {n}");
            now = now.plus_seconds(1);
        }
        assert!((10..=100).contains(&heard), "{heard} guesses were heard in {} s", now.seconds());
        let stranger = Try { account: "awa".into(), device: None, source: "new".into() };
        assert!(
            stranger.begin(&limits, now).0.is_some(),
            "the account is closed to devices that it does not know"
        );
        lift(&limits, "awa");
        assert_eq!(stranger.begin(&limits, now).0, None, "a letter opens it again");
    }
}
