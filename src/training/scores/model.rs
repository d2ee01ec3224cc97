//! Points of a person in a test, as stored, stated and shown, and the gain between two tests.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::attendance::{PersonNoted, Source};
use crate::codes_enum;
use crate::kernel::id::{RegistrationId, ScoreId, TrainingSessionId, UserId};
use crate::kernel::money::{Percent, Points};
use crate::kernel::parse::Faults;
use crate::kernel::text::Label;
use crate::kernel::time::Timestamp;
use crate::platform::schema::scores;

codes_enum! {
    /// Which of the two tests.
    pub Test {
        /// Before the session.
        Pre "pre",
        /// After it; this one counts for the pass mark.
        Post "post",
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = scores)]
pub struct Score {
    /// The score's id.
    pub id: ScoreId,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of whom.
    pub registration_id: RegistrationId,
    /// In which test.
    pub test: Test,
    /// Points reached.
    pub points: Points,
    /// Points that could be reached.
    pub max_points: Points,
    /// How it was noted.
    pub source: Source,
    /// The name that an offline list gave the entry.
    pub client_id: Option<Label>,
    /// When it was noted, on the device that noted it.
    pub noted_at: Timestamp,
    /// By whom.
    pub noted_by: UserId,
    /// Version, as in the ETag.
    pub version: i32,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A score as the trainer states it; a later one for the same person and test takes the place of the earlier.
#[derive(Clone, Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ScoreDraft {
    /// Of whom: a registration of the session that has a seat.
    pub registration_id: RegistrationId,
    /// In which test.
    pub test: Test,
    /// Points reached, at most two decimals.
    pub points: Points,
    /// Points that could be reached; more than zero. The two tests may differ in it.
    pub max: Points,
    /// A name for the entry, unique in the session: sent twice, it counts once.
    #[deserr(default)]
    pub client_id: Option<Label>,
    /// When it was noted; now when not said. Of two for one test the later counts, whichever comes in first.
    #[deserr(default)]
    pub noted_at: Option<Timestamp>,
}

/// A score as a caller sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScoreRecord {
    /// The score's id.
    pub id: ScoreId,
    /// Of which session.
    pub session_id: TrainingSessionId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// Of whom.
    pub person: PersonNoted,
    /// In which test.
    pub test: Test,
    /// Points reached.
    pub points: Points,
    /// Points that could be reached.
    pub max: Points,
    /// The part reached, in percent, rounded down to two decimals.
    pub share: Percent,
    /// How it was noted.
    pub source: Source,
    /// The name that an offline list gave the entry.
    pub client_id: Option<Label>,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i32,
}

/// Which scores.
#[derive(Clone, Debug, Default, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScoreFilter {
    /// Of this test.
    #[deserr(default)]
    #[param(inline)]
    pub test: Option<Test>,
    /// Of this registration.
    #[deserr(default)]
    pub registration: Option<RegistrationId>,
}

/// What somebody reached in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Points reached.
    pub points: Points,
    /// Points that could be reached.
    pub max: Points,
}

impl Mark {
    /// The part reached, rounded down: a mark is never reached by rounding.
    pub fn share(self) -> Percent {
        let part = i64::from(self.points.0) * i64::from(Percent::WHOLE) / i64::from(self.max.0.max(1));
        Percent(i32::try_from(part).unwrap_or(Percent::WHOLE))
    }
}

/// What was learned between two tests, of what could still be learned: (post - pre) / (1 - pre), each as a part of its own
/// maximum. With the same maximum in both tests that is (post - pre) / (max - pre). In ten-thousandths; below zero where
/// somebody reached less than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gain(pub i64);

impl Gain {
    /// The gain between two tests; none where the first was reached in full, and nothing could be gained.
    pub fn between(pre: Mark, post: Mark) -> Option<Gain> {
        let wide = |points: Points| i128::from(points.0);
        let whole = wide(post.max) * (wide(pre.max) - wide(pre.points));
        let risen = wide(post.points) * wide(pre.max) - wide(pre.points) * wide(post.max);
        (whole > 0).then(|| Gain(i64::try_from(rounded(risen * 10_000, whole)).unwrap_or(i64::MIN)))
    }

    /// Over the wire.
    pub fn number(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

/// The nearest whole number, halves away from zero.
fn rounded(part: i128, whole: i128) -> i128 {
    (2 * part.abs() + whole) / (2 * whole) * part.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(points: i32, max: i32) -> Mark {
        Mark { points: Points(points * 100), max: Points(max * 100) }
    }

    fn gain(pre: (i32, i32), post: (i32, i32)) -> Option<f64> {
        Gain::between(mark(pre.0, pre.1), mark(post.0, post.1)).map(Gain::number)
    }

    #[test]
    fn the_gain_is_the_part_learned_of_what_could_be_learned() {
        assert_eq!(gain((10, 20), (15, 20)), Some(0.5));
        assert_eq!(gain((0, 30), (10, 30)), Some(0.3333));
        assert_eq!(gain((10, 20), (20, 20)), Some(1.0));
        assert_eq!(gain((10, 20), (10, 20)), Some(0.0));
    }

    #[test]
    fn it_may_be_negative_and_is_undefined_after_a_full_first_test() {
        assert_eq!(gain((10, 20), (5, 20)), Some(-0.5));
        assert_eq!(gain((15, 20), (0, 20)), Some(-3.0));
        assert_eq!(gain((20, 20), (20, 20)), None);
        assert_eq!(gain((20, 20), (10, 20)), None);
    }

    #[test]
    fn two_tests_with_other_points_compare_by_their_parts() {
        assert_eq!(gain((5, 10), (30, 40)), Some(0.5));
        assert_eq!(mark(2, 3).share(), Percent(6_666));
    }
}
