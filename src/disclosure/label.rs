//! The Traffic Light Protocol, version 2.0 (FIRST, August 2022): how far what a country owns may be passed on.

use crate::codes_enum;

codes_enum! {
    /// A label of TLP 2.0, from the widest to the narrowest circle. It is a floor under the table of permissions: whoever
    /// sees a record passes both.
    pub Tlp {
        /// Everyone, once it is published.
        Clear "CLEAR",
        /// Everyone who takes part in the program that it belongs to, once it is published.
        Green "GREEN",
        /// The country, and those to whom it is disclosed by name.
        Amber "AMBER",
        /// The country alone, with those whom it named to work on it.
        AmberStrict "AMBER+STRICT",
        /// The persons named on it, and nobody else, not even of the same office.
        Red "RED",
    }
}

impl Tlp {
    /// Whether it may be disclosed beyond those who work on it at all (TLP 2.0: AMBER and wider).
    pub fn is_shareable(self) -> bool {
        self <= Tlp::Amber
    }

    /// Whether each reading of its content is noted in the audit chain before the answer is sent (ASVS 16.3).
    pub fn is_noted(self) -> bool {
        self >= Tlp::Amber
    }

    /// Whether a letter may name it by its title.
    pub fn may_be_named_in_letters(self) -> bool {
        self <= Tlp::Green
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_is_narrower_than_the_one_before() {
        assert!(Tlp::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Tlp::WORDS.join(" "), "CLEAR GREEN AMBER AMBER+STRICT RED");
    }

    #[test]
    fn what_follows_from_a_label() {
        let table =
            Tlp::ALL.iter().map(|tlp| (tlp.is_shareable(), tlp.is_noted(), tlp.may_be_named_in_letters()));
        let wanted = [
            (true, false, true),
            (true, false, true),
            (true, true, false),
            (false, true, false),
            (false, true, false),
        ];
        assert!(table.eq(wanted));
    }
}
