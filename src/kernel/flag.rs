//! Yes or no in a query string, where every value is a text.

use crate::codes_enum;

codes_enum! {
    /// `true` or `false`.
    pub Flag { Yes "true", No "false" }
}

impl Flag {
    /// True for yes.
    pub fn is_yes(self) -> bool {
        self == Flag::Yes
    }
}
