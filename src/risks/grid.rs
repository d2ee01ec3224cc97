//! From likelihood and impact to a level of risk (domain rule D; ISO/IEC 27005 annex A).

use deserr::Deserr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::codes::{Criterion, RatingKind};
use crate::counted;
use crate::kernel::error::FieldError;
use crate::kernel::parse::Faults;

/// The level of what is not rated.
pub const NOT_RATED: i32 = -1;

counted! {
    /// A place on a side of a matrix, from 0; a matrix has at most 10.
    Place 0 9;
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_i32(self.0)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        i32::deserialize(from).map(Place)
    }
}

/// The impact on each thing that may be harmed, as a place among the matrix's levels of impact; null where it is not harmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Impacts {
    /// On secrets.
    #[deserr(default)]
    pub confidentiality: Option<Place>,
    /// On the truth of what is kept.
    #[deserr(default)]
    pub integrity: Option<Place>,
    /// On use when it is needed.
    #[deserr(default)]
    pub availability: Option<Place>,
    /// On people and their rights.
    #[deserr(default)]
    pub people_and_rights: Option<Place>,
    /// On services of the state.
    #[deserr(default)]
    pub public_services: Option<Place>,
    /// On the economy.
    #[deserr(default)]
    pub economy: Option<Place>,
    /// On the environment.
    #[deserr(default)]
    pub environment: Option<Place>,
}

impl Impacts {
    /// Each criterion with its impact, in the order of the list.
    pub fn each(&self) -> [(Criterion, Option<Place>); 7] {
        [
            (Criterion::Confidentiality, self.confidentiality),
            (Criterion::Integrity, self.integrity),
            (Criterion::Availability, self.availability),
            (Criterion::PeopleAndRights, self.people_and_rights),
            (Criterion::PublicServices, self.public_services),
            (Criterion::Economy, self.economy),
            (Criterion::Environment, self.environment),
        ]
    }

    /// The worst of them: impact = max over the criteria.
    pub fn worst(&self) -> Option<i32> {
        self.each().iter().filter_map(|(_, place)| place.map(|place| place.0)).max()
    }
}

/// A cell of a matrix with its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated {
    /// Place among the levels of likelihood, from 0.
    pub likelihood: i32,
    /// Place among the levels of impact, from 0.
    pub impact: i32,
    /// Place among the levels of risk, from 0.
    pub level: i32,
}

/// `level = grid[l][max i]`; `None` where there is no such cell, or no impact at all.
pub fn rated(grid: &[Vec<usize>], likelihood: i32, impacts: &Impacts) -> Option<Rated> {
    let impact = impacts.worst()?;
    let row = usize::try_from(likelihood).ok().and_then(|l| grid.get(l))?;
    let level = usize::try_from(impact).ok().and_then(|i| row.get(i))?;
    Some(Rated { likelihood, impact, level: i32::try_from(*level).ok()? })
}

/// What is wrong with a rating on a grid: each place off its side, and a rating without any impact.
pub fn faults(grid: &[Vec<usize>], likelihood: Place, impacts: &Impacts) -> Vec<FieldError> {
    let (rows, columns) = (grid.len() as i32, grid.first().map_or(0, Vec::len) as i32);
    let off = |at: String, sides: i32, what: &str| {
        let detail = format!("The matrix has {sides} levels of {what}: use 0 to {}.", sides - 1);
        FieldError::at(at, "out_of_scale", detail)
    };
    let mut found = Vec::new();
    if likelihood.0 >= rows {
        found.push(off("/likelihood".into(), rows, "likelihood"));
    }
    for (criterion, place) in impacts.each() {
        if place.is_some_and(|place| place.0 >= columns) {
            found.push(off(format!("/impacts/{criterion}"), columns, "impact"));
        }
    }
    if impacts.worst().is_none() {
        let detail = "Say the impact on at least one of: confidentiality, integrity, availability, people_and_rights, \
                      public_services, economy, environment.";
        found.push(FieldError::at("/impacts", "missing", detail));
    }
    found
}

/// `within_tolerance = current level <= tolerance`, null when it is not rated.
pub fn within(level: i32, tolerance: i32) -> Option<bool> {
    (level > NOT_RATED).then_some(level <= tolerance)
}

