//! Numbers that could point at a person are kept back, and so are those from which they would follow.
//!
//! A count of one to four people is small. By sex no small count is shown to anybody: a country's counts by sex are shown
//! all or not at all. By country no small count is shown to who may not see the people themselves. What is hidden must not
//! follow by subtraction either: the hidden countries together must not be a small count, so the smallest of the others
//! joins them; when none is left the total is hidden too. Numbers of several pages or days, subtracted from each other,
//! are beyond this rule.

use std::collections::BTreeMap;

use super::model::{NumbersRow, SexCounted};
use crate::kernel::id::Iso2;

/// Fewest people whose number is shown.
const LEAST: i64 = 5;
/// What is counted: nominated, confirmed, attended, completed.
const MEASURES: usize = 4;
/// By what: each of [`SexCounted::ALL`].
const SEXES: usize = 4;

/// Counts of one country: by measure and sex.
pub(super) type Tally = [[i64; SEXES]; MEASURES];

/// A country's counts, and whether the caller sees its people anyway.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub tally: Tally,
    pub open: bool,
}

/// One measure of some countries: which are hidden, and whether the total is.
struct Hidden {
    countries: Vec<bool>,
    total: bool,
}

fn small(counts: &[i64]) -> bool {
    counts.iter().any(|count| (1..LEAST).contains(count))
}

/// Hides what is small among those that may be hidden, and as many more as the rest needs.
fn hide(counts: &[Vec<i64>], may: impl Fn(usize) -> bool, must: impl Fn(usize) -> bool) -> Hidden {
    let mut hidden: Vec<bool> =
        counts.iter().enumerate().map(|(place, count)| must(place) || (may(place) && small(count))).collect();
    let width = counts.first().map_or(0, Vec::len);
    loop {
        let mut rest = vec![0; width];
        for (_, count) in hidden.iter().zip(counts).filter(|(hidden, _)| **hidden) {
            rest.iter_mut().zip(count).for_each(|(sum, part)| *sum += part);
        }
        if !small(&rest) {
            return Hidden { countries: hidden, total: false };
        }
        let sum = |place: &usize| counts[*place].iter().sum::<i64>();
        let others = (0..counts.len()).filter(|place| !hidden[*place] && may(*place) && sum(place) > 0);
        match others.min_by_key(sum) {
            Some(next) => hidden[next] = true,
            None => return Hidden { countries: hidden, total: true },
        }
    }
}

/// The rows of a page: all people, then each country, each by sex below.
pub(super) fn rows(counts: &BTreeMap<Iso2, Counts>) -> Vec<NumbersRow> {
    let each: Vec<&Counts> = counts.values().collect();
    let hidden: Vec<(Hidden, Hidden)> = (0..MEASURES).map(|measure| hidden(&each, measure)).collect();
    let mut total = Tally::default();
    for count in &each {
        for (sums, parts) in total.iter_mut().zip(&count.tally) {
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        }
    }
    let mut rows = group(None, &total, |measure| (hidden[measure].0.total, hidden[measure].1.total));
    for (place, (country, count)) in counts.iter().enumerate() {
        rows.extend(group(Some(*country), &count.tally, |measure| {
            (hidden[measure].0.countries[place], hidden[measure].1.countries[place])
        }));
    }
    rows
}

/// What of one measure is hidden: counts of countries, and counts by sex.
fn hidden(each: &[&Counts], measure: usize) -> (Hidden, Hidden) {
    let whole: Vec<Vec<i64>> = each.iter().map(|c| vec![c.tally[measure].iter().sum()]).collect();
    let by_country = hide(&whole, |place| !each[place].open, |_| false);
    let parts: Vec<Vec<i64>> = each.iter().map(|c| c.tally[measure].to_vec()).collect();
    let mut by_sex = hide(&parts, |_| true, |place| by_country.countries[place]);
    by_sex.total |= by_country.total;
    (by_country, by_sex)
}

