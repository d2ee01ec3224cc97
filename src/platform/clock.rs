//! Time, ids and chance: the only place where the house asks the machine for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Utc;
use uuid::{ContextV7, Uuid};

use crate::kernel::time::Timestamp;

/// Where instants and ids come from. Tests move it; ids then carry the moved time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Machine,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn machine() -> Self {
        Clock(Source::Machine)
    }

    /// A clock that stands still until it is [`set`](Clock::set).
    pub fn standing_at(now: Timestamp) -> Self {
        Clock(Source::Set(Arc::new(AtomicI64::new(now.0))))
    }

    /// Moves a standing clock; the machine's can't be moved.
    pub fn set(&self, now: Timestamp) {
        if let Source::Set(at) = &self.0 {
            at.store(now.0, Ordering::SeqCst);
        }
    }

    /// The instant now, in microseconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::Machine => Utc::now().into(),
            Source::Set(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// A new UUIDv7 at this instant; ids of one process grow.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn new_id(&self) -> Uuid {
        static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
        let now = self.now();
        let nanos = (now.0.rem_euclid(1_000_000) * 1000) as u32;
        let stamp = match CONTEXT.lock() {
            Ok(context) => uuid::Timestamp::from_unix(&*context, now.seconds().max(0) as u64, nanos),
            Err(_) => uuid::Timestamp::from_unix(uuid::NoContext, now.seconds().max(0) as u64, nanos),
        };
        Uuid::new_v7(stamp)
    }
}

/// Bytes of the operating system's random source; for tokens, keys and salts.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
pub fn random<const N: usize>() -> crate::kernel::Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| crate::kernel::Error::internal("no random bytes"))?;
    Ok(bytes)
}