/// A residual rating above the current one is refused: treatment does not make a risk worse.
pub fn refuse_above(kind: RatingKind, rated: Rated, current: Option<Rated>) -> Option<FieldError> {
    let above = current.filter(|current| kind == RatingKind::Residual && rated.level > current.level)?;
    let detail = format!(
        "The residual level would be {}, above the current level {}: treatment does not make a risk worse.",
        rated.level, above.level
    );
    Some(FieldError::at("/impacts", "above_current", detail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The five by five that comes with the service, rows of likelihood from the rarest.
    const FIVE: [[usize; 5]; 5] =
        [[0, 0, 0, 1, 2], [0, 0, 1, 1, 2], [0, 1, 1, 2, 3], [0, 1, 2, 2, 3], [1, 1, 2, 3, 3]];

    fn five() -> Vec<Vec<usize>> {
        FIVE.iter().map(|row| row.to_vec()).collect()
    }

    fn all(values: [Option<i32>; 7]) -> Impacts {
        let [c, i, a, p, s, e, n] = values.map(|value| value.map(Place));
        Impacts {
            confidentiality: c,
            integrity: i,
            availability: a,
            people_and_rights: p,
            public_services: s,
            economy: e,
            environment: n,
        }
    }

    /// Domain rule D: on 5x5, l=3 and i=4 give R[grid[3][4]].
    #[test]
    fn the_worst_impact_and_the_likelihood_name_the_cell() {
        let cases = [
            (3, [Some(4), Some(1), None, None, None, None, None], Some((4, FIVE[3][4]))),
            (3, [None, None, None, None, None, None, Some(4)], Some((4, FIVE[3][4]))),
            (0, [Some(0), None, None, None, None, None, None], Some((0, 0))),
            (4, [None, None, Some(2), Some(3), None, Some(1), None], Some((3, 3))),
            (2, [None; 7], None),
            (5, [Some(0), None, None, None, None, None, None], None),
            (1, [Some(5), None, None, None, None, None, None], None),
            (-1, [Some(1), None, None, None, None, None, None], None),
        ];
        for (likelihood, impacts, expected) in cases {
            let found = rated(&five(), likelihood, &all(impacts)).map(|r| (r.impact, r.level as usize));
            assert_eq!(found, expected, "{likelihood} {impacts:?}");
        }
    }

    #[test]
    fn what_is_off_the_scale_is_named_place_by_place() {
        let off = faults(&five(), Place(5), &all([Some(5), Some(4), None, None, None, None, Some(9)]));
        let at: Vec<&str> = off.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(at, ["/likelihood", "/impacts/confidentiality", "/impacts/environment"]);
        assert_eq!(faults(&five(), Place(0), &Impacts::default())[0].code, "missing");
        assert_eq!(faults(&five(), Place(4), &all([Some(4), None, None, None, None, None, None])), []);
    }

    #[test]
    fn tolerance_is_met_up_to_its_level_and_says_nothing_of_what_is_not_rated() {
        let cases = [(NOT_RATED, 2, None), (0, 0, Some(true)), (2, 2, Some(true)), (3, 2, Some(false))];
        for (level, tolerance, expected) in cases {
            assert_eq!(within(level, tolerance), expected, "{level} {tolerance}");
        }
    }

    #[test]
    fn only_a_residual_level_above_the_current_one_is_refused() {
        let at = |level| Rated { likelihood: 0, impact: 0, level };
        assert!(refuse_above(RatingKind::Residual, at(3), Some(at(2))).is_some());
        assert!(refuse_above(RatingKind::Residual, at(2), Some(at(2))).is_none());
        assert!(refuse_above(RatingKind::Residual, at(3), None).is_none());
        assert!(refuse_above(RatingKind::Current, at(3), Some(at(2))).is_none());
    }

    /// A grid that never falls, made from steps up.
    fn rising() -> impl Strategy<Value = Vec<Vec<usize>>> {
        (2..=10_usize, 2..=10_usize, proptest::collection::vec(0..3_usize, 100)).prop_map(
            |(rows, columns, steps)| {
                let mut grid = vec![vec![0; columns]; rows];
                for l in 0..rows {
                    for i in 0..columns {
                        let left = if i > 0 { grid[l][i - 1] } else { 0 };
                        let below = if l > 0 { grid[l - 1][i] } else { 0 };
                        grid[l][i] = left.max(below) + steps[l * 10 + i];
                    }
                }
                grid
            },
        )
    }

    proptest! {
        #[test]
        fn more_likely_or_worse_is_never_a_lower_level(
            grid in rising(), l in 0..10_i32, more in 0..10_i32,
            impacts in proptest::array::uniform7(proptest::option::of(0..10_i32)),
            which in 0..7_usize, worse in 0..10_i32,
        ) {
            let before = rated(&grid, l, &all(impacts));
            let mut raised = impacts;
            raised[which] = Some(raised[which].unwrap_or(0).max(worse));
            let after = rated(&grid, l.max(more), &all(raised));
            if let (Some(before), Some(after)) = (before, after) {
                prop_assert!(after.level >= before.level, "{before:?} {after:?}");
                prop_assert!(within(before.level, after.level) == Some(true));
            }
        }
    }
}