/// The rows of one country, or of all: whole, then by sex.
fn group(country: Option<Iso2>, tally: &Tally, hidden: impl Fn(usize) -> (bool, bool)) -> Vec<NumbersRow> {
    let row = |sex: Option<SexCounted>, number: &dyn Fn(usize) -> Option<i64>| NumbersRow {
        country,
        sex,
        nominated: number(0),
        confirmed: number(1),
        attended: number(2),
        completed: number(3),
        kept_back: (0..MEASURES).any(|measure| number(measure).is_none()),
    };
    let whole = |measure: usize| (!hidden(measure).0).then(|| tally[measure].iter().sum());
    let mut rows = vec![row(None, &whole)];
    for (place, sex) in SexCounted::ALL.iter().enumerate() {
        rows.push(row(Some(*sex), &|measure| (!hidden(measure).1).then(|| tally[measure][place])));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, bool, [i64; SEXES])]) -> BTreeMap<Iso2, Counts> {
        let one = |(country, open, by_sex): &(&str, bool, [i64; SEXES])| {
            (country.parse().expect("a country"), Counts { tally: [*by_sex; MEASURES], open: *open })
        };
        of.iter().map(one).collect()
    }

    /// The number of people who came, by country and sex; `-` where it is kept back.
    fn told(of: &[(&str, bool, [i64; SEXES])]) -> Vec<String> {
        let word = |row: &NumbersRow| {
            let country = row.country.map_or("all".to_owned(), |country| country.to_string());
            let sex = row.sex.map_or(String::new(), |sex| format!(" {sex}"));
            format!("{country}{sex} {}", row.attended.map_or("-".to_owned(), |n| n.to_string()))
        };
        rows(&counts(of)).iter().map(word).collect()
    }

    #[test]
    fn large_counts_are_shown_whole() {
        let told = told(&[("KE", false, [6, 5, 0, 0]), ("SN", false, [9, 8, 0, 7])]);
        assert_eq!(told[..5], ["all 35", "all female 15", "all male 13", "all other 0", "all unstated 7"]);
        assert_eq!(told[5..7], ["KE 11", "KE female 6"]);
    }

    #[test]
    fn a_small_part_hides_all_parts_and_the_next_country_so_that_it_does_not_follow() {
        let told =
            told(&[("KE", true, [3, 7, 0, 0]), ("SN", true, [9, 8, 0, 0]), ("VN", true, [20, 20, 0, 0])]);
        assert_eq!(told[..5], ["all 67", "all female 32", "all male 35", "all other 0", "all unstated 0"]);
        assert_eq!(told[5..7], ["KE 10", "KE female -"]);
        assert_eq!(told[10..12], ["SN 17", "SN female -"]);
        assert_eq!(told[15..17], ["VN 40", "VN female 20"]);
    }

    #[test]
    fn a_country_alone_with_few_people_is_hidden_with_its_total_from_who_may_not_see_them() {
        assert_eq!(told(&[("KE", false, [3, 0, 0, 0])])[..2], ["all -", "all female -"]);
        assert_eq!(told(&[("KE", true, [3, 0, 0, 0])])[..2], ["all 3", "all female -"]);
    }

    proptest::proptest! {
        /// Whatever the counts, an observer learns no count of one to four, neither by reading nor by one subtraction of
        /// what is shown of the countries from what is shown of all.
        #[test]
        fn no_small_count_follows(parts in proptest::collection::vec(proptest::array::uniform4(0i64..12), 1..8)) {
            let names = ["BJ", "GH", "KE", "MA", "NG", "SN", "TG", "VN"];
            let of: Vec<_> = parts.iter().enumerate().map(|(n, p)| (names[n], false, *p)).collect();
            let rows = rows(&counts(&of));
            for sex in [None].into_iter().chain(SexCounted::ALL.iter().copied().map(Some)) {
                let mut column = rows.iter().filter(|row| row.sex == sex).map(|row| row.attended);
                let total = column.next().flatten();
                let shown: Vec<Option<i64>> = column.collect();
                for count in shown.iter().flatten().chain(total.iter()) {
                    proptest::prop_assert!(!(1..LEAST).contains(count));
                }
                if let Some(total) = total && shown.iter().any(Option::is_none) {
                    let rest = total - shown.iter().flatten().sum::<i64>();
                    proptest::prop_assert!(!(1..LEAST).contains(&rest));
                }
            }
        }
    }
}
